"""Counts of a class of matters in equal periods before and after a day: sums, no matter."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.terms import Measuring
from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.workflow import DisputeState

APART = (DisputeState.DRAFT, DisputeState.MERGED, DisputeState.NOT_ACCEPTED)
_COUNTED = """
    SELECT floor(extract(epoch FROM reported_at - :at) / :width)::int AS period, count(*) AS n
    FROM dispute WHERE reported_at >= :since AND reported_at < :until
      AND NOT state = ANY (:apart) AND """
_OF_CLASS = "type = :type AND area_path >= :lo AND area_path < :hi"
_OF_COUNTIES = "type = :type AND county_code = ANY (:counties)"
_OF_SOURCE = "id IN (SELECT m.dispute_id FROM common_source_matter m WHERE m.source_id = :source)"
_BESIDE = _OF_CLASS + " AND NOT (area_path >= :own_lo AND area_path < :own_hi)"
_FIRST = text("SELECT min(reported_at) FROM dispute WHERE area_path >= :lo AND area_path < :hi")
COUNTIES_DEPTH = 3


@dataclass(frozen=True)
class Counted:
    """Numbers of the periods before, oldest first, and of those after that are over."""

    before: list[int]
    after: list[int]


def here(
    session: Session, analysis: Analysis, day: date, horizon: int, today: date, terms: Measuring
) -> Counted:
    """The class of an analysis, in its place, in its counties, or in its common source."""
    told: dict[str, object] = {
        "lo": analysis.area_path,
        "hi": _end(analysis.area_path),
        "type": analysis.type_code,
    }
    if analysis.source_id is not None:
        return _count(session, _OF_SOURCE, {**told, "source": analysis.source_id}, day, horizon,
                      today, terms)  # fmt: skip
    if analysis.counties:
        told["counties"] = list(analysis.counties)
        return _count(session, _OF_COUNTIES, told, day, horizon, today, terms)
    return _count(session, _OF_CLASS, told, day, horizon, today, terms)


def beside(
    session: Session, analysis: Analysis, day: date, horizon: int, today: date, terms: Measuring
) -> Counted | None:
    """The same type in the rest of the area above; None where there is none above."""
    parts = analysis.area_path.strip("/").split("/")
    if len(parts) < 2 or analysis.type_code is None:
        return None
    above = "/".join(parts[: min(len(parts), COUNTIES_DEPTH) - 1]) + "/"
    county = "/".join(parts[:COUNTIES_DEPTH]) + "/"
    told: dict[str, object] = {
        "lo": above,
        "hi": _end(above),
        "own_lo": county,
        "own_hi": _end(county),
    }
    return _count(session, _BESIDE, {**told, "type": analysis.type_code}, day, horizon, today,
                  terms)  # fmt: skip


def _count(
    session: Session,
    which: str,
    told: dict[str, object],
    day: date,
    horizon: int,
    today: date,
    terms: Measuring,
) -> Counted:
    at, width = datetime.combine(day, time(), ZONE), terms.period_days
    over = min((today - day).days // width, horizon // width)
    known = _known(session, told, day, terms)
    span = {
        "at": at,
        "width": width * 86400,
        "since": datetime.fromordinal(day.toordinal() - known * width).replace(tzinfo=ZONE),
        "until": datetime.fromordinal(day.toordinal() + over * width).replace(tzinfo=ZONE),
        "apart": [str(state) for state in APART],
    }
    rows = session.execute(text(_COUNTED + which + " GROUP BY 1"), told | span)
    found = {row.period: row.n for row in rows}
    return Counted(
        [found.get(place, 0) for place in range(-known, 0)],
        [found.get(place, 0) for place in range(over)],
    )


def _known(session: Session, told: dict[str, object], day: date, terms: Measuring) -> int:
    """Whole periods since anything was reported there: before that nobody wrote down, not zero."""
    first = session.scalar(_FIRST, {"lo": told["lo"], "hi": told["hi"]})
    if first is None:
        return 0
    days = (day - local(first).date()).days
    return int(max(0, min(days // terms.period_days, terms.periods_before)))


def _end(path: str) -> str:
    return path[:-1] + "0"
