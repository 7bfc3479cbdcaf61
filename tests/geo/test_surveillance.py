"""Surveillance: the same as R's package, and sober at the edges."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from geo.seasonal import quantile, reference, tail
from geo.surveillance import Surveillance, cusum, ears, farrington_flexible

LATEST = 10


@pytest.fixture(scope="module")
def r() -> dict[str, Any]:
    """Six series of 322 weeks and what R's surveillance says of them; the file names calls."""
    known: dict[str, Any] = json.loads(
        Path(__file__).with_name("surveillance_in_r.json").read_text(encoding="utf-8")
    )
    return known


def table(rows: Any) -> np.ndarray:
    return np.array(rows, dtype=np.float64)


@pytest.mark.parametrize(
    ("key", "threshold"), [("farrington", 2.58), ("farrington_unweighted", None)]
)
def test_farrington_gives_the_bounds_of_r(
    r: dict[str, Any], key: str, threshold: float | None
) -> None:
    found = farrington_flexible(r["counts"], latest=LATEST, reweighted_above=threshold)
    upper, expected = table(r[key]["upper"]), table(r[key]["expected"])
    assert found.upper[:, -LATEST:] == pytest.approx(upper, nan_ok=True, abs=0)
    judged = ~np.isnan(upper)
    assert found.expected[:, -LATEST:][judged] == pytest.approx(expected[judged], rel=1e-5)
    assert np.isnan(found.upper[:, :-LATEST]).all()
    assert found.alarm[:, -LATEST:].any()
    assert (found.alarm == (np.array(r["counts"]) > found.upper)).all()


@pytest.mark.parametrize("method", ["C1", "C2"])
def test_ears_gives_the_bounds_of_r(r: dict[str, Any], method: Any) -> None:
    found = ears(r["counts"], method)
    assert found.upper[:, -LATEST:] == pytest.approx(table(r["ears"][method]), abs=1e-6)


def test_cusum_alarms_when_r_does(r: dict[str, Any]) -> None:
    found = cusum(r["counts"], training=52)
    alarms = [np.flatnonzero(series[52:]).tolist() for series in found.alarm]
    assert alarms == r["cusum_alarms"]


def test_c1_by_hand() -> None:
    counts = [3, 5, 4, 6, 2, 4, 4, 12]
    found = ears(counts, "C1")
    deviation = np.std(counts[:7], ddof=1)
    assert found.upper[7] == pytest.approx(4 + 3.0902323 * deviation)
    assert found.alarm.tolist() == [False] * 7 + [True]
    assert found.p[7] == pytest.approx(stats.norm.sf(8 / deviation))
    assert np.isnan(found.upper[:7]).all()


def test_ears_alarms_as_often_as_seven_periods_allow() -> None:
    # The deviation is estimated: under normal counts t with 6 degrees of freedom, not z.
    counts = np.random.default_rng(2).normal(1_000, 30, (2_000, 60))
    share = ears(counts).alarm[:, 7:].mean()
    assert share == pytest.approx(stats.t.sf(3.0902323 / np.sqrt(8 / 7), 6), abs=0.0015)
    assert share == pytest.approx(0.0138, abs=0.0015)


def test_c2_keeps_a_slow_start_out_of_its_baseline() -> None:
    counts = [3, 5, 4, 6, 2, 4, 4, 10, 11, 12]
    assert not ears(counts, "C1").alarm[9]
    assert ears(counts, "C2").alarm[9]


def test_c3_adds_up_what_three_periods_exceed() -> None:
    counts = np.random.default_rng(1).poisson(5, 60).astype(float)
    counts[40:44] += [8, 12, 14, 2]
    excess = np.full(60, np.nan)
    for t in range(9, 60):
        before = counts[t - 9 : t - 2]
        excess[t] = max((counts[t] - before.mean()) / max(before.std(ddof=1), 0.5) - 1, 0)
    sums = [excess[t - 2 : t + 1].sum() for t in range(11, 60)]
    found = ears(counts, "C3")
    assert (found.alarm[11:] == (np.array(sums) > 1.959964)).all()
    assert found.alarm[41:44].any()
    assert np.isnan(found.upper[:11]).all()
    for shift, alarm in ((1e-6, True), (-1e-6, False)):
        counts[20] = found.upper[20] + shift
        assert ears(counts, "C3").alarm[20] == alarm


def test_sparse_series_need_more_than_one_case() -> None:
    quiet = [0, 0, 0, 0, 0, 0, 0, 1]
    assert ears(quiet, min_sigma=0).alarm[7]
    assert not ears(quiet).alarm[7]


def test_a_rise_in_the_mean_is_told_by_cusum_before_any_single_count_stands_out() -> None:
    counts = np.r_[np.tile([2, 5, 8, 5], 13), np.full(12, 8)]
    found = cusum(counts)
    assert found.alarm[52:].any()
    assert not ears(counts).alarm[55:].any()
    assert np.isnan(found.upper[:52]).all()


def test_the_bound_of_cusum_is_where_the_alarm_begins() -> None:
    counts = np.array([5.0, 6, 7, 8])
    upper = cusum(counts, 5.0).upper[3]
    for shift, alarm in ((1e-6, True), (-1e-6, False)):
        assert cusum([5.0, 6, 7, upper + shift], 5.0).alarm[3] == alarm


def test_an_unknown_count_leaves_the_sum_as_it_was() -> None:
    whole, gap = cusum([7.0, 8, 9], 5.0), cusum([7.0, np.nan, 8, 9], 5.0)
    assert gap.upper[[0, 2, 3]] == pytest.approx(whole.upper)
    assert np.isnan(gap.upper[1])
    assert not gap.alarm[1]


def test_a_planted_rise_is_found_in_season_and_trend() -> None:
    rng = np.random.default_rng(11)
    weeks = np.arange(5 * 52 + 20)
    usual = 20 * np.exp(0.5 * np.sin(weeks * 2 * np.pi / 52) + 0.001 * weeks)
    counts = rng.poisson(usual, (40, len(weeks))).astype(float)
    quiet = farrington_flexible(counts, latest=8)
    # 320 judgements at 1 %: 3 expected, more than 12 by chance once in 30,000.
    assert quiet.alarm.sum() <= 12
    counts[:, -1] = np.ceil(usual[-1] * 2.2)
    assert farrington_flexible(counts, latest=1).alarm[:, -1].all()


def test_a_past_outbreak_does_not_hide_a_new_one() -> None:
    rng = np.random.default_rng(5)
    counts = rng.poisson(10, 5 * 52 + 10).astype(float)
    counts[5 * 52 + 9 - 52 * 2 - 2 : 5 * 52 + 9 - 52 * 2 + 3] += 60
    plain = farrington_flexible(counts, latest=1, reweighted_above=None)
    reweighted = farrington_flexible(counts, latest=1)
    assert reweighted.upper[-1] < plain.upper[-1]


def test_few_cases_are_not_judged() -> None:
    counts = np.zeros(5 * 52 + 4)
    counts[-1] = 4
    assert np.isnan(farrington_flexible(counts).upper).all()
    counts[-1] = 5
    found = farrington_flexible(counts)
    assert found.alarm[-1]
    assert found.p[-1] < 1e-6


def test_short_or_unknown_history_is_not_judged() -> None:
    short = farrington_flexible(np.full((2, 200), 7.0))
    assert np.isnan(short.upper).all()
    assert not short.alarm.any()
    counts = np.random.default_rng(1).poisson(9.0, 5 * 52 + 4)
    holes = counts.astype(float)
    holes[20:30] = np.nan
    assert np.isfinite(farrington_flexible(holes).upper[-1])
    holes[:] = np.nan
    holes[-4:] = 9
    assert np.isnan(farrington_flexible(holes).upper[-1])


def test_all_equal_counts_raise_no_alarm() -> None:
    same = np.full((3, 5 * 52 + 12), 6.0)
    for found in (farrington_flexible(same), ears(same), ears(same, "C3"), cusum(same)):
        assert not found.alarm.any()
        assert found.upper.shape == same.shape


@pytest.mark.parametrize("method", ["C1", "C2", "C3", "cusum", "farrington"])
def test_series_are_judged_each_for_itself(method: Any) -> None:
    counts = np.random.default_rng(7).poisson(6.0, (5, 5 * 52 + 9)).astype(float)

    def judge(series: np.ndarray) -> Surveillance:
        if method == "farrington":
            return farrington_flexible(series, latest=6)
        return cusum(series) if method == "cusum" else ears(series, method)

    together, shuffled = judge(counts), judge(counts[[3, 1, 4, 0, 2]])
    assert shuffled.upper == pytest.approx(together.upper[[3, 1, 4, 0, 2]], nan_ok=True)
    alone = judge(counts[2])
    assert alone.upper.shape == (5 * 52 + 9,)
    assert alone.upper == pytest.approx(together.upper[2], nan_ok=True)
    assert (alone.alarm == together.alarm[2]).all()


@given(st.floats(0.05, 500), st.floats(1.0, 20), st.floats(1e-4, 0.2))
@settings(max_examples=60, deadline=None)
def test_the_bound_is_the_quantile_of_a_negative_binomial(
    mean: float, dispersion: float, alpha: float
) -> None:
    dispersion = 1.0 if dispersion < 1.01 else dispersion
    law: Any = stats.poisson(mean)
    if dispersion > 1:
        law = stats.nbinom(mean / (dispersion - 1), 1 / dispersion)
    centre, scatter = np.array([mean]), np.array([dispersion])
    upper = quantile(centre, scatter, alpha)
    assert law.sf(upper[0]) <= alpha * (1 + 1e-9)
    assert upper[0] == 0 or law.sf(upper[0] - 1) > alpha * (1 - 1e-9)
    assert tail(upper, centre, scatter) == pytest.approx(law.sf(upper - 1), rel=1e-6)


def test_reference_weeks_fill_whole_years_in_blocks() -> None:
    design, before = reference(5, 3, 10, 52, 26)
    assert (before[0], before[-1]) == (263, 27)
    assert np.bincount(design.block[:52]).tolist() == [7, *[5] * 9]
    only = reference(5, 3, 1, 52, 26)[1]
    assert len(only) == 35


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ears([1.0, -1]), "counts negative at position 1"),
        (lambda: ears([1.0], "C4"), "method must be"),  # type: ignore[arg-type]
        (lambda: ears([1.0], baseline=2), "baseline must be at least 3"),
        (lambda: ears([1.0], alpha=2), "alpha must lie between 0 and 1"),
        (lambda: ears([1.0], min_sigma=-1), "min_sigma must not be negative"),
        (lambda: ears(np.ones((1, 1, 1))), "series x time"),
        (lambda: cusum([1.0, 2]), "training must lie between 1 and 1"),
        (lambda: cusum([1.0, 2], [1.0, 2, 3]), "expected has shape"),
        (lambda: cusum([1.0, 2], 1.0, h=0), "h must be above 0"),
        (lambda: farrington_flexible([1.0, np.inf]), "infinite at position 1"),
        (lambda: farrington_flexible([1.0], blocks=60), "do not fit a season"),
        (lambda: farrington_flexible([1.0], excluded=300), "excluded must lie"),
        (lambda: farrington_flexible([1.0], low_count=(5, 0)), "low_count must be"),
        (lambda: farrington_flexible([1.0], reweighted_above=0), "must be above 0"),
    ],
)
def test_bad_input_is_named(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
