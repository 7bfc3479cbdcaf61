"""What the detectors would have said, week by week, over the past: pure, from series to a table.

How rare a score is was learnt from the same weeks that are judged here: so the numbers say how
often the detectors speak, a little on the quiet side, not what a new county would see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from geo.arrays import Booleans, Floats
from geo.false_discovery import benjamini_hochberg
from yuantou.alerts.detection.budget import thresholds
from yuantou.alerts.detection.judging import EARS, Progress, Verdict, in_space, old_enough, rare
from yuantou.alerts.detection.scores import DETECTORS
from yuantou.alerts.detection.series import ALL, Series
from yuantou.alerts.detection.spatial import Neighbours
from yuantou.alerts.detection.terms import Terms

MONTH = 365.25 / 12
AFTERWARDS = timedelta(days=14)  # a warning so soon after an event's end still tells of it


@dataclass(frozen=True)
class Event:
    """Something known to have happened: planted, or found to be real."""

    kind: str
    type: str
    areas: tuple[str, ...]
    first: date
    last: date


@dataclass(frozen=True)
class Said:
    """One warning that would have been raised: by whom, of which row, in which week."""

    detector: str
    row: int
    column: int
    day: date
    members: tuple[int, ...] = ()


def backtest(
    series: Series,
    neighbours: Neighbours,
    terms: Terms,
    *,
    events: Sequence[Event] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The table of a back-test, ready for JSON."""
    weeks = min(terms.backtest_weeks, series.weeks - 1)
    said, judged = _all_said(series, neighbours, terms, weeks, progress or _silent)
    firsts = {code: _firsts(each) for code, each in said.items()}
    months = _county_months(series, weeks)
    found = _found(series, firsts, events) if events is not None else None
    return {
        "weeks": weeks,
        "county_months": round(months, 1),
        "detectors": {
            code: {
                "judged": judged[code],
                "warnings": len(each),
                "true": _true(series, each, events) if events is not None else None,
            }
            for code, each in firsts.items()
        },
        "together": _together(series, firsts, events),
        "events": found,
    }


def _all_said(
    series: Series, neighbours: Neighbours, terms: Terms, weeks: int, tell: Progress
) -> tuple[dict[str, list[Said]], dict[str, int]]:
    """Every alarm of every week, under the rate of its week."""
    p, allowed = {}, {}
    for number, code in enumerate(DETECTORS):
        p[code] = rare(series, code, weeks, weeks)[1]
        if code != EARS:
            p[code][~_old_by_week(series, terms, weeks)] = np.nan
        allowed[code] = thresholds(p[code], series.counties, terms, len(DETECTORS))
        tell(number, len(DETECTORS) + weeks)
    said: dict[str, list[Said]] = {code: [] for code in (*DETECTORS, "D_SCAN", "D_GI")}
    judged = {code: int((~np.isnan(each)).sum()) for code, each in p.items()}
    judged |= {"D_SCAN": 0, "D_GI": 0}
    for week in range(weeks):
        column = series.weeks - weeks + week
        spatial: list[Verdict] = []
        if (weeks - 1 - week) % terms.backtest_step == 0:
            then = series.until(column + 1)
            spatial = [v for v in in_space(then, neighbours, terms, old_enough(then, terms))
                       if v.state != "skipped"]  # fmt: skip
        for verdict in spatial:
            judged[verdict.detector] += 1
        _say(series, terms, {code: each[:, week] for code, each in p.items()}, allowed, spatial,
             column, said)  # fmt: skip
        tell(len(DETECTORS) + week + 1, len(DETECTORS) + weeks)
    return said, judged


def _say(
    series: Series,
    terms: Terms,
    p: Mapping[str, Floats],
    allowed: Mapping[str, Floats],
    spatial: Sequence[Verdict],
    column: int,
    said: dict[str, list[Said]],
) -> None:
    adjusted = benjamini_hochberg(
        np.concatenate([*p.values(), np.array([verdict.p for verdict in spatial])])
    )
    day, rows = series.week(column)[1], len(series.counts)
    enough = np.nan_to_num(series.counts[:, column]) >= terms.least
    for number, (code, each) in enumerate(p.items()):
        q = adjusted[number * rows : (number + 1) * rows]
        alarm = (q <= terms.rate) & (each <= allowed[code]) & enough
        said[code] += [Said(code, int(row), column, day) for row in np.flatnonzero(alarm)]
    for verdict, q in zip(spatial, adjusted[len(p) * rows :], strict=True):
        if q <= terms.rate and verdict.p <= verdict.allowed and verdict.observed >= terms.least:
            said[verdict.detector].append(
                Said(verdict.detector, verdict.row, column, day, verdict.members)
            )


def _old_by_week(series: Series, terms: Terms, weeks: int) -> Booleans:
    """Where a row had enough history by then, (rows, weeks)."""
    columns = np.arange(series.weeks - weeks, series.weeks)
    old: Booleans = columns[None, :] + 1 - series.first[:, None] >= terms.years * 52
    return old


def _firsts(said: Sequence[Said]) -> list[Said]:
    """Warnings rather than alarms: what follows within four weeks in a row is the same one."""
    last: dict[int, int] = {}
    found = []
    for each in sorted(said, key=lambda one: one.column):
        if each.column - last.get(each.row, -10) > 4:
            found.append(each)
        last[each.row] = each.column
    return found


def _county_months(series: Series, weeks: int) -> float:
    """How many counties were watched for how many months, together."""
    rows = series.rows_of(ALL)
    known = ~np.isnan(series.counts[rows][:, -weeks:])
    return float(known.sum()) * 7 / MONTH


def _together(
    series: Series, firsts: Mapping[str, Sequence[Said]], events: Sequence[Event] | None
) -> dict[str, Any]:
    """All detectors as one: a place and type warned of by several counts once."""
    merged = _firsts([each for said in firsts.values() for each in said])
    true = _true(series, merged, events) if events is not None else None
    return {"warnings": len(merged), "true": true}


def _true(series: Series, said: Sequence[Said], events: Sequence[Event]) -> int:
    return sum(any(tells_of(series, each, event) for event in events) for each in said)


def tells_of(series: Series, said: Said, event: Event) -> bool:
    """Whether a warning tells of an event: its place, its type or all, its time."""
    places = {series.places[row].county for row in (said.row, *said.members)}
    return (
        series.types[said.row] in (event.type, ALL)
        and bool(places & set(event.areas))
        and event.first <= said.day <= event.last + AFTERWARDS
    )


def _found(
    series: Series, firsts: Mapping[str, Sequence[Said]], events: Sequence[Event]
) -> list[dict[str, Any]]:
    rows = []
    for event in events:
        hits = {
            code: min((each.day for each in said if tells_of(series, each, event)), default=None)
            for code, said in firsts.items()
        }
        known = {code: (day - event.first).days for code, day in hits.items() if day}
        rows.append({
            "kind": event.kind, "type": event.type, "areas": list(event.areas),
            "first": event.first.isoformat(), "last": event.last.isoformat(), "after": known,
        })  # fmt: skip
    return rows


def _silent(_done: int, _all: int) -> None:
    """No one asked for progress."""
