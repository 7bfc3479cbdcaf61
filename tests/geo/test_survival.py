"""Durable success: Kaplan-Meier and log-rank against published values."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.survival import kaplan_meier, log_rank

# Freireich et al. (1963), Blood 21: 699-716: weeks in remission, 6-MP and placebo.
DRUG = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = [6, 7, 10, 13, 16, 22, 23]

cases = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=40)


def test_leukaemia_as_published() -> None:
    # Kleinbaum and Klein, Survival Analysis, ch. 2: S and Greenwood's standard errors.
    curve = kaplan_meier(DRUG, RELAPSED, at=WEEKS)
    assert curve.survival == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert curve.standard_error == pytest.approx(
        [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5
    )
    assert curve.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert curve.events.tolist() == [3, 1, 1, 1, 1, 1, 1]


def test_log_log_limits_as_published() -> None:
    # Stata's manual, "sts list" of the same data (limits on the log-log scale).
    curve = kaplan_meier(DRUG, RELAPSED, at=WEEKS)
    assert curve.lower == pytest.approx(
        [0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881], abs=5e-5
    )
    assert curve.upper == pytest.approx(
        [0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801], abs=5e-5
    )


def test_log_rank_as_published() -> None:
    # The same book, and R's survdiff: 9 and 21 observed, 19.25 and 10.75 expected, 16.79.
    groups = ["6-MP"] * 21 + ["placebo"] * 21
    test = log_rank(DRUG + PLACEBO, RELAPSED + [1] * 21, groups)
    assert test.chi2 == pytest.approx(16.79, abs=5e-3)
    assert test.p == pytest.approx(4.17e-5, abs=5e-8)
    assert test.freedom == 1
    assert test.observed.tolist() == [9, 21]
    assert test.expected == pytest.approx([19.25, 10.75], abs=5e-3)


def test_the_future_is_not_invented() -> None:
    curve = kaplan_meier([10, 50, 100], [1, 0, 0], at=[5, 50, 100, 101])
    assert curve.survival[:3] == pytest.approx([1, 2 / 3, 2 / 3])
    assert np.isnan([curve.survival[3], curve.lower[3], curve.upper[3]]).all()
    assert curve.watched.tolist() == [3, 2, 1, 0]


def test_nothing_ended_still_has_a_lower_limit() -> None:
    # The exact binomial limit of 10 out of 10: 0.025 ** (1 / 10) = 0.6915.
    curve = kaplan_meier([180] * 10, [0] * 10, at=[180])
    assert (curve.survival[0], curve.upper[0]) == (1, 1)
    assert curve.lower[0] == pytest.approx(0.6915, abs=5e-5)


def test_all_ended_is_zero_ever_after() -> None:
    curve = kaplan_meier([1, 2, 3], [1, 1, 1], at=[3, 400])
    assert curve.survival.tolist() == [0, 0]
    assert curve.lower.tolist() == [0, 0]
    assert (curve.upper > 0).all()
    assert kaplan_meier([3], [1], at=[3]).upper == pytest.approx([0.975])


def test_nobody_gives_nothing() -> None:
    curve = kaplan_meier([], [])
    assert np.isnan(curve.survival).all()
    assert curve.watched.tolist() == [0, 0]
    assert np.isnan(log_rank([], [], []).chi2)
    assert np.isnan(log_rank([1, 2], [1, 1], ["a", "a"]).p)
    assert np.isnan(log_rank([1, 2], [0, 0], ["a", "b"]).p)


@given(cases)
def test_without_censoring_it_is_the_plain_share(drawn: list[tuple[int, bool]]) -> None:
    time = np.array([t for t, _ in drawn], dtype=float)
    curve = kaplan_meier(time, np.ones(len(time)), at=[0, 10, 39])
    assert curve.survival == pytest.approx([(time > t).mean() for t in (0, 10, 39)])


@given(cases, st.floats(0.5, 30), st.randoms(use_true_random=False))
def test_unit_and_order_do_not_matter(
    drawn: list[tuple[int, bool]], scale: float, rng: Random
) -> None:
    shuffled = list(drawn)
    rng.shuffle(shuffled)
    plain = kaplan_meier([t for t, _ in drawn], [e for _, e in drawn], [5.5, 20.5])
    times = [t * scale for t, _ in shuffled]
    other = kaplan_meier(times, [e for _, e in shuffled], [5.5 * scale, 20.5 * scale])
    for name in ("survival", "standard_error", "lower", "upper"):
        assert getattr(other, name) == pytest.approx(getattr(plain, name), nan_ok=True)


@given(cases, cases)
def test_limits_hold_the_curve_and_groups_are_symmetric(
    drawn: list[tuple[int, bool]], others: list[tuple[int, bool]]
) -> None:
    points = np.arange(0.0, 41.0, 5.0)
    curve = kaplan_meier([t for t, _ in drawn], [e for _, e in drawn], points)
    known = ~np.isnan(curve.survival)
    assert (curve.lower <= curve.survival + 1e-12)[known].all()
    assert (curve.upper >= curve.survival - 1e-12)[known].all()
    assert (np.diff(curve.survival[known]) <= 0).all()
    time, event = zip(*drawn, *others, strict=True)
    labels = [1] * len(drawn) + [2] * len(others)
    one, other = log_rank(time, event, labels), log_rank(time, event, [-n for n in labels])
    assert other.chi2 == pytest.approx(one.chi2, nan_ok=True)
    assert one.observed.sum() == pytest.approx(one.expected.sum())


@pytest.mark.parametrize(
    ("time", "event", "message"),
    [
        ([1, -1], [0, 1], "time negative at position 1"),
        ([np.nan], [0], "time unknown at position 0"),
        ([1], [2], "event neither true nor false at position 0"),
        ([1, 2], [1], "2 times but 1 events"),
    ],
)
def test_bad_input_is_named(time: list[float], event: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(time, event)


def test_groups_must_be_as_many_as_cases() -> None:
    with pytest.raises(ValueError, match="2 times but groups of shape"):
        log_rank([1, 2], [1, 1], ["a"])
