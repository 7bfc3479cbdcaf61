"""Reading figures: from kept cells only, so that a page never scans the matters themselves."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import LiteralString

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.database.binary import read_binary
from yuantou.indicators.catalogue import CASE_FEED, POPULATION, Definition, components_of
from yuantou.indicators.compiler import flow_of
from yuantou.indicators.definitions import (
    UnknownIndicator,
    definition,
    definitions,
    versions,
)
from yuantou.indicators.feeding import FOLLOWED
from yuantou.indicators.figures import Change, DisputeCount, Figure, Mean
from yuantou.indicators.kept import Line, MonthOfCourts
from yuantou.indicators.ledger import Ledger
from yuantou.indicators.models import DisputeMonth, SuppliedCount
from yuantou.indicators.periods import shift, to_date
from yuantou.indicators.populations import read_populations
from yuantou.indicators.standing.entering import read_entering
from yuantou.indicators.standing.lateness import COURTS, read_late
from yuantou.indicators.supplied import Supplied
from yuantou.indicators.villages import village_counts
from yuantou.judiciary.casefeed.models import SuitFeedMonth
from yuantou.territory.models import Area, Court

__all__ = [
    "Change",
    "DisputeCount",
    "Figure",
    "Ledger",
    "Mean",
    "UnknownIndicator",
    "definition",
    "definitions",
    "dispute_counts",
    "figure",
    "figures",
    "means",
    "read_ledger",
    "series",
    "to_date",
    "year_on_year",
]

COUNTED = ("county", "city", "province")
YEAR = 12


def figure(
    session: Session,
    code: str,
    area_code: str,
    start: date,
    end: date,
    *,
    kind: str | None = None,
) -> Figure:
    """One figure over the months from `start` to `end`, by the chosen kind of population."""
    ledger = read_ledger(session, [area_code], start, end, kind=kind, codes=[code])
    return ledger.figure(code, area_code, start, end)


def figures(
    session: Session,
    codes: Sequence[str],
    area_codes: Sequence[str],
    start: date,
    end: date,
    *,
    kind: str | None = None,
) -> list[Figure]:
    """Every indicator in every area, area by area."""
    ledger = read_ledger(session, area_codes, start, end, kind=kind, codes=codes)
    return [ledger.figure(code, area, start, end) for area in area_codes for code in codes]


def series(
    session: Session, code: str, area_code: str, start: date, end: date, *, to_date: bool = False
) -> list[Figure]:
    """A figure for every month; with `to_date` cumulated from January."""
    first = start.replace(month=1) if to_date else start
    ledger = read_ledger(session, [area_code], first, end, codes=[code])
    return ledger.series(code, area_code, start, end, to_date=to_date)


def means(session: Session, code: str, area_code: str, start: date, end: date) -> tuple[Mean, ...]:
    """City and province over an area: all their counties together."""
    return read_ledger(session, [area_code], start, end, codes=[code]).means(
        code, area_code, start, end
    )


def year_on_year(session: Session, code: str, area_code: str, start: date, end: date) -> Change:
    """Against the same months a year earlier, or why not."""
    ledger = read_ledger(session, [area_code], shift(start, -YEAR), end, codes=[code])
    return ledger.year_on_year(code, area_code, start, end)


def read_ledger(
    session: Session,
    area_codes: Iterable[str],
    first: date,
    last: date,
    *,
    kind: str | None = None,
    codes: Iterable[str] | None = None,
    instead: Mapping[str, Definition] | None = None,
    today: date | None = None,
) -> Ledger:
    """All that figures of these areas, and of those above them, need; of all `codes` if None.

    `instead`: definitions to read for in place of those in force, to try them. `today` says which
    months of case feeds may be asked for by now.
    """
    asked = list(area_codes)
    areas = {
        area.code: area
        for area in session.scalars(
            select(Area).where(Area.level.in_(COUNTED) | Area.code.in_(asked))
        )
    }
    wanted = _with_above(areas, asked)
    held = {**versions(session), **{code: [each] for code, each in (instead or {}).items()}}
    read = held.keys() if codes is None else {*codes, *_bridges(held, codes)}
    known = {code: held[code][-1] for code in read if code in held}
    of_courts = {code for code, each in known.items() if each.of_courts}
    of_matters = {code for code, each in known.items() if each.of_matters}
    flows = {flow_of(code) for code in of_matters if known[code].of_stock}
    over_persons = {code for code, each in known.items() if POPULATION in each.denominator}
    fed = {code for code, each in known.items() if each.needs == CASE_FEED}
    supplied = {
        name
        for each in known.values()
        if each.owner and not each.criteria
        for name in components_of(each)
    }
    listed = [held[code] for code, each in known.items() if each.criteria]
    below = _with_below(areas, wanted, asked)
    return Ledger(
        definitions=held,
        areas=areas,
        courts=_courts(session) if of_courts or fed else (),
        court_months=_court_months(session, wanted, first, last) if of_courts else {},
        lines=read_lines(session, wanted, of_matters | flows) if of_matters else {},
        supplied={
            **(_supplied(session, below, first, last, supplied) if supplied else {}),
            **{
                key: count
                for made in listed
                for key, count in village_counts(session, below, first, last, made).items()
            },
        },
        populations=read_populations(
            session,
            [code for code, area in areas.items() if area.level in COUNTED] if over_persons else [],
            kind,
        ),
        first=first,
        last=last,
        readable=frozenset(wanted),
        codes=frozenset(read),
        fed=_fed(session, first, last) if fed else frozenset(),
        today=today or clock.today(),
        late=read_late(session, COURTS, today or clock.today()) if of_courts else {},
        entering=read_entering(session, today or clock.today()) if of_matters else {},
    )


def dispute_counts(
    session: Session,
    level: str,
    first: date,
    last: date,
    *,
    under: str = "",
    types: Sequence[str] = (),
    least: int = 0,
) -> list[DisputeCount]:
    """Disputes by area and type over some months; township rows leave restricted ones out.

    With `least` only those of which so many were reported.
    """
    query = (
        select(
            DisputeMonth.area_code,
            DisputeMonth.type,
            func.sum(DisputeMonth.reported),
            func.sum(DisputeMonth.closed),
            func.max(DisputeMonth.computed_at),
        )
        .where(DisputeMonth.level == level, DisputeMonth.month.between(first, last))
        .group_by(DisputeMonth.area_code, DisputeMonth.type)
        .order_by(DisputeMonth.area_code, DisputeMonth.type)
    )
    if under:
        query = query.where(DisputeMonth.area_path >= under, DisputeMonth.area_path < _end(under))
    if types:
        query = query.where(DisputeMonth.type.in_(types))
    if least:
        query = query.having(func.sum(DisputeMonth.reported) >= least)
    return [DisputeCount(*row) for row in session.execute(query)]


def _bridges(held: Mapping[str, Sequence[Definition]], codes: Iterable[str]) -> set[str]:
    return {each.bridge for code in codes for each in held.get(code, ()) if each.bridge}


def _with_above(areas: dict[str, Area], wanted: Iterable[str]) -> set[str]:
    codes = list(wanted)
    unknown = sorted(set(codes) - areas.keys())
    if unknown:
        raise LookupError(f"no such area: {', '.join(unknown)}")
    return {code for each in codes for code in areas[each].path.strip("/").split("/")}


def _with_below(areas: Mapping[str, Area], wanted: set[str], asked: Iterable[str]) -> set[str]:
    """The counties too that a city or the province adds up, where it was asked for."""
    whole = [areas[code].path for code in asked if areas[code].level in ("city", "province")]
    below = {code for code, area in areas.items() if area.path.startswith(tuple(whole))}
    return wanted | below if whole else wanted


def _courts(session: Session) -> Sequence[Court]:
    return session.scalars(select(Court).order_by(Court.code)).all()


def _fed(session: Session, first: date, last: date) -> frozenset[tuple[str, date]]:
    """Courts and months of released case feeds, as far as suits are followed before and after."""
    rows = session.execute(
        select(SuitFeedMonth.court_code, SuitFeedMonth.month)
        .where(SuitFeedMonth.month.between(shift(first, -FOLLOWED), shift(last, FOLLOWED)))
        .distinct()
    )
    return frozenset((row[0], row[1]) for row in rows)


_COURT_MONTHS: LiteralString = """
    SELECT area_code, month, regime, courts_in, missing, components::text, computed_at,
           to_date::text, array_to_string(to_date_of, ' ')
    FROM court_month WHERE area_code = ANY(%(areas)s) AND month BETWEEN %(first)s AND %(last)s"""
_LINES: LiteralString = """
    SELECT indicator, area_code, months, numerators, denominators, computed_at
    FROM figure_line WHERE indicator = ANY(%(codes)s) AND area_code = ANY(%(areas)s)"""


def _court_months(
    session: Session, areas: set[str], first: date, last: date
) -> dict[tuple[str, date], MonthOfCourts]:
    asked = {"areas": list(areas), "first": first, "last": last}
    return {
        (area, month): MonthOfCourts(*told)
        for area, month, *told in read_binary(session, _COURT_MONTHS, asked)
    }


def read_lines(session: Session, areas: set[str], codes: set[str]) -> dict[tuple[str, str], Line]:
    """What is kept of these figures of matters, by code and area, as far back as it goes."""
    asked = {"areas": list(areas), "codes": list(codes)}
    rows = read_binary(session, _LINES, asked)
    return {(code, area): Line(*told) for code, area, *told in rows}


def _supplied(
    session: Session, areas: set[str], first: date, last: date, names: set[str]
) -> dict[tuple[str, str, date], Supplied]:
    """The newest revision of each supplied component; what was taken back is left out."""
    rows = session.execute(
        select(
            SuppliedCount.component,
            SuppliedCount.area_code,
            SuppliedCount.month,
            SuppliedCount.value,
            SuppliedCount.entered_at,
        )
        .where(
            SuppliedCount.component.in_(names),
            SuppliedCount.area_code.in_(areas),
            SuppliedCount.month.between(first, last),
        )
        .ext(distinct_on(SuppliedCount.component, SuppliedCount.area_code, SuppliedCount.month))
        .order_by(
            SuppliedCount.component,
            SuppliedCount.area_code,
            SuppliedCount.month,
            SuppliedCount.revision.desc(),
        )
    )
    return {
        (row[0], row[1], row[2]): Supplied(row[3], row[4]) for row in rows if row[3] is not None
    }


def _end(path: str) -> str:
    return path[:-1] + "0"
