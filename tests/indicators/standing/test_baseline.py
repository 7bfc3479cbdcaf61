"""Natural limits of a unit's own months."""

from geo.control import xmr
from yuantou.indicators.standing.baseline import natural


def test_the_limits_are_those_of_the_one_chart() -> None:
    months = [10.0, 12, 10, 12, 10, 12, 10, 30]
    found = natural(months)
    assert found
    chart = xmr(months)
    assert (found.low, found.mean, found.high) == (chart.lower[0], chart.centre[0], chart.upper[0])
    assert found.beyond == (7,)


def test_months_that_never_move_are_within_and_too_few_have_no_limits() -> None:
    steady = natural([15.98] * 14)
    assert steady
    assert steady.beyond == steady.runs == ()
    assert natural([1.0] * 5) is None
    assert natural([1.0, None] * 6) is None
    assert natural([None] * 30) is None
