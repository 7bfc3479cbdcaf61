"""The ledger: shares with intervals, rates for a county and month, leads where enough are known."""

import pytest

from yuantou.alerts.record.ledger import Told, line, lines, rate, share


def test_a_share_has_wilsons_interval_and_of_nothing_is_none() -> None:
    found = share(8, 10)
    assert found is not None
    assert [found.value, found.low, found.high] == pytest.approx([0.8, 0.4902, 0.9433], abs=1e-4)
    assert share(0, 0) is None


def test_false_alarms_are_reckoned_for_a_county_and_month() -> None:
    found = rate(3, 30.0)
    assert found is not None
    assert found.value == pytest.approx(0.1)
    assert [found.low, found.high] == pytest.approx([0.6187 / 30, 8.7673 / 30], abs=1e-4)
    assert rate(0, 0.0) is None


def test_precision_counts_what_has_an_outcome_alone() -> None:
    told = [Told("W04", each) for each in ("real", "real", "explained", "nothing", None, None)]
    found = line("W04", told, 12.0)
    assert (found.raised, found.pending) == (6, 2)
    assert found.precision is not None
    assert found.precision.value == pytest.approx(0.5)
    assert found.false_alarms is not None
    assert found.false_alarms.value == pytest.approx(1 / 12)


@pytest.mark.parametrize(("days", "median"), [((4, 9), None), ((4, 9, 20), 9.0)])
def test_a_lead_needs_three_warnings(days: tuple[int, ...], median: float | None) -> None:
    found = line("D_EARS", [Told("D_EARS", "real", until_suit=each) for each in days], 1.0)
    assert (found.until_suit.days if found.until_suit else None) == median
    assert found.until_peak is None


def test_sources_come_by_their_code_not_by_their_success() -> None:
    told = [Told("W04", "real"), Told("D_EARS", "nothing")]
    assert [each.source for each in lines(told, 1.0)] == ["D_EARS", "W04"]


def test_what_ended_with_its_matter_waits_for_nobody() -> None:
    found = line("W09", [Told("W09", None, settled=True), Told("W09", None)], 1.0)
    assert (found.raised, found.settled, found.pending) == (2, 1, 1)
    assert found.precision is None
