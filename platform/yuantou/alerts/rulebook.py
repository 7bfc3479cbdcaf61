"""The rules in force: versions are added when the file changes, and read once a transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.alerts.models import RuleVersion
from yuantou.alerts.rules import Rule, body, rule_of
from yuantou.calendar import clock
from yuantou.database.once import forget, once

BOOK = "rules of warnings"
FIRST_DAY = date(1900, 1, 1)  # what ships first has always been in force


def load_rules(session: Session, rules: Iterable[Rule], valid_from: date) -> int:
    """Step: append a version of every rule that reads anew; returns how many."""
    newest = {row.code: row for row in _versions(session)}
    made = 0
    for rule in rules:
        known = newest.get(rule.code)
        if known is not None and rule_of(known.body) == rule_of(body(rule)):
            continue
        session.add(
            RuleVersion(
                code=rule.code,
                version=known.version + 1 if known else 1,
                valid_from=valid_from if known else FIRST_DAY,
                body=body(rule),
                entered_at=clock.now(),
            )
        )
        made += 1
    forget(session, BOOK)
    return made


def in_force(session: Session, on: date) -> Mapping[str, Rule]:
    """The active rules of a day by code; nothing where no rules were loaded."""
    rows = once(session, BOOK, _versions)
    newest = {row.code: row for row in rows if row.valid_from <= on}
    rules = (rule_of(row.body, row.version) for row in newest.values())
    return {rule.code: rule for rule in rules if rule.active}


def editions(session: Session) -> Mapping[str, Sequence[RuleVersion]]:
    """Every version of every rule, the newest first."""
    found: dict[str, list[RuleVersion]] = {}
    for row in _versions(session):
        found.setdefault(row.code, []).insert(0, row)
    return found


def _versions(session: Session) -> Sequence[RuleVersion]:
    asked = select(RuleVersion).order_by(RuleVersion.code, RuleVersion.version)
    return session.scalars(asked).all()
