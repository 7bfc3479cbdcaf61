"""Months that corrections will still add to are provisional; habits are learned from history."""

from datetime import date

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import LINGYUAN
from tests.indicators.conftest import AT, Count
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.periods import months, shift
from yuantou.indicators.queries import read_ledger
from yuantou.indicators.standing.lateness import (
    Release,
    completeness_by_age,
    provisional,
    shares,
)

_RELEASED = text(
    "UPDATE court_count SET released_at = month + make_interval(months => revision, days => 9)"
)
TODAY = date(2026, 3, 20)
SPAN = list(months(date(2024, 3, 1), date(2026, 2, 1)))


def told(month: date, *counts: int) -> list[Release]:
    """A court's month: sent the month after, each correction a month later, none in the future."""
    found = [
        Release("a", month, n + 1, value, shift(month, n + 1).replace(day=9))
        for n, value in enumerate(counts)
    ]
    return [one for one in found if one.released <= TODAY]


def test_months_that_are_usually_corrected_upwards_are_provisional_until_then() -> None:
    releases = [one for month in SPAN for one in told(month, 90, 100)]
    assert provisional(shares(releases, TODAY), TODAY, 0.95) == {
        date(2026, 2, 1): pytest.approx(0.9)
    }
    assert provisional(shares(releases, TODAY), TODAY, 0.85) == {}


def test_months_that_are_never_corrected_are_final_at_once() -> None:
    releases = [one for month in SPAN for one in told(month, 100)]
    assert provisional(shares(releases, TODAY), TODAY, 0.95) == {}
    assert provisional({}, TODAY, 0.95) == {}
    assert provisional(shares(told(SPAN[-1], 100), TODAY), TODAY, 0.95) == {}


def test_the_chain_ladder_weighs_only_what_was_watched() -> None:
    table = np.array([[50.0, 75, 100], [100, 150, np.nan], [80, np.nan, np.nan]])
    found = completeness_by_age(table)
    assert found == {0: pytest.approx(0.5), 1: pytest.approx(0.75)}


def test_a_figure_of_a_provisional_month_says_so(
    worker: Session, owner: Session, count: Count
) -> None:
    for month in months(date(2025, 1, 1), date(2026, 2, 1)):
        count("lingyuan-court", f"{month:%Y-%m}", civil=300)
        if month < date(2026, 2, 1):
            count("lingyuan-court", f"{month:%Y-%m}", civil=400)
    owner.execute(_RELEASED)
    owner.commit()
    keep_all(worker, now=AT)
    ledger = read_ledger(
        worker, [LINGYUAN], date(2026, 1, 1), date(2026, 2, 1), codes=["R_filed"], today=TODAY
    )
    assert list(ledger.late) == [date(2026, 2, 1)]
    warnings = [
        " ".join(map(str, ledger.figure("R_filed", LINGYUAN, month, month).warnings))
        for month in (date(2026, 1, 1), date(2026, 2, 1))
    ]
    assert "暂定" not in warnings[0]
    assert "2026-02（75%）" in warnings[1]
