"""Which disputes there are: place, type, moments of report, flags and way of each, in columns.

The columns are drawn for the whole province at once, because numbers run through a county and a
year; everything else follows in parts (histories.py).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yuantou.disputes.codes import read
from yuantou.synth.days import DAY, Almanac, Ints, almanac, day_number, seconds
from yuantou.synth.faults import plant_silence, silence
from yuantou.synth.gaming import plant_gaming
from yuantou.synth.land import Land
from yuantou.synth.planting import Planted, plant
from yuantou.synth.seasons import Floats, day_weights, place_weights, type_shares
from yuantou.synth.ways import CALLED, TAILS, all_ways, numbered

FOCUS_SHARE = 0.02  # of the disputes that lie in the demo accounts' own county, not long ago
FOCUS_DAYS = 75
SOURCES = {
    "application": 30, "initiative": 9, "grid_screening": 18, "public_report": 7, "police": 8,
    "police_110": 8, "hotline_12345": 5, "centre_window": 7, "court": 3, "petition": 2,
    "other_department": 2, "superior": 1,
}  # fmt: skip
COMPLEXITIES = {"simple": 0.45, "ordinary": 0.43, "complex": 0.12}
# flag: (types that it comes with, how often)
FLAGS: dict[str, tuple[tuple[str, ...], float]] = {
    "domestic_violence": (("marriage_family",), 0.045),
    "sexual_harm": (("marriage_family", "damages", "other"), 0.003),
    "minor": (("marriage_family", "damages", "traffic"), 0.012),
    "came_to_blows": (("neighborhood", "damages", "marriage_family"), 0.05),
    "injury": (("damages", "traffic"), 0.12),
    "death": (("traffic", "medical"), 0.01),
    "threat_to_others": (("neighborhood", "marriage_family", "contract"), 0.008),
    "gathering": (("migrant_wages", "expropriation", "property_management"), 0.02),
    "group_petition": (("migrant_wages", "expropriation"), 0.05),
    "repeated_calls": (("neighborhood", "marriage_family"), 0.03),
    "drinking": (("neighborhood", "marriage_family"), 0.03),
    "separation": (("marriage_family",), 0.12),
    "wages": (("migrant_wages",), 1.0),
    "work_injury": (("other_labor",), 0.15),
    "land_title": (("forest_land",), 0.12),
}
HANDLED = {
    "migrant_wages": 0.4, "other_labor": 0.3, "expropriation": 0.5, "environment": 0.45,
    "other_consumer": 0.3, "property_management": 0.15, "e_commerce": 0.3, "tourism": 0.3,
    "medical": 0.15, "forest_land": 0.12,
}  # fmt: skip
ROUTE_SHARES = {"own": 0.60, "sent": 0.26, "county": 0.10, "up": 0.04}
# Of concluded people's mediation 93.78 % succeeded in Lishui; of payments due, courts report
# 94.52 % performed: the shares below come out near both.
TAIL_SHARES = {
    "agree_now": 0.505, "agree_later": 0.339, "agree_late": 0.024, "agree_broken": 0.048,
    "paused": 0.020, "relapsed": 0.018, "failed": 0.038, "quit": 0.008,
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """The province in columns, ordered by the moment of report; row r becomes dispute first + r."""

    seed: int
    now: int
    almanac: Almanac
    type: Ints
    county: Ints
    township: Ints
    reported: Ints
    occurred: Ints
    source: Ints
    complexity: Ints
    involved: Ints
    flags: Ints
    way: Ints
    accepted: Ints
    number: Ints
    master: Ints
    planted: Ints
    events: list[Planted] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many disputes there are."""
        return len(self.type)


@dataclass(frozen=True)
class Wish:
    """What was asked for: how many disputes, from which day to which moment, around whom."""

    disputes: int
    first: date
    now: datetime
    seed: int
    focus: str = ""
    gaming: bool = False


@cache
def type_codes() -> tuple[str, ...]:
    """The types in the order of the code list."""
    return tuple(read().types)


@cache
def flag_codes() -> tuple[str, ...]:
    """The flags; flag number k is bit k."""
    return tuple(read().flags)


def bits(choose: str) -> int:
    """The bits of the flags that have the property `choose` (restricted, crime, …)."""
    flags = read().flags
    return sum(1 << k for k, code in enumerate(flag_codes()) if getattr(flags[code], choose))


def draw_plan(land: Land, wish: Wish) -> Plan:
    """Draw the province; the same land, wish and seed give the same columns."""
    rng = np.random.default_rng(wish.seed)
    today = wish.now.date()
    days = almanac(wish.first, today)
    shares = _county_shares(land, rng)
    events = plant(land, shares, wish.disputes, wish.first, today, rng)
    if wish.gaming:
        events += plant_gaming(land, wish.disputes, wish.first, today, wish.seed)
    focus = min(round(wish.disputes * FOCUS_SHARE), 80) if wish.focus else 0
    base = wish.disputes - focus - sum(event.extra for event in events)
    drawn = _draw_base(land, wish, days, shares, base, rng)
    drawn += [_draw_event(place, event, days, rng) for place, event in enumerate(events)]
    if focus:
        drawn.append(_draw_focus(land, wish, focus, rng))
    kind, township, day, planted = (np.concatenate(part) for part in zip(*drawn, strict=True))
    if wish.gaming:
        silent = plant_silence(land, shares, wish.disputes, wish.first, today, wish.seed)
        places = sum(len(each) for each in land.townships)
        for event in silent:
            township = silence(event, township, day, places, rng)
        events += silent
    now = seconds(wish.now)
    moment = day * DAY + _second_of_day(len(day), rng)
    moment -= np.where(moment > now, DAY, 0)
    order = np.lexsort((township, kind, moment))
    return _detail(
        land, wish, days, events, kind[order], township[order], moment[order], planted[order], rng
    )


Drawn = tuple[Ints, Ints, Ints, Ints]


def _county_shares(land: Land, rng: Any) -> Floats:
    persons = np.array([max(1, county.persons) for county in land.counties], dtype=float)
    weight = persons * rng.lognormal(0, 0.22, len(persons))
    return np.asarray(weight / weight.sum())


def _draw_base(
    land: Land, wish: Wish, days: Almanac, shares: Floats, count: int, rng: Any
) -> list[Drawn]:
    codes = type_codes()
    usual = type_shares()
    counts = rng.multinomial(count, [usual[code] for code in codes])
    span = (wish.now.date() - wish.first).days + 1
    start = day_number(wish.first)
    urban = np.array([county.urban for county in land.counties])
    streets = [
        np.array([place.name.endswith("街道") for place in each], dtype=float)
        for each in land.townships
    ]
    sizes = [rng.gamma(3.0, 1.0, len(each)) for each in land.townships]
    drawn: list[Drawn] = []
    for number, (code, of_type) in enumerate(zip(codes, counts, strict=True)):
        counties = shares * place_weights(code, urban)
        flat = []
        for share, size, street in zip(counties, sizes, streets, strict=True):
            weight = size * np.maximum(place_weights(code, street), 0.02)
            flat.append(share * weight / weight.sum())
        places = np.concatenate(flat)
        township = rng.choice(len(places), of_type, p=places / places.sum())
        day = rng.choice(span, of_type, p=day_weights(code, wish.first, span, days)) + start
        drawn.append((np.full(of_type, number), township, day, np.full(of_type, -1)))
    return drawn


def _draw_event(place: int, event: Planted, days: Almanac, rng: Any) -> Drawn:
    first = day_number(event.first)
    span = (event.last - event.first).days + 1
    weights = day_weights(event.type, event.first, span, days)
    return (
        np.full(event.extra, type_codes().index(event.type)),
        rng.choice(np.array(event.townships), event.extra),
        rng.choice(span, event.extra, p=weights) + first,
        np.full(event.extra, place),
    )


def _draw_focus(land: Land, wish: Wish, count: int, rng: Any) -> Drawn:
    """Recent disputes where the demo accounts sit, most of them in one township."""
    starts = np.concatenate(([0], np.cumsum([len(each) for each in land.townships])))
    county = next(k for k, place in enumerate(land.counties) if place.code == wish.focus)
    first, size = starts[county], starts[county + 1] - starts[county]
    own = rng.random(count) < 0.6
    township = np.where(own, first, first + rng.integers(0, size, count))
    kind = rng.choice(len(type_codes()), count, p=[type_shares()[c] for c in type_codes()])
    back = np.minimum(rng.gamma(1.2, FOCUS_DAYS / 3, count).astype(np.int64), FOCUS_DAYS)
    return kind, township, day_number(wish.now.date()) - back, np.full(count, -1)


def _second_of_day(count: int, rng: Any) -> Ints:
    morning = rng.normal(9.7, 1.0, count)
    afternoon = rng.normal(14.8, 1.2, count)
    hours = np.where(rng.random(count) < 0.55, morning, afternoon)
    hours = np.where(rng.random(count) < 0.06, rng.uniform(18, 21.5, count), hours)
    return np.asarray(np.clip(hours, 7.0, 21.5) * 3600, dtype=np.int64)


def _detail(
    land: Land, wish: Wish, days: Almanac, events: list[Planted],
    kind: Ints, township: Ints, moment: Ints, planted: Ints, rng: Any,
) -> Plan:  # fmt: skip
    count = len(kind)
    starts = np.concatenate(([0], np.cumsum([len(each) for each in land.townships])))
    county = np.searchsorted(starts, township, side="right") - 1
    flags = _flags(kind, rng)
    involved = _involved(kind, rng)
    sources = np.array(list(SOURCES.values()), dtype=float)
    way = _ways(kind, flags, rng)
    master = _masters(kind, township, moment)
    way = np.where((way == numbered()["merged"]) & (master < 0), numbered()["declined"], way)
    accepted = accept_moments(moment, days, rng)
    delay = np.minimum(rng.geometric(0.45, count) - 1, 90)
    delay += np.where(rng.random(count) < 0.08, rng.integers(5, 75, count), 0)
    occurred = moment // DAY - delay
    return Plan(
        seed=wish.seed, now=seconds(wish.now), almanac=days, type=kind, county=county,
        township=township, reported=moment, occurred=occurred,
        source=rng.choice(len(sources), count, p=sources / sources.sum()),
        complexity=rng.choice(3, count, p=list(COMPLEXITIES.values())),
        involved=involved, flags=flags, way=way, accepted=accepted,
        number=_numbers(county, accepted, way, seconds(wish.now)), master=master,
        planted=planted, events=events,
    )  # fmt: skip


def _flags(kind: Ints, rng: Any) -> Ints:
    found = np.zeros(len(kind), dtype=np.int64)
    for code, (types, often) in FLAGS.items():
        concerned = np.isin(kind, [type_codes().index(each) for each in types])
        hit = concerned & (rng.random(len(kind)) < often)
        found |= np.where(hit, 1 << flag_codes().index(code), 0)
    return found


def _involved(kind: Ints, rng: Any) -> Ints:
    count = 2 + np.minimum(rng.geometric(0.62, len(kind)) - 1, 6)
    groups = ("migrant_wages", "expropriation", "property_management")
    in_group = np.isin(kind, [type_codes().index(each) for each in groups])
    many = in_group & (rng.random(len(kind)) < 0.18)
    return np.asarray(np.where(many, 5 + rng.geometric(0.08, len(kind)), count))


def _ways(kind: Ints, flags: Ints, rng: Any) -> Ints:
    """Where each dispute goes: the law first, then its type, then chance."""
    count, place = len(kind), numbered()
    routes = rng.choice(4, count, p=list(ROUTE_SHARES.values()))
    tails = rng.choice(len(TAIL_SHARES), count, p=list(TAIL_SHARES.values()))
    table = np.array([[place[f"{route}_{tail}"] for tail in TAIL_SHARES] for route in ROUTE_SHARES])
    way = table[routes, tails]
    handled = np.array([HANDLED.get(code, 0.015) for code in type_codes()])[kind]
    chance = rng.random(count)
    back = rng.random(count) < 0.12
    way = np.where(chance < handled, np.where(back, place["handled_back"], place["handled"]), way)
    chance = rng.random(count)
    way = np.where(chance < 0.010, place["refused"], way)
    way = np.where((chance >= 0.010) & (chance < 0.024), place["declined"], way)
    way = np.where((chance >= 0.024) & (chance < 0.031), place["merged"], way)
    way = np.where(flags & bits("bars_mediation") > 0, place["violence"], way)
    return np.asarray(_called()[way, (flags & bits("crime") > 0).astype(np.int64)])


@cache
def _called() -> NDArray[np.int64]:
    """For every way itself and its twin in which the police is told, where it has one."""
    place = numbered()
    return np.array([[k, place.get(way.name + CALLED, k)] for k, way in enumerate(all_ways())])


def _masters(kind: Ints, township: Ints, moment: Ints) -> Ints:
    """For every row the one before it of the same type and township within 30 days, else -1."""
    order = np.lexsort((moment, kind, township))
    master = np.full(len(kind), -1, dtype=np.int64)
    before, after = order[:-1], order[1:]
    same = (kind[before] == kind[after]) & (township[before] == township[after])
    near = moment[after] - moment[before] < 30 * DAY
    master[after[same & near]] = before[same & near]
    return master


def accept_moments(moment: Ints, days: Almanac, rng: Any) -> Ints:
    """When each is accepted: mostly the same day, within office hours, rarely late."""
    wait = rng.choice(4, len(moment), p=[0.74, 0.235, 0.018, 0.007])
    return later(moment, wait, days, rng)


def later(moment: Ints, wait: Ints, days: Almanac, rng: Any) -> Ints:
    """`wait` days after `moment`, rolled to a worked day, in office hours; always later."""
    day = days.roll(moment // DAY + wait)
    hour = np.where(rng.random(len(moment)) < 0.55, 8.6, 13.1)
    hour = hour + rng.uniform(0, 2.8, len(moment))
    at = day * DAY + (hour * 3600).astype(np.int64)
    soon = moment + (rng.uniform(4, 75, len(moment)) * 60).astype(np.int64)
    return np.asarray(np.where(at > moment, at, soon))


def _numbers(county: Ints, accepted: Ints, way: Ints, now: int) -> Ints:
    """Running numbers within county and year of acceptance; 0 where none was given."""
    accepting = np.array(["accept" in each.actions for each in all_ways()])
    given = accepting[way] & (accepted <= now)
    year = accepted.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)
    rows = np.flatnonzero(given)
    order = rows[np.lexsort((rows, accepted[rows], year[rows], county[rows]))]
    key = county[order] * 10_000 + year[order]
    starts = np.concatenate(([True], key[1:] != key[:-1])) if len(order) else np.array([], bool)
    place = np.arange(len(order))
    first = np.maximum.accumulate(np.where(starts, place, 0))
    numbers = np.zeros(len(county), dtype=np.int64)
    numbers[order] = place - first + 1
    return numbers


assert set(TAIL_SHARES) == set(TAILS)  # noqa: S101
