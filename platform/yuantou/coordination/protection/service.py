"""Restricted matters: naming who may know, and lifting a wrong restriction with two persons."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.acting import finish, name_of, tell
from yuantou.coordination.protection.models import RestrictionLift
from yuantou.coordination.protection.queries import open_lift
from yuantou.disputes.codes import read
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Duty, Ground, Refusal
from yuantou.disputes.models import Dispute, NamedHandler, Party
from yuantou.disputes.service import lock, note_event
from yuantou.disputes.standing import actor_of

LIFTED, REFUSED = "lifted", "refused"


def naming_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not say who else may know."""
    if not dispute.restricted:
        text = N_("这件事项没有限制知悉，不需要点名。")
        return Refusal("not_restricted", text, "", Ground.STATE)
    duties = actor_of(by, dispute).duties
    if duties & {Duty.HANDLER, Duty.COORDINATOR} and by.may(Permission.DISPUTE_HANDLE):
        return None
    return Refusal("not_handler", N_("由承办单位或者综治中心点名。"), "", Ground.DUTY)


def asking_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not ask for the restriction to be lifted."""
    if not dispute.restricted:
        return naming_refusal(dispute, by)
    if Duty.COUNTY in actor_of(by, dispute).duties and by.may(Permission.DISPUTE_DISPATCH):
        return None
    return Refusal("not_county", N_("由县级协调员提出解除限制。"), "", Ground.DUTY)


def deciding_refusal(lift: RestrictionLift, by: Viewer) -> Refusal | None:
    """Why `by` may not decide: two persons lift a restriction, never one."""
    if lift.asked_by == by.id:
        text = N_("须由另一人核准，提出的人不能自己核准。")
        return Refusal("same_person", text, "", Ground.DUTY)
    if by.may(Permission.DISPUTE_HANDLE):
        return None
    return Refusal("no_permission", N_("由办理这件事项的知悉人核准。"), "", Ground.DUTY)


def name_person(
    session: Session, *, by: Viewer, dispute_id: int, account_id: int, reason: str
) -> Dispute:
    """Let one person more know of a restricted matter."""
    dispute = lock(session, dispute_id)
    _demand(naming_refusal(dispute, by))
    session.execute(select(func.name_handler(dispute.id, account_id)))
    _note(session, by, dispute, "handler_named", reason, account_id=account_id)
    title = _("请您知悉：%(number)s", number=name_of(dispute))
    tell(session, dispute, "handler_named", title, account_id=account_id)
    return finish(session, by, dispute, "name_handler", account=account_id)


def unname_person(
    session: Session, *, by: Viewer, dispute_id: int, account_id: int, reason: str
) -> Dispute:
    """One person need not know any more; neither oneself nor whoever has it in hand."""
    dispute = lock(session, dispute_id)
    _demand(naming_refusal(dispute, by))
    if account_id in (by.id, dispute.mediator_id):
        text = N_("不能撤下自己，也不能撤下正在办理的人。")
        raise RefusedError(Refusal("needed", text, "", Ground.DUTY))
    session.execute(
        delete(NamedHandler).where(
            NamedHandler.dispute_id == dispute.id, NamedHandler.account_id == account_id
        )
    )
    _note(session, by, dispute, "handler_unnamed", reason, account_id=account_id)
    return finish(session, by, dispute, "unname_handler", account=account_id)


def ask_lift(
    session: Session, *, by: Viewer, dispute_id: int, reason: str, now: datetime | None = None
) -> RestrictionLift:
    """The county's coordinator finds that the restriction is wrong; a second person decides."""
    dispute = lock(session, dispute_id)
    _demand(asking_refusal(dispute, by) or _standing_reason(session, dispute))
    lift = RestrictionLift(
        dispute_id=dispute.id,
        reason=reason,
        asked_by=by.id,
        asked_at=now or clock.now(),
        decided_by=None,
        decided_at=None,
        verdict=None,
        note="",
    )
    session.add(lift)
    session.flush()
    _note(session, by, dispute, "lift_asked", reason, lift_id=lift.id)
    _tell_handler(session, by, dispute)
    finish(session, by, dispute, "ask_lift", lift=lift.id)
    return lift


def decide_lift(
    session: Session, *, by: Viewer, dispute_id: int, verdict: str, note: str
) -> Dispute:
    """The second person's word; lifted, the matter is for all who handle it again."""
    dispute = lock(session, dispute_id)
    lift = open_lift(session, dispute.id)
    if lift is None:
        raise NotVisibleError(dispute_id)
    _demand(deciding_refusal(lift, by))
    lift.verdict, lift.note = verdict, note
    lift.decided_by, lift.decided_at = by.id, clock.now()
    event = "restriction_lifted" if verdict == LIFTED else "lift_refused"
    facts: dict[str, Any] = {"asked_by": lift.asked_by}
    if verdict == LIFTED:
        facts |= _open_up(session, dispute)
    _note(session, by, dispute, event, note, **facts)
    return finish(session, by, dispute, event, lift=lift.id)


def _open_up(session: Session, dispute: Dispute) -> dict[str, Any]:
    """Without the facts that restricted it; who had been named stays in the history."""
    codes = read()
    gone = [flag for flag in dispute.flags if codes.restricts((flag,))]
    named = session.scalars(
        select(NamedHandler.account_id).where(NamedHandler.dispute_id == dispute.id)
    ).all()
    dispute.flags = [flag for flag in dispute.flags if flag not in gone]
    dispute.restricted = False
    session.flush()
    session.execute(delete(NamedHandler).where(NamedHandler.dispute_id == dispute.id))
    return {"flags": gone, "named": list(named)}


def _standing_reason(session: Session, dispute: Dispute) -> Refusal | None:
    if open_lift(session, dispute.id) is not None:
        return Refusal("asked", N_("已提出解除，等另一人核准。"), "", Ground.STATE)
    child = session.scalar(
        select(Party.id).where(Party.dispute_id == dispute.id, Party.minor).limit(1)
    )
    if child is None:
        return None
    text = N_("当事人中有未成年人，限制知悉不能解除；登记错的，请先更正当事人。")
    return Refusal("minor_party", text, "", Ground.LAW)


def _tell_handler(session: Session, by: Viewer, dispute: Dispute) -> None:
    title = _("请核准解除限制：%(number)s", number=name_of(dispute))
    if dispute.handler_agency_id != by.agency.id:
        tell(session, dispute, "lift_asked", title)


def _note(
    session: Session, by: Viewer, dispute: Dispute, event: str, note: str, **facts: Any
) -> None:
    dispute.updated_at = clock.now()
    note_event(session, dispute=dispute, event=event, by=by, note=note, facts=facts)


def _demand(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise RefusedError(refusal)
