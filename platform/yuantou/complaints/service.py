"""Leaving a complaint or suggestion, and answering it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.complaints import queries
from yuantou.complaints.models import Complaint
from yuantou.complaints.routing import office_for
from yuantou.disputes.models import Dispute
from yuantou.notices.service import notify

TWICE = timedelta(minutes=10)


@dataclass(frozen=True)
class Words:
    """What was written, about what, on which page."""

    text: str
    kind: str = "suggestion"
    about: str = "platform"
    agency_id: int | None = None
    dispute_id: int | None = None
    page: str = ""


class NobodyToAnswerError(LookupError):
    """No office stands above what is complained of."""


def leave(session: Session, *, by: Viewer, words: Words, now: datetime | None = None) -> Complaint:
    """Write it, and tell the office that answers; the same words within minutes are one."""
    at = now or clock.now()
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("complaint", by.id))))
    same = select(Complaint).where(
        Complaint.writer_id == by.id, Complaint.text == words.text, Complaint.at > at - TWICE
    )
    twin = session.scalars(same).first()
    if twin is not None:
        return twin
    path, complained_of = _aim(session, by, words)
    left = Complaint(
        kind=words.kind,
        about=words.about,
        about_agency_id=complained_of,
        dispute_id=words.dispute_id if words.about == "matter" else None,
        writer_id=by.id,
        to_agency_id=_office(session, words, path, complained_of),
        page=words.page,
        text=words.text,
        at=at,
        due_at=queries.answer_due(session, at),
    )
    session.add(left)
    session.flush()
    title = _("收到投诉建议：第 %(n)s 号", n=left.id)
    _tell(session, left, left.to_agency_id, "complaint_left", title)
    _record(session, by, "complaint:leave", left)
    session.commit()
    return left


def answer(
    session: Session, *, by: Viewer, complaint_id: int, text: str, now: datetime | None = None
) -> Complaint | None:
    """Answer it once; the writer is told. None where it is not this office's to answer."""
    asked = session.get(Complaint, complaint_id, with_for_update=True, populate_existing=True)
    if asked is None or asked.to_agency_id != by.agency.id or asked.answered_at is not None:
        return None
    asked.answer, asked.answered_at, asked.answered_by = text, now or clock.now(), by.id
    writer = asked.writer_id
    home = session.scalar(select(Account.agency_id).where(Account.id == writer))
    if writer and home:
        title = _("您的投诉建议已答复：第 %(n)s 号", n=asked.id)
        _tell(session, asked, home, "complaint_answered", title, writer)
    _record(session, by, "complaint:answer", asked)
    session.commit()
    return asked


def _aim(session: Session, by: Viewer, words: Words) -> tuple[str, int | None]:
    """The area it is about, and the agency that is complained of."""
    if words.about == "matter" and words.dispute_id:
        dispute = session.get_one(Dispute, words.dispute_id)
        return dispute.area_path, dispute.handler_agency_id
    if words.about == "agency" and words.agency_id:
        agency = session.get_one(Agency, words.agency_id)
        return agency.area_path, agency.id
    return by.agency.area_path, None


def _office(session: Session, words: Words, path: str, complained_of: int | None) -> int:
    if words.about == "platform":
        found = queries.administration(session)
    else:
        office = office_for(path, complained_of, queries.offices(session, path))
        found = office.id if office else None
    if found is None:
        raise NobodyToAnswerError
    return found


def _tell(
    session: Session,
    one: Complaint,
    agency_id: int,
    kind: str,
    title: str,
    account_id: int | None = None,
) -> None:
    """A notice that says a number and nothing else."""
    notify(
        session,
        agency_id=agency_id,
        account_id=account_id,
        kind=kind,
        title=title,
        link=f"/suggestions#complaint-{one.id}",
    )


def _record(session: Session, by: Viewer, action: str, one: Complaint) -> None:
    record(
        session,
        action=action,
        object_type="complaint",
        object_id=one.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"kind": one.kind, "about": one.about},
    )
