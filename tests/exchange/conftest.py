"""The cast behind its doors, with the keys of the application."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.coordination.matters import Door
from yuantou.access.viewer import Viewer


@pytest.fixture
def door(app: Flask, viewer_session: Callable[[str], tuple[Session, Viewer]]) -> Door:
    """`door("mei")` gives her session and herself."""
    return Door(app, viewer_session)
