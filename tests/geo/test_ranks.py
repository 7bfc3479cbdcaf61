"""Ranks: what may be claimed about them, and what may not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from geo.ranks import (
    flip_probability,
    indistinguishable_groups,
    log_rates,
    rank_intervals,
    told_apart,
)

estimates = arrays(np.float64, 7, elements=st.integers(-40, 40).map(float))
errors = arrays(np.float64, 7, elements=st.integers(1, 20).map(float))
FEW = 199


def test_the_critical_value_is_tukeys() -> None:
    # Published table of the studentised range: q(0.05; 10 groups, infinite freedom) = 4.474;
    # of pairs of equal error the bound of |t| is q / sqrt(2) = 3.1636.
    gap = 4.474 / np.sqrt(2) * np.sqrt(2)
    units = np.zeros(10)
    for factor, claimed in [(0.985, False), (1.015, True)]:
        units[0] = gap * factor
        found = told_apart(units, np.ones(10), method="single", draws=99_999)
        assert found[0, 1:].all() == claimed
        assert found.any() == claimed


def test_intervals_hold_all_true_ranks_at_once() -> None:
    # 300 repeated years of 12 units, true values 0 … 2.75: at least 95 % (less noise).
    rng = np.random.default_rng(8)
    truth, error = np.arange(12) / 4, np.linspace(0.2, 1.2, 12)
    right = 0
    for year in range(300):
        found = rank_intervals(truth + rng.normal(0, error), error, draws=399, seed=year)
        place = np.arange(12, 0, -1)
        right += bool(((found.lower <= place) & (place <= found.upper)).all())
    assert right / 300 > 0.93


def test_equal_units_are_rarely_told_apart() -> None:
    rng = np.random.default_rng(9)
    false = [
        told_apart(rng.normal(size=8), np.ones(8), draws=399, seed=n).any() for n in range(400)
    ]
    assert np.mean(false) == pytest.approx(0.05, abs=0.035)


def test_holm_by_hand() -> None:
    # Three units, six one-sided tests: t = 3 / sqrt(2) and 6 / sqrt(2) in units of error 1:
    # p 0.0169 (twice) and 0.00001; only the widest passes 0.05 / 6, next is 0.05 / 5.
    above = told_apart([0, 3, 6], [1, 1, 1], method="holm")
    assert np.argwhere(above).tolist() == [[2, 0]]
    assert np.argwhere(told_apart([0, 4, 8], [1, 1, 1], method="holm")).tolist() == [
        [1, 0],
        [2, 0],
        [2, 1],
    ]


def test_far_apart_is_a_ranking_and_all_equal_is_none() -> None:
    found = rank_intervals([10, 30, 20], [0.1, 0.1, 0.1])
    assert found.rank.tolist() == found.lower.tolist() == found.upper.tolist() == [3, 1, 2]
    assert rank_intervals([10, 30, 20], [0.1] * 3, descending=False).rank.tolist() == [1, 3, 2]
    tied = rank_intervals([5] * 4, [1] * 4)
    assert (tied.rank.tolist(), tied.lower.tolist(), tied.upper.tolist()) == (
        [1] * 4,
        [1] * 4,
        [4] * 4,
    )


def test_counts_of_small_places_cannot_be_ranked() -> None:
    # 3 and 5 events in 10,000 persons say nothing; 300 and 500 in 1,000,000 do.
    small = rank_intervals(*log_rates([3, 5], [10_000, 10_000]))
    large = rank_intervals(*log_rates([300, 500], [1_000_000, 1_000_000]))
    assert (small.lower.tolist(), small.upper.tolist()) == ([1, 1], [2, 2])
    assert (large.lower.tolist(), large.upper.tolist()) == ([2, 1], [2, 1])
    values, spread = log_rates([0, 3, None], [100, 0, 5], per=10)
    assert values[0] == pytest.approx(np.log(0.05))
    assert spread[0] == pytest.approx(np.sqrt(2))
    assert np.isnan([*values[1:], *spread[1:]]).all()


def test_the_unknown_have_no_rank() -> None:
    found = rank_intervals([3, np.nan, 1, 2], [0.1, 1, 0.1, np.nan])
    assert found.rank[[0, 2]].tolist() == [1, 2]
    assert found.upper[[0, 2]].tolist() == [1, 2]
    assert np.isnan([found.rank[1], found.lower[3], found.upper[1]]).all()
    groups = indistinguishable_groups([3, np.nan, 1, 2], [0.1, 1, 0.1, np.nan])
    assert [group.tolist() for group in groups] == [[0], [2]]


def test_one_unit_and_none() -> None:
    one = rank_intervals([1], [1])
    assert (one.rank[0], one.lower[0], one.upper[0]) == (1, 1, 1)
    assert rank_intervals([], []).rank.tolist() == []
    assert indistinguishable_groups([], []) == []
    assert [group.tolist() for group in indistinguishable_groups([1], [1])] == [[0]]
    assert flip_probability([1], [1]).order == 0
    assert np.isnan(flip_probability([], []).order)


def test_groups_overlap_where_the_middle_fits_both() -> None:
    groups = indistinguishable_groups([0, 2.5, 5, 20], [1, 1, 1, 1])
    assert [group.tolist() for group in groups] == [[3], [2, 1], [1, 0]]


@given(estimates, errors)
def test_sharing_a_group_is_not_being_told_apart(x: np.ndarray, s: np.ndarray) -> None:
    above = told_apart(x, s, draws=FEW)
    groups = indistinguishable_groups(x, s, draws=FEW)
    for i in range(7):
        for j in range(i):
            together = any(i in group and j in group for group in groups)
            assert together != (above[i, j] or above[j, i])
    assert not (above & above.T).any()


@given(estimates, errors, st.floats(-50, 50), st.floats(0.1, 20))
def test_shift_and_scale_change_nothing(
    x: np.ndarray, s: np.ndarray, shift: float, scale: float
) -> None:
    plain = rank_intervals(x, s, draws=FEW)
    moved = rank_intervals(x * 2.0 + 64, s * 2.0, draws=FEW)
    assert moved.lower.tolist() == plain.lower.tolist()
    assert moved.upper.tolist() == plain.upper.tolist()
    holm = rank_intervals(x * scale + shift, s * scale, method="holm")
    assert (holm.lower <= holm.upper).all()


@given(estimates, errors, st.permutations(range(7)))
def test_the_order_of_units_does_not_matter(x: np.ndarray, s: np.ndarray, order: list[int]) -> None:
    plain = rank_intervals(x, s, method="holm")
    shuffled = rank_intervals(x[order], s[order], method="holm")
    assert shuffled.rank.tolist() == plain.rank[order].tolist()
    assert shuffled.lower.tolist() == plain.lower[order].tolist()
    assert shuffled.upper.tolist() == plain.upper[order].tolist()


@given(estimates, errors)
def test_one_step_claims_no_more_than_many(x: np.ndarray, s: np.ndarray) -> None:
    single = told_apart(x, s, method="single", draws=FEW)
    stepdown = told_apart(x, s, draws=FEW)
    assert (stepdown | ~single).all()
    assert (x[:, None] > x)[stepdown].all()
    found = rank_intervals(x, s, draws=FEW)
    assert (found.lower <= found.rank).all()
    assert (found.rank <= found.upper).all()


def test_two_units_flip_as_often_as_the_normal_tail_says() -> None:
    flips = flip_probability([1, 0], [1, 1], draws=99_999)
    tail = stats.norm.sf(1 / np.sqrt(2))
    assert flips.pair[0, 1] == pytest.approx(tail)
    assert flips.order == pytest.approx(tail, abs=0.005)
    assert flips.leader == flips.order
    assert flips.rank.tolist() == [flips.order] * 2
    assert flip_probability([1, 1], [1, 1]).pair[0, 1] == 0.5


def test_flips_repeat_for_a_seed_and_leave_out_the_unknown() -> None:
    values, spread = [1, 2, np.nan, 9], [1, 1, 1, 0.1]
    first, second = (flip_probability(values, spread, seed=4) for _ in range(2))
    assert first.rank.tolist()[:2] == second.rank.tolist()[:2]
    assert first.leader == 0
    assert np.isnan([first.rank[2], first.pair[2, 0]]).all()
    assert first.pair[0, 0] == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rank_intervals([1, 2], [1, 0]), "standard_errors not above 0 at position 1"),
        (lambda: rank_intervals([1, 2], [1]), "2 estimates but 1 standard errors"),
        (lambda: told_apart([1], [1], method="best"), "method must be one of"),  # type: ignore[arg-type]
        (lambda: told_apart([1, 2], [1, 1], draws=5), "draws must be at least"),
        (lambda: flip_probability([1], [1], draws=0), "draws must be at least 1"),
        (lambda: log_rates([1], [1], per=0), "per must be above 0"),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
