"""Coordination's use cases: each moves the matter, tells whom it concerns, is audited, commits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.coordination.queries import by_number
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import Ground, Refusal
from yuantou.disputes.models import Dispute, Participation
from yuantou.disputes.service import move, note_event
from yuantou.notices.service import notify


def accept(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    consent: bool = False,
    note: str | None = None,
) -> Dispute:
    """Take the report up; it gets its number."""
    facts = {"consent": True} if consent else {}
    return _act(session, by, dispute_id, "accept", facts, note, version)


def decline(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    reason: str,
    path_options: Sequence[str],
) -> Dispute:
    """Do not take the report up, and say which other ways there are."""
    facts = {"reason": reason, "path_options": list(path_options)}
    return _act(session, by, dispute_id, "decline", facts, reason, version)


def merge(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    master_number: str,
    reason: str,
) -> Dispute:
    """Close the report into the other one, which keeps a note of it."""
    master = by_number(session, by, master_number.strip())
    if master is None or master.id == dispute_id or master.master_id is not None:
        raise RefusedError(_no_master(master, dispute_id))
    dispute = move(
        session,
        by=by,
        dispute_id=dispute_id,
        action="merge",
        facts={"master_id": master.id},
        note=reason,
        version=version,
    )
    note_event(
        session,
        dispute=master,
        event="merged_into",
        by=by,
        note=_("并入：%(title)s", title=dispute.number or _("未编号")),
        facts={"dispute_id": dispute.id},
    )
    return _finish(session, by, dispute, "merge", master=master.id)


def triage(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    category: str,
    risk: str,
    path: str,
    complexity: str,
    note: str | None = None,
) -> Dispute:
    """Judge type, risk, path and difficulty."""
    facts = {"category": category, "risk": risk, "path": path, "complexity": complexity}
    return _act(session, by, dispute_id, "triage", facts, note, version)


def dispatch(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    handler_agency_id: int,
    deadline: date,
    reason: str,
    named_id: int | None = None,
) -> Dispute:
    """Send the matter to an agency with a term."""
    facts = {"handler_agency_id": handler_agency_id, "deadline": deadline}
    return _send(session, by, dispute_id, "dispatch", facts, reason, named_id, version)


def designate(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    handler_agency_id: int,
    deadline: date,
    designation_reason: str,
    named_id: int | None = None,
) -> Dispute:
    """Name the handler of a matter that nobody kept."""
    facts = {
        "handler_agency_id": handler_agency_id,
        "deadline": deadline,
        "designation_reason": designation_reason,
    }
    words = designation_reason
    return _send(session, by, dispute_id, "designate", facts, words, named_id, version)


def send_back(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    reason: str,
    suggested_owner: int,
) -> Dispute:
    """Return what is not this agency's duty, and say whose it may be."""
    facts = {"reason": reason, "suggested_owner": suggested_owner}
    dispute = _moved(session, by, dispute_id, "return", facts, reason, version)
    _tell(session, dispute, "dispute_returned", _("退回：%(number)s", number=_name(dispute)))
    return _finish(session, by, dispute, "return")


def sign(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    note: str | None = None,
) -> Dispute:
    """Receive what was sent."""
    return _act(session, by, dispute_id, "sign", {}, note, version)


def assign_mediator(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    mediator_id: int,
    consent: bool = False,
    note: str | None = None,
) -> Dispute:
    """Name the mediator; mediation begins with the parties' consent."""
    facts: dict[str, Any] = {"mediator_id": mediator_id}
    if consent:
        facts["consent"] = True
    dispute = _moved(session, by, dispute_id, "mediate", facts, note, version)
    _let_in(session, dispute, mediator_id)
    if mediator_id != by.id:
        title = _("请您调解：%(number)s", number=_name(dispute))
        _tell(session, dispute, "dispute_assigned", title, account_id=mediator_id)
    return _finish(session, by, dispute, "mediate")


def handle(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    officer_id: int,
    note: str | None = None,
) -> Dispute:
    """A person of the department takes it in hand."""
    facts = {"officer_id": officer_id}
    dispute = _moved(session, by, dispute_id, "handle", facts, note, version)
    _let_in(session, dispute, officer_id)
    if officer_id != by.id:
        title = _("请您承办：%(number)s", number=_name(dispute))
        _tell(session, dispute, "dispute_assigned", title, account_id=officer_id)
    return _finish(session, by, dispute, "handle")


def reply(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    reply: str,
) -> Dispute:
    """The department answers."""
    return _act(session, by, dispute_id, "reply", {"reply": reply}, reply, version)


def escalate(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    reason: str,
    partners: Sequence[int],
) -> Dispute:
    """Hand the matter to the county for joint handling."""
    facts = {"reason": reason, "partners": list(partners)}
    dispute = _moved(session, by, dispute_id, "escalate", facts, reason, version)
    title = _("提级联合调处：%(number)s", number=_name(dispute))
    _tell(session, dispute, "dispute_escalated", title)
    for agency_id in partners:
        if not dispute.restricted and agency_id != dispute.handler_agency_id:
            _join(session, dispute, agency_id, title)
    return _finish(session, by, dispute, "escalate")


def reopen(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    relapse: str,
) -> Dispute:
    """The matter flared up again within its time."""
    return _act(session, by, dispute_id, "reopen", {"relapse": relapse}, relapse, version)


def _act(
    session: Session,
    by: Viewer,
    dispute_id: int,
    action: str,
    facts: dict[str, Any],
    note: str | None,
    version: int | None,
) -> Dispute:
    dispute = _moved(session, by, dispute_id, action, facts, note, version)
    return _finish(session, by, dispute, action)


def _moved(
    session: Session,
    by: Viewer,
    dispute_id: int,
    action: str,
    facts: dict[str, Any],
    note: str | None,
    version: int | None,
) -> Dispute:
    return move(
        session,
        by=by,
        dispute_id=dispute_id,
        action=action,
        facts=facts,
        note=note or "",
        version=version,
    )


def _send(
    session: Session,
    by: Viewer,
    dispute_id: int,
    action: str,
    facts: dict[str, Any],
    note: str | None,
    named_id: int | None,
    version: int | None,
) -> Dispute:
    dispute = _moved(session, by, dispute_id, action, facts, note, version)
    if named_id:
        _let_in(session, dispute, named_id)
    title = _("交办：%(number)s", number=_name(dispute))
    _tell(session, dispute, "dispute_dispatched", title, account_id=named_id)
    return _finish(session, by, dispute, action)


def _let_in(session: Session, dispute: Dispute, account_id: int) -> None:
    """A restricted matter is seen by those who are named."""
    if dispute.restricted:
        session.execute(select(func.name_handler(dispute.id, account_id)))


def _tell(
    session: Session,
    dispute: Dispute,
    kind: str,
    title: str,
    *,
    agency_id: int | None = None,
    account_id: int | None = None,
) -> None:
    notify(
        session,
        agency_id=agency_id or dispute.handler_agency_id,
        account_id=account_id or None,
        kind=kind,
        title=title,
        link=f"/matters/{dispute.id}",
        dispute_id=dispute.id,
    )


def _join(session: Session, dispute: Dispute, agency_id: int, title: str) -> None:
    """A partner of joint handling sees the matter from now on."""
    session.add(
        Participation(
            dispute_id=dispute.id,
            agency_id=agency_id,
            part="assisting",
            since=clock.now(),
            until=None,
        )
    )
    _tell(session, dispute, "dispute_joined", title, agency_id=agency_id)


def _name(dispute: Dispute) -> str:
    """What a notice may say of a matter: a reference, never its words."""
    return dispute.number or _("未编号事项")


def _finish(session: Session, by: Viewer, dispute: Dispute, action: str, **facts: Any) -> Dispute:
    record(
        session,
        action=f"dispute:{action}",
        object_type="dispute",
        object_id=dispute.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"state": dispute.state, **facts},
    )
    session.commit()
    return dispute


def _no_master(master: Dispute | None, dispute_id: int) -> Refusal:
    message = _("范围内没有这个编号的事项，请核对编号")
    if master is not None:
        own = master.id == dispute_id
        message = _("不能并入自己") if own else _("那一件已并入别的事项，请写最终那一件的编号")
    return Refusal("no_master", message, "", Ground.FORM, "master_number")
