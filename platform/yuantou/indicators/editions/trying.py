"""Trying a version on real data before it counts: the same year by the old and by the new rule.

The worker computes it, because a preview counts what no single viewer may see; it holds sums by
county and no persons.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.compiler import Span
from yuantou.indicators.figures import Figure
from yuantou.indicators.kept import Line
from yuantou.indicators.ledger import Ledger
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.queries import read_ledger
from yuantou.indicators.summing import whole
from yuantou.indicators.supplied import DECEMBER
from yuantou.indicators.villages import newest_list
from yuantou.territory.models import Area

MONTHS = 12
Tried = dict[str, Any]


def tried(session: Session, old: Definition | None, new: Definition, now: datetime) -> Tried:
    """A year by county: figures by the version in force and by the new."""
    end = _end(session, new, now)
    start = shift(end, 1 - MONTHS)
    counties = session.scalars(
        select(Area.code).where(Area.level == "county").order_by(Area.path)
    ).all()
    by_new = _by(session, new, counties, start, end, now)
    by_old = _by(session, old, counties, start, end, now) if old else None
    return {
        "start": start.isoformat(),
        "end": end.isoformat(),
        "rows": [
            {
                "area": code,
                "old": _written(by_old.figure(new.code, code, start, end)) if by_old else None,
                "new": _written(by_new.figure(new.code, code, start, end)),
            }
            for code in counties
        ],
    }


def _end(session: Session, made: Definition, now: datetime) -> date:
    """The last month that ended; of a figure of years, of the last year with a list."""
    day = local(now).date()
    if made.criteria:
        return date(newest_list(session) or day.year - 1, DECEMBER, 1)
    return shift(first_of(day), -1)


def _by(
    session: Session,
    made: Definition,
    counties: Sequence[str],
    start: date,
    end: date,
    now: datetime,
) -> Ledger:
    """What figures need as if `made` alone had always been in force."""
    always = replace(made, valid_from=date(2000, 1, 1))
    read = read_ledger(
        session, counties, start, end, codes=[made.code], instead={made.code: always}
    )
    if not made.of_matters:
        return read
    return replace(read, lines=_lines(session, made, now))


def _lines(session: Session, made: Definition, now: datetime) -> dict[tuple[str, str], Line]:
    return {
        (one.indicator, one.county): Line(one.months, one.numerators, one.denominators, now)
        for one in whole(session, Span(made), now)
    }


def _written(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "missing": figure.missing.message_zh if figure.missing else None,
    }
