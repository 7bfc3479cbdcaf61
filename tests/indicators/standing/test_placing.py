"""Counties among each other: excess is found, chance is not, missing stays missing."""

import random

import pytest

from tests.indicators.standing.counties import rates, shares
from yuantou.indicators.standing.drawing import funnel_plot, interval_plot
from yuantou.indicators.standing.placing import Minimums, _alike, stand

LEAST = Minimums(persons=20_000, matters=20, areas=5)
USUAL = [(p // 100, p) for p in (100_000, 150_000, 220_000, 300_000, 410_000, 500_000)] * 3


def test_a_planted_excess_is_found_and_nothing_else() -> None:
    standing = stand(rates(*USUAL, (3_600, 300_000)), LEAST)
    assert standing
    (found,) = standing.having("above")
    assert found.figure.numerator == 3_600
    assert found.alarm
    assert not standing.having("below")
    assert found.smoothed
    assert standing.target * 10_000 < found.smoothed < 120


def test_counties_that_differ_by_chance_alone_are_left_in_peace() -> None:
    dice = random.Random(7)
    noisy = [(round(dice.gauss(c, c**0.5)), p) for c, p in USUAL]
    standing = stand(rates(*noisy), LEAST)
    assert standing
    assert len(standing.having("above")) + len(standing.having("below")) <= 1
    assert standing.widest
    assert len(standing.widest.places) >= len(noisy) - 1
    assert standing.phi < 2


def test_equal_counties_are_one_group_and_are_never_ranked() -> None:
    standing = stand(shares(*[(80, 100)] * 8), LEAST)
    assert standing
    assert [group.letter for group in standing.groups] == ["A"]
    assert {place.verdict for place in standing.places} == {"within"}
    assert {place.rank for place in standing.places} == {None}
    assert all(place.smoothed == pytest.approx(80) for place in standing.places)


def test_groups_are_found_once_for_the_same_counts() -> None:
    _alike.cache_clear()
    counties = rates(*USUAL, (3_600, 300_000))
    first = stand(counties, LEAST)
    found = _alike.cache_info().misses
    again = stand(counties, LEAST)
    assert again == first
    assert _alike.cache_info().misses == found
    moved = stand(rates(*USUAL, (3_001, 300_000)), LEAST)
    assert moved
    assert first
    assert _alike.cache_info().misses == found + 1
    assert moved.groups != first.groups


def test_missing_and_small_ones_are_not_judged_and_move_nobody() -> None:
    alone = stand(rates(*USUAL), LEAST)
    beside = stand(rates(*USUAL, (0, None), (19, 1_900)), LEAST)
    assert alone
    assert beside
    assert [place.verdict for place in beside.places[-2:]] == ["unjudged", "unjudged"]
    assert beside.places[-2].figure.value is None
    assert beside.judged == alone.judged == len(USUAL)
    assert beside.places[:-2] == alone.places


def test_a_spread_that_all_share_is_no_finding() -> None:
    wide = [(round(3_000 * (0.5 + n / 12)), 300_000) for n in range(13)]
    standing = stand(rates(*wide), LEAST)
    assert standing
    assert not standing.having("above")
    assert not standing.having("below")
    assert len(standing.having("spread")) > 8


def test_ranks_come_only_as_intervals_where_an_office_asked_and_never_of_context() -> None:
    found = rates(*USUAL, (3_600, 300_000))
    standing = stand(found, LEAST, ranking=True)
    assert standing
    assert standing.places[-1].rank == (19, 19)
    assert standing.places[0].rank == (1, 18)


def test_too_few_or_nothing_to_weigh_gives_no_funnel() -> None:
    assert stand([], LEAST) is None
    assert stand(rates(*USUAL[:4]), LEAST) is None
    assert stand(shares(*[(0, 50)] * 9), LEAST) is None
    assert stand(shares(*[(50, 50)] * 9), LEAST) is None


def test_the_points_lie_within_the_drawing_and_only_the_shown_are_drawn() -> None:
    standing = stand(rates(*USUAL, (3_600, 300_000), (0, None)), LEAST)
    assert standing
    plot = funnel_plot(standing, [0, 1, 18, 19])
    assert plot
    assert [dot.place for dot in plot.dots] == [0, 1, 18]
    assert all(0 <= dot.x <= plot.width and 0 <= dot.y <= plot.height for dot in plot.dots)
    assert {line.kind for line in plot.lines} == {"warning", "alarm", "adjusted"}
    rows = interval_plot(standing, range(20))
    assert rows
    assert len(rows.dots) == 19
    assert rows.shade
