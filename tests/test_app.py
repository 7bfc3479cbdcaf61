"""The application starts, and refuses what it must."""

import pytest
from flask import Flask

from tests.conftest import Database
from yuantou.access.audience import routes_without_audience
from yuantou.app import create_app
from yuantou.database.connections import Connections
from yuantou.database.roles import PrivilegedRole


def test_every_route_says_for_whom_it_is(app: Flask) -> None:
    assert routes_without_audience(app) == []


def test_a_role_that_owns_tables_is_refused(database: Database) -> None:
    with pytest.raises(PrivilegedRole, match="绕过行级安全"):
        create_app(Connections(database.connections.owner), testing=True)
