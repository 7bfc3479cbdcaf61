"""Reading the inbox. Row-level security shows a person the notices of his unit and his own."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.notices.models import Notice, OutboxMessage

PAGE = 50
MOST = 99
TROUBLE = ("failed", "unknown")


def unread_of(viewer: Viewer) -> Select[int]:
    """The question how many notices nobody has read yet, counted up to MOST."""
    told = select(Notice.id).where(Notice.agency_id == viewer.agency.id, Notice.read_at.is_(None))
    return select(func.count()).select_from(told.limit(MOST).subquery())


def inbox(
    session: Session, viewer: Viewer, *, only_unread: bool = False, before: int | None = None
) -> list[Notice]:
    """Notices, newest first; one more than a page when there are more."""
    mine = select(Notice).where(Notice.agency_id == viewer.agency.id)
    found = mine.order_by(Notice.id.desc()).limit(PAGE + 1)
    if only_unread:
        found = found.where(Notice.read_at.is_(None))
    if before:
        found = found.where(Notice.id < before)
    return list(session.scalars(found))


def notice(session: Session, notice_id: int) -> Notice | None:
    """One notice of this inbox."""
    return session.scalar(select(Notice).where(Notice.id == notice_id))


def outbox_numbers(session: Session, states: Collection[str] = ()) -> dict[str, int]:
    """Messages by their state; of these states alone, if any are named."""
    asked = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    if states:
        asked = asked.where(OutboxMessage.state.in_(states))
    return {row.state: row[1] for row in session.execute(asked)}


def outbox_trouble(session: Session) -> list[Row[Any]]:
    """Messages that failed or whose fate is unknown, newest first, with whom they were for."""
    columns = (
        OutboxMessage.id,
        OutboxMessage.state,
        OutboxMessage.channel,
        OutboxMessage.topic,
        OutboxMessage.number,
        OutboxMessage.error,
        OutboxMessage.attempts,
        OutboxMessage.queued_at,
        OutboxMessage.ended_at,
        Account.display_name,
    )
    asked = select(*columns).join(Account, Account.id == OutboxMessage.account_id)
    trouble = OutboxMessage.state.in_(TROUBLE)
    found = asked.where(trouble).order_by(OutboxMessage.ended_at.desc(), OutboxMessage.id)
    return list(session.execute(found.limit(PAGE)))
