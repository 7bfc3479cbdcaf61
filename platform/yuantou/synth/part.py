"""One part of the plan with all that its tables need: moments, actors, grades, numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yuantou.crypto.keyring import KeyRing
from yuantou.disputes.codes import read
from yuantou.synth.copying import NULL
from yuantou.synth.days import Ints
from yuantou.synth.histories import Histories, histories, longest
from yuantou.synth.land import Land, Place
from yuantou.synth.plan import Plan, bits, type_codes
from yuantou.synth.staff import Staff
from yuantou.synth.terms import Rules
from yuantou.synth.ways import all_ways

SYMBOLS = ("R", "D", "H", "C", "W", "X")
OFFICE_OF = {
    "migrant_wages": "labour", "other_labor": "labour", "expropriation": "land",
    "forest_land": "land", "house_homestead": "land", "property_management": "housing",
    "other_consumer": "market", "e_commerce": "market", "tourism": "market",
    "environment": "ecology", "medical": "health", "production_business": "farming",
}  # fmt: skip
PATHWAYS = {
    "own": "own_mediation", "sent": "refer", "county": "refer", "up": "joint",
    "handled": "department", "violence": "other_path",
}  # fmt: skip
BY_COMMITTEE = ("own", "up", "refused")
BY_COUNTY = ("county", "handled")
INDUSTRY_OF = {"traffic": "traffic", "property_management": "property"}


@dataclass(frozen=True)
class Province:
    """What every part shares."""

    plan: Plan
    land: Land
    staff: Staff
    rules: Rules
    keyring: KeyRing
    first_dispute: int
    first_agreement: int


class Part:
    """Rows `start` to `stop` of the plan."""

    def __init__(self, province: Province, start: int, stop: int) -> None:
        self.province, self.plan = province, province.plan
        self.rows = slice(start, stop)
        self.rng = np.random.default_rng([province.plan.seed, 7, start])
        self.held: Histories = histories(self.plan, self.rows, self.rng)
        self.count = stop - start
        self.ids = np.arange(start, stop) + province.first_dispute
        self.ways, self.moments, self.reached = (
            self.held.ways, self.held.moments, self.held.reached,
        )  # fmt: skip
        for name in ("type", "county", "township", "flags", "complexity", "involved"):
            setattr(self, name, getattr(self.plan, name)[self.rows])

    type: Ints
    county: Ints
    township: Ints
    flags: Ints
    complexity: Ints
    involved: Ints

    @cached_property
    def townships(self) -> list[Place]:
        """The township of each row."""
        flat = [place for each in self.province.land.townships for place in each]
        return [flat[number] for number in self.township.tolist()]

    @cached_property
    def counties(self) -> list[Place]:
        """The county of each row."""
        places = self.province.land.counties
        return [places[number] for number in self.county.tolist()]

    @cached_property
    def types(self) -> list[str]:
        """The type of each row."""
        codes = type_codes()
        return [codes[number] for number in self.type.tolist()]

    @cached_property
    def actors(self) -> tuple[Ints, Ints]:
        """Agency and account of every symbol (row × symbol)."""
        return _cast(self)

    @cached_property
    def graded(self) -> tuple[Ints, Ints]:
        """Risk before and after triage: 0 red, 1 yellow, 2 blue."""
        red, aggravating = bits("red_line"), bits("aggravating")
        first = np.where(self.flags & red > 0, 0, np.where(self.flags & aggravating > 0, 1, 2))
        raised = (self.involved >= 10) | (self.rng.random(self.count) < 0.03)
        return first, np.where(raised, np.minimum(first, 1), first)

    @cached_property
    def restricted(self) -> NDArray[np.bool_]:
        """Rows for named handlers alone."""
        return np.asarray(self.flags & bits("restricted") > 0)

    @cached_property
    def amount(self) -> Ints:
        """Yuan in dispute, 0 where it is not about money."""
        drawn = np.exp(self.rng.normal(8.9, 1.15, self.count)).astype(np.int64) // 100 * 100
        moneyless = np.isin(self.type, [type_codes().index(c) for c in ("neighborhood", "other")])
        return np.where(moneyless & (self.rng.random(self.count) < 0.7), 0, drawn + 100)

    @cached_property
    def written(self) -> NDArray[np.bool_]:
        """Whether an agreement is written down."""
        return np.asarray(self.rng.random(self.count) < 0.45)

    @cached_property
    def pathways(self) -> list[str]:
        """The path that triage chose."""
        return [PATHWAYS.get(name.partition("_")[0], "own_mediation") for name in self.way_names]

    @cached_property
    def way_names(self) -> list[str]:
        """The way of each row, without its twin's mark."""
        names = [way.name.partition("+")[0] for way in all_ways()]
        return [names[number] for number in self.ways.tolist()]

    @cached_property
    def masters(self) -> list[str]:
        """The dispute that each merged one was merged into, NULL for the others."""
        merged = (self.done(("merge",)) >= 0).tolist()
        numbers = (self.plan.master[self.rows] + self.province.first_dispute).tolist()
        return [str(m) if hit else NULL for m, hit in zip(numbers, merged, strict=True)]

    def done(self, actions: tuple[str, ...], *, last: bool = True) -> Ints:
        """Where the last (or first) of `actions` stands among the acts done, else -1."""
        return _places(actions, last)[self.ways, self.reached]

    def at(self, places: Ints) -> Ints:
        """The moment of an act by row, -1 where there was none."""
        found = self.moments[np.arange(self.count), np.maximum(places, 0)]
        return np.where(places >= 0, found, -1)

    def acts(self) -> tuple[Ints, Ints]:
        """Row and place of every act done, by row."""
        row, place = np.nonzero(self.moments >= 0)
        return row.astype(np.int64), place.astype(np.int64)

    def who(self, rows: Ints, symbols: Ints) -> tuple[Ints, Ints]:
        """Agency and account of a symbol in each of some rows."""
        agencies, accounts = self.actors
        return agencies[rows, symbols], accounts[rows, symbols]


@cache
def _places(actions: tuple[str, ...], last: bool) -> Ints:
    ways = all_ways()
    table = np.full((len(ways), longest() + 1), -1, dtype=np.int64)
    for number, way in enumerate(ways):
        for done in range(1, longest() + 1):
            acts = way.actions[: min(done, way.length)]
            since = max((k for k, act in enumerate(acts) if act == "reopen"), default=0)
            start = since if last and "reopen" not in actions else 0
            found = [k for k in range(start, len(acts)) if acts[k] in actions]
            table[number, done] = (found[-1] if last else found[0]) if found else -1
    return table


@cache
def table(column: str) -> NDArray[np.object_]:
    """A column of the ways (events, states, …) as way × act, '' beyond the end."""
    made = np.full((len(all_ways()), longest()), "", dtype=object)
    for number, way in enumerate(all_ways()):
        made[number, : way.length] = getattr(way, column)
    return made


@cache
def symbols(column: str) -> Ints:
    """The same of `actors`, `holders` or `mediators`, as numbers of SYMBOLS, -1 for nobody."""
    words = table(column)
    return np.array([[SYMBOLS.index(w) if w else -1 for w in row] for row in words])


def parts(count: int, size: int) -> Iterator[tuple[int, int]]:
    """Start and stop of the parts that `count` rows are cut into."""
    return ((start, min(start + size, count)) for start in range(0, count, size))


def flag_lists(flags: Ints) -> list[str]:
    """The flags of each row as an array of PostgreSQL."""
    codes = tuple(read().flags)
    known = {
        int(value): "{" + ",".join(c for k, c in enumerate(codes) if int(value) >> k & 1) + "}"
        for value in np.unique(flags)
    }
    return [known[value] for value in flags.tolist()]


@cache
def _desks() -> tuple[Ints, Ints]:
    """For every way its desk (0 committee, 1 township, 2 county), and who it is sent to."""
    names = [way.name.partition("+")[0] for way in all_ways()]
    desk = [
        0 if name.startswith(BY_COMMITTEE) else 2 if name.startswith(BY_COUNTY) else 1
        for name in names
    ]
    kind = [2 if n.startswith("handled") else 1 if n.startswith("county") else 0 for n in names]
    return np.array(desk), np.array(kind)


def _cast(part: Part) -> tuple[Ints, Ints]:
    staff, count = part.province.staff, part.count
    by_t, by_c = staff.by_township, staff.by_county
    t, c = part.township, part.county
    mediator = np.where(part.rng.random(count) < 0.6, by_t["mediator_a"][t], by_t["mediator_b"][t])
    committee = (by_t["committee"][t], mediator)
    township = (by_t["centre"][t], by_t["coordinator"][t])
    county = (by_c["centre"][c], by_c["centre_person"][c])
    desk, kind = (each[part.ways] for each in _desks())
    wrong = (by_c["civil"][c], by_c["civil_person"][c])
    over = (by_c["justice"][c], by_c["justice_person"][c])
    made: list[Any] = []
    for which in (0, 1):
        office = _of_type(part, OFFICE_OF, "farming", which)
        industry = _of_type(part, INDUSTRY_OF, "", which)
        expert = np.where(industry >= 0, industry, committee[which])
        desks = np.choose(desk, [committee[which], township[which], county[which]])
        handler = np.choose(kind, [committee[which], expert, office])
        made.append(
            np.stack([desks, desks, handler, county[which], wrong[which], over[which]], axis=1)
        )
    return made[0], made[1]


def _of_type(part: Part, offices: dict[str, str], otherwise: str, which: int) -> Ints:
    by_county: dict[str, NDArray[Any]] = part.province.staff.by_county
    found = np.full(part.count, -1, dtype=np.int64)
    for number, code in enumerate(type_codes()):
        office = offices.get(code, otherwise)
        if office:
            ids = by_county[office if which == 0 else f"{office}_person"]
            hit = part.type == number
            found[hit] = ids[part.county[hit]]
    return found
