"""Handing a matter to the centre of another area: offered, then taken or not. Until it is taken
the sender keeps it, so it is never nobody's."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.coordination.acting import finish, name_of, tell
from yuantou.coordination.dispatching import doors, steps
from yuantou.coordination.dispatching.models import Transfer
from yuantou.coordination.dispatching.queries import Held, accounts_in_charge, centres_elsewhere
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.disputes.signals import moved
from yuantou.limits.terms import due
from yuantou.territory.models import Area

LIMIT = "transfer_answer"
COUNTY_PLACE = 3  # of a path: province, city, county


def offer(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    to_agency_id: int,
    reason: str,
) -> Dispute:
    """Offer the matter to another centre, which sees it from now on and answers in time."""
    dispute, _held = steps.enter(session, by, dispute_id, version, doors.transferring)
    if to_agency_id not in dict(centres_elsewhere(session, by)):
        text = N_("请选另一个区划的综治中心")
        raise RefusedError(Refusal("no_centre", text, "", Ground.FORM, "to_agency_id"))
    at = clock.now()
    session.add(
        Transfer(
            dispute_id=dispute.id,
            from_agency_id=by.agency.id,
            to_agency_id=to_agency_id,
            from_area_code=dispute.area_code,
            reason=reason,
            asked_by=by.id,
            asked_at=at,
            due_at=due(session, LIMIT, at),
        )
    )
    steps.let_in(session, dispute, accounts_in_charge(session, to_agency_id))
    steps.take_part(session, dispute, to_agency_id, "receiving", at)
    steps.note(session, by, dispute, "transfer_offered", at, reason, to_agency_id=to_agency_id)
    title = _("请接收移送：%(number)s", number=name_of(dispute))
    tell(session, dispute, "transfer_offered", title, agency_id=to_agency_id)
    return finish(session, by, dispute, "transfer_offer", to_agency=to_agency_id)


def accept(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    area_code: str,
    note: str | None = None,
) -> Dispute:
    """Take the matter: owner, area and county change; number, state and history stay."""
    dispute, held = steps.enter(session, by, dispute_id, version, doors.answering_transfer)
    area = session.get(Area, area_code)
    if area is None or not area.path.startswith(by.agency.area_path):
        text = N_("请选本单位辖区内的区划")
        raise RefusedError(Refusal("no_area", text, "", Ground.FORM, "area_code"))
    at = clock.now()
    answered = _answered(held, by, "accepted", note, at)
    left, sender = dispute.area_code, answered.from_agency_id
    steps.end_part(session, dispute, dispute.handler_agency_id, ("handling",), at)
    steps.take_part(session, dispute, by.agency.id, "handling", at)
    session.flush()  # only now: who receives no longer and handles not yet would see nothing
    steps.end_part(session, dispute, by.agency.id, ("receiving",), at)
    _relocate(dispute, by.agency, area)
    facts = {"from_agency_id": sender, "to_agency_id": by.agency.id}
    areas = {"from_area": left, "to_area": area.code}
    noted = steps.note(session, by, dispute, "transferred", at, note or "", **facts, **areas)
    moved.send(dispute, session=session, event=noted, by=by)
    title = _("移送已接收：%(number)s", number=name_of(dispute))
    tell(session, dispute, "transfer_accepted", title, agency_id=sender)
    return finish(session, by, dispute, "transfer_accept", **facts, **areas)


def decline(
    session: Session, *, by: Viewer, dispute_id: int, version: int | None = None, reason: str
) -> Dispute:
    """Do not take it; it stays with the sender, and this centre sees it no longer."""
    return _stop(session, by, dispute_id, version, doors.answering_transfer, "declined", reason)


def withdraw(
    session: Session, *, by: Viewer, dispute_id: int, version: int | None = None, reason: str
) -> Dispute:
    """The sender takes the offer back."""
    return _stop(session, by, dispute_id, version, doors.withdrawing, "withdrawn", reason)


def let_fall(session: Session, dispute: Dispute, by: Viewer | None, at: datetime) -> None:
    """Step: the matter went on, so an offer that still waits is void."""
    asked = select(Transfer).where(Transfer.dispute_id == dispute.id, Transfer.outcome.is_(None))
    for waiting in session.scalars(asked):
        waiting.outcome, waiting.answered_at = "withdrawn", at
        waiting.answered_by = by.id if by else None
        facts = {"to_agency_id": waiting.to_agency_id}
        note_event(session, dispute=dispute, event="transfer_withdrawn", by=by, facts=facts, at=at)
        title = _("移送已撤回：%(number)s", number=name_of(dispute))
        tell(session, dispute, "transfer_withdrawn", title, agency_id=waiting.to_agency_id)
        steps.end_part(session, dispute, waiting.to_agency_id, ("receiving",), at)
        steps.shut_out(session, dispute, waiting.to_agency_id)


def area_choices(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Where in its area a centre can place what it takes: its own area first."""
    asked = select(Area.code, Area.name).where(
        Area.path.startswith(viewer.agency.area_path, autoescape=True), Area.valid_to.is_(None)
    )
    return [(row.code, row.name) for row in session.execute(asked.order_by(Area.path))]


def _stop(
    session: Session,
    by: Viewer,
    dispute_id: int,
    version: int | None,
    rule: doors.Rule,
    outcome: str,
    reason: str,
) -> Dispute:
    dispute, held = steps.enter(session, by, dispute_id, version, rule)
    at = clock.now()
    answered = _answered(held, by, outcome, reason, at)
    other = {answered.from_agency_id, answered.to_agency_id} - {by.agency.id}
    facts = {
        "from_agency_id": answered.from_agency_id,
        "to_agency_id": answered.to_agency_id,
    }
    steps.note(session, by, dispute, f"transfer_{outcome}", at, reason, **facts)
    words = {"declined": _("移送未被接收"), "withdrawn": _("移送已撤回")}[outcome]
    for agency_id in other:
        title = f"{words}：{name_of(dispute)}"
        tell(session, dispute, f"transfer_{outcome}", title, agency_id=agency_id)
    steps.end_part(session, dispute, answered.to_agency_id, ("receiving",), at)
    steps.shut_out(session, dispute, answered.to_agency_id)
    return finish(session, by, dispute, f"transfer_{outcome}", to_agency=answered.to_agency_id)


def _answered(held: Held, by: Viewer, outcome: str, words: str | None, at: datetime) -> Transfer:
    found = held.offer
    if found is None:  # the door was open, so there is one
        raise LookupError("no open transfer")
    found.outcome, found.answer = outcome, words
    found.answered_by, found.answered_at = by.id, at
    return found


def _relocate(dispute: Dispute, agency: Agency, area: Area) -> None:
    dispute.handler_agency_id, dispute.mediator_id = agency.id, None
    dispute.area_code, dispute.area_path = area.code, area.path
    dispute.county_code = area.path.strip("/").split("/")[:COUNTY_PLACE][-1]
