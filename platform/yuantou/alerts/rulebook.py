"""The rules in force, and levels and rest: what ships first counts at once, the rest by two."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.alerts import levels, rules
from yuantou.alerts.levels import LEVELS, Terms, terms_body, terms_of
from yuantou.alerts.models import RuleVersion
from yuantou.alerts.rules import Rule, rule_of
from yuantou.calendar import clock
from yuantou.database.once import forget, once

BOOK = "rules of warnings"
FIRST_DAY = date(1900, 1, 1)  # what ships first has always been in force
Kept = Rule | Terms


def shipped(path: Path) -> tuple[Kept, ...]:
    """All that a file ships: levels and rest, and every rule."""
    return (levels.read_terms(path), *rules.read(path))


def kept_of(row: RuleVersion) -> Kept:
    """What a version says."""
    read: Any = terms_of if row.code == LEVELS else rule_of
    kept: Kept = read(row.body, row.version)
    return kept


def body(kept: Kept) -> dict[str, Any]:
    """It as it is stored; `kept_of` reads it."""
    return terms_body(kept) if isinstance(kept, Terms) else rules.body(kept)


def same(row: RuleVersion, made: Kept) -> bool:
    """Whether a version says just this, whatever its number."""
    return body(kept_of(row)) == body(made)


def load_rules(session: Session, shipped: Iterable[Kept], on: date) -> int:
    """Step: lay down what ships; returns how many versions are new.

    The first version of a rule is in force. One that a newer file brings waits for two persons, and
    never takes the place of what they decided; what was laid down once is not laid down again.
    """
    held, made, at = editions(session), 0, clock.now()
    for rule in shipped:
        known = held.get(rule.code, ())
        if any(same(row, rule) for row in known):
            continue
        session.add(
            RuleVersion(
                code=rule.code,
                version=known[0].version + 1 if known else 1,
                valid_from=on if known else FIRST_DAY,
                body=body(rule),
                entered_at=at,
                reason="",
                proposed_at=at,
                approved_at=None if known else at,
            )
        )
        made += 1
    forget(session, BOOK)
    return made


def in_force(session: Session, on: date) -> Mapping[str, Rule]:
    """The active rules of a day by code; nothing where no rules were loaded."""
    rows = once(session, BOOK, _versions)
    kept = (kept_of(row) for row in standing(rows, on).values())
    return {rule.code: rule for rule in kept if isinstance(rule, Rule) and rule.active}


def terms(session: Session, on: date) -> Terms:
    """Levels and rest of a day; those that ship where none were loaded."""
    row = standing(once(session, BOOK, _versions), on).get(LEVELS)
    return terms_of(row.body, row.version) if row else levels.read()


def standing(rows: Iterable[RuleVersion], on: date) -> dict[str, RuleVersion]:
    """The approved version of each rule that counts on a day, active or not."""
    return {row.code: row for row in rows if row.approved_at is not None and row.valid_from <= on}


def editions(session: Session) -> Mapping[str, Sequence[RuleVersion]]:
    """Every version of every rule, the newest first."""
    found: dict[str, list[RuleVersion]] = {}
    for row in _versions(session):
        found.setdefault(row.code, []).insert(0, row)
    return found


def _versions(session: Session) -> Sequence[RuleVersion]:
    asked = select(RuleVersion).order_by(RuleVersion.code, RuleVersion.version)
    return session.scalars(asked).all()
