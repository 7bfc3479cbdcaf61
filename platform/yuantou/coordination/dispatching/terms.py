"""When an answer is due: the limits `whistle` and `transfer_answer`."""

from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.disputes.service import working_calendar
from yuantou.limits.catalogue import read
from yuantou.limits.engine import due_at
from yuantou.limits.queries import rules_in_force
from yuantou.limits.rules import LimitRule

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "limits.toml"


def due(session: Session, code: str, at: datetime) -> datetime:
    """The moment at which the limit `code`, begun at `at`, runs out."""
    return due_at(rule(session, code, at), at, working_calendar(session)).at or at


def rule(session: Session, code: str, at: datetime) -> LimitRule:
    """The limit in force; the shipped one where an installation has not loaded it yet."""
    known = rules_in_force(session, local(at).date())
    return known[code][0] if code in known else _shipped()[code]


@cache
def _shipped() -> dict[str, LimitRule]:
    return {each.code: each for each in read(SHIPPED)}
