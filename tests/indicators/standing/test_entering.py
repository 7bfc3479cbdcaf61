"""Months of matters and agreements that are usually entered late are provisional until then."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import LINGYUAN
from tests.indicators.conftest import Matter
from yuantou.database.connections import ROOT
from yuantou.indicators.catalogue import read
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.queries import read_ledger
from yuantou.indicators.standing.entering import (
    keep_entering,
    late_of,
    read_entries,
    shares_by_age,
)

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 4, 0, tzinfo=UTC)
NANJIE = "211382001"
_LATE = text(
    "UPDATE agreement SET written_at = effective_on + 20 * (effective_on::text ~ '25$')::int"
)


def every_day(late: int, first: date = date(2025, 3, 1)) -> list[tuple[date, int, int]]:
    """One entry at once and one `late` days later, of every day until today, none in the future."""
    days = [first + timedelta(days=n) for n in range((TODAY - first).days)]
    told = [(day, delay, 1) for day in days for delay in (0, late)]
    return [one for one in told if one[0] + timedelta(days=one[1]) <= TODAY]


def test_half_entered_a_month_late_leaves_the_newest_month_half_full() -> None:
    found = shares_by_age(every_day(30), TODAY)
    assert found[0] == pytest.approx(0.5, abs=0.02)
    assert found[1] == pytest.approx(1, abs=0.02)


def test_entered_on_the_day_is_never_provisional_and_few_entries_tell_nothing() -> None:
    assert min(shares_by_age(every_day(0), TODAY).values()) == 1
    assert shares_by_age(every_day(30)[:19], TODAY) == {}


def test_a_figure_waits_for_its_day_and_for_its_numerator() -> None:
    known = {each.code: each for each in read(ROOT / "config" / "indicators.toml")}
    january, february = date(2026, 1, 1), date(2026, 2, 1)
    kept = {"agreement.due": {february: 0.9}, "agreement.performed": {january: 0.8, february: 0.7}}
    assert late_of(known["I06"], kept) == {january: 0.8, february: 0.7}
    assert late_of(known["I07"], kept) == {}


def test_a_share_of_agreements_that_come_in_late_says_so(
    worker: Session, owner: Session, matter: Matter, agreement: Callable[..., None]
) -> None:
    for number in range(24):
        month = f"2025-{number // 2 + 1:02d}"
        one = matter(NANJIE, reported=f"{month}-02", accepted=f"{month}-03", outcome="agreed_oral")
        agreement(one, effective=f"{month}-{10 + number % 2 * 15}")
    agreement(one, effective="2026-02-10")
    owner.execute(_LATE)
    owner.commit()
    keep_all(worker, now=NOW)
    keep_entering(worker, NOW)
    entries = read_entries(worker, "agreement.effective", TODAY)
    assert sorted({late for _day, late, _count in entries}) == [0, 20]
    ledger = read_ledger(
        worker, [LINGYUAN], date(2025, 12, 1), date(2026, 2, 1), codes=["I06"], today=TODAY
    )
    said = " ".join(map(str, ledger.to_date("I06", LINGYUAN, date(2026, 2, 1)).warnings))
    assert "2026-02" in said
    assert "暂定" in said
    assert "2025-12" not in said
