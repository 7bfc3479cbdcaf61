"""Planted rises are found, and clean counts stay quiet at the promised rate: both measured.

`pytest -s` prints the shares with their intervals; `make soak` measures longer.
"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from geo.rates import wilson_interval
from tests.alerts.detection.invented import Invented, province, rise
from yuantou.alerts.detection.backtest import Event, Said, tells_of
from yuantou.alerts.detection.judging import ALARM, Verdict, judge
from yuantou.alerts.detection.terms import terms

TERMS = replace(terms(), replications=99)
RECIPES = (  # what is planted: how many counties, first and last week back, times the usual
    ("burst", 1, 0, 0, 6.0),
    ("weeks", 1, 7, 0, 3.0),
    ("cluster", 4, 4, 0, 2.5),
)
SMALL = {"counties": 20, "types": 5}


def alarms(found: Invented) -> list[Verdict]:
    return [each for each in judge(found.series, found.neighbours, TERMS) if each.state == ALARM]


def planted(seed: int) -> tuple[Invented, list[Event]]:
    found, events = province(seed, mean=4.0, **SMALL), list[Event]()
    for number, (_, wide, first, last, factor) in enumerate(RECIPES):
        home = f"{5 * number:04}"
        codes = [home, *found.neighbours[home][: wide - 1]]
        found, event = rise(found, f"type{number}", codes, first, last, factor, seed)
        events.append(event)
    return found, events


def about(found: Invented, verdict: Verdict, event: Event) -> bool:
    series = found.series
    said = Said(verdict.detector, verdict.row, series.weeks - 1, series.last, verdict.members)
    return tells_of(series, said, event)


def measure(what: str, hits: int, of: int) -> tuple[float, float, float]:
    low, high = (float(limit[0]) for limit in wilson_interval([hits], [of]))
    print(f"\n{what}: {hits}/{of} = {hits / of:.1%} (95 % {low:.1%} to {high:.1%})")
    return hits / of, low, high


def quiet_nights(seeds: Sequence[int], spread: float) -> tuple[float, float, float]:
    false = sum(bool(alarms(province(seed, mean=2.0, spread=spread, **SMALL))) for seed in seeds)
    return measure(f"clean nights with a false warning, spread {spread}", false, len(seeds))


def found_share(seeds: Sequence[int]) -> tuple[float, float, float]:
    hits = dict.fromkeys((kind for kind, *_ in RECIPES), 0)
    for seed in seeds:
        found, events = planted(seed)
        said = alarms(found)
        for (kind, *_), event in zip(RECIPES, events, strict=True):
            hits[kind] += any(about(found, each, event) for each in said)
    for kind, number in hits.items():
        measure(f"planted {kind} found", number, len(seeds))
    return measure("planted rises found", sum(hits.values()), len(seeds) * len(RECIPES))


def test_clean_nights_stay_quiet() -> None:
    share, low, _ = quiet_nights(range(24), 0.0)
    assert low <= TERMS.rate, "more nights with a false warning than promised"
    assert share <= 0.17


def test_planted_rises_are_found() -> None:
    _, low, _ = found_share(range(8))
    assert low >= 0.65


def test_a_planted_cluster_names_its_counties() -> None:
    found, events = planted(3)
    scan = [each for each in alarms(found) if len(each.members) > 1]
    named = {found.series.places[row].code for each in scan for row in each.members}
    assert len(named & set(events[2].areas)) >= 3


@pytest.mark.soak
@pytest.mark.parametrize("spread", [0.0, 0.1])
def test_clean_nights_stay_quiet_for_long(spread: float) -> None:
    _, low, high = quiet_nights(range(1_000, 1_400), spread)
    assert low <= TERMS.rate
    assert high <= 2 * TERMS.rate


@pytest.mark.soak
def test_planted_rises_are_found_for_long() -> None:
    _, low, _ = found_share(range(1_000, 1_080))
    assert low >= 0.8
