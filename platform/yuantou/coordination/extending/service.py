"""Use cases of an extension: each locks the matter, notes it, tells whom it concerns, commits."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.calendar import clock
from yuantou.coordination.acting import finish, name_of, tell
from yuantou.coordination.extending.acts import ASKED, REFUSED, Act, refusal
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import lock, note_event
from yuantou.disputes.standing import history
from yuantou.limits.extending import extend, extension_refusal
from yuantou.limits.models import Deadline
from yuantou.limits.queries import clock_of


def carry_out(
    session: Session,
    *,
    by: Viewer,
    act: Act,
    dispute_id: int,
    deadline_id: int,
    note: str,
    amount: int | None = None,
    version: int | None = None,
) -> Dispute:
    """Extend, ask for it, approve or refuse; RefusedError says what stands in the way."""
    dispute, at = lock(session, dispute_id, version), clock.now()
    row = deadline_of(session, dispute_id, deadline_id)
    rule = clock_of(session).book.rule(row.rule, row.rule_version)
    events = history(session, dispute_id)
    shut = refusal(act, by, dispute, row, rule, events, at)
    if shut is None and amount:
        shut = extension_refusal(row, rule, act.leave, at, amount)
    if shut is not None:
        raise RefusedError(shut)
    if act.name in ("ask", "refuse"):
        facts = {"rule": row.rule, "started_at": row.started_at.isoformat(), "amount": amount}
        event = ASKED if act.name == "ask" else REFUSED
        note_event(session, dispute=dispute, event=event, by=by, note=note, facts=facts, at=at)
        dispute.updated_at = at
    else:
        extend(
            session,
            by=by,
            dispute=dispute,
            row=row,
            leave=act.leave,
            amount=amount or 0,
            note=note,
            at=at,
        )
    _tell(session, act, dispute)
    return finish(session, by, dispute, f"extension_{act.name}", rule=row.rule, amount=amount)


def deadline_of(session: Session, dispute_id: int, deadline_id: int) -> Deadline:
    """One deadline of this matter."""
    found = session.get(Deadline, deadline_id)
    if found is None or found.dispute_id != dispute_id:
        raise NotVisibleError(dispute_id)
    return found


def _tell(session: Session, act: Act, dispute: Dispute) -> None:
    name = name_of(dispute)
    if act.name == "ask":
        centre = session.scalar(
            select(Agency.id).where(
                Agency.kind == AgencyKind.COUNTY_CENTRE,
                Agency.area_code == dispute.county_code,
                Agency.active,
            )
        )
        if centre:
            title = _("申请延长期限：%(number)s", number=name)
            tell(session, dispute, "extension_asked", title, agency_id=centre)
    elif act.name == "approve":
        tell(session, dispute, "deadline_extended", _("已批准延长：%(number)s", number=name))
    elif act.name == "refuse":
        tell(session, dispute, "extension_refused", _("不准延长：%(number)s", number=name))
