"""The inputs of every department or township of a run, from the kept parts of county figures.

The parts reach back two years: a baseline year that is not kept whole is left out, not guessed.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.explaining import reason
from yuantou.assessments.gathering import Adjustments, definition_words, gather, of_target
from yuantou.assessments.models import AssessmentRun, Target
from yuantou.assessments.periods import month_of, months_back
from yuantou.assessments.scheme import Scheme, body
from yuantou.assessments.schemes.queries import merits
from yuantou.assessments.sealing import Shared
from yuantou.assessments.units import COUNTY, DEPARTMENT, Unit, unit_code, units
from yuantou.calendar.clock import local, now
from yuantou.indicators.catalogue import CASE_FEED, Definition
from yuantou.indicators.compiler import AGENCY, PARTS_KEPT, TOWNSHIP
from yuantou.indicators.definitions import versions
from yuantou.indicators.eras import alike_since
from yuantou.indicators.models import FigurePart
from yuantou.indicators.periods import first_of, months, shift
from yuantou.indicators.queries import definitions
from yuantou.indicators.standing.entering import late_of, read_entering
from yuantou.territory.models import Area

Inputs = dict[str, dict[str, Any]]
Count = dict[str, int | None]
NOTHING: Count = {"events": None, "whole": None}


@dataclass(frozen=True)
class Parts:
    """Hits and cases by unit, indicator and month; months before `kept_from` are not known."""

    held: Mapping[tuple[str, str, date], tuple[int, int]]
    kept_from: date
    computed_at: str | None

    def of(self, unit: str, code: str, start: date, end: date) -> Count:
        """The sum over months; nothing where there was nothing to judge, or some are unknown."""
        if start < self.kept_from:
            return NOTHING
        found = [self.held.get((unit, code, month), (0, 0)) for month in months(start, end)]
        hits, whole = (sum(each) for each in zip(*found, strict=True))
        return {"events": hits, "whole": whole} if whole else NOTHING

    def any(self, unit: str, codes: Iterable[str], start: date, end: date) -> bool:
        """Whether the unit has a single case in the period."""
        return any(self.of(unit, code, start, end)["whole"] for code in codes)


@dataclass(frozen=True)
class Desk:
    """What was read for a run of units."""

    run: AssessmentRun
    scheme: Scheme
    words: Mapping[str, Definition]
    parts: Parts
    places: Mapping[str, str]
    means: Mapping[str, Mapping[str, dict[str, int]]]
    targets: Mapping[str, list[Target]]
    late: frozenset[str]
    own: Mapping[tuple[str, str], Count]
    adjustments: Adjustments
    merits: Mapping[str, list[dict[str, Any]]]
    since: Mapping[str, date]

    @property
    def span(self) -> tuple[date, date]:
        """First and last month."""
        return self.run.period_start, self.run.period_end.replace(day=1)

    @cached_property
    def rules(self) -> Shared:
        """The scheme as it is sealed."""
        return Shared(body(self.scheme))

    @cached_property
    def written(self) -> Shared:
        """The definitions as they are sealed."""
        return Shared({code: definition_words(self.words[code]) for code in self.scheme.indicators})


def gather_level(
    session: Session, run: AssessmentRun, scheme: Scheme, adjusted: Adjustments | None = None
) -> Inputs:
    """The inputs of every unit that the scheme judges, by its code."""
    if scheme.level == COUNTY:
        return gather(session, run, scheme, adjusted)
    return gather_units(session, run, scheme, adjusted or {})


def gather_units(
    session: Session, run: AssessmentRun, scheme: Scheme, adjusted: Adjustments
) -> Inputs:
    """The inputs by unit; units without a single case in the period have none."""
    start, end = run.period_start, run.period_end.replace(day=1)
    known, parts = units(session, scheme.level, run.period_end), _parts(session, run, scheme)
    judged = [
        unit for unit in known.values() if parts.any(unit.code, scheme.indicators, start, end)
    ]
    words, held = definitions(session, run.period_end), versions(session)
    own = {
        (unit.code, code): _moved(
            parts.of(unit.code, code, start, end), code, adjusted.get(unit.code, ())
        )
        for unit in judged
        for code in scheme.indicators
    }
    desk = Desk(
        run=run,
        scheme=scheme,
        words=words,
        parts=parts,
        places=_places(session),
        means={code: _means(own, judged, code) for code in scheme.indicators},
        targets=_targets(session, run, scheme),
        late=_late(session, words, scheme, start, end),
        own=own,
        adjustments=adjusted,
        merits=merits(session, scheme, run.period_start, run.period_end),
        since={code: alike_since(held.get(code, ()), end) for code in scheme.indicators},
    )
    return {unit.code: _inputs(desk, unit) for unit in judged}


def _parts(session: Session, run: AssessmentRun, scheme: Scheme) -> Parts:
    dimension = AGENCY if scheme.level == DEPARTMENT else TOWNSHIP
    kept_from = shift(first_of(local(now()).date()), -PARTS_KEPT)
    rows = session.execute(
        select(
            FigurePart.value,
            FigurePart.indicator,
            FigurePart.month,
            func.sum(FigurePart.numerator),
            func.sum(FigurePart.denominator),
            func.max(FigurePart.computed_at),
        )
        .where(
            FigurePart.dimension == dimension,
            FigurePart.indicator.in_(scheme.indicators),
            FigurePart.month.between(kept_from, run.period_end),
        )
        .group_by(FigurePart.value, FigurePart.indicator, FigurePart.month)
    ).all()
    held = {
        (unit_code(int(value)) if dimension == AGENCY else value, code, month): (int(n), int(d))
        for value, code, month, n, d, _at in rows
    }
    newest = max((row[-1] for row in rows), default=None)
    told = local(newest).isoformat(timespec="seconds") if newest else None
    return Parts(held, kept_from, told)


def _places(session: Session) -> dict[str, str]:
    rows = session.execute(select(Area.code, Area.name).where(Area.level != "township"))
    return {code: name for code, name in rows}  # noqa: C416 — typed rows


def _moved(count: Count, code: str, granted: Sequence[Mapping[str, Any]]) -> Count:
    """A count with the office's documented adjustments; what is not known stays so."""
    events, whole = count["events"], count["whole"]
    if events is None or whole is None:
        return count
    mine = [one for one in granted if one["indicator"] == code]
    return {
        "events": max(events + sum(int(one["events"]) for one in mine), 0),
        "whole": max(whole + sum(int(one["whole"]) for one in mine), 0),
    }


def _means(
    own: Mapping[tuple[str, str], Count], judged: Iterable[Unit], code: str
) -> dict[str, dict[str, int]]:
    """Sums over the units of each city, and of all under ""."""
    sums: dict[str, dict[str, int]] = defaultdict(
        lambda: {"events": 0, "whole": 0, "counties": 0, "of": 0}
    )
    for unit in judged:
        found = own[unit.code, code]
        for place in {unit.city, ""}:
            sums[place]["of"] += 1
            if found["whole"]:
                sums[place]["events"] += found["events"] or 0
                sums[place]["whole"] += found["whole"]
                sums[place]["counties"] += 1
    return dict(sums)


def _targets(session: Session, run: AssessmentRun, scheme: Scheme) -> dict[str, list[Target]]:
    year = run.period_end.year
    if scheme.level != DEPARTMENT:
        return queries.targets_in_force(session, year)
    held = queries.agency_targets(session, year)
    return {unit_code(agency): found for agency, found in held.items()}


def _late(
    session: Session, words: Mapping[str, Definition], scheme: Scheme, start: date, end: date
) -> frozenset[str]:
    """The figures that entries will likely still change."""
    kept = read_entering(session, local(now()).date())
    return frozenset(
        code
        for code in scheme.indicators
        if words[code].of_matters and any(start <= m <= end for m in late_of(words[code], kept))
    )


def _inputs(desk: Desk, unit: Unit) -> dict[str, Any]:
    return {
        "about": _about(desk, unit),
        "scheme": desk.rules,
        "definitions": desk.written,
        "population": None,
        "figures": {
            code: {
                "own": desk.own[unit.code, code],
                "missing": _missing(desk.scheme, desk.words[code]),
                "provisional": code in desk.late,
                "warnings": [],
                "before": _before(desk, unit, code),
                "city": desk.means[code].get(unit.city),
                "province": desk.means[code].get(""),
            }
            for code in desk.scheme.indicators
        },
        "trend": _trend(desk, unit),
        "targets": {
            each.indicator: of_target(each)
            for each in desk.targets.get(unit.code, ())
            if each.indicator in desk.scheme.indicators
        },
        "revised": [],
        "adjustments": list(desk.adjustments.get(unit.code, ())),
        "sources": [],
        "merits": desk.merits.get(unit.code, []),
    }


def _about(desk: Desk, unit: Unit) -> dict[str, Any]:
    run, province = desk.run, unit.path.strip("/").split("/")[0]
    return {
        "area": unit.code,
        "name": unit.name,
        "level": desk.scheme.level,
        "city": unit.city,
        "city_name": desk.places.get(unit.city, ""),
        "province": province,
        "province_name": desk.places.get(province, ""),
        "scheme": run.scheme,
        "scheme_version": run.scheme_version,
        "edition": run.edition,
        "kind": run.kind,
        "headline": desk.scheme.headline,
        "beside": list(desk.scheme.beside),
        "period_start": run.period_start.isoformat(),
        "period_end": run.period_end.isoformat(),
        "as_of": desk.parts.computed_at,
        "demo": run.demo,
        "tested": True,
    }


def _before(desk: Desk, unit: Unit, code: str) -> dict[str, Count]:
    start, end = desk.span
    since = desk.since[code]
    return {
        str(start.year - back): desk.parts.of(
            unit.code,
            code,
            start.replace(year=start.year - back),
            end.replace(year=end.year - back),
        )
        for back in range(1, desk.scheme.baseline_years + 1)
        if start.replace(year=start.year - back) >= since
    }


def _trend(desk: Desk, unit: Unit) -> list[list[Any]]:
    """Month, hits and cases of the headline."""
    _start, end = desk.span
    first = months_back(end, desk.scheme.trend_months - 1)
    found = []
    for month in months(first, end):
        one = desk.parts.of(unit.code, desk.scheme.headline, month, month)
        found.append([month_of(month), one["events"], one["whole"]])
    return found


def _missing(made: Scheme, definition: Definition) -> dict[str, Any] | None:
    code = _unsaid(made, definition)
    return {"code": code, "text": reason(code), "courts": []} if code else None


def _unsaid(made: Scheme, definition: Definition) -> str:
    """Why a figure cannot be said of units of this level, "" where it can."""
    if made.level not in definition.levels:
        if definition.needs == CASE_FEED:
            return "level_suits"
        return "level_courts" if definition.of_courts else "level"
    return "stock" if definition.of_stock else ""  # what was open before is not kept by unit
