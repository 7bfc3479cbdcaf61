"""Two rates, two shares, and chance: published examples and what must always hold."""

from itertools import permutations as orders

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from geo.differences import burstiness, compare_rates, compare_shares, heaping, permutation_p

events = st.integers(0, 60)
people = st.integers(1, 10_000)


def test_rates_as_published() -> None:
    # OpenEpi's example "Comparing 2 Person-Time Rates" (Sullivan 2006), Fisher exact:
    # strata 17 / 100025 against 3 / 122268, and 8 / 78531 against 1 / 77932.
    found = compare_rates([17, 8], [100_025, 78_531], [3, 1], [122_268, 77_932])
    assert found.ratio == pytest.approx([6.927, 7.939], abs=5e-4)
    assert found.lower == pytest.approx([2.004, 1.064], abs=5e-4)
    assert found.upper == pytest.approx([36.89, 352.3], rel=2e-4)
    assert found.p == pytest.approx([0.0005538, 0.04015], rel=2e-4)


def test_mid_p_as_published() -> None:
    # The same example, "Mid-P exact".
    found = compare_rates([17, 8], [100_025, 78_531], [3, 1], [122_268, 77_932], mid_p=True)
    assert found.lower == pytest.approx([2.21, 1.27], abs=5e-3)
    assert found.upper == pytest.approx([29.63, 177.6], rel=3e-4)
    assert found.p == pytest.approx([0.0003127, 0.02210], rel=2e-4)


def test_limits_are_those_of_r() -> None:
    # R's help of poisson.test: c(11, 6+8+7), c(800, 1083+1050+878).
    found = compare_rates(11, 800, 21, 3_011)
    assert found.ratio == pytest.approx(1.971488, abs=1e-6)
    assert (found.lower, found.upper) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)


def test_differences_of_shares_as_published() -> None:
    # Newcombe (1998), Statistics in Medicine 17: 873-890, table II, method 10.
    found = compare_shares(
        [56, 9, 6, 5, 0, 0, 10, 10],
        [70, 10, 7, 56, 10, 10, 10, 10],
        [48, 3, 2, 0, 0, 0, 0, 0],
        [80, 10, 7, 29, 20, 10, 20, 10],
    )
    lower = [0.0524, 0.1705, 0.0582, -0.0381, -0.1611, -0.2775, 0.6791, 0.6075]
    upper = [0.3339, 0.8090, 0.8062, 0.1926, 0.2775, 0.2775, 1.0, 1.0]
    assert found.lower == pytest.approx(lower, abs=5.1e-5)
    assert found.upper == pytest.approx(upper, abs=5.1e-5)


@given(events, people, events, people)
def test_changing_sides_turns_the_ratio_over(x: int, n: int, y: int, m: int) -> None:
    one, other = compare_rates(x, n, y, m), compare_rates(y, m, x, n)
    assert one.p == pytest.approx(other.p)
    if x and y:
        assert one.lower == pytest.approx(1 / other.upper)
        assert one.lower < one.ratio < one.upper
    mid = compare_rates(x, n, y, m, mid_p=True)
    assert mid.lower >= one.lower
    assert mid.upper <= one.upper
    assert mid.p <= one.p


@given(st.integers(1, 60), people, st.integers(1, 60), people)
def test_limits_exclude_one_exactly_when_p_is_small(x: int, n: int, y: int, m: int) -> None:
    for mid_p in (False, True):
        found = compare_rates(x, n, y, m, mid_p=mid_p)
        if abs(found.p - 0.05) > 1e-6:
            assert (found.p < 0.05) == bool(found.lower > 1 or found.upper < 1)


@given(events, people, events, people)
def test_the_tail_is_the_binomial_one(x: int, n: int, y: int, m: int) -> None:
    least = stats.binom.sf(x - 1, x + y, n / (n + m))
    most = stats.binom.cdf(x, x + y, n / (n + m))
    assert compare_rates(x, n, y, m).p == pytest.approx(min(1, 2 * least, 2 * most))


def test_no_event_no_population_and_nothing_known() -> None:
    found = compare_rates([0, 3, 3, None], [10, 0, 10, 10], [0, 1, 0, 1], [10, 10, 10, 10])
    assert (found.lower[0], found.upper[0], found.p[0]) == (0, np.inf, 1)
    assert np.isnan([found.ratio[0], found.ratio[1], found.p[1], found.p[3]]).all()
    assert found.ratio[2] == found.upper[2] == np.inf
    assert found.lower[2] > 0
    assert compare_rates([], [], [], []).p.tolist() == []
    assert np.isnan(compare_shares([0], [0], [1], [2]).lower).all()


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 30), st.integers(1, 30))
def test_a_difference_lies_within_its_limits(a: int, b: int, n: int, m: int) -> None:
    found = compare_shares(min(a, n), n, min(b, m), m)
    assert -1 - 1e-9 <= found.lower <= found.difference + 1e-9
    assert found.difference - 1e-9 <= found.upper <= 1 + 1e-9


def test_permutations_agree_with_all_of_them() -> None:
    values = np.array([1.0, 2, 4, 7, 9, 12])
    labels = np.array([0, 0, 1, 0, 1, 1])

    def gap(drawn: np.ndarray) -> float:
        return float(values[drawn == 1].mean() - values[drawn == 0].mean())

    every = np.array([gap(np.array(order)) for order in orders(labels.tolist())])
    real = gap(labels)
    assert permutation_p(gap, labels, 9_999, seed=1) == pytest.approx(
        np.mean(every >= real - 1e-9), abs=0.01
    )
    assert permutation_p(gap, labels, 999, 1, "less") > 0.8
    assert permutation_p(gap, labels, 9_999, 1, "both") == pytest.approx(
        2 * np.mean(every >= real - 1e-9), abs=0.02
    )


def test_p_is_never_zero_and_the_same_for_a_seed() -> None:
    values = np.arange(40.0)
    labels = values >= 20

    def total(drawn: np.ndarray) -> float:
        return float(values[drawn].sum())

    assert permutation_p(total, labels, 99) == 0.01
    assert permutation_p(lambda drawn: 1.0, labels, 99) == 1
    assert np.isnan(permutation_p(lambda drawn: np.nan, labels, 9))
    mixed = np.arange(40) % 3 == 0
    assert permutation_p(total, mixed, 99, seed=4) == permutation_p(total, mixed, 99, seed=4)


def test_heaping_is_the_binomial_tail() -> None:
    # 30 days alike, 9 of 40 events in the last 3: P(X >= 9 | 40, 0.1) = 0.0155.
    left = [0, 1, 2] * 3 + [10 + n % 20 for n in range(31)]
    found = heaping(left, 3, span=30, seed=2)
    assert (found.observed, found.events) == (9, 40)
    assert found.expected == pytest.approx(4.0)
    assert found.ratio == pytest.approx(2.25)
    assert found.p == pytest.approx(stats.binom.sf(8, 40, 0.1), abs=0.004)


def test_heaping_knows_each_limit_and_forgets_the_late() -> None:
    found = heaping([0, 1, 5, -2, np.nan, 50], 2, span=[2, 10, 10, 10, 10, 20])
    assert (found.observed, found.events) == (2, 3)
    assert found.expected == pytest.approx(1 + 0.2 + 0.2)
    assert heaping([0, 0, 9], 1).expected == pytest.approx(0.3)


@pytest.mark.parametrize("days", [[], [-1.0], [np.nan]])
def test_no_event_no_heap(days: list[float]) -> None:
    found = heaping(days, 3)
    assert (found.observed, found.expected, found.events) == (0, 0, 0)
    assert np.isnan([found.ratio, found.p]).all()


def test_even_days_are_rarely_a_heap() -> None:
    rng = np.random.default_rng(11)
    p = np.array([heaping(rng.integers(0, 30, 60), 3, 30, 199).p for _ in range(300)])
    assert np.mean(p <= 0.05) < 0.09


def test_one_unit_in_a_hurry_is_found_among_its_peers() -> None:
    rng = np.random.default_rng(5)
    times = np.concatenate([rng.uniform(0, 100, 380), 50 + rng.uniform(0, 0.1, 20)])
    units = np.concatenate([np.repeat(np.arange(19), 20), np.full(20, 19)])
    found = burstiness(times, units, 0.5, permutations=199, seed=1)
    assert found.most[19] == 20
    assert found.p[19] == 1 / 200
    assert found.p[:19].min() > 0.005
    assert found.events.tolist() == [20] * 20


def test_a_rhythm_common_to_all_is_no_burst() -> None:
    rng = np.random.default_rng(6)
    times = np.round(rng.uniform(0, 20, 400)) + rng.uniform(0, 0.01, 400)
    found = burstiness(times, rng.integers(0, 10, 400), 0.1, permutations=199, seed=1)
    assert found.p.min() > 0.01


@given(st.permutations(range(30)), st.integers(-1_000, 1_000))
def test_order_and_origin_of_time_are_nothing(order: list[int], shift: int) -> None:
    times = np.arange(30.0) ** 2
    units = np.arange(30) % 3
    plain = burstiness(times, units, 50, permutations=1)
    moved = burstiness(times[order] + shift, units[order], 50, permutations=1)
    assert moved.most.tolist() == plain.most.tolist()


def test_one_unit_and_none_are_no_burst() -> None:
    assert burstiness([1, 1, 9], ["a"] * 3, 1, 9).p.tolist() == [1.0]
    assert burstiness([], [], 1, 9).p.tolist() == []
    assert burstiness([np.nan], ["a"], 1, 9).units.tolist() == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: compare_rates([1], [1], [1, 2], [1, 2]), "events differ in shape"),
        (lambda: compare_rates(1, 1, -1, 1), "other_events negative"),
        (lambda: compare_rates(1, 1, 1, 1, level=2), "level must lie between 0 and 1"),
        (lambda: compare_shares([1], [1], [1, 1], [1, 1]), "hits differ in shape"),
        (lambda: permutation_p(len, [1], side="up"), "side must be"),  # type: ignore[arg-type]
        (lambda: permutation_p(len, [1], 0), "permutations must be at least 1"),
        (lambda: heaping([0.5], 1), "days_left no whole day at position 0"),
        (lambda: heaping([0], 0), "window must be at least 1"),
        (lambda: heaping([0], 1, span=[1, 2]), "1 days_left but span"),
        (lambda: heaping([0], 1, span=0), "span 0"),
        (lambda: burstiness([1], [1, 2], 1), "1 times but units"),
        (lambda: burstiness([1], [1], 0), "window must be above 0"),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
