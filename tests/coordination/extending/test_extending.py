"""More time only by consent or approval, and only before the limit runs out."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.coordination.matters import Door
from tests.limits.stories import Stage
from tests.mediation.stories import hidden
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import now
from yuantou.disputes.models import DisputeEvent
from yuantou.limits.models import Deadline
from yuantou.limits.verification import differences
from yuantou.notices.models import Notice

Clients = Callable[[str], FlaskClient]
CONSENT = {"amount": "15", "consents": "y", "manner": "written", "reason": "双方书面同意"}


@pytest.fixture
def stage(app: Flask, viewer_session: Callable[[str], tuple[Session, Viewer]]) -> Stage:
    """The cast, each with one session."""
    return Stage(Door(app, viewer_session))


def days_ago(days: float) -> datetime:
    """A moment before now."""
    return now() - timedelta(days=days)


def deadline(owner: Session, rule: str) -> Deadline:
    """The one deadline of a rule, as it is now."""
    owner.expire_all()
    return owner.query(Deadline).filter_by(rule=rule).one()


def send(client: FlaskClient, row: Deadline, action: str, **form: str) -> tuple[int, str]:
    """Open the form and send it."""
    url = f"/matters/{row.dispute_id}/deadlines/{row.id}/{action}"
    opened = client.get(url)
    if opened.status_code != 200:
        return opened.status_code, opened.text
    answer = client.post(url, data=hidden(opened.text) | form)
    return answer.status_code, answer.text


@pytest.fixture
def mediated(stage: Stage) -> int:
    """A matter in mediation since five days."""
    return stage.play("accept triage mediate", start=days_ago(8), step=1)


def test_both_parties_agree_and_the_term_grows(
    mediated: int, client_of: Clients, owner: Session
) -> None:
    before = deadline(owner, "mediation").due_at
    assert send(client_of("mei"), deadline(owner, "mediation"), "consent", **CONSENT)[0] == 303
    assert deadline(owner, "mediation").due_at - before == timedelta(days=15)
    told = owner.query(DisputeEvent).filter_by(event="deadline_extended").one()
    assert told.note == "双方同意（书面）：双方书面同意"
    assert list(differences(owner, now())) == []


def test_one_party_alone_extends_nothing(mediated: int, client_of: Clients, owner: Session) -> None:
    form = CONSENT | {"consents": ""}
    status, page = send(client_of("mei"), deadline(owner, "mediation"), "consent", **form)
    assert status == 422
    assert "须双方当事人都同意" in page
    assert "双方书面同意" in page


def test_after_the_end_nobody_extends_and_the_page_says_by_which_rule(
    stage: Stage, client_of: Clients, owner: Session
) -> None:
    stage.play("accept triage mediate", start=days_ago(50), step=1)
    row = deadline(owner, "mediation")
    status, page = send(client_of("mei"), row, "consent", **CONSENT)
    assert status == 409
    assert "届满后不能再延长" in page
    assert "人民调解工作若干规定" in page
    finish = deadline(owner, "finish")
    assert send(client_of("gao"), finish, "approve", amount="5", reason="复杂")[0] == 409


def test_the_department_asks_and_the_county_approves(
    stage: Stage, client_of: Clients, owner: Session
) -> None:
    stage.play("accept triage dispatch sign", start=days_ago(8), step=1)
    row, before = deadline(owner, "dispatch_term"), deadline(owner, "dispatch_term").due_at
    assert send(client_of("ren"), row, "ask", amount="10", reason="等工资表")[0] == 303
    assert deadline(owner, "dispatch_term").due_at == before
    assert owner.query(Notice).filter_by(kind="extension_asked").count() == 1
    gao = client_of("gao")
    assert "答复延长申请" in gao.get(f"/matters/{row.dispute_id}").text
    assert send(gao, row, "approve", amount="7", reason="同意七天")[0] == 303
    assert deadline(owner, "dispatch_term").due_at - before == timedelta(days=7)
    assert list(differences(owner, now())) == []


def test_a_refused_request_leaves_the_term(
    stage: Stage, client_of: Clients, owner: Session
) -> None:
    stage.play("accept triage dispatch sign", start=days_ago(8), step=1)
    row, before = deadline(owner, "dispatch_term"), deadline(owner, "dispatch_term").due_at
    send(client_of("ren"), row, "ask", amount="10", reason="等工资表")
    assert send(client_of("ren"), row, "ask", amount="10", reason="再等")[0] == 409
    assert send(client_of("gao"), row, "refuse", reason="已足够")[0] == 303
    assert deadline(owner, "dispatch_term").due_at == before


def test_sent_twice_it_is_one_extension(mediated: int, client_of: Clients, owner: Session) -> None:
    mei, row = client_of("mei"), deadline(owner, "mediation")
    url = f"/matters/{row.dispute_id}/deadlines/{row.id}/consent"
    form = hidden(mei.get(url).text) | CONSENT
    assert [mei.post(url, data=form).status_code for _ in range(2)] == [303, 303]
    assert len(deadline(owner, "mediation").extensions) == 1


@pytest.mark.parametrize(
    ("login", "rule", "action", "status"),
    [
        ("ming", "mediation", "approve", 409),
        ("gao", "mediation", "consent", 409),
        ("mei", "triage", "consent", 409),
        ("mei", "finish", "approve", 409),
        ("hu", "mediation", "consent", 404),
        ("qi", "mediation", "consent", 403),
    ],
)
def test_who_may_not(
    mediated: int,
    client_of: Clients,
    owner: Session,
    login: str,
    rule: str,
    action: str,
    status: int,
) -> None:
    row = deadline(owner, rule) if rule != "triage_yellow" else deadline(owner, "triage")
    assert send(client_of(login), row, action, **CONSENT)[0] == status


def test_the_matter_shows_how_each_deadline_came_about(
    mediated: int, client_of: Clients, owner: Session
) -> None:
    page = client_of("mei").get(f"/matters/{mediated}").text
    assert "期限怎样算的" in page
    assert "起 30 天（自然日），次日起算" in page
    assert "已经结束的期限" in page


def test_of_another_matter_no_deadline_is_moved(
    mediated: int, stage: Stage, client_of: Clients, owner: Session
) -> None:
    row = deadline(owner, "mediation")
    other = stage.play("accept", start=days_ago(3), step=1)
    url = f"/matters/{other}/deadlines/{row.id}/consent"
    assert client_of("mei").get(url).status_code == 404
