"""Every door of the product, tried by who may open it: with a forged form, with nonsense in every
field and every question, and by a person who may not."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from tests.access.doors import Client
from tests.cast import PEOPLE
from tests.coordination.conftest import door
from tests.coordination.matters import Door, dispatched, report
from yuantou.access.roles import ROLES

NASTY = (
    *("", "\x00", "a" * 100_000, "😀" * 40, "\u202egnp.exe", "<script>alert(1)</script>", "-1"),
    *("9" * 30, "1e400", "0001-01-01", "9999-12-31", "9999-12-31T23:59", "2026-02-30", "0"),
    *("=cmd|' /C calc'!A0", "{{7*7}}", "١٢٣", "2147483648"),
)
ASKED = (
    *("q", "page", "after", "view", "state", "month", "tab", "agency", "series", "since", "until"),
    *("next", "area", "type", "day", "week", "kind", "ids", "id", "risk", "recent", "sort", "from"),
    *("period", "level", "indicator", "status", "object", "action", "account", "year", "number"),
)
__all__ = ["door"]
HARMLESS = {"access.sign_out", "access.send_password", "access.accounts_reset"}
_NAMES = re.compile(r'<(?:input|select|textarea|button)[^>]*\sname="([^"]+)"')


def _who(app: Flask, rule: Rule) -> str | None:
    """A person of the cast to whom a route is open; None: to whoever comes."""
    view: Any = app.view_functions[rule.endpoint]
    allowed = set(view.audience)
    if "everyone" in allowed:
        return None
    for login, _name, _agency, role in PEOPLE:
        if "signed-in" in allowed or allowed & ROLES[role].permissions:
            return login
    raise AssertionError(f"nobody of the cast may open {rule}")


def _doors(app: Flask, method: str) -> Iterator[tuple[str | None, str]]:
    """Who tries which address; every number in it is 1, every word an 'x'."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if method in (rule.methods or ()) and rule.endpoint not in HARMLESS | {"static"}:
            address = re.sub(r"<int[^>]*>", "1", str(rule))
            address = re.sub(r"<any\((\w+)[^>]*>", r"\1", address)
            yield _who(app, rule), re.sub(r"<[^>]*>", "x", address)


@pytest.fixture
def people(app: Flask, client_of: Client) -> dict[str | None, FlaskClient]:
    """Everybody, signed in once; None has not signed in."""
    found: dict[str | None, FlaskClient] = {one[0]: client_of(one[0]) for one in PEOPLE}
    return found | {None: app.test_client()}


def _fields(client: FlaskClient, address: str) -> list[str]:
    """What the page at the address of a form asks; a little of everything where it has no page."""
    answer = client.get(address)
    found = _NAMES.findall(answer.text) if answer.mimetype == "text/html" else []
    return sorted({*found, "reason", "note", "version", "submission"} - {"csrf_token"})


def test_no_form_is_taken_from_another_site(
    app: Flask, people: dict[str | None, FlaskClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for login, address in _doors(app, "POST"):
        answer = people[login].post(address, headers={"Origin": "https://elsewhere.example"})
        assert answer.status_code == 400, address


def test_nonsense_in_every_field_is_never_a_failure(
    app: Flask, door: Door, people: dict[str | None, FlaskClient]
) -> None:
    dispatched(door)
    for turn, (login, address) in enumerate(_doors(app, "POST")):
        names = _fields(people[login], address)
        for place, typed in enumerate(NASTY[turn % 2 :: 2]):
            some = names if place % 2 else names[:: 1 + place % 3]
            answer = people[login].post(address, data=dict.fromkeys(some, typed))
            assert answer.status_code < 500, (address, typed[:40])
            if answer.mimetype == "text/html":
                assert "<script>alert" not in answer.text, (address, typed[:40])


def test_nonsense_in_every_question_is_never_a_failure(
    app: Flask, door: Door, people: dict[str | None, FlaskClient]
) -> None:
    dispatched(door)
    for turn, (login, address) in enumerate(_doors(app, "GET")):
        for typed in NASTY[turn % 3 :: 3]:
            asked = dict.fromkeys(ASKED, typed[:3000])
            answer = people[login].get(address, query_string=asked)
            assert answer.status_code < 500, (address, typed[:40])
            if answer.mimetype == "text/html":
                assert "<script>alert" not in answer.text, (address, typed[:40])


def test_no_page_of_ours_is_kept_by_a_browser_or_a_proxy(
    app: Flask, people: dict[str | None, FlaskClient]
) -> None:
    shared = ("/map/leaflet/", "/map/geometry/", "/map/canvas.js")  # the same for everybody
    for login, address in _doors(app, "GET"):
        if not address.startswith(shared):
            assert people[login].get(address).headers["Cache-Control"] == "no-store", address


def test_an_administrator_or_a_stranger_passes_no_door_of_a_matter(
    app: Flask, door: Door, people: dict[str | None, FlaskClient]
) -> None:
    matter = dispatched(door)
    for method in ("GET", "POST"):
        for _login, address in _doors(app, method):
            if not address.startswith(("/matters/1", "/disputes/1", "/intake/1", "/window/rec")):
                continue
            there = address.replace("/1", f"/{matter}", 1)
            for stranger in ("an", "bao", "shen", "guan", "hu", "kai", "jian", "kang", "zhou"):
                answer = people[stranger].open(there, method=method)
                assert answer.status_code in (302, 303, 400, 403, 404, 405), (stranger, there)
                assert "院墙滴水" not in answer.text, (stranger, there)


HANGS_ON_IT = (
    "UPDATE dispute SET title = '哨兵机密', place = '哨兵机密', number = '哨兵机密', "
    "risk = 'red', pressing = true",
    "UPDATE party SET name_mask = '哨兵机密'",
    "UPDATE dispute_event SET note = '哨兵机密'",
    "INSERT INTO participation (dispute_id, agency_id, part, since) "
    "SELECT d.id, a.id, 'assisting', now() FROM dispute d, agency a",
    "INSERT INTO series (submission, name, cause, area_code, area_path, agency_id, lead_agency_id, "
    "size, made_by, made_at) SELECT 's', '系列', '起因', area_code, area_path, "
    "reporting_agency_id, reporting_agency_id, 1, 1, now() FROM dispute",
    "INSERT INTO series_member (series_id, dispute_id, added_by, added_at, reason) "
    "SELECT s.id, d.id, 1, now(), '哨兵机密' FROM series s, dispute d",
    "INSERT INTO batch (submission, kind, state, account_id, agency_id, facts, total, done, "
    "refused, made_at, attended_at, ended_at) SELECT 'b' || id, 'remind', 'done', id, agency_id, "
    """'{"message": "x"}', 1, 0, 1, now(), now(), now() FROM account""",
    "INSERT INTO batch_item (batch_id, dispute_id, position, state, reason, cells) "
    """SELECT b.id, d.id, 1, 'refused', '哨兵机密', '["哨兵机密"]' FROM batch b, dispute d""",
    "INSERT INTO duplicate_hint (dispute_id, other_id, area_path, county_code, matched_on, "
    "raised_at) SELECT id, id, area_path, county_code, 'id', now() FROM dispute",
    "INSERT INTO notice (agency_id, kind, topic, title, body, link, dispute_id, at, urgent) "
    "SELECT a.id, 'x', 'other', '哨兵机密', '', '', d.id, now(), true FROM agency a, dispute d",
)


def test_a_restricted_matter_stands_on_no_page_of_who_is_not_named(
    app: Flask, door: Door, owner: Session, people: dict[str | None, FlaskClient]
) -> None:
    matter = report(door, flags=("domestic_violence",))
    for statement in HANGS_ON_IT:
        owner.execute(text(statement))
    owner.commit()
    assert "哨兵机密" in people["mei"].get("/disputes/").text
    assert "哨兵机密" in people["gao"].get(f"/matters/{matter}").text
    for login in ("tang", "ren", "sheng", "kang"):
        for _who, address in _doors(app, "GET"):
            there = address.replace("/1", f"/{matter}", 1)
            answer = people[login].get(f"{there}?q=哨兵&view=all&series=1&tab=listed")
            if answer.mimetype == "text/html":
                assert "哨兵机密" not in answer.text, (login, there)
