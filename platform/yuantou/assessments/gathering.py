"""The inputs of every county of a run, read once and laid out as documents to be sealed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.assessments import annexing, concealing, peers, queries
from yuantou.assessments.models import AssessmentRun, Target
from yuantou.assessments.periods import month_of, months_back
from yuantou.assessments.scheme import Scheme, body
from yuantou.assessments.schemes.chance import with_ranks
from yuantou.assessments.schemes.queries import merits
from yuantou.assessments.sealing import Shared
from yuantou.assessments.sources import leading
from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.founding import foundings
from yuantou.indicators.periods import months
from yuantou.indicators.queries import (
    Figure,
    Ledger,
    definitions,
    read_ledger,
)
from yuantou.indicators.words import say
from yuantou.territory.models import Area

Adjustments = Mapping[str, Sequence[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Land:
    """The areas of the run."""

    counties: Sequence[Area]
    names: Mapping[str, str]
    city_of: Mapping[str, str]
    province: str


@dataclass(frozen=True)
class Desk:
    """Everything that was read for a run, before it is laid out county by county."""

    run: AssessmentRun
    scheme: Scheme
    land: Land
    cases: Ledger
    definitions: Mapping[str, Definition]
    words: Mapping[str, Shared]
    own: Mapping[tuple[str, str], Figure]
    targets: Mapping[str, Sequence[Target]]
    revised: Mapping[str, Sequence[dict[str, str]]]
    adjustments: Adjustments
    sources: Mapping[str, list[dict[str, Any]]]
    merits: Mapping[str, list[dict[str, Any]]]
    annexes: annexing.Annexes
    among: Mapping[str, Mapping[str, Any]]
    founded: Sequence[dict[str, Any]]

    @cached_property
    def rules(self) -> Shared:
        """The scheme as it is sealed."""
        return Shared(body(self.scheme))


def gather(
    session: Session, run: AssessmentRun, scheme: Scheme, adjustments: Adjustments | None = None
) -> dict[str, dict[str, Any]]:
    """The inputs by county code; one read for all, then in memory."""
    desk = _adjusted(_lay_out(session, run, scheme), adjustments or {})
    means = {code: _means(desk, code) for code in scheme.indicators}
    inputs = {
        county.code: _inputs(desk, county, {code: means[code] for code in scheme.indicators})
        for county in desk.land.counties
    }
    return with_ranks(scheme, inputs, run.period_end.toordinal())


def _lay_out(session: Session, run: AssessmentRun, scheme: Scheme) -> Desk:
    land = _land(session, run.period_end)
    start, end = run.period_start, run.period_end.replace(day=1)
    earliest = min(
        start.replace(year=start.year - scheme.baseline_years),
        months_back(end, scheme.trend_months - 1),
    )
    counties = [county.code for county in land.counties]
    words = definitions(session, run.period_end)
    codes = [*scheme.indicators, *annexing.codes_of(words)]
    read = read_ledger(session, counties, earliest, end, codes=codes)
    ledger = _of_one_kind(read, end)
    own = {
        (code, county): ledger.figure(code, county, start, end)
        for code in scheme.indicators
        for county in counties
    }
    veiled = concealing.read(session, land.counties, start, end, scheme.source_months)
    return Desk(
        run=run,
        scheme=scheme,
        land=land,
        cases=_without_populations(ledger),
        definitions=words,
        words={code: definition_words(words[code]) for code in codes},
        own=own,
        targets=queries.targets_in_force(session, run.period_end.year),
        revised=queries.revised_counts(session, start, end),
        adjustments={},
        sources=leading(session, scheme, end, veiled),
        merits=merits(session, scheme, run.period_start, run.period_end),
        annexes=annexing.read(session, run, read, words, veiled),
        among=peers.among(scheme.indicators, land.counties, own),
        founded=_founded(session, start, end),
    )


def _adjusted(desk: Desk, adjustments: Adjustments) -> Desk:
    """The same with the office's documented adjustments in the counties' own figures."""
    if not adjustments:
        return desk
    own = dict(desk.own)
    for county, found in adjustments.items():
        for one in found:
            key = str(one["indicator"]), county
            if key in own:
                own[key] = _moved(own[key], int(one["events"]), int(one["whole"]))
    among = peers.among(desk.scheme.indicators, desk.land.counties, own)
    return replace(desk, own=own, adjustments=adjustments, among=among)


def _moved(figure: Figure, events: int, whole: int) -> Figure:
    """A figure with so many more events and, of a share, in so many more; never below zero."""
    if figure.numerator is None or figure.missing:
        return figure
    over = figure.denominator
    if over is not None and figure.definition.kind != "rate":
        over = max(over + whole, 0)
    return replace(figure, numerator=max(figure.numerator + events, 0), denominator=over)


def _of_one_kind(ledger: Ledger, end: date) -> Ledger:
    """The ledger with the one kind of population that the report's year is divided by."""
    populations = ledger.populations
    kind = populations.kind or populations.common_kind(end.year - 1)
    return replace(ledger, populations=replace(populations, kind=kind))


def _without_populations(ledger: Ledger) -> Ledger:
    """For other years and single months: their cases are divided by the report's population."""
    return replace(ledger, populations=replace(ledger.populations, rows={}))


def _land(session: Session, on: date) -> Land:
    areas = session.scalars(
        select(Area)
        .where(Area.valid_from <= on, (Area.valid_to.is_(None)) | (Area.valid_to > on))
        .where(Area.level.in_(("province", "city", "county")))
        .order_by(Area.code)
    ).all()
    counties = [area for area in areas if area.level == "county"]
    province = next((area.code for area in areas if area.level == "province"), "")
    return Land(
        counties,
        {area.code: area.name for area in areas},
        {area.code: area.parent_code or "" for area in counties},
        province,
    )


def _inputs(desk: Desk, county: Area, means: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    figures = {
        code: _figure(desk, county.code, code, means[code]) for code in desk.scheme.indicators
    }
    city = desk.land.city_of[county.code]
    headline = desk.own[desk.scheme.headline, county.code]
    return {
        "about": _about(desk, county, city),
        "scheme": desk.rules,
        "definitions": {code: desk.words[code] for code in desk.scheme.indicators},
        "population": _population(headline),
        "figures": figures,
        "trend": _trend(desk, county.code),
        "targets": _targets(desk, county.code),
        "revised": list(desk.revised.get(county.code, ())),
        "adjustments": list(desk.adjustments.get(county.code, ())),
        "sources": desk.sources.get(county.code, []),
        **({"merits": desk.merits.get(county.code, [])} if desk.scheme.score else {}),
        "annex": desk.annexes.of(county, desk.words),
        "among": {code: found.get(county.code) for code, found in desk.among.items()},
        **({"founded": desk.founded} if desk.founded else {}),
    }


def _founded(session: Session, start: date, end: date) -> list[dict[str, Any]]:
    """The counties that were founded or ended since last year: sums and means tell of them."""
    areas = session.scalars(select(Area).where(Area.level == "county"))
    return [{**asdict(each), "day": each.day.isoformat()} for each in foundings(areas, start, end)]


def _about(desk: Desk, county: Area, city: str) -> dict[str, Any]:
    run = desk.run
    moments = [
        figure.computed_at
        for code in desk.scheme.indicators
        if (figure := desk.own[code, county.code]).computed_at
    ]
    return {
        "area": county.code,
        "name": county.name,
        "city": city,
        "city_name": desk.land.names.get(city, ""),
        "province": desk.land.province,
        "province_name": desk.land.names.get(desk.land.province, ""),
        "scheme": run.scheme,
        "scheme_version": run.scheme_version,
        "edition": run.edition,
        "kind": run.kind,
        "headline": desk.scheme.headline,
        "beside": list(desk.scheme.beside),
        "period_start": run.period_start.isoformat(),
        "period_end": run.period_end.isoformat(),
        "as_of": local(max(moments)).isoformat(timespec="seconds") if moments else None,
        "demo": run.demo,
        "tested": True,
    }


def definition_words(definition: Definition) -> Shared:
    """A definition as it is sealed and printed, in all reports of a run."""
    per, unit = definition.screen
    return Shared(
        {
            "version": definition.version,
            "valid_from": definition.valid_from.isoformat(),
            "kind": definition.kind,
            "per": per,
            "unit_zh": unit,
            "name_zh": definition.name_zh,
            "plain_zh": definition.plain_zh,
            "exclusions_zh": definition.exclusions_zh,
            "numerator_zh": definition.numerator_zh,
            "denominator_zh": definition.denominator_zh,
            "source": definition.source,
            "direction": definition.direction,
            "example": definition.example,
        }
    )


def _figure(desk: Desk, county: str, code: str, means: Mapping[str, Any]) -> dict[str, Any]:
    own = desk.own[code, county]
    return {
        "own": _count(own),
        "missing": _missing(own),
        "provisional": _is_provisional(desk.cases, own),
        "warnings": [text for text in own.warnings if text != _old(own)],
        "before": _before(desk, county, code),
        "city": means.get(desk.land.city_of[county]),
        "province": means.get(desk.land.province),
    }


def _is_provisional(ledger: Ledger, figure: Figure) -> bool:
    """Whether entries, or suits that are not known yet, will likely still change the period."""
    return say("young") in figure.warnings or any(
        figure.start <= month <= figure.end for month in ledger.late_months(figure.definition)
    )


def _old(figure: Figure) -> str:
    """The warning that the note on the population says better."""
    used = figure.population
    return say("old_population", kind=used.kind_zh, year=used.year) if used else ""


def _count(figure: Figure) -> dict[str, int | None]:
    if figure.missing or figure.numerator is None:
        return {"events": None, "whole": None}
    return {"events": figure.numerator, "whole": figure.denominator}


def _earlier(figure: Figure) -> dict[str, int | None]:
    """A figure of another year: a rate needs no population of that year, only its cases."""
    if figure.missing and figure.missing.code == "population":
        return {"events": figure.numerator, "whole": None}
    return _count(figure)


def _missing(figure: Figure) -> dict[str, Any] | None:
    if figure.missing is None:
        return None
    return {
        "code": figure.missing.code,
        "text": figure.missing.message_zh,
        "courts": [
            {"court": gap.court_name, "months": [month_of(month) for month in gap.months]}
            for gap in figure.missing.courts
        ],
    }


def _before(desk: Desk, county: str, code: str) -> dict[str, dict[str, int | None]]:
    """The same months of earlier years, by year; what is missing is null.

    All end at a version that counts otherwise, rates at a break too."""
    start, end = desk.run.period_start, desk.run.period_end.replace(day=1)
    found = {}
    for back in range(1, desk.scheme.baseline_years + 1):
        year = start.year - back
        if desk.definitions[code].kind == "rate" and _across_break(desk.scheme, start, year):
            break
        if start.replace(year=year) < desk.cases.alike_since(code, end):
            break
        figure = desk.cases.figure(code, county, start.replace(year=year), end.replace(year=year))
        found[str(year)] = _earlier(figure)
    return found


def _across_break(scheme: Scheme, start: date, year: int) -> bool:
    return any(start.replace(year=year) < each <= start for each in scheme.breaks)


def _trend(desk: Desk, county: str) -> list[list[Any]]:
    end = desk.run.period_end.replace(day=1)
    start = months_back(end, desk.scheme.trend_months - 1)
    found = desk.cases.cases(desk.scheme.headline, county, start, end)
    return [[month_of(each), cases] for each, cases in zip(months(start, end), found, strict=True)]


def _means(desk: Desk, code: str) -> dict[str, dict[str, int]]:
    """Sums over the counties of each city and of the province whose figures are all there."""
    sums: dict[str, dict[str, int]] = defaultdict(
        lambda: {"events": 0, "whole": 0, "counties": 0, "of": 0}
    )
    for county in desk.land.counties:
        count = _count(desk.own[code, county.code])
        for area in (desk.land.city_of[county.code], desk.land.province):
            sums[area]["of"] += 1
            if count["events"] is not None and count["whole"]:
                sums[area]["events"] += count["events"]
                sums[area]["whole"] += count["whole"]
                sums[area]["counties"] += 1
    return dict(sums)


def _population(figure: Figure) -> dict[str, Any] | None:
    used = figure.population
    if used is None:
        return None
    words = asdict(used)
    return {key: words[key] for key in ("kind", "year", "persons", "source")} | {
        "name_zh": used.kind_zh
    }


def _targets(desk: Desk, county: str) -> dict[str, dict[str, Any]]:
    return {
        target.indicator: of_target(target)
        for target in desk.targets.get(county, ())
        if target.indicator in desk.scheme.indicators
    }


def of_target(target: Target) -> dict[str, Any]:
    """A target as it is sealed."""
    return {
        "value": f"{Decimal(str(target.value)).normalize():f}",
        "direction": target.direction,
        "set_by": target.set_by,
        "document": target.document,
        "set_on": target.set_on.isoformat(),
        "revision": target.revision,
    }
