"""A draft is in nobody's list, figure, register, map, hint or search, its author's own included."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.intake.entries import ID_NUMBER, PHONE, entry, party
from yuantou.calendar.clock import now
from yuantou.disputes.filters import Filters
from yuantou.disputes.models import Dispute
from yuantou.disputes.queries import listing
from yuantou.intake.models import DuplicateHint

Clients = Callable[[str], FlaskClient]
Sessions = Callable[[str], Any]


@pytest.fixture
def draft(client_of: Clients) -> int:
    """A whole report that Mei has kept as a draft."""
    sent = entry(keep="yes", saves="0") | party(id_number=ID_NUMBER)
    answer = client_of("mei").post("/intake/", data=sent)
    return int(answer.location.split("=")[1])


@pytest.mark.parametrize("login", ["mei", "ming", "gao", "kai"])
def test_no_list_has_it(draft: int, viewer_session: Sessions, login: str) -> None:
    session, viewer = viewer_session(login)
    for view in ("mine", "all", "todo", "over", "soon", "done", "open"):
        page = listing(session, viewer, Filters(view=view), now=now(), after=None)
        assert not page.rows
    assert session.scalars(select(Dispute).where(viewer.scope.visible(Dispute))).all() == []
    assert session.scalars(select(Dispute).where(viewer.scope.opens(Dispute))).all() == []


@pytest.mark.parametrize(("login", "rows"), [("mei", 1), ("ming", 1), ("gao", 0), ("kai", 0)])
def test_the_wall_shows_it_to_its_authors_unit_alone(
    draft: int, viewer_session: Sessions, login: str, rows: int
) -> None:
    session, _viewer = viewer_session(login)
    assert session.scalar(select(func.count()).select_from(Dispute)) == rows
    assert session.scalar(text("SELECT count(*) FROM draft")) == rows


def test_no_job_counts_it(draft: int, database: Any) -> None:
    with database.sessions("worker")() as worker:
        assert worker.scalar(select(func.count()).select_from(Dispute)) == 0


def test_no_page_of_a_matter_opens_it(draft: int, app: Flask, client_of: Clients) -> None:
    mei = client_of("mei")
    for rule in app.url_map.iter_rules():
        if rule.arguments == {"dispute_id"} and "GET" in (rule.methods or ()):
            with app.test_request_context():
                address = app.url_for(rule.endpoint, dispute_id=draft)
            answer = mei.get(address, follow_redirects=True)
            assert answer.status_code in (403, 404), address


def test_nobody_is_warned_of_a_twin_that_is_a_draft(
    draft: int, client_of: Clients, owner: Session
) -> None:
    for login in ("mei", "ming", "kai"):
        client = client_of(login)
        for asked in ({"id": ID_NUMBER}, {"name": "张三", "phone": PHONE}):
            found = client.post("/intake/hints", json={"parties": [asked]})
            assert found.get_json() == {"matches": []}
    other = entry(submission=uuid.uuid4().hex) | party(id_number=ID_NUMBER)
    client_of("mei").post("/intake/", data=other)
    assert owner.query(DuplicateHint).count() == 0


def test_a_draft_meets_its_twin_when_it_is_submitted(client_of: Clients) -> None:
    mei = client_of("mei")
    token = uuid.uuid4().hex
    told = entry(submission=token, saves="0") | party(id_number=ID_NUMBER)
    mei.post("/intake/", data=told | {"keep": "yes"})
    mei.post("/intake/", data=entry() | party(id_number=ID_NUMBER))
    page = mei.post("/intake/", data=told | {"saves": "1"})
    assert "可能登记过" in page.text
    assert token in page.text


def test_figures_kept_by_county_do_not_know_it(draft: int, owner: Session) -> None:
    since = now() - timedelta(days=1)
    rows = owner.execute(text("SELECT sum(reported) FROM dispute_month")).scalar()
    assert rows in (None, 0)
    assert owner.query(Dispute).filter(Dispute.updated_at > since).one().state == "draft"
