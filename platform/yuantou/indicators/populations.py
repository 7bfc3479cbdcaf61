"""Which population a rate is divided by: one kind, the latest not after the previous year-end."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.indicators.figures import PopulationUsed
from yuantou.indicators.rates import is_old
from yuantou.territory.models import Population

KINDS_ZH = {
    "resident_year_end": _l("年末常住人口"),
    "census": _l("普查人口"),
    "registered": _l("户籍人口"),
}
ORDER = ("resident_year_end", "census", "registered")


@dataclass(frozen=True)
class Populations:
    """The populations of some areas, by kind and area, the oldest year first."""

    rows: Mapping[tuple[str, str], Sequence[Population]]
    areas: frozenset[str]
    kind: str | None = None

    def used(self, area_code: str, end: date) -> PopulationUsed | None:
        """The population for a period that ends in the month `end`; None where there is none."""
        row = self._row(area_code, end)
        return None if row is None else _used(row, row.persons, end)

    def together(self, areas: Sequence[str], end: date) -> PopulationUsed | None:
        """The persons of several areas; None where one is not known."""
        rows = [row for area in areas if (row := self._row(area, end)) is not None]
        if not rows or len(rows) < len(areas):
            return None
        return _used(rows[0], sum(row.persons for row in rows), end)

    def _row(self, area_code: str, end: date) -> Population | None:
        year_end = end.year - 1
        return self._latest(self.kind or self.common_kind(year_end), area_code, year_end)

    def common_kind(self, year_end: int) -> str:
        """The first kind that every area has: no two areas are divided by different ones."""
        if year_end not in self._common:
            whole = (kind for kind in ORDER if self._covers(kind, year_end))
            self._common[year_end] = next(whole, ORDER[0])
        return self._common[year_end]

    @cached_property
    def _common(self) -> dict[int, str]:
        """The common kind of each year-end that was asked for: every rate asks again."""
        return {}

    def _covers(self, kind: str, year_end: int) -> bool:
        return all(self._latest(kind, area, year_end) for area in self.areas)

    def _latest(self, kind: str, area_code: str, year_end: int) -> Population | None:
        held = self.rows.get((kind, area_code), ())
        valid = [row for row in held if row.year <= year_end]
        return valid[-1] if valid else None


def _used(row: Population, persons: int, end: date) -> PopulationUsed:
    return PopulationUsed(
        kind=row.kind,
        kind_zh=str(KINDS_ZH.get(row.kind, row.kind)),
        year=row.year,
        persons=persons,
        source=row.source,
        old=is_old(row.year, end.year - 1),
    )


def read_populations(session: Session, areas: Iterable[str], kind: str | None) -> Populations:
    """The populations of `areas`; `kind` is the chosen kind, or None for the common one."""
    codes = frozenset(areas)
    held: dict[tuple[str, str], list[Population]] = {}
    for row in session.scalars(
        select(Population).where(Population.area_code.in_(codes)).order_by(Population.year)
    ):
        held.setdefault((row.kind, row.area_code), []).append(row)
    return Populations(held, codes, kind)
