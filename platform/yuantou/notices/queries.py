"""Reading the inbox. Row-level security shows a person the notices of his unit and his own."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.notices.models import Notice, Suggestion

PAGE = 50


def unread(session: Session) -> int:
    """How many notices nobody has read yet, counted up to 99."""
    first = select(Notice.id).where(Notice.read_at.is_(None)).limit(99).subquery()
    return session.scalar(select(func.count()).select_from(first)) or 0


def inbox(
    session: Session, *, only_unread: bool = False, before: int | None = None
) -> list[Notice]:
    """Notices, newest first; one more than a page when there are more."""
    found = select(Notice).order_by(Notice.id.desc()).limit(PAGE + 1)
    if only_unread:
        found = found.where(Notice.read_at.is_(None))
    if before:
        found = found.where(Notice.id < before)
    return list(session.scalars(found))


def notice(session: Session, notice_id: int) -> Notice | None:
    """One notice of this inbox."""
    return session.scalar(select(Notice).where(Notice.id == notice_id))


def suggestions_by(session: Session, account_id: int) -> list[Suggestion]:
    """What one person left, newest first."""
    found = select(Suggestion).where(Suggestion.account_id == account_id)
    return list(session.scalars(found.order_by(Suggestion.id.desc()).limit(PAGE)))


def all_suggestions(session: Session) -> list[Suggestion]:
    """What everybody left: unanswered first, then newest."""
    found = select(Suggestion).order_by(Suggestion.answered_at.is_not(None), Suggestion.id.desc())
    return list(session.scalars(found.limit(200)))
