"""What is hidden from who may not open the matters: one table a year and figure, never a view.

An answer of a figure's page or of the map is a cell of that table: places × types × months with
quarters and year. Which cells are hidden does not depend on what is asked, so that no two answers,
a page's and the map's, months and quarters, types and all types, tell what a third hides.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import LiteralString, cast

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.arrays import Integers
from yuantou.access.scope import NOWHERE, Range
from yuantou.calendar.clock import today
from yuantou.database.binary import read_binary
from yuantou.disputes.codes import read as read_codes
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.compiler import flow_of
from yuantou.indicators.disclosure import Group, Side, Veil, veil
from yuantou.indicators.periods import months, shift
from yuantou.territory.models import Area

ALL, REST = "", "rest"
Row = tuple[str, str, Sequence[int]]  # place, type, single time by single time
Cells = Mapping[date, tuple[int, int]]

_LINES: LiteralString = """
    SELECT indicator, area_code, months, numerators, denominators FROM county_lines(%(codes)s)"""
_TYPES: LiteralString = """
    SELECT indicator, area_code, months, "values", numerators, denominators
    FROM county_types(%(codes)s)"""


class Veils:
    """The tables of one figure and year; several where a share has two counts.

    `clear` are places of which nothing is unknown to the viewer.
    """

    def __init__(self, tables: Sequence[Veil], clear: Collection[str] = ()) -> None:
        self.tables, self.clear = tables, frozenset(clear)

    def hides(self, place: str, type_: str, first: date, last: date) -> bool:
        """Whether the figure of a place, type and period must not be shown.

        A period that is no cell may be, where all its months are shown and add up to it.
        """
        if place in self.clear:
            return False
        return any(_hides(table, place, type_, first, last) for table in self.tables)


def _hides(table: Veil, place: str, type_: str, first: date, last: date) -> bool:
    over = table.sides[-1]
    if (first, last) in over.keys or not over.groups:
        return table.hides(place, type_, (first, last))
    return any(table.hides(place, type_, (month, month)) for month in months(first, last))


@dataclass(frozen=True)
class Kept:
    """The kept counts of some figures in all counties, as far back as they go."""

    whole: Mapping[str, Mapping[str, Cells]]
    typed: Mapping[str, Mapping[tuple[str, str], Cells]]


def newest_month() -> date:
    """The last whole month."""
    return shift(today().replace(day=1), -1)


def year_of(last: date) -> Sequence[date]:
    """The whole months of the year that a month lies in; the running month is alone."""
    newest = newest_month()
    if last > newest:
        return [last]
    january = last.replace(month=1)
    return list(months(january, min(january.replace(month=12), newest)))


def typed(made: Definition) -> bool:
    """Whether a figure of matters can be asked of one type alone."""
    return made.of_matters and not made.of_stock and made.subject == "matter"


def read(session: Session, made: Collection[Definition]) -> Kept:
    """The counts of figures of matters in all counties, whoever asks: no person, no matter."""
    codes = [each.code for each in made]
    flows = [flow_of(each.code) for each in made if each.of_stock]
    whole: dict[str, dict[str, Cells]] = defaultdict(dict)
    for code, place, *lists in read_binary(session, _LINES, {"codes": [*codes, *flows]}):
        whole[code][place] = _cells(*lists)
    parts: dict[str, dict[tuple[str, str], dict[date, tuple[int, int]]]] = defaultdict(dict)
    some = [each.code for each in made if typed(each)]
    for code, place, *lists in read_binary(session, _TYPES, {"codes": some}):
        for month, type_, hits, tries in zip(*lists, strict=True):
            parts[code].setdefault((place, type_), {})[month] = hits, tries
    return Kept(whole, parts)


def of_figure(
    session: Session,
    made: Definition,
    last: date,
    own: Range = NOWHERE,
    kept: Callable[[], Kept] | None = None,
) -> Veils:
    """The tables of a figure of matters in the year of a month, over all counties.

    `own`: the places whose matters the viewer may open. They are left out: of what is above them
    he knows his part, so what others add is held instead. `kept` is read only where it must be.
    """
    paths, span = _counties(session), tuple(year_of(last))
    written = _written(session)  # of a figure that is not in it nothing was counted yet
    key = made.code, made.version, written.get(made.code), span, own, paths
    known = _KNOWN if written else session.info.setdefault("veils", {})
    if key not in known:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        side, clear = _places(paths, own)
        counts = kept() if kept else read(session, [made])
        known[key] = Veils(list(_tables(made, counts, side, span)), clear)
    found: Veils = known[key]
    return found


# Of what was written once the tables stay the same, for every viewer and request.
_KNOWN: dict[Hashable, Veils] = {}
_MOST = 256
_WRITTEN = text("""
    SELECT indicator, string_agg(current_database() || '.' || CAST(xmin AS text), ' ') AS version
    FROM figure_line WHERE level = 'province' GROUP BY indicator""")


def _written(session: Session) -> Mapping[str, str]:
    """Which version of its rows each figure has: the province's are written with any county's."""
    found: Mapping[str, str] | None = session.info.get("written")
    if found is None:
        found = {row.indicator: row.version for row in session.execute(_WRITTEN)}
        session.info["written"] = found
    return found


def _counties(session: Session) -> tuple[str, ...]:
    """The paths of all counties that ever were."""
    asked = select(Area.path).where(Area.level == "county").order_by(Area.path)
    found: tuple[str, ...] = session.info.get("counties") or tuple(session.scalars(asked))
    session.info["counties"] = found
    return found


def _places(paths: Sequence[str], own: Range) -> tuple[Side, set[str]]:
    """The counties that are not the viewer's own with what is above, and what is his alone."""
    others = [path for path in paths if not own.lo <= path < own.hi]
    above = {up for path in paths for up in _over(path)}
    clear = above - {up for path in others for up in _over(path)}
    return side_of(others) if others else Side(()), {_code(path) for path in clear}


def side_of(paths: Sequence[str], *, root: str = "") -> Side:
    """Counties, then what is over them below `root`, the nearest first."""
    above = sorted(
        {up for path in paths for up in _over(path) if up.startswith(root)} - set(paths),
        key=lambda path: (-path.count("/"), path),
    )
    every = [*paths, *above]
    at = {path: place for place, path in enumerate(every)}
    groups = [
        Group(at[up], tuple(at[path] for path in every if _parent(path) == up)) for up in above
    ]
    return Side(tuple(_code(path) for path in every), tuple(groups))


def _code(path: str) -> str:
    return path.strip("/").split("/")[-1]


def _parent(path: str) -> str:
    return path[: path.rstrip("/").rfind("/") + 1]


def _over(path: str) -> Iterator[str]:
    while path := _parent(path):
        yield path


def types() -> Side:
    """All types, what is of none that is kept, and all together."""
    kinds = (*read_codes().types, REST)
    return Side((*kinds, ALL), (Group(len(kinds), tuple(range(len(kinds)))),))


def times(span: Sequence[date]) -> Side:
    """The months of a year with its quarters and the year, keyed by first and last month."""
    single = [(month, month) for month in span]
    if len(span) == 1:
        return Side(tuple(single))
    quarters = [
        tuple(n for n, month in enumerate(span) if (month.month - 1) // 3 == quarter)
        for quarter in sorted({(month.month - 1) // 3 for month in span})
    ]
    groups = [Group(len(span) + at, parts) for at, parts in enumerate(quarters)]
    keys = [*single, *((span[parts[0]], span[parts[-1]]) for parts in quarters)]
    year = Group(len(keys), tuple(range(len(span), len(keys))))
    return Side((*keys, (span[0], span[-1])), (*groups, year))


def _tables(made: Definition, kept: Kept, side: Side, span: Sequence[date]) -> Iterator[Veil]:
    """A table of numerators, and of a share's denominators another."""
    if not side.keys:
        return
    over = times(span)
    kinds = types() if typed(made) else Side((ALL,))
    for part in (0, 1) if made.kind == "share" else (0,):
        if part and made.of_stock:
            reached = span[: newest_month().month]
            single = Side((*over.keys, (reached[0], reached[-1])))
            yield concealed(list(_stock(made, kept, single)), (side, kinds, single))
        else:
            yield concealed(list(_rows(made, kept, span, part)), (side, kinds, over))


def _rows(made: Definition, kept: Kept, span: Sequence[date], part: int) -> Iterator[Row]:
    """Each county's months by type, and what of the whole is of no type that is kept."""
    left = {
        place: [cells.get(month, (0, 0))[part] for month in span]
        for place, cells in kept.whole.get(made.code, {}).items()
    }
    if not typed(made):
        yield from ((place, ALL, counts) for place, counts in left.items())
        return
    for (place, type_), cells in kept.typed.get(made.code, {}).items():
        counts = [cells.get(month, (0, 0))[part] for month in span]
        whole = left.get(place, [0] * len(span))
        left[place] = [max(a - b, 0) for a, b in zip(whole, counts, strict=True)]
        yield place, type_, counts
    yield from ((place, REST, counts) for place, counts in left.items())


def _stock(made: Definition, kept: Kept, over: Side) -> Iterator[Row]:
    """What was open when a period began and what came in it: of a stock no periods sum up."""
    flows = kept.whole.get(flow_of(made.code), {})
    cells = kept.whole.get(made.code, {})
    for place in {*flows, *cells}:
        flow, new = flows.get(place, {}), cells.get(place, {})
        counts = []
        for first, last in cast("Sequence[tuple[date, date]]", over.keys):
            stood = sum(came - gone for month, (came, gone) in flow.items() if month < first)
            came_in = sum(tries for month, (_, tries) in new.items() if first <= month <= last)
            counts.append(max(stood + came_in, 0))
        yield place, ALL, counts


def concealed(rows: Sequence[Row], sides: tuple[Side, Side, Side]) -> Veil:
    """Rows as a table, concealed: the same counts once, whoever asks."""
    places = [{key: at for at, key in enumerate(side.keys)} for side in sides[:2]]
    shape = [len(side.keys) - len(side.groups) for side in sides]
    table = np.zeros(shape, dtype=np.int64)
    for place, type_, counts in rows:
        at, kind = places[0].get(place), places[1].get(type_)
        if at is not None and kind is not None and at < shape[0] and kind < shape[1]:
            table[at, kind] += counts
    return _concealed(table.tobytes(), tuple(shape), sides)


@lru_cache(maxsize=512)
def _concealed(body: bytes, shape: tuple[int, ...], sides: tuple[Side, ...]) -> Veil:
    """Kept without its counts, so that hundreds of tables take little room."""
    found = veil(np.frombuffer(body, dtype=np.int64).reshape(shape), sides)
    return replace(found, counts=_NOTHING)


_NOTHING: Integers = np.zeros(0, dtype=np.int64)


def _cells(
    held: Sequence[date], hits: Sequence[int], tries: Sequence[int]
) -> dict[date, tuple[int, int]]:
    return dict(zip(held, zip(hits, tries, strict=True), strict=True))
