"""Deadlines of the synthetic disputes: the rules of the limits, reckoned for whole columns.

The same events start and end them as in limits/history.py, and tests compare every due moment
with the engine's own.
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from yuantou.disputes.workflow import ENDS
from yuantou.limits.promises import PAUSED, PROMISES, PROMISES_END
from yuantou.limits.rules import LimitRule, Unit, pick
from yuantou.synth.days import DAY, DAY_END, Almanac, Ints
from yuantou.synth.plan import type_codes
from yuantou.synth.ways import Way, all_ways

RISKS = ("red", "yellow", "blue")
LEVELS = ("simple", "ordinary", "complex", "")
Rules = dict[str, tuple[LimitRule, int]]


@dataclass(frozen=True)
class Term:
    """One limit on one way: it starts with act `start`; act `end` (-1: none) meets or lapses it.

    It runs by the grade found at triage once the matter has passed act `graded`.
    """

    rule: str
    start: int
    end: int
    met: bool
    graded: int
    pause: int
    resume: int


@cache
def terms_of(way_number: int, bases: tuple[LimitRule, ...]) -> tuple[Term, ...]:
    """The limits that run on a way, in the order of their start."""
    way = all_ways()[way_number]
    found = []
    for start, event in enumerate(way.events):
        if way.states[start] in ENDS:
            continue
        for rule in bases:
            if event in rule.starts_with:
                term = _term(way, rule.code, start, rule.ends_with, rule.starts_with)
                found.append(_regraded(term, way) if rule.graded else term)
        if event in PROMISES:
            name = PROMISES[event][0]
            again = tuple(one for one, (code, _) in PROMISES.items() if code == name)
            found.append(_term(way, name, start, PROMISES_END[name], again))
    return tuple(found)


def _term(way: Way, code: str, start: int, ends: tuple[str, ...], again: tuple[str, ...]) -> Term:
    """A limit of `way`: one of `ends` meets it; the matter's end or a new start lapses it."""
    graded = start if _triaged(way) <= start else way.length
    end, met = -1, False
    for place in range(start + 1, way.length):
        if way.events[place] in (*ends, *again) or way.states[place] in ENDS:
            end, met = place, way.events[place] in ends
            break
    inner = range(start + 1, end if end > 0 else way.length)
    pause = next((k for k in inner if way.actions[k] == "suspend"), -1)
    resume = next((k for k in inner if way.actions[k] == "resume"), -1)
    promised = code in PROMISES_END and code not in PAUSED
    return Term(code, start, end, met, graded,
                -1 if promised else pause, -1 if promised else resume)  # fmt: skip


def _regraded(term: Term, way: Way) -> Term:
    """What still runs at triage goes on by the grade that is found there."""
    triaged, end = _triaged(way), term.end if term.end > 0 else way.length
    return replace(term, graded=triaged) if term.start < triaged < end else term


def _triaged(way: Way) -> int:
    return way.actions.index("triage") if "triage" in way.actions else way.length


def base_rules(rules: Rules) -> tuple[LimitRule, ...]:
    """The rules that events start; their special cases are picked afterwards."""
    return tuple(rule for rule, _ in rules.values() if rule.starts_with and not rule.of)


def choices(rules: Rules, base: str) -> NDArray[np.object_]:
    """The rule that stands for `base`, by risk, complexity (last: not yet known) and type."""
    every = tuple(rule for rule, _ in rules.values())
    table = np.empty((len(RISKS), len(LEVELS), len(type_codes())), dtype=object)
    for i, risk in enumerate(RISKS):
        for j, level in enumerate(LEVELS):
            for k, code in enumerate(type_codes()):
                kinds = (risk, level, code)
                table[i, j, k] = pick(every, base, *(kind for kind in kinds if kind)).code
    return table


def due(rule: LimitRule, start: Ints, almanac: Almanac) -> Ints:
    """When `rule`, begun at each of `start`, runs out, without pauses."""
    if rule.unit is Unit.CLOCK_HOUR:
        return start + rule.amount * 3600
    if rule.first_day_counts or rule.unit not in (Unit.CALENDAR_DAY, Unit.WORKING_DAY):
        raise ValueError(f"{rule.code}: {rule.unit} is not made for synthetic disputes")
    day = start // DAY
    if rule.unit is Unit.WORKING_DAY:
        return almanac.after(day, rule.amount) * DAY + DAY_END
    day = day + rule.amount
    rolled = almanac.roll(day) if rule.rolls_over else day
    return np.asarray(rolled * DAY + DAY_END)


def carried(rule: LimitRule, end: Ints, stopped: Ints, resumed: Ints, almanac: Almanac) -> Ints:
    """The due moment after a pause: what was left at its start counts on from its end."""
    if rule.unit is Unit.CLOCK_HOUR:
        return np.where(stopped < end, resumed + end - stopped, end)
    if rule.unit is Unit.WORKING_DAY:
        left = _worked(almanac, stopped // DAY, end // DAY)
        moved = np.where(left > 0, almanac.after(resumed // DAY, 1), almanac.roll(resumed // DAY))
        for count in np.unique(left[left > 1]):
            moved = np.where(left == count, almanac.after(resumed // DAY, int(count)), moved)
        return np.where(stopped < end, moved * DAY + DAY_END, end)
    left = np.maximum(0, end // DAY - stopped // DAY)
    return np.where(stopped < end, (resumed // DAY + left) * DAY + DAY_END, end)


def _worked(almanac: Almanac, after: Ints, until: Ints) -> Ints:
    """Worked days later than `after` and not later than `until`."""
    count = almanac.before[until + 1 - almanac.first] - almanac.before[after + 1 - almanac.first]
    return np.asarray(np.maximum(count, 0))
