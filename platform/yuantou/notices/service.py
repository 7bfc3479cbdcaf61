"""Telling a unit or a person; reading what one was told; complaints and suggestions."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.notices.models import Notice, Suggestion

TWICE = timedelta(minutes=10)

_NOTICES: Table = Notice.metadata.tables["notice"]


def notify(
    session: Session,
    *,
    agency_id: int,
    kind: str,
    title: str,
    body: str = "",
    link: str = "",
    dispute_id: int | None = None,
    report_id: int | None = None,
    account_id: int | None = None,
    now: datetime | None = None,
) -> None:
    """Step: put a notice into the inbox of an agency, or of one account of it.

    The words carry references only. A notice about a dispute shows only to who may see it.
    """
    values = {
        "agency_id": agency_id,
        "account_id": account_id,
        "kind": kind,
        "title": title[:200],
        "body": body,
        "link": link,
        "dispute_id": dispute_id,
        "report_id": report_id,
        "at": now or clock.now(),
    }
    # Without RETURNING: the teller may not read what another unit is told.
    session.execute(insert(_NOTICES).values(values).inline())


def mark_read(
    session: Session, *, by: Viewer, ids: Collection[int], now: datetime | None = None
) -> int:
    """Mark notices of one's own inbox as read; returns how many were not yet."""
    changed = session.scalars(
        update(Notice)
        .where(Notice.id.in_(ids), Notice.read_at.is_(None))
        .values(read_at=now or clock.now(), read_by=by.id)
        .returning(Notice.id)
    ).all()
    if changed:
        _record(session, by, "notice:read", "notice", changed[0], notices=sorted(changed))
    session.commit()
    return len(changed)


def suggest(
    session: Session, *, by: Viewer, text: str, page: str, now: datetime | None = None
) -> Suggestion:
    """Leave a complaint or a suggestion; the same words from one person within minutes are one."""
    at = now or clock.now()
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("suggestion", by.id))))
    same = select(Suggestion).where(
        Suggestion.account_id == by.id, Suggestion.text == text, Suggestion.at > at - TWICE
    )
    twin = session.scalars(same).first()
    if twin is not None:
        return twin
    left = Suggestion(account_id=by.id, agency_id=by.agency.id, page=page, text=text, at=at)
    session.add(left)
    session.flush()
    _record(session, by, "suggestion:leave", "suggestion", left.id)
    session.commit()
    return left


def answer(
    session: Session, *, by: Viewer, suggestion_id: int, text: str, now: datetime | None = None
) -> Suggestion | None:
    """Answer a suggestion; its writer reads the answer where he left it. None: no such thing."""
    asked = session.get(Suggestion, suggestion_id, with_for_update=True)
    if asked is None:
        return None
    asked.answer, asked.answered_at = text, now or clock.now()
    _record(session, by, "suggestion:answer", "suggestion", asked.id)
    session.commit()
    return asked


def _record(
    session: Session, by: Viewer, action: str, kind: str, number: int, **facts: object
) -> None:
    record(
        session,
        action=action,
        object_type=kind,
        object_id=number,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
