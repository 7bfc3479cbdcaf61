"""The cast on a stage."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.coordination.matters import Door
from tests.limits.stories import Stage
from yuantou.access.viewer import Viewer


@pytest.fixture
def stage(app: Flask, viewer_session: Callable[[str], tuple[Session, Viewer]]) -> Stage:
    """The cast, each with one session."""
    return Stage(Door(app, viewer_session))
