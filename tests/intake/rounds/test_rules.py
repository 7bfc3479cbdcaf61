"""Names of units and times of the year: rules without a database."""

from datetime import date

import pytest

from yuantou.intake.rounds.naming import PlaceName, read_places, village_of
from yuantou.intake.rounds.seasons import Season, day_of, near, shipped

TOWNSHIPS = {"1": "南街街道", "2": "万元店镇"}


@pytest.mark.parametrize(
    ("place", "village"),
    [
        ("前山村三组", "前山村"),
        ("新华社区3号楼", "新华社区"),
        ("建设路12号", None),
        ("村口", None),
    ],
)
def test_a_village_is_read_out_of_a_place(place: str, village: str | None) -> None:
    assert village_of(place) == village


def test_lines_name_their_township_before_or_behind() -> None:
    found = read_places("南街\t前山村\n河东村,万元店镇\n南街街道  前山村", TOWNSHIPS)
    assert found.units == [PlaceName("前山村", "1"), PlaceName("河东村", "2")]
    assert (found.twice, found.faults) == (1, [])


def test_faults_are_told_by_line() -> None:
    found = read_places(f"前山村\n南街街道\n南街街道\t{'长' * 41}", TOWNSHIPS)
    assert found.faults == [(1, "where"), (2, "nameless"), (3, "long")]


def test_one_township_need_not_be_named() -> None:
    assert read_places("前山村", {"1": "南街街道"}).units == [PlaceName("前山村", "1")]


def test_a_season_around_new_year_is_one_span() -> None:
    heating = Season("采暖期", "11-01", "03-31")
    assert heating.next_span(date(2026, 2, 1)) == (date(2025, 11, 1), date(2026, 3, 31))
    assert heating.next_span(date(2026, 6, 1)) == (date(2026, 11, 1), date(2027, 3, 31))


def test_a_round_is_proposed_half_a_month_ahead() -> None:
    feast = Season("国庆", "09-20", "10-08")
    days = [date(2026, 9, 4), date(2026, 9, 5), date(2026, 10, 8), date(2026, 10, 9)]
    assert [bool(near([feast], day)) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "day"),
    [("11月1日", "11-01"), ("2-29", "02-29"), ("2.30", None), ("13-1", None), ("春节", None)],
)
def test_days_as_people_write_them(text: str, day: str | None) -> None:
    assert day_of(text) == day


def test_the_shipped_list_is_sound() -> None:
    assert {"春节前后", "全国两会", "采暖期", "春耕", "国庆"} <= {one.name for one in shipped()}
