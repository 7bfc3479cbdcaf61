"""When each act of each dispute happened: columns of moments, cut off at the present."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yuantou.synth.days import DAY, Almanac, Ints
from yuantou.synth.plan import Plan, bits, later
from yuantou.synth.seasons import Floats
from yuantou.synth.ways import Way, all_ways

TERMS = np.array([3, 7, 15, 30, 60, 90])  # days in which an agreement is to be performed
TERM_SHARES = (0.08, 0.22, 0.25, 0.28, 0.12, 0.05)
# act: how likely it comes 0, 1, 2, … days after the one before
WAITS: dict[str, tuple[float, ...]] = {
    "triage": (0.82, 0.165, 0.012, 0.003),
    "dispatch": (0.86, 0.13, 0.01),
    "return": (0.6, 0.4),
    "sign": (0.60, 0.365, 0.025, 0.01),
    "mediate": (0.34, 0.40, 0.20, 0.04, 0.015, 0.005),
    "handle": (0.3, 0.4, 0.25, 0.05),
    "note_refusal": (0.3, 0.3, 0.2, 0.1, 0.05, 0.05),
    "advise_path": (0.8, 0.15, 0.05),
    "plan_follow_up": (0.9, 0.08, 0.02),
    "begin_performance": (1.0,),
    "decline": (0.6, 0.37, 0.03),
    "merge": (0.6, 0.37, 0.03),
}
# act: mean days for a simple, an ordinary and a complex matter
MEANS: dict[str, tuple[float, float, float]] = {
    "agree": (2.2, 7.5, 17.0),
    "fail": (6.0, 13.0, 24.0),
    "terminate": (3.0, 6.0, 10.0),
    "suspend": (3.0, 5.0, 7.0),
    "resume": (6.0, 11.0, 18.0),
    "escalate": (7.0, 10.0, 14.0),
    "reply": (5.0, 12.0, 24.0),
    "close": (9.0, 12.0, 14.0),
    "reopen": (28.0, 28.0, 28.0),
    "urge": (4.0, 5.0, 6.0),
}
AT_ONCE = ("report_to_police",)
# Red and yellow matters do not wait for office hours: longest usual minutes for these acts.
URGENT = ("triage", "dispatch", "sign")
URGENT_MINUTES = {"red_line": 92.0, "aggravating": 238.0}


@dataclass(frozen=True)
class Histories:
    """Moments (row × act, -1 beyond the present) and how many acts each row has behind it."""

    moments: Ints
    reached: Ints
    term: Ints
    ways: Ints


@cache
def longest() -> int:
    """Acts of the longest way."""
    return max(way.length for way in all_ways())


def histories(plan: Plan, rows: slice, rng: Any) -> Histories:
    """Draw the moments of some rows of the plan."""
    ways = plan.way[rows]
    moments = np.full((len(ways), longest()), -1, dtype=np.int64)
    moments[:, 0] = plan.reported[rows]
    term = rng.choice(TERMS, len(ways), p=TERM_SHARES)
    complexity, accepted = plan.complexity[rows], plan.accepted[rows]
    hurry = _hurry(plan.flags[rows])
    for number in np.unique(ways):
        of_way = np.flatnonzero(ways == number)
        part = _walk(
            all_ways()[number],
            moments[of_way, 0],
            accepted[of_way],
            complexity[of_way],
            term[of_way],
            hurry[of_way],
            plan.almanac,
            rng,
        )
        moments[of_way, : part.shape[1]] = part
    happened = (moments >= 0) & (moments <= plan.now)
    happened = np.logical_and.accumulate(happened, axis=1)
    return Histories(np.where(happened, moments, -1), happened.sum(axis=1), term, ways)


def _walk(
    way: Way,
    reported: Ints,
    accepted: Ints,
    complexity: Ints,
    term: Ints,
    hurry: Floats,
    days: Almanac,
    rng: Any,
) -> Ints:
    column, columns = reported, [reported]
    agreed = reported
    for place, action in enumerate(way.actions[1:], start=1):
        if action in ("accept", "decline", "merge"):
            column = accepted
        elif action in AT_ONCE:
            column = column + (rng.uniform(3, 25, len(column)) * 60).astype(np.int64)
        elif action in ("perform", "default"):
            column = _paid(way.actions[place - 1], action, column, agreed, term, days, rng)
        else:
            usual = later(column, _wait(action, complexity, rng), days, rng)
            column = _urged(column, usual, hurry, rng) if action in URGENT else usual
        agreed = column if action == "agree" else agreed
        columns.append(column)
    return np.stack(columns, axis=1)


def _hurry(flags: Ints) -> Floats:
    """Minutes within which urgent acts usually follow, 0 where nothing hurries."""
    red, yellow = (flags & bits(choose) > 0 for choose in URGENT_MINUTES)
    most = URGENT_MINUTES
    return np.where(red, most["red_line"], np.where(yellow, most["aggravating"], 0.0))


def _urged(before: Ints, usual: Ints, hurry: Floats, rng: Any) -> Ints:
    """Urgent ones at once, save a few that are forgotten until the usual time."""
    soon = before + (rng.uniform(0.05, 1.0, len(before)) * hurry * 60).astype(np.int64)
    return np.where(
        (hurry > 0) & (rng.random(len(before)) < 0.94), np.maximum(soon, before + 60), usual
    )


def _wait(action: str, complexity: Ints, rng: Any) -> Ints:
    if action in WAITS:
        return np.asarray(rng.choice(len(WAITS[action]), len(complexity), p=WAITS[action]))
    mean = np.array(MEANS[action])[complexity]
    drawn = np.minimum(rng.gamma(1.8, mean / 1.8), 80)
    return np.asarray(drawn, dtype=np.int64)


def _paid(
    before: str, action: str, column: Ints, agreed: Ints, term: Ints, days: Almanac, rng: Any
) -> Ints:
    """On the spot after an agreement, else before the due day; late where it was in default."""
    if before == "agree":
        return np.asarray(column + (rng.uniform(5, 50, len(column)) * 60).astype(np.int64))
    if action == "default":
        return later(agreed + (term + 1) * DAY, rng.integers(0, 4, len(term)), days, rng)
    if before == "begin_performance":
        wait = (term * rng.beta(2.2, 1.2, len(term))).astype(np.int64)
        paid = later(column, wait, days, rng)
        last = (agreed // DAY + term) * DAY + 17 * 3600
        return np.where(paid <= last, paid, np.maximum(last, column + 1800))
    return later(column, rng.integers(2, 40, len(term)), days, rng)


def place_of(ways: tuple[Way, ...], actions: tuple[str, ...], *, last: bool) -> NDArray[np.int64]:
    """For every way and number of acts done, where one of `actions` stands among them, else -1."""
    table = np.full((len(ways), longest() + 1), -1, dtype=np.int64)
    for number, way in enumerate(ways):
        for done in range(1, longest() + 1):
            found = [k for k in range(min(done, way.length)) if way.actions[k] in actions]
            table[number, done] = (found[-1] if last else found[0]) if found else -1
    return table
