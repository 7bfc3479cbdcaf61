"""Live deadlines made again what their histories say: one transaction, one audit row."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from yuantou.audit.service import record
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.limits.history import is_open, next_duty
from yuantou.limits.models import Deadline
from yuantou.limits.queries import calendars, rulebook
from yuantou.limits.verification import Difference, Values, differences, rebuilt, values

MENDED = "deadlines_moved"
WHY = "按经过重算"
COLUMNS = (
    "rule",
    "rule_version",
    "started_at",
    "due_at",
    "promised_on",
    "met_at",
    "lapsed_at",
    "pauses",
    "extensions",
)


def mend(session: Session, now: datetime, only: int | None = None) -> list[Difference]:
    """Write every deadline that differs from its history; returns what was different.

    The matters are locked first, and compared again: what is written is what holds then.
    """
    ids = sorted({each.dispute_id for each in differences(session, now, only)})
    if not ids:
        return []
    asked = select(Dispute.id).where(Dispute.id.in_(ids)).order_by(Dispute.id)
    session.execute(asked.with_for_update())
    found = [each for key in ids for each in differences(session, now, key)]
    for key in sorted({each.dispute_id for each in found}):
        _mend_one(session, key, now)
    counts = Counter(each.rule or "next" for each in found)
    record(
        session,
        action="limits:mend",
        object_type="limits",
        object_id="",
        account_id=None,
        agency_id=None,
        facts={"disputes": sorted({each.dispute_id for each in found}), "rules": dict(counts)},
    )
    session.commit()
    return found


def _mend_one(session: Session, dispute_id: int, now: datetime) -> None:
    book, known = rulebook(session), calendars(session)
    dispute = session.get_one(Dispute, dispute_id)
    told = rebuilt(session, dispute_id, book, known, now)
    live = session.scalars(select(Deadline).where(Deadline.dispute_id == dispute_id)).all()
    same = Counter(map(repr, map(values, live))) & Counter(map(repr, map(values, told)))
    spare, wanted = _unmatched(live, same), _unmatched(told, same)
    for row in wanted:
        twin = _twin(row, spare)
        if twin is None:
            session.execute(insert(Deadline).values(_placed(row, dispute)))
            continue
        spare.remove(twin)
        _tell(session, dispute_id, twin, row, now)
        session.execute(update(Deadline).where(Deadline.id == twin.id).values(_columns(row)))
    session.execute(delete(Deadline).where(Deadline.id.in_([row.id for row in spare])))
    first = next_duty(told, book)
    due, rule = (first.due_at, first.rule) if first else (None, None)
    changed = update(Dispute).where(Dispute.id == dispute_id)
    session.execute(changed.values(next_due_at=due, next_due_rule=rule))
    session.expunge_all()


def _unmatched(rows: Sequence[Deadline], same: Counter[str]) -> list[Deadline]:
    """Those without an equal on the other side."""
    left, found = Counter(same), []
    for row in rows:
        key = repr(values(row))
        if left[key]:
            left[key] -= 1
        else:
            found.append(row)
    return found


def _twin(row: Deadline, spare: Sequence[Deadline]) -> Deadline | None:
    """The live row that means the same limit: by rule and start, else by rule alone."""
    of_rule = [each for each in spare if each.rule == row.rule]
    exact = [each for each in of_rule if each.started_at == row.started_at]
    return next(iter(exact or of_rule), None)


def _columns(row: Deadline) -> dict[str, Any]:
    return {name: getattr(row, name) for name in COLUMNS}


def _placed(row: Deadline, dispute: Dispute) -> dict[str, Any]:
    place: Values = (dispute.id, dispute.county_code, dispute.area_path, dispute.handler_agency_id)
    names = ("dispute_id", "county_code", "area_path", "agency_id")
    return _columns(row) | dict(zip(names, place, strict=True))


def _tell(session: Session, dispute_id: int, live: Deadline, row: Deadline, at: datetime) -> None:
    """The history says that a running limit now ends on another day."""
    if not is_open(row) or live.due_at == row.due_at:
        return
    facts = {
        "rule": row.rule,
        "before": live.due_at.isoformat(),
        "after": row.due_at.isoformat(),
    }
    noted = {"dispute_id": dispute_id, "at": at, "event": MENDED, "note": WHY, "facts": facts}
    session.execute(insert(DisputeEvent).values(noted))
