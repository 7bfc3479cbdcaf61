"""Writing versions of rules: one person proposes, the worker tries it, a second one agrees."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from yuantou.access import second_person
from yuantou.access.second_person import Refused
from yuantou.access.viewer import Viewer
from yuantou.alerts.amending import replaying, trying
from yuantou.alerts.levels import Terms
from yuantou.alerts.models import RuleVersion
from yuantou.alerts.rulebook import BOOK, Kept, body, editions, kept_of, same, standing
from yuantou.alerts.rules import Rule
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.database.once import forget

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(0x5957524c)")


def propose(session: Session, *, by: Viewer, made: Kept, reason: str) -> RuleVersion:
    """Lay a new version before the office; it judges nothing until a second person approves it."""
    session.execute(_ONE_AT_A_TIME)
    held, at = editions(session)[made.code], clock_now()
    if any(row.approved_at is None and row.rejected_at is None for row in held):
        raise Refused("waiting")
    old = standing(held[::-1], local(at).date()).get(made.code)
    if old is not None and same(old, made):
        raise Refused("unchanged")
    row = RuleVersion(
        code=made.code,
        version=held[0].version + 1,
        valid_from=local(at).date(),
        body=body(made),
        entered_at=at,
        reason=reason,
        proposed_by=by.id,
        proposed_at=at,
    )
    session.add(row)
    _note(session, by, row, "propose")
    session.commit()
    return row


def adopt(session: Session, *, by: Viewer, row: RuleVersion, reason: str) -> None:
    """Propose a version that came with the product: it needs two persons like any other."""
    second_person.adopt(row, by=by, reason=reason, at=clock_now())
    _note(session, by, row, "propose")
    session.commit()


def approve(session: Session, *, by: Viewer, row: RuleVersion) -> None:
    """Put a version in force from today, as the second person, who has its trial before him."""
    at = clock_now()
    second_person.approve(row, by=by, at=at, tried=row.previewed_at is not None)
    row.valid_from = local(at).date()
    forget(session, BOOK)
    _note(session, by, row, "approve")
    session.commit()


def reject(session: Session, *, by: Viewer, row: RuleVersion) -> None:
    """End a proposal; its number is not used again."""
    second_person.reject(row, at=clock_now())
    _note(session, by, row, "reject")
    session.commit()


def waits(session: Session) -> bool:
    """Whether a version waits for its trial."""
    return session.scalar(select(RuleVersion.id).where(*_UNTRIED).limit(1)) is not None


def preview_waiting(session: Session, now: datetime | None = None) -> int:
    """Step (worker): try every undecided version that was not tried yet; returns how many."""
    at = now or clock_now()
    rows = session.scalars(select(RuleVersion).where(*_UNTRIED)).all()
    held = editions(session)
    for row in rows:
        old = kept_before(held[row.code], row, local(at).date())
        row.preview, row.previewed_at = _tried(session, old, kept_of(row), at), at
    return len(rows)


def kept_before(rows: Sequence[RuleVersion], row: RuleVersion, on: date) -> Kept | None:
    """What a version would take the place of, or took."""
    earlier = [one for one in rows[::-1] if one.version < row.version]
    found = standing(earlier, on).get(row.code)
    return kept_of(found) if found else None


def _tried(session: Session, old: Kept | None, new: Kept, at: datetime) -> dict[str, Any]:
    if isinstance(new, Terms):
        return replaying.tried(session, old if isinstance(old, Terms) else new, new, at)
    return trying.tried(session, old if isinstance(old, Rule) else None, new, at)


_UNTRIED = (*second_person.undecided(RuleVersion), RuleVersion.previewed_at.is_(None))


def _note(session: Session, by: Viewer, row: RuleVersion, what: str) -> None:
    record(
        session,
        action=f"alert_rule:{what}",
        object_type="warning_rule_version",
        object_id=f"{row.code}/{row.version}",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"valid_from": row.valid_from, "reason": row.reason},
    )
