"""One figure for many counties out of what is kept: counts, value, interval and why it lacks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from geo.rates import poisson_interval, wilson_interval
from yuantou.indicators.figures import Figure, PopulationUsed
from yuantou.indicators.ledger import Ledger
from yuantou.indicators.populations import Populations, read_populations
from yuantou.indicators.queries import read_ledger
from yuantou.maps import queries
from yuantou.maps.layers import Layer
from yuantou.maps.measures import PER, Measure
from yuantou.maps.queries import Period
from yuantou.maps.views import View
from yuantou.territory.models import Area


@dataclass(frozen=True)
class Reading:
    """A figure of one area: `events` over `base`; None where it is not known.

    `base` are persons of a rate, entries of a share. Value and interval are on the screens' scale.
    Where nobody has `begun` to write anything down, nothing is known, and no sum changes by it.
    """

    events: int | None = None
    base: int | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    missing: str = ""
    population: PopulationUsed | None = None
    begun: bool = True


@dataclass(frozen=True)
class Readings:
    """The figure in every area asked for, and the events and bases of all counties."""

    of: Mapping[str, Reading]
    everywhere: Mapping[str, tuple[float, float]]
    age: datetime | None = None
    warnings: Sequence[str] = field(default_factory=tuple)
    years: Sequence[int] = ()


def read(
    session: Session,
    areas: Sequence[Area],
    measure: Measure,
    type_: str,
    period: Period,
    *,
    whole: bool,
) -> Readings:
    """The figure in these areas; `whole` says that they are all, so that no door need be asked."""
    if measure.definition is None:
        return _own(session, areas, measure, type_, period, whole)
    if type_ and measure.typed:
        return _typed(session, areas, measure, type_, period)
    return _indicator(session, areas, measure, period, whole)


def _own(
    session: Session,
    areas: Sequence[Area],
    measure: Measure,
    type_: str,
    period: Period,
    whole: bool,
) -> Readings:
    still_open = measure.code == Layer.OPEN
    seen, age = (queries.still_open if still_open else queries.reported)(session, period, type_)
    door = queries.open_everywhere if still_open else queries.reported_everywhere
    every = seen if whole else door(session, period, type_)
    people, begun = populations(session), queries.begun(session, period.last)
    of = {
        area.code: _counted(measure, seen.get(area.code, 0), people.used(area.code, period.last))
        if area.code in begun
        else _unknown(people.used(area.code, period.last))
        for area in areas
    }
    return Readings(of, _over_persons(every, people, period.last, begun), age, (), _years(of))


def _unknown(used: PopulationUsed | None) -> Reading:
    return Reading(missing=_("还没有登记过纠纷"), population=used, begun=False)


def _counted(measure: Measure, count: int, used: PopulationUsed | None) -> Reading:
    persons = used.persons if used else None
    if measure.code != Layer.RATE:
        return Reading(count, persons, float(count), population=used)
    if not persons:
        return Reading(count, missing=_("没有人口数"))
    low, high = (float(end) for end in poisson_interval(count, persons, per=PER))
    return Reading(count, persons, count / persons * PER, low, high, population=used)


def _typed(
    session: Session, areas: Sequence[Area], measure: Measure, type_: str, period: Period
) -> Readings:
    """An indicator of one type: the kept parts of the counties; no hot spots are judged."""
    made = measure.definition
    assert made is not None  # noqa: S101 — `read` asked
    parts, age = queries.parts(session, made.code, "type", type_, period)
    people = populations(session)
    of = {
        area.code: _part(
            measure, *parts.get(area.code, (0, 0)), people.used(area.code, period.last)
        )
        for area in areas
    }
    return Readings(of, {}, age, (_("按类型分的数不判聚集。"),), _years(of))


def of_townships(
    session: Session, areas: Sequence[Area], under: str, measure: Measure, view: View
) -> Readings:
    """A figure of the townships below an area; rates only where a population is known."""
    made, period = measure.definition, view.period
    people = read_populations(session, [area.code for area in areas], None)
    used = {area.code: people.used(area.code, period.last) for area in areas}
    if made is None:
        read = queries.still_open if measure.code == Layer.OPEN else queries.reported
        seen, age = read(session, period, view.type, "township", under)
        of = {code: _counted(measure, seen.get(code, 0), each) for code, each in used.items()}
    elif not made.of_matters or made.of_stock or "township" not in made.levels:
        return Readings({code: Reading(missing=_("这个指标不分乡镇")) for code in used}, {})
    else:
        found, age = queries.parts_below(session, made.code, "township", under, period)
        of = {code: _part(measure, *found.get(code, (0, 0)), each) for code, each in used.items()}
    return Readings(of, {}, age, (), _years(of))


def _part(measure: Measure, hits: int, tries: int, used: PopulationUsed | None) -> Reading:
    made = measure.definition
    assert made is not None  # noqa: S101 — only indicators have parts
    factor = made.screen[0]
    if made.kind == "count":
        return Reading(hits, None, float(hits))
    if made.kind == "rate":
        if used is None or not used.persons:
            return Reading(hits, missing=_("没有人口数"))
        low, high = (float(each) for each in poisson_interval(hits, used.persons, per=factor))
        return Reading(hits, used.persons, hits / used.persons * factor, low, high, "", used)
    if not tries:
        return Reading(hits, tries, missing=_("没有可判的事项"))
    if hits > tries:
        return Reading(hits, tries, hits / tries * factor)
    low, high = (float(each) * factor for each in wilson_interval(hits, tries))
    return Reading(hits, tries, hits / tries * factor, low, high)


def _indicator(
    session: Session, areas: Sequence[Area], measure: Measure, period: Period, whole: bool
) -> Readings:
    codes = [area.code for area in areas]
    ledger = read_ledger(session, codes, period.first, period.last, codes=[measure.code])
    found = {code: _figure(ledger, measure.code, code, period) for code in codes}
    of = {code: _reading(figure) for code, figure in found.items()}
    ages = [figure.computed_at for figure in found.values() if figure.computed_at]
    warnings = tuple(dict.fromkeys(w for figure in found.values() for w in figure.warnings))
    everywhere = _everywhere(session, measure, of, period, whole)
    return Readings(of, everywhere, max(ages, default=None), warnings, _years(of))


def _figure(ledger: Ledger, code: str, area: str, period: Period) -> Figure:
    return ledger.figure(code, area, period.first, period.last)


def _reading(figure: Figure) -> Reading:
    return Reading(
        figure.numerator,
        figure.denominator,
        figure.on_screen(figure.value),
        figure.on_screen(figure.low),
        figure.on_screen(figure.high),
        figure.missing.message_zh if figure.missing else "",
        figure.population,
    )


def _everywhere(
    session: Session, measure: Measure, of: Mapping[str, Reading], period: Period, whole: bool
) -> dict[str, tuple[float, float]]:
    """Events and bases of all counties; none where only some are seen and no door gives the rest.

    A count is judged over persons; a ratio and a figure over a stock are not judged.
    """
    made = measure.definition
    if made is None or made.of_stock or made.kind == "ratio":
        return {}
    if not (whole or made.of_matters):
        return {}
    people = populations(session)
    known = queries.begun(session, period.last) if made.of_matters else people.areas
    if made.kind == "count":
        events = _events(session, made.code, of, period, whole)
        return _over_persons(events, people, period.last, known) if events else {}
    if whole:
        return {
            code: (float(each.events), float(each.base))
            for code, each in of.items()
            if code in known and each.events is not None and each.base and each.events <= each.base
        }
    cells = queries.cells_everywhere(session, made.code, period)
    if made.kind == "share":
        return {code: (float(hits), float(tries)) for code, (hits, tries) in cells.items()}
    events = {code: hits for code, (hits, _tries) in cells.items()}
    return _over_persons(events, people, period.last, known)


def _events(
    session: Session, code: str, of: Mapping[str, Reading], period: Period, seen: bool
) -> dict[str, int]:
    if seen:
        known = {area: each.events for area, each in of.items() if each.events is not None}
        return known if len(known) == len(of) else {}
    return {
        area: hits for area, (hits, _t) in queries.cells_everywhere(session, code, period).items()
    }


def _over_persons(
    events: Mapping[str, int], people: Populations, end: date, begun: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Events over persons for every county with a population that has begun: 0 without events."""
    found = {}
    for code in sorted(people.areas & set(begun)):
        used = people.used(code, end)
        if used is not None and used.persons:
            found[code] = (float(events.get(code, 0)), float(used.persons))
    return found


def populations(session: Session) -> Populations:
    """The persons of all counties, of one kind."""
    return read_populations(session, queries.county_codes(session), None)


def _years(of: Mapping[str, Reading]) -> list[int]:
    return sorted({each.population.year for each in of.values() if each.population})
