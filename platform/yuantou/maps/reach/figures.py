"""Townships with how far they are, how many people live there and how many matters arise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from yuantou.access.roles import Reach
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import today
from yuantou.indicators.disclosure import fixed_period, shown
from yuantou.maps import veils
from yuantou.maps.queries import Period, month_back
from yuantou.maps.reach import queries
from yuantou.maps.reach.distances import Position, Thresholds, nearest, thresholds
from yuantou.maps.reach.queries import Standing
from yuantou.territory.models import Area

SORTS = ("tribunal", "mediation", "cases", "persons", "code")


@dataclass(frozen=True)
class Near:
    """The nearest place of a kind."""

    place: Standing
    km: float
    band: str


@dataclass(frozen=True)
class Township:
    """One township; what is not known is None. `cases` is None where it may not be shown."""

    area: Area
    county: str
    position: Position | None
    tribunal: Near | None
    mediation: Near | None
    persons: int | None
    year: int | None
    cases: int | None
    written: str


@dataclass(frozen=True)
class Reached:
    """All townships of an area, sorted, with the places around them."""

    area: Area
    lines: Sequence[Township]
    places: Sequence[Standing]
    period: Period
    terms: Thresholds
    sort: str = "tribunal"
    missing: int = 0
    far: Sequence[Township] = field(default_factory=tuple)

    def of_kind(self, kind: str) -> list[Standing]:
        """Tribunals or mediation points."""
        return [each for each in self.places if each.kind == kind]


def reached(session: Session, viewer: Viewer, area: Area, sort: str = "tribunal") -> Reached:
    """Read, measure, conceal, sort."""
    terms = thresholds()
    last = month_back(today().replace(day=1), 1)
    period = Period(month_back(last, terms.months - 1), last)
    opens = viewer.scope.reach is Reach.AREA
    if not opens:
        period = Period(*fixed_period(period.first, period.last, last))
    land = queries.townships(session, area.path)
    known = queries.positions(session, area.path, viewer.scope.sums)
    places = queries.standing(
        session, viewer.scope.sums
    )  # the nearest may lie beyond the chosen area
    near = {
        kind: _near(land, known, [p for p in places if p.kind == kind], kind, terms)
        for kind in ("tribunal", "mediation")
    }
    people = queries.persons(session, area.path)
    counts = queries.caseload(session, area.path, period.first, period.last)
    cases = {each.code: counts.get(each.code, 0) for each in land}
    hidden = set() if opens else veils.hidden_townships(session, land, veils.REPORTED, "", period)
    counties = {each.code: each.name for each in queries.areas(session, viewer)}
    lines = [
        Township(
            area=each,
            county=counties.get(str(each.parent_code), ""),
            position=known.get(each.code),
            tribunal=near["tribunal"].get(each.code),
            mediation=near["mediation"].get(each.code),
            persons=people.get(each.code, (None, None))[0],
            year=people.get(each.code, (None, None))[1],
            cases=None if each.code in hidden else cases[each.code],
            written=_written(viewer, cases[each.code], each.code in hidden),
        )
        for each in land
    ]
    far = [line for line in lines if line.tribunal is not None and line.tribunal.band == "far"]
    serving = {near.place.id for line in lines for near in (line.tribunal, line.mediation) if near}
    shown_places = [p for p in places if p.area_path.startswith(area.path) or p.id in serving]
    missing = sum(1 for line in lines if line.position is None)
    return Reached(area, _sorted(lines, sort), shown_places, period, terms, sort, missing, far)


def _near(
    land: Sequence[Area],
    known: dict[str, Position],
    places: Sequence[Standing],
    kind: str,
    terms: Thresholds,
) -> dict[str, Near]:
    bands = terms.tribunal if kind == "tribunal" else terms.mediation
    codes = [each.code for each in land if each.code in known]
    found = nearest([known[code] for code in codes], [(p.lng, p.lat) for p in places])
    return {
        code: Near(places[each[0]], each[1], bands.of(each[1]))
        for code, each in zip(codes, found, strict=True)
        if each is not None
    }


def _written(viewer: Viewer, count: int, hidden: bool) -> str:
    return f"{count:,}" if viewer.scope.reach is Reach.AREA else shown(count, hidden)


def _sorted(lines: Sequence[Township], sort: str) -> list[Township]:
    """The farthest or most first; what is not known stands last."""
    keys: dict[str, Callable[[Township], float | None]] = {
        "tribunal": lambda line: line.tribunal.km if line.tribunal else None,
        "mediation": lambda line: line.mediation.km if line.mediation else None,
        "cases": lambda line: line.cases,
        "persons": lambda line: line.persons,
    }
    by_code = sorted(lines, key=lambda line: line.area.code)
    if sort not in keys:
        return by_code
    key = keys[sort]
    return sorted(by_code, key=lambda line: (key(line) is None, -(key(line) or 0)))
