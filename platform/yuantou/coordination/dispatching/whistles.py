"""街乡吹哨、部门报到: a township calls departments, they answer in time, and come."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.acting import finish, name_of, tell
from yuantou.coordination.dispatching import doors, steps
from yuantou.coordination.dispatching.models import Whistle
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.limits.terms import due

LIMIT = "whistle"
COMING, UNABLE = "coming", "unable"


def blow(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    partners: Sequence[int],
    wanted: str,
    named: Sequence[int] = (),
) -> Dispute:
    """Call departments to come; each sees the matter and answers within the limit."""
    dispute, held = steps.enter(session, by, dispute_id, version, doors.whistling)
    asked = {*partners, *steps.agencies_of(session, named).values()}
    called = sorted(one for one in asked - {by.agency.id} if held.whistle_for(one) is None)
    if not called:
        text = N_("选中的单位都已吹哨，正在等回应")
        raise RefusedError(Refusal("nobody_new", text, "", Ground.FORM, "partners"))
    at = clock.now()
    until = due(session, LIMIT, at)
    steps.let_in(session, dispute, named)
    for agency_id in called:
        session.add(
            Whistle(
                dispute_id=dispute.id,
                caller_agency_id=by.agency.id,
                caller_id=by.id,
                agency_id=agency_id,
                wanted=wanted,
                blown_at=at,
                due_at=until,
            )
        )
        if agency_id not in held.helping and agency_id != dispute.handler_agency_id:
            steps.take_part(session, dispute, agency_id, "called", at)
        title = _("吹哨，请报到：%(number)s", number=name_of(dispute))
        tell(session, dispute, "whistle_blown", title, agency_id=agency_id)
    steps.note(session, by, dispute, "whistle_blown", at, wanted, partners=called)
    return finish(session, by, dispute, "whistle", partners=called)


def answer(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    response: str,
    words: str,
) -> Dispute:
    """The called department says that it comes, or why it cannot."""
    dispute, held = steps.enter(session, by, dispute_id, version, doors.answering_whistle)
    at = clock.now()
    whistle = held.whistle_for(by.agency.id)
    if whistle is None:  # the door was open, so there is one
        raise LookupError("no open whistle")
    whistle.response, whistle.answer = response, words
    whistle.answered_by, whistle.answered_at = by.id, at
    steps.note(session, by, dispute, "whistle_answered", at, words, response=response)
    title = _("哨声有回应：%(number)s", number=name_of(dispute))
    tell(session, dispute, "whistle_answered", title, agency_id=whistle.caller_agency_id)
    if response == UNABLE:
        steps.end_part(session, dispute, by.agency.id, ("called",), at)
        steps.shut_out(session, dispute, by.agency.id)
    return finish(session, by, dispute, "whistle_answer", response=response)


def arrive(
    session: Session, *, by: Viewer, dispute_id: int, version: int | None = None, partner: int
) -> Dispute:
    """The township notes that a department has come."""
    dispute, held = steps.enter(session, by, dispute_id, version, doors.arriving)
    at = clock.now()
    rows = [row.Whistle for row in held.whistles if row.Whistle.agency_id == partner]
    coming = [one for one in rows if one.response == COMING and one.arrived_at is None]
    if not coming:
        text = N_("这个单位没有等待到场的哨声")
        raise RefusedError(Refusal("not_coming", text, "", Ground.FORM, "partner"))
    for one in coming:
        one.arrived_at = at
    steps.note(session, by, dispute, "whistle_arrived", at, partners=[partner])
    return finish(session, by, dispute, "whistle_arrive", partners=[partner])
