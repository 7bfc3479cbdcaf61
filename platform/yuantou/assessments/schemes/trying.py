"""A past year by a scheme that is not in force: what every area would have scored."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.periods import last_day, month_before
from yuantou.assessments.reckoning import lines
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.scheme import Scheme
from yuantou.assessments.schemes.chance import judged, ranked, spread
from yuantou.assessments.scoring import scored
from yuantou.assessments.unit_gathering import gather_level

Progress = Callable[[int, int], None]


def tried(
    session: Session, made: Scheme, year: int, seed: int, today: date, progress: Progress
) -> dict[str, Any]:
    """The year by the scheme, up to the last ended month: scores by area and what chance does."""
    end = min(date(year, 12, 31), last_day(month_before(today)))
    run = _run(made, year, end)
    inputs = gather_level(session, run, made)
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
        kind=RunKind.YEARLY,
        level=made.level,
        demo=False,
    )


def years(today: date, first: int = 2020) -> list[int]:
    """The years that can be tried, the last whole one first."""
    this = [today.year] if today.month > 1 else []
    return [today.year - 1, *this, *range(today.year - 2, first - 1, -1)]
