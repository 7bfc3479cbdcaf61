"""The cast behind its doors, and forms sent as a browser sends them."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.coordination.matters import Door
from yuantou.access.viewer import Viewer

HIDDEN = re.compile(r'name="(version|seen)"[^>]*value="(\d+)"')


@pytest.fixture
def door(app: Flask, viewer_session: Callable[[str], tuple[Session, Viewer]]) -> Door:
    """`door("mei")` gives her session and herself."""
    return Door(app, viewer_session)


@pytest.fixture
def do(client_of: Callable[[str], FlaskClient]) -> Callable[..., TestResponse]:
    """`do("gao", matter, "join", reason=…)` opens the form of an act and sends it."""

    def send(login: str, dispute: int, act: str, **data: object) -> TestResponse:
        client, address = client_of(login), f"/matters/{dispute}/joint/{act}"
        opened = client.get(address)
        if opened.status_code != 200:
            return opened
        fields = dict(HIDDEN.findall(opened.get_data(as_text=True)))
        return client.post(address, data=fields | data)

    return send
