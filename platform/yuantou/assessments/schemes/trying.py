"""A past year by a scheme that is not in force: what every area would have scored."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.assessments.gathering import definition_words, gather
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.periods import last_day, month_before
from yuantou.assessments.reckoning import lines
from yuantou.assessments.scheme import Scheme, body
from yuantou.assessments.schemes.chance import judged, ranked, spread
from yuantou.assessments.scoring import scored
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.models import FigurePart
from yuantou.indicators.queries import definitions
from yuantou.territory.models import Area

Inputs = dict[str, dict[str, Any]]
Progress = Callable[[int, int], None]
DIMENSIONS = {"department": "agency", "township": "township"}


def tried(
    session: Session, made: Scheme, year: int, seed: int, today: date, progress: Progress
) -> dict[str, Any]:
    """The year by the scheme, up to the last ended month: scores by area and what chance does."""
    end = min(date(year, 12, 31), last_day(month_before(today)))
    run = _run(made, year, end)
    inputs = gather(session, run, made) if made.level == "county" else _units(session, run, made)
    found = []
    for number, (code, one) in enumerate(inputs.items(), start=1):
        content = scored(one, made, lines(one)).get("score")
        found.append({"area": code, "name": one["about"]["name"], "score": content})
        progress(number, len(inputs))
    among = spread(made, inputs, seed)
    ranks = ranked(among, seed) if made.ranking else {}
    for each in found:
        if each["score"]:
            each["score"]["ranks"] = ranks.get(each["area"])
    return {
        "start": run.period_start.isoformat(),
        "end": end.isoformat(),
        "rows": found,
        "chance": judged(among, made, seed),
    }


def _run(made: Scheme, year: int, end: date) -> AssessmentRun:
    """A run that is never kept: the period that inputs are gathered for."""
    return AssessmentRun(
        scheme=made.code,
        scheme_version=made.version,
        period_start=date(year, 1, 1),
        period_end=end,
        edition=0,
        demo=False,
    )


def _units(session: Session, run: AssessmentRun, made: Scheme) -> Inputs:
    """Inputs of departments or townships from the parts of the kept figures."""
    words = definitions(session, run.period_end)
    years = [run.period_start.year - back for back in range(made.baseline_years + 1)]
    counts = {year: _counts(session, run, made, year) for year in years}
    names = _names(session, made.level)
    whose = sorted({unit for unit, _code in counts[years[0]]} & names.keys())
    return {unit: _inputs(run, made, words, counts, unit, names[unit]) for unit in whose}


def _counts(
    session: Session, run: AssessmentRun, made: Scheme, year: int
) -> dict[tuple[str, str], tuple[int, int]]:
    """Hits and cases of a year's same months by unit and indicator."""
    end = run.period_end.replace(year=year, day=1)
    rows = session.execute(
        select(
            FigurePart.value,
            FigurePart.indicator,
            func.sum(FigurePart.numerator),
            func.sum(FigurePart.denominator),
        )
        .where(
            FigurePart.dimension == DIMENSIONS[made.level],
            FigurePart.indicator.in_(made.indicators),
            FigurePart.month.between(run.period_start.replace(year=year), end),
        )
        .group_by(FigurePart.value, FigurePart.indicator)
    )
    return {(unit, code): (int(hits), int(tries)) for unit, code, hits, tries in rows}


def _names(session: Session, level: str) -> dict[str, str]:
    if level == "department":
        rows = session.execute(select(Agency.id, Agency.name).order_by(Agency.id))
        return {str(key): name for key, name in rows}
    rows = session.execute(select(Area.code, Area.name).where(Area.level == "township"))
    return {str(key): name for key, name in rows}


def _inputs(
    run: AssessmentRun,
    made: Scheme,
    words: Mapping[str, Definition],
    counts: Mapping[int, Mapping[tuple[str, str], tuple[int, int]]],
    unit: str,
    name: str,
) -> dict[str, Any]:
    this = run.period_start.year
    return {
        "about": {
            "area": unit,
            "name": name,
            "period_start": run.period_start.isoformat(),
            "period_end": run.period_end.isoformat(),
        },
        "scheme": body(made),
        "definitions": {code: definition_words(words[code]) for code in made.indicators},
        "population": None,
        "targets": {},
        "merits": [],
        "figures": {
            code: {
                "own": _count(counts[this].get((unit, code))),
                "missing": _missing(made, words[code]),
                "warnings": [],
                "before": {
                    str(year): _count(found.get((unit, code)))
                    for year, found in counts.items()
                    if year != this
                },
                "city": None,
                "province": None,
            }
            for code in made.indicators
        },
    }


def _count(found: tuple[int, int] | None) -> dict[str, int | None]:
    if not found or not found[1]:
        return {"events": None, "whole": None}
    return {"events": found[0], "whole": found[1]}


def _missing(made: Scheme, definition: Definition) -> dict[str, Any] | None:
    if made.level not in definition.levels:
        return {"code": "level", "text": "", "courts": []}
    if definition.of_stock:  # what was open before is not kept by unit
        return {"code": "stock", "text": "", "courts": []}
    return None


def years(today: date, first: int = 2020) -> list[int]:
    """The years that can be tried, the last whole one first."""
    this = [today.year] if today.month > 1 else []
    return [today.year - 1, *this, *range(today.year - 2, first - 1, -1)]
