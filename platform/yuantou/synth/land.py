"""The land that the province is made on: real areas, populations and courts from the database."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row


class LandMissing(RuntimeError):
    """There is no land to put disputes on; the message says what to do."""


@dataclass(frozen=True)
class Place:
    """An area with its number of persons (0 where unknown) and the share that lives in towns."""

    code: str
    name: str
    short_name: str
    path: str
    parent: str
    persons: int
    urban: float


@dataclass(frozen=True)
class CourtPlace:
    """A court and the area its counts belong to."""

    code: str
    name: str
    level: str
    area_code: str
    area_path: str
    counts_to: str
    counts_to_code: str
    counts_to_path: str


@dataclass(frozen=True)
class Land:
    """Province (or the top of a smaller land), cities, counties that have townships, and courts."""

    province: Place
    cities: tuple[Place, ...]
    counties: tuple[Place, ...]
    townships: tuple[tuple[Place, ...], ...]
    courts: tuple[CourtPlace, ...]
    people: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def series(self) -> dict[str, str]:
        """What each county's case numbers begin with: its short name, its city before if shared."""
        used = Counter(county.short_name for county in self.counties)
        cities = {city.code: city.short_name for city in self.cities}
        return {
            county.code: county.short_name
            if used[county.short_name] == 1
            else cities.get(county.parent, "") + county.short_name
            for county in self.counties
        }

    @property
    def persons(self) -> int:
        """Persons of all counties."""
        return sum(county.persons for county in self.counties)


_AREAS = """
SELECT a.code, a.name, a.short_name, a.path, coalesce(a.parent_code, '') AS parent, a.level,
       coalesce(p.persons, 0) AS persons, coalesce((p.parts->>'urban')::float, 0) AS urban
FROM area a LEFT JOIN LATERAL (SELECT persons, parts FROM population
     WHERE area_code = a.code ORDER BY year DESC, kind LIMIT 1) p ON true
WHERE a.valid_to IS NULL ORDER BY a.code"""
_COURTS = """
SELECT c.code, c.name, c.level, c.area_code, a.path AS area_path, c.counts_to, c.counts_to_code,
       c.counts_to_path
FROM court c JOIN area a ON a.code = c.area_code WHERE c.valid_to IS NULL ORDER BY c.code"""


def read_land(connection: psycopg.Connection[Any]) -> Land:
    """Read the land; LandMissing when no territory is loaded."""
    with connection.cursor(row_factory=namedtuple_row) as cursor:
        rows: list[Any] = cursor.execute(_AREAS).fetchall()
        courts = tuple(CourtPlace(*row) for row in cursor.execute(_COURTS))
    by_level = {
        level: [_place(row) for row in rows if row.level == level]
        for level in ("province", "city", "county", "township")
    }
    if not by_level["county"] or not by_level["township"]:
        raise LandMissing("没有区县和乡镇:请先载入区划(flask --app wsgi territory load)")
    return _land(by_level, courts)


def _land(by_level: dict[str, list[Place]], courts: tuple[CourtPlace, ...]) -> Land:
    ordered = sorted(by_level["township"], key=lambda place: (place.parent, place.code))
    below = {
        parent: tuple(found) for parent, found in groupby(ordered, key=lambda place: place.parent)
    }
    settled = tuple(county for county in by_level["county"] if county.code in below)
    return Land(
        province=(by_level["province"] or by_level["city"] or by_level["county"])[0],
        cities=tuple(by_level["city"]),
        counties=settled,
        townships=tuple(below[county.code] for county in settled),
        courts=courts,
        people={place.code: place.persons for level in by_level.values() for place in level},
    )


def _place(row: Any) -> Place:
    persons = int(row.persons)
    urban = row.urban / persons if persons and row.urban else 0.5
    return Place(row.code, row.name, row.short_name, row.path, row.parent, persons, urban)
