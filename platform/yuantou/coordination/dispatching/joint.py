"""Joint handling: one agency leads, others help; they see the matter, write what they did, and
settle nothing."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.acting import finish, name_of, tell
from yuantou.coordination.dispatching import doors, steps
from yuantou.coordination.dispatching.queries import HELPING
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.disputes.models import Dispute, Participation


def join(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    partners: Sequence[int],
    reason: str,
    named: Sequence[int] = (),
) -> Dispute:
    """Ask agencies to help; in a restricted matter the `named` persons of theirs alone see it."""
    dispute, held = steps.enter(session, by, dispute_id, version, doors.joining)
    at = clock.now()
    asked = {*partners, *steps.agencies_of(session, named).values()}
    new = sorted(asked - held.assisting - {dispute.handler_agency_id})
    if not new:
        raise RefusedError(_nobody_new())
    steps.let_in(session, dispute, named)
    for agency_id in new:
        steps.take_part(session, dispute, agency_id, "assisting", at)
        session.flush()  # before what it was called for ends: it sees the matter all along
        steps.end_part(session, dispute, agency_id, ("called",), at)
        title = _("请协办：%(number)s", number=name_of(dispute))
        tell(session, dispute, "dispute_joined", title, agency_id=agency_id)
    steps.note(session, by, dispute, "agency_joined", at, reason, partners=new)
    keep_lead(session, dispute, at)
    return finish(session, by, dispute, "join", partners=new)


def release(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    partner: int,
    reason: str,
) -> Dispute:
    """An agency's help is over; from now on it no longer sees the matter."""
    dispute, held = steps.enter(session, by, dispute_id, version, doors.releasing)
    if partner not in held.helping:
        raise RefusedError(Refusal("no_partner", N_("这个单位现在不是协办"), "", Ground.FORM,
                                   "partner"))  # fmt: skip
    at = clock.now()
    steps.note(session, by, dispute, "agency_released", at, reason, partners=[partner])
    steps.end_part(session, dispute, partner, HELPING, at)
    steps.shut_out(session, dispute, partner)
    keep_lead(session, dispute, at)
    return finish(session, by, dispute, "release", partners=[partner])


def contribute(
    session: Session, *, by: Viewer, dispute_id: int, version: int | None = None, words: str
) -> Dispute:
    """A helper writes what it did; the lead hears of it."""
    dispute, _held = steps.enter(session, by, dispute_id, version, doors.contributing)
    steps.note(session, by, dispute, "contributed", clock.now(), words)
    title = _("协办单位有新意见：%(number)s", number=name_of(dispute))
    tell(session, dispute, "dispute_contributed", title, account_id=dispute.mediator_id)
    return finish(session, by, dispute, "contribute")


def keep_lead(session: Session, dispute: Dispute, at: datetime) -> None:
    """Step: while others help, the agency that has the matter leads, whoever it comes to be."""
    rows = session.scalars(
        select(Participation).where(
            Participation.dispute_id == dispute.id,
            Participation.part.in_(("lead", "assisting")),
            Participation.until.is_(None),
        )
    ).all()
    joint = any(row.part == "assisting" for row in rows)
    leading = False
    for row in (row for row in rows if row.part == "lead"):
        if joint and row.agency_id == dispute.handler_agency_id:
            leading = True
        else:
            row.until = at
    if joint and not leading:
        steps.take_part(session, dispute, dispute.handler_agency_id, "lead", at)
    session.flush()


def _nobody_new() -> Refusal:
    text = N_("选中的单位已经在办这件事项，请另选")
    return Refusal("nobody_new", text, "", Ground.FORM, "partners")
