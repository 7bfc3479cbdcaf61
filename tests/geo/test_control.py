"""Control charts against the examples of NIST's handbook."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.control import moving_ranges, natural_limits, p_chart, u_chart, xmr

FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
WAFERS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22,
          8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # fmt: skip
DEFECTS = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14,
           16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]  # fmt: skip

series = arrays(np.float64, st.integers(0, 40), elements=st.integers(-50, 50).map(float))


def test_individuals_chart_as_published() -> None:
    # NIST/SEMATECH e-Handbook 6.3.2.2: mean 50.81, limits 45.8159 and 55.8041
    # (with 3 / 1.128 for 2.66), mean moving range 1.8778.
    chart = xmr(FLOW)
    assert chart.centre[0] == pytest.approx(50.81)
    assert chart.lower[0] == pytest.approx(45.8159, abs=1e-3)
    assert chart.upper[0] == pytest.approx(55.8041, abs=1e-3)
    assert not chart.signal.any()
    ranges, limit = moving_ranges(FLOW)
    assert np.nanmean(ranges) == pytest.approx(1.8778, abs=5e-5)
    assert limit == pytest.approx(3.268 * 1.8778, abs=1e-3)


@given(series)
def test_the_limits_alone_are_those_of_the_chart(values: np.ndarray) -> None:
    chart, limits = xmr(values), natural_limits(values)
    if len(values):
        drawn = [chart.lower[0], chart.centre[0], chart.upper[0]]
        np.testing.assert_array_equal(limits, drawn)
    else:
        assert np.isnan(limits).all()


def test_shares_as_published() -> None:
    # The same, 6.3.3.2: 30 samples of 50, p 0.2313, limits 0.0524 and 0.4102.
    chart = p_chart(WAFERS, 50, laney=False)
    assert chart.centre[0] == pytest.approx(0.2313, abs=5e-5)
    assert chart.lower[0] == pytest.approx(0.0524, abs=5e-5)
    assert chart.upper[0] == pytest.approx(0.4102, abs=5e-5)
    assert np.flatnonzero(chart.beyond).tolist() == [14, 22]


def test_counts_as_published() -> None:
    # The same, 6.3.3.1: mean 16, limits 4 and 28.
    chart = u_chart(DEFECTS, 1, laney=False)
    assert (chart.centre[0], chart.lower[0], chart.upper[0]) == (16, 4, 28)
    assert np.flatnonzero(chart.beyond).tolist() == [23]


def test_laney_equals_the_individuals_chart_where_all_sizes_are_one() -> None:
    # Laney (2002): with equal sizes the p' chart is the individuals chart of the shares.
    laney, plain = p_chart(WAFERS, 50), xmr(np.array(WAFERS) / 50)
    assert laney.upper == pytest.approx(plain.upper, abs=1e-3)
    assert laney.inflation > 1
    huge = p_chart([50_000, 52_000, 49_000, 51_000, 50_500], 100_000)
    assert not huge.beyond.any()
    assert p_chart([50_000, 52_000, 49_000, 51_000, 50_500], 100_000, laney=False).beyond.any()


def test_a_run_counts_from_seven() -> None:
    low, high = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0], [3.0, 2.0, 3.0, 2.0, 3.0, 2.0]
    assert not xmr([*low, *high], baseline=6).run.any()
    flagged = xmr([*low, *high, 3.0], baseline=6).run
    assert np.flatnonzero(flagged).tolist() == [6, 7, 8, 9, 10, 11, 12]


def test_a_trend_counts_from_six() -> None:
    assert not xmr([5, 1, 2, 3, 4, 5, 5]).trend.any()
    assert np.flatnonzero(xmr([9, 1, 2, 3, 4, 5, 6, 6]).trend).tolist() == [1, 2, 3, 4, 5, 6]
    assert np.flatnonzero(xmr([0, 6, 5, 4, 3, 2, 1, 1]).trend).tolist() == [1, 2, 3, 4, 5, 6]


def test_two_of_three_beyond_two_sigma() -> None:
    base = [1.0, -1.0] * 10
    near = 2 * xmr(base).sigma[0] + 0.1
    assert np.flatnonzero(xmr([*base, near, 0, near], baseline=20).two_of_three).tolist() == [
        20,
        22,
    ]
    assert not xmr([*base, near, 0, 0, near], baseline=20).two_of_three.any()
    assert not xmr([*base, near, 0, -near], baseline=20).two_of_three.any()


def test_a_missing_month_breaks_a_run_and_no_range_spans_it() -> None:
    chart = xmr([1, -1, 1, -1, 3, 3, 3, 3, np.nan, 3, 3, 3], baseline=4)
    assert not chart.run.any()
    assert not chart.signal[8]
    assert xmr([1, np.nan, 5, 6, np.nan]).sigma[0] == pytest.approx(2.66 / 3)


def test_how_often_nothing_signals() -> None:
    # Recomputed by simulation, and said in docs/methods.md: 36 unchanging months.
    rng = np.random.default_rng(0)
    charts = [xmr(rng.normal(size=36)) for _ in range(2_000)]
    assert np.mean([chart.signal.any() for chart in charts]) == pytest.approx(0.31, abs=0.04)
    assert np.mean([chart.beyond.any() for chart in charts]) == pytest.approx(0.09, abs=0.02)


def test_little_or_nothing() -> None:
    assert xmr([]).signal.tolist() == []
    assert moving_ranges([])[0].tolist() == []
    assert np.isnan(xmr([4]).upper).all()
    assert np.isnan(xmr([None, None]).centre).all()
    still = xmr([4, 4, 4, 4, 4, 4, 4, 4])
    assert still.upper.tolist() == [4] * 8
    assert not still.signal.any()
    assert np.isnan(p_chart([0, 0], [0, 0]).values).all()
    assert not u_chart([0, 0, 0], [5, 5, 5]).signal.any()
    assert u_chart([3, 4], [10_000, 10_000], per=10_000).values.tolist() == [3, 4]


@given(series, st.floats(-1e3, 1e3), st.floats(0.1, 100), st.sampled_from([-1, 1]))
def test_shift_and_scale_change_no_flag(
    values: np.ndarray, shift: float, scale: float, sign: int
) -> None:
    centre = values.mean() if len(values) else 0.0
    edge = np.isclose(values, centre).any()
    chart, moved = xmr(values), xmr(values * scale * sign + shift)
    if not edge:
        assert (moved.run == chart.run).all()
    assert (moved.beyond == chart.beyond).all()
    assert (moved.two_of_three == chart.two_of_three).all()
    assert moved.sigma == pytest.approx(chart.sigma * scale, nan_ok=True, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: xmr([[1]]), "values must be one-dimensional"),
        (lambda: xmr([1], baseline=1), "baseline must be at least 2"),
        (lambda: xmr([1], run=1), "run must be at least 2"),
        (lambda: xmr([np.inf]), "values infinite at position 0"),
        (lambda: p_chart([2], [1]), "more hits than tries"),
        (lambda: u_chart([1], [1], per=0), "per must be above 0"),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
