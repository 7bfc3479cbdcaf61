"""Hand-overs from and to bodies outside: what number they gave it, when an answer is due, and the
answer. The matter itself stays with its handler."""

from datetime import date

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.acting import finish
from yuantou.coordination.dispatching import doors, steps
from yuantou.coordination.dispatching.models import Referral
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.disputes.models import Dispute

IN, OUT = "in", "out"


def refer_in(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    body: str,
    external_name: str,
    external_number: str,
    passed_on: date,
    due_on: date,
    reason: str | None = None,
) -> Dispute:
    """Note that the matter came from outside, under which number, and when they want an answer."""
    return _refer(
        session, by, dispute_id, version, IN, body, external_name, external_number, passed_on,
        due_on, reason or "",
    )  # fmt: skip


def refer_out(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    body: str,
    external_name: str,
    reason: str,
    due_on: date,
    external_number: str | None = None,
) -> Dispute:
    """Hand something over to a body outside and expect its answer by a day."""
    return _refer(
        session, by, dispute_id, version, OUT, body, external_name, external_number,
        clock.today(), due_on, reason,
    )  # fmt: skip


def answer(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    referral: int,
    answered_on: date,
    words: str,
) -> Dispute:
    """Record the answer: theirs to us, or ours to them."""
    dispute, held = steps.enter(session, by, dispute_id, version, doors.answering_referral)
    found = next((one for one in held.unanswered if one.id == referral), None)
    if found is None:
        text = N_("请选一件还没有答复的转办")
        raise RefusedError(Refusal("no_referral", text, "", Ground.FORM, "referral"))
    at = clock.now()
    found.answer, found.answered_on = words, answered_on
    found.answered_at, found.answered_by = at, by.id
    facts = {"body": found.body, "direction": found.direction}
    steps.note(session, by, dispute, "referral_answered", at, words, **facts)
    return finish(session, by, dispute, "referral_answer", referral=found.id)


def _refer(
    session: Session,
    by: Viewer,
    dispute_id: int,
    version: int | None,
    direction: str,
    body: str,
    name: str,
    number: str | None,
    passed_on: date,
    due_on: date,
    reason: str,
) -> Dispute:
    dispute, _held = steps.enter(session, by, dispute_id, version, doors.referring)
    at = clock.now()
    made = Referral(
        dispute_id=dispute.id,
        direction=direction,
        body=body,
        external_name=name,
        external_number=number or None,
        agency_id=by.agency.id,
        reason=reason,
        passed_on=passed_on,
        due_on=due_on,
        entered_by=by.id,
        entered_at=at,
    )
    session.add(made)
    facts = {"body": body, "external_number": number or "", "answer_by": due_on.isoformat()}
    steps.note(session, by, dispute, f"referred_{direction}", at, reason, **facts)
    return finish(session, by, dispute, f"refer_{direction}", referral=made.id)
