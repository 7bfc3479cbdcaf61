"""A court entrusts a mediation, and gets it back with its result."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, agency_of
from tests.mediation.courts.steps import ENTRUSTED, take
from tests.mediation.stories import dated, events_of, fill
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute, Party
from yuantou.limits.models import Deadline
from yuantou.mediation.courts.models import Entrustment

ClientOf = Callable[[str], FlaskClient]
RECEIVED = {"received_at": "2026-11-03 09:30", "procedure": "ordinary", "materials": "起诉状副本"}


def entrusted(door: Door, client_of: ClientOf, owner: Session, **changes: Any) -> int:
    words = dated({**ENTRUSTED, "receiver": agency_of(door, "mei"), **changes})
    answer = client_of("kang").post("/courts/entrust", data=words)
    assert answer.status_code == 303, answer.text
    return owner.query(Dispute).one().id


def state(owner: Session) -> str:
    owner.expire_all()
    return owner.query(Entrustment).one().state


def test_it_begins_with_whom_the_court_asks(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = owner.get_one(Dispute, entrusted(door, client_of, owner))
    assert dispute.handler_agency_id == agency_of(door, "mei")
    assert (dispute.source, dispute.court_case) == ("court", ENTRUSTED["court_case"])
    assert [one.name_mask for one in owner.query(Party)] == ["张∗∗", "李∗∗"]
    assert "委托调解" in client_of("mei").get(f"/matters/{dispute.id}").text


def test_sending_twice_is_once(door: Door, client_of: ClientOf, owner: Session) -> None:
    entrusted(door, client_of, owner)
    entrusted(door, client_of, owner)
    assert owner.query(Entrustment).count() == 1


def test_receiving_starts_the_clock_and_takes_it_up(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = entrusted(door, client_of, owner)
    assert take(client_of("mei"), dispute, "receive", **RECEIVED).status_code == 303
    assert owner.get_one(Dispute, dispute, populate_existing=True).state == "accepted"
    assert owner.query(Deadline).filter(Deadline.rule.startswith("entrusted")).count() == 1


def test_the_track_follows_mediation_and_leads_back(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, mei = entrusted(door, client_of, owner), client_of("mei")
    signed = clock.now() - timedelta(days=2)
    received = RECEIVED | {"received_at": f"{signed:%Y-%m-%d %H:%M}"}
    take(mei, dispute, "receive", **received)
    act(door, "mei", dispute, "triage", category="contract", risk="blue", path="own_mediation")
    fill(mei, dispute, "mediate", consent="y")
    assert state(owner) == "in_mediation"
    assert take(mei, dispute, "extend_entrusted", consents="one").status_code == 422
    assert take(mei, dispute, "extend_entrusted", consents="both").status_code == 303
    owner.expire_all()
    term = owner.query(Deadline).filter_by(rule="entrusted").one()
    assert (term.due_at.date() - signed.date()).days >= 45
    take(mei, dispute, "succeed_entrusted", outcome="withdrawn_suit")
    take(mei, dispute, "return_to_court", returned_at="2026-11-20 10:00")
    assert state(owner) == "returned_to_court"
    assert events_of(owner, dispute)[-2:] == [
        "entrusted_mediation_succeeded",
        "entrustment_returned",
    ]


def test_failing_on_the_main_way_fails_for_the_court(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, mei = entrusted(door, client_of, owner), client_of("mei")
    take(mei, dispute, "receive", **RECEIVED)
    told = {"reason": "分歧大", "path_options": ["litigation"], "ground": "other"}
    fill(mei, dispute, "terminate", **told)
    assert state(owner) == "failed"


def test_the_court_does_not_act_for_the_mediators(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = entrusted(door, client_of, owner)
    assert take(client_of("kang"), dispute, "receive").status_code == 409
    assert client_of("mei").get("/courts/entrust").status_code == 403
    assert client_of("hu").get(f"/matters/{dispute}").status_code == 404


def test_a_wrong_phone_keeps_what_was_typed(door: Door, client_of: ClientOf) -> None:
    words = dated({**ENTRUSTED, "receiver": agency_of(door, "mei"), "applicant_phone": "12"})
    answer = client_of("kang").post("/courts/entrust", data=words)
    assert answer.status_code == 422
    assert "电话号码不对" in answer.text
    assert "请求返还借款三万元" in answer.text
