"""How far a target has come: kept, missed, or not to be told apart by the figures so far."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.assessments.models import Target
from yuantou.assessments.periods import first_day, month_before
from yuantou.calendar.clock import today
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.compiler import AGENCY, TOWNSHIP
from yuantou.indicators.models import FigurePart
from yuantou.indicators.queries import definitions, read_ledger
from yuantou.indicators.rates import ratio, wilson
from yuantou.territory.models import Area

READABLE = ("county", "city", "province")


@dataclass(frozen=True, slots=True)
class Progress:
    """The figure of the year so far beside its target. `verdict`: reached, missed, unclear."""

    value: str
    interval: str
    verdict: str
    words: str
    until: str


def verdict(direction: str, aim: float, low: float, high: float) -> str:
    """Reached only where the whole interval keeps the target, missed where none of it does."""
    best, worst = (low, high) if direction == "down" else (-high, -low)
    bound = aim if direction == "down" else -aim
    if worst <= bound:
        return "reached"
    return "missed" if best > bound else "unclear"


def progress(session: Session, rows: Iterable[tuple[Target, bool]]) -> dict[int, Progress]:
    """Progress of the targets in force among `rows`, by their id; what is missing has none."""
    current = [target for target, in_force in rows if in_force]
    if not current:
        return {}
    year, now = current[0].year, today()
    end = min(date(year, 12, 1), first_day(month_before(now)))
    if end.year < year:
        return {}
    known = definitions(session)
    current = [each for each in current if each.indicator in known]
    levels = _levels(session, current)
    fit = [
        each for each in current if levels.get(each.area_code) in READABLE and not each.agency_id
    ]
    of_units = [each for each in current if each not in fit]
    return {
        **_of_areas(session, fit, year, end),
        **_of_units(session, of_units, known, year, end),
    }


def _of_areas(session: Session, fit: Sequence[Target], year: int, end: date) -> dict[int, Progress]:
    if not fit:
        return {}
    areas = sorted({each.area_code for each in fit})
    codes = sorted({each.indicator for each in fit})
    ledger = read_ledger(session, areas, date(year, 1, 1), end, codes=codes)
    found = {}
    for each in fit:
        figure = ledger.figure(each.indicator, each.area_code, date(year, 1, 1), end)
        told = _told(
            each, [figure.on_screen(x) for x in (figure.value, figure.low, figure.high)], end
        )
        if told:
            found[each.id] = told
    return found


def _of_units(
    session: Session,
    targets: Sequence[Target],
    known: Mapping[str, Definition],
    year: int,
    end: date,
) -> dict[int, Progress]:
    """Shares of townships and departments, from the parts of their counties' figures."""
    places = {str(each.agency_id or each.area_code): each for each in targets}
    rows = session.execute(
        select(
            FigurePart.value,
            FigurePart.indicator,
            func.sum(FigurePart.numerator),
            func.sum(FigurePart.denominator),
        )
        .where(
            FigurePart.dimension.in_((AGENCY, TOWNSHIP)),
            FigurePart.value.in_(places),
            FigurePart.month.between(date(year, 1, 1), end),
        )
        .group_by(FigurePart.value, FigurePart.indicator)
    )
    sums = {(value, code): (int(hits), int(tries)) for value, code, hits, tries in rows}
    found = {}
    for each in targets:
        hits, tries = sums.get((str(each.agency_id or each.area_code), each.indicator), (0, 0))
        made = known[each.indicator]
        if tries >= hits and tries and made.kind == "share" and not made.of_stock:
            limits = wilson(hits, tries, made.screen[0])
            told = _told(each, [ratio(hits, tries, made.screen[0]), *limits], end)
            if told:
                found[each.id] = told
    return found


def _levels(session: Session, targets: Sequence[Target]) -> dict[str, str]:
    wanted = {each.area_code for each in targets}
    return {
        area.code: area.level for area in session.scalars(select(Area).where(Area.code.in_(wanted)))
    }


def _told(target: Target, told: Sequence[float | None], end: date) -> Progress | None:
    value, low, high = told
    if value is None or low is None or high is None:
        return None
    found = verdict(target.direction, target.value, low, high)
    return Progress(
        value=f"{value:,.1f}",
        interval=f"{low:,.1f}—{high:,.1f}",
        verdict=found,
        words=_words(target.direction, found),
        until=f"{end:%Y-%m}",
    )


def _words(direction: str, found: str) -> str:
    if found == "unclear":
        return _("与目标不能区分")
    if direction == "down":
        return _("控制在目标内") if found == "reached" else _("已超过控制值")
    return _("已达到") if found == "reached" else _("还没达到")
