"""Coordination's use cases: each moves the matter, tells whom it concerns, is audited, commits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.acting import finish, name_of, tell
from yuantou.disputes.models import Dispute, Participation
from yuantou.disputes.service import move


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
    tell(session, dispute, "dispute_returned", _("退回：%(number)s", number=name_of(dispute)))
    return finish(session, by, dispute, "return")


def recall(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    version: int | None = None,
    reason: str,
) -> Dispute:
    """Take back what was sent as long as nobody has signed; the agency is told."""
    sent = session.get(Dispute, dispute_id)
    receiver = sent.handler_agency_id if sent else None
    dispute = _moved(session, by, dispute_id, "recall", {"reason": reason}, reason, version)
    title = _("撤回交办：%(number)s", number=name_of(dispute))
    tell(session, dispute, "dispute_recalled", title, agency_id=receiver)
    return finish(session, by, dispute, "recall")


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
        title = _("请您调解：%(number)s", number=name_of(dispute))
        tell(session, dispute, "dispute_assigned", title, account_id=mediator_id)
    return finish(session, by, dispute, "mediate")


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
        title = _("请您承办：%(number)s", number=name_of(dispute))
        tell(session, dispute, "dispute_assigned", title, account_id=officer_id)
    return finish(session, by, dispute, "handle")


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
    title = _("提级联合调处：%(number)s", number=name_of(dispute))
    tell(session, dispute, "dispute_escalated", title)
    for agency_id in partners:
        if not dispute.restricted and agency_id != dispute.handler_agency_id:
            _join(session, dispute, agency_id, title)
    return finish(session, by, dispute, "escalate")


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
    return finish(session, by, dispute, action)


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
    title = _("交办：%(number)s", number=name_of(dispute))
    tell(session, dispute, "dispute_dispatched", title, account_id=named_id)
    return finish(session, by, dispute, action)


def _let_in(session: Session, dispute: Dispute, account_id: int) -> None:
    """A restricted matter is seen by those who are named."""
    if dispute.restricted:
        session.execute(select(func.name_handler(dispute.id, account_id)))


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
    tell(session, dispute, "dispute_joined", title, agency_id=agency_id)
