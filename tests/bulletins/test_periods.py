"""Which days a bulletin covers."""

from datetime import date

import pytest

from yuantou.bulletins.periods import Rhythm, before


@pytest.mark.parametrize(
    ("rhythm", "day", "span", "base"),
    [
        ("daily", date(2026, 3, 1), (date(2026, 2, 28), date(2026, 2, 28)), date(2026, 1, 31)),
        ("weekly", date(2026, 3, 2), (date(2026, 2, 23), date(2026, 3, 1)), date(2025, 12, 29)),
        ("weekly", date(2026, 3, 4), (date(2026, 2, 23), date(2026, 3, 1)), date(2025, 12, 29)),
        ("monthly", date(2026, 1, 6), (date(2025, 12, 1), date(2025, 12, 31)), date(2024, 12, 1)),
        ("monthly", date(2024, 3, 6), (date(2024, 2, 1), date(2024, 2, 29)), date(2023, 2, 1)),
    ],
)
def test_the_last_whole_period_and_where_its_comparison_begins(
    rhythm: str, day: date, span: tuple[date, date], base: date
) -> None:
    found = before(Rhythm(rhythm), day)
    assert ((found.start, found.end), found.base_start) == (span, base)


def test_a_day_is_compared_with_four_weeks_of_days() -> None:
    assert before(Rhythm.DAILY, date(2026, 3, 1)).exposure == 28
    assert before(Rhythm.WEEKLY, date(2026, 3, 2)).exposure == 8
