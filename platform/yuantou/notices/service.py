"""Telling a unit or a person; reading what one was told."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Table, insert, update
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.notices import channels
from yuantou.notices.models import Notice, OutboxMessage

TWICE = timedelta(minutes=10)

_NOTICES: Table = Notice.metadata.tables["notice"]


class Told(NamedTuple):
    """What one agency, or one account of it, is told."""

    agency_id: int
    title: str
    body: str = ""
    link: str = ""
    dispute_id: int | None = None
    report_id: int | None = None
    account_id: int | None = None


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
    urgent: bool = False,
    now: datetime | None = None,
) -> None:
    """Step: put a notice into the inbox of an agency, or of one account of it.

    The words carry references only. A notice about a dispute shows only to who may see it. What
    leaves the house is written by the database in the same statement; `urgent` knows no quiet.
    """
    words = Told(agency_id, title, body, link, dispute_id, report_id, account_id)
    _tell(session, [words], kind, urgent, now)


def notify_all(
    session: Session, told: Sequence[Told], *, kind: str, now: datetime | None = None
) -> None:
    """Step: the same for many at once."""
    if told:
        _tell(session, told, kind, False, now)


def _tell(
    session: Session, told: Sequence[Told], kind: str, urgent: bool, now: datetime | None
) -> None:
    topic, at = channels.read().topic_of(kind), now or clock.now()
    of_all = {"kind": kind, "topic": topic, "urgent": urgent, "at": at}
    rows = [{**each._asdict(), "title": each.title[:200], **of_all} for each in told]
    # Without RETURNING: the teller may not read what another unit is told.
    session.execute(insert(_NOTICES).inline(), rows)


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


def send_again(
    session: Session, *, by: Viewer, message_id: int, now: datetime | None = None
) -> bool:
    """Put one message that failed, or whose fate is unknown, back into the queue; False: none."""
    changed = session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.state.in_(("failed", "unknown")))
        .values(
            state="waiting",
            attempts=0,
            not_before=now or clock.now(),
            claim=None,
            claimed_at=None,
            ended_at=None,
            error="",
        )
        .returning(OutboxMessage.id)
    ).all()
    if changed:
        _record(session, by, "outbox:again", "outbox_message", message_id)
    session.commit()
    return bool(changed)


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
