"""Every address for every role, from one table: the permissions that roles.py gives."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from yuantou.access.permissions import Permission
from yuantou.access.roles import ROLES

Clients = Callable[[str], FlaskClient]
FORBIDDEN = 403
LOGINS = {
    "mediator": "mei",
    "township": "tang",
    "coordinator": "gao",
    "department": "ren",
    "government": "zhou",
    "city": "qi",
    "province": "sheng",
    "court_clerk": "kang",
    "court_reviewer": "lu",
    "procurator": "jian",
    "congress": "ren-da",
    "unit_administrator": "guan",
    "system_administrator": "an",
    "security_administrator": "bao",
    "audit_administrator": "shen",
}


def doors(app: Flask) -> Iterator[tuple[str, str, frozenset[Permission]]]:
    """Method, address and permissions of every route that asks for one."""
    for rule in app.url_map.iter_rules():
        wanted = getattr(app.view_functions[rule.endpoint], "audience", ())
        asked = frozenset(each for each in wanted if isinstance(each, Permission))
        if asked:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield method, address(app, rule), asked


def address(app: Flask, rule: Rule) -> str:
    """An address of the rule, with made-up values."""
    values = {name: _sample(rule, name) for name in rule.arguments}
    return str(app.url_map.bind("localhost").build(rule.endpoint, values))


def _sample(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return 1 if isinstance(converter, IntegerConverter) else "x"


def test_every_role_has_somebody_in_the_cast() -> None:
    assert set(LOGINS) == set(ROLES)


@pytest.mark.parametrize("role", LOGINS)
def test_a_role_is_shut_out_of_what_it_may_not_do(
    app: Flask, client_of: Clients, role: str
) -> None:
    client = client_of(LOGINS[role])
    shut = [
        (method, path) for method, path, asked in doors(app) if not asked & ROLES[role].permissions
    ]
    answers = {(m, p): client.open(p, method=m).status_code for m, p in shut}
    assert {door: code for door, code in answers.items() if code != FORBIDDEN} == {}


@pytest.mark.parametrize("role", LOGINS)
def test_a_role_comes_into_what_it_may_see(app: Flask, client_of: Clients, role: str) -> None:
    client = client_of(LOGINS[role])
    seen = [
        path
        for method, path, asked in doors(app)
        if method == "GET" and asked & ROLES[role].permissions
    ]
    answers = {path: client.get(path).status_code for path in seen}
    assert {path: code for path, code in answers.items() if code in (FORBIDDEN, 500)} == {}


def test_a_stranger_is_sent_to_the_door(app: Flask) -> None:
    client = app.test_client()
    answers = {
        (method, path): client.open(path, method=method).status_code
        for method, path, _asked in doors(app)
    }
    assert {door: code for door, code in answers.items() if code not in (302, 401)} == {}
