"""Intervals, natural limits and verdicts against published or hand-worked numbers."""

import pytest

from yuantou.assessments.measures import Count, Scale, control_limits, interval, value_of

RATE = Scale("R", "rate", 10_000, 1)
SHARE = Scale("I", "share", 100, 1)


def test_the_poisson_interval_of_sixty_cases() -> None:
    """domain: township of 15,000 with 60 cases, 40.0 with about [30.5, 51.5]."""
    limits = interval(Count(60, 15_000), RATE)
    assert value_of(Count(60, 15_000), RATE) == pytest.approx(40.0)
    assert limits.low == pytest.approx(30.5, abs=0.05)
    assert limits.high == pytest.approx(51.5, abs=0.05)


def test_the_wilson_interval() -> None:
    """Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662."""
    limits = interval(Count(81, 263), SHARE)
    assert limits.low == pytest.approx(25.53, abs=0.005)
    assert limits.high == pytest.approx(36.62, abs=0.005)


@pytest.mark.parametrize("events", [0, 20])
def test_a_share_stays_between_none_and_all(events: int) -> None:
    limits = interval(Count(events, 20), SHARE)
    assert 0 <= limits.low <= limits.high <= 100


def test_natural_limits_from_moving_ranges() -> None:
    limits = control_limits([10, 12, 10, 12, 10, 12])
    assert limits is not None
    assert (limits.low, limits.mean, limits.high) == pytest.approx((5.68, 11, 16.32))


def test_few_months_give_no_limits_and_gaps_are_not_bridged() -> None:
    assert control_limits([1, 2, 3, 4, 5]) is None
    assert control_limits([1, None, 2, None, 3, None, 4, None, 5, None, 6]) is None
