"""Reading what all counties' bulletins of a period are made of: a few statements for all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from yuantou.bulletins.measures import FIGURES, OF_COURTS
from yuantou.bulletins.periods import Period, Rhythm
from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.workflow import LIVE
from yuantou.indicators.definitions import definitions
from yuantou.indicators.queries import Figure, read_ledger
from yuantou.territory.models import Area

_ORDERED = ("supervised", "supervision_listed")
_EVENTS = ("returned", "reopened", *_ORDERED)
_FLOWS = text("""
    SELECT county_code,
      count(*) FILTER (WHERE reported_at >= :since AND reported_at < :until) AS new,
      count(*) FILTER (WHERE accepted_at >= :since AND accepted_at < :until) AS accepted,
      count(*) FILTER (WHERE closed_at >= :since AND closed_at < :until) AS closed
    FROM dispute WHERE state <> 'draft'
      AND (reported_at >= :since AND reported_at < :until
           OR accepted_at >= :since AND accepted_at < :until
           OR closed_at >= :since AND closed_at < :until)
    GROUP BY county_code""")
_STOCKS = text("""
    SELECT county_code, count(*) AS open, count(*) FILTER (WHERE next_due_at < :now) AS over,
      count(*) FILTER (WHERE risk = 'red') AS red
    FROM dispute WHERE state IN :live GROUP BY county_code
    """).bindparams(bindparam("live", expanding=True))
_TURNS = text("""
    SELECT d.county_code, e.event, count(*) AS turns FROM dispute_event e
    JOIN dispute d ON d.id = e.dispute_id
    WHERE e.event IN :events AND e.at >= :since AND e.at < :until GROUP BY 1, 2
    """).bindparams(bindparam("events", expanding=True))
_TYPES = text("""
    SELECT county_code, type, count(*) FILTER (WHERE reported_at >= :since) AS now,
      count(*) FILTER (WHERE reported_at < :since) AS earlier
    FROM dispute WHERE state <> 'draft' AND reported_at >= :base AND reported_at < :until
    GROUP BY county_code, type""")

_FIRST = text("SELECT county_code, min(reported_at) FROM dispute GROUP BY county_code")


@dataclass
class Raw:
    """What was read of one county, nothing hidden yet. `since`: the day of its first report."""

    area: Area
    since: date | None = None
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    types: dict[str, tuple[int, int]] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)


def counties(session: Session, on: date) -> Sequence[Area]:
    """Counties in force on a day."""
    asked = select(Area).where(
        Area.level == "county",
        Area.valid_from <= on,
        Area.valid_to.is_(None) | (Area.valid_to > on),
    )
    return session.scalars(asked.order_by(Area.code)).all()


def gather(session: Session, areas: Sequence[Area], period: Period, now: datetime) -> list[Raw]:
    """Everything for the bulletins of these counties."""
    found = {area.code: Raw(area) for area in areas}
    span = {"since": _midnight(period.start), "until": _midnight(period.end + timedelta(days=1))}
    for row in session.execute(_FLOWS, span).mappings():
        _add(found, row["county_code"], {name: row[name] for name in ("new", "accepted", "closed")})
    for row in session.execute(_STOCKS, {"now": now, "live": list(LIVE)}).mappings():
        _add(found, row["county_code"], {name: row[name] for name in ("open", "over", "red")})
    for county, event, turns in session.execute(_TURNS, {**span, "events": list(_EVENTS)}):
        _add(found, county, {"supervised" if event in _ORDERED else event: turns})
    base = {**span, "base": _midnight(period.base_start)}
    for county, type_, count, earlier in session.execute(_TYPES, base):
        if county in found:
            found[county].types[type_] = (count, earlier)
    for county, first in session.execute(_FIRST):
        if county in found:
            found[county].since = local(first).date()
    _figures(session, found, period)
    return list(found.values())


def _figures(session: Session, found: Mapping[str, Raw], period: Period) -> None:
    """Kept figures: of the month that ended, or of the running month so far."""
    month = period.end.replace(day=1)
    codes = [*FIGURES, *([OF_COURTS] if period.rhythm is Rhythm.MONTHLY else [])]
    known = definitions(session, period.end)
    codes = [code for code in codes if code in known]
    if not codes or not found:
        return
    ledger = read_ledger(session, list(found), month.replace(month=1), month, codes=codes)
    for county, raw in found.items():
        for code in codes:
            start = month.replace(month=1) if code == OF_COURTS else month
            raw.figures.append(ledger.figure(code, county, start, month))


def _add(found: Mapping[str, Raw], county: str, counts: Mapping[str, int]) -> None:
    if county in found:
        for name, number in counts.items():
            found[county].counts[name] += number


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)
