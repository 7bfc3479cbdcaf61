"""The rules of one row and of a file, without a database."""

from datetime import date

import pytest

from yuantou.judiciary.columns import REGIMES, regime_of
from yuantou.judiciary.counting import Count, Entry, Fault, Place, batch_hash, check

TODAY = date(2026, 1, 6)
COURT = Place(
    "lingyuan", "凌源市人民法院", townships={"南街街道": "211382001", "南街": "211382001"}
)
OTHER = Place("heping", "沈阳市和平区人民法院", reportable=False)
PLACES = {key: place for place in (COURT, OTHER) for key in (place.code, place.name)}
ROW = {
    "court": "凌源市人民法院",
    "month": "2025-03",
    "basis": "含先行调解成功",
    "civil_first_new": "120",
    "admin_first_new": "3",
}


def read(**texts: str) -> tuple[list[Count], list[Fault]]:
    letters = {key: chr(65 + place) for place, key in enumerate({**ROW, **texts})}
    return check([Entry({**ROW, **texts}, 7, letters)], PLACES, TODAY)


def fault(**texts: str) -> Fault:
    counts, faults = read(**texts)
    assert not counts
    assert len(faults) == 1
    return faults[0]


def count(**texts: str) -> Count:
    counts, faults = read(**texts)
    assert not faults
    return counts[0]


def test_a_plain_row_is_read_and_what_is_missing_is_none() -> None:
    made = count()
    assert (made.court, made.month, made.regime, made.basis) == (
        "lingyuan",
        date(2025, 3, 1),
        "file_first",
        "incl",
    )
    assert made.numbers["civil_first_new"] == 120
    assert made.numbers["withdrawn"] is None


def test_zero_is_a_number_and_blank_is_not() -> None:
    assert count(admin_first_new="0").numbers["admin_first_new"] == 0
    assert "没有填" in fault(admin_first_new="").message


@pytest.mark.parametrize(
    "text",
    [
        "2025-03",
        "2025/3",
        "2025年3月",
        "202503",
        "2025.03",
        "2025-03-01",
        "２０２５－０３",
        "2025年03月31日",
    ],
)
def test_months_are_read_as_people_write_them(text: str) -> None:
    assert count(month=text).month == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-02", "还没有到"),
        ("1948-12", "1949"),
        ("2025-13", "看不懂"),
        ("0000-01", "看不懂"),
        ("三月", "看不懂"),
        ("", "没有写月份"),
        ("2025-03'; DROP TABLE court_count;--", "看不懂"),
    ],
)
def test_months_that_cannot_be(text: str, says: str) -> None:
    assert says in fault(month=text).message


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-5", "负数"),
        ("−5", "负数"),
        ("12.5", "整数"),
        ("一百", "不是数字"),
        ("=1+1", "不是数字"),
        ("<b>1</b>", "不是数字"),
        ("😀", "不是数字"),
        ("1e5", "不是数字"),
        ("99999999999999999999", "大得"),
        ("1,20", "不是数字"),
        ("٣", "不是数字"),
    ],
)
def test_numbers_that_are_none(text: str, says: str) -> None:
    found = fault(civil_first_new=text)
    assert says in found.message
    assert (found.line, found.column) == (7, "D")


@pytest.mark.parametrize("text", ["1,200", "１２００", " 1200 ", "1，200"])
def test_numbers_as_offices_type_them(text: str) -> None:
    assert count(civil_first_new=text).numbers["civil_first_new"] == 1200


def test_causes_that_do_not_add_up_are_refused_with_line_and_difference() -> None:
    found = fault(**{"案由:离婚纠纷": "70", "案由:其他": "45"})
    assert (found.line, found.column, found.difference) == (7, "D", -5)
    assert "相差 5" in found.message


def test_causes_that_add_up_are_kept() -> None:
    assert count(**{"案由:离婚纠纷": "70", "案由:其他": "50"}).by_cause == {
        "离婚纠纷": 70,
        "其他": 50,
    }


def test_basis_is_required_from_2025_and_only_then() -> None:
    assert "必须写明口径" in fault(basis="").message
    assert count(month="2024-12", basis="").basis == "none"
    assert "2024 年及以前" in fault(month="2024-12").message
    assert count(basis="excl").basis == "excl"
    assert count(basis="不含先行调解成功").basis == "excl"


def test_the_regime_must_fit_the_month() -> None:
    assert regime_of(date(2024, 12, 1)) == "pre2025"
    assert "应为" in fault(regime=str(REGIMES["pre2025"])).message
    assert count(regime="先立案后调解").regime == "file_first"
    assert "不在可选项" in fault(regime="别的").message


def test_mediation_columns_belong_to_their_regime() -> None:
    assert "请留空" in fault(prelit="5").message
    assert "请留空" in fault(month="2024-06", basis="", first_mediation="5").message


def test_a_part_larger_than_its_whole_is_refused_with_the_difference() -> None:
    assert fault(first_mediation="10", first_mediation_success="12").difference == 2
    assert fault(first_mediation_success="121").difference == 1


def test_courts_that_are_unknown_or_not_mine() -> None:
    assert "没有" in fault(court="某某法院").message
    assert "报送范围" in fault(court="沈阳市和平区人民法院").message
    assert count(court=" 凌源市 人民法院 ").court == "lingyuan"


def test_townships_need_a_way_of_attribution() -> None:
    assert "归属方式" in fault(**{"乡镇:南街街道": "5"}).message
    assert "不是" in fault(**{"乡镇:公营子镇": "5", "attribution": "按被告住所地"}).message
    made = count(**{"乡镇:南街": "5", "attribution": "按被告住所地"})
    assert (made.by_township, made.attribution) == ({"211382001": 5}, "defendant")


def test_every_fault_of_a_row_is_named_at_once() -> None:
    _counts, faults = read(month="2030-01", civil_first_new="-1", admin_first_new="")
    assert [one.key for one in faults] == ["month", "civil_first_new", "admin_first_new"]


def test_the_same_month_twice_in_one_file_names_the_first_line() -> None:
    counts, faults = check([Entry(ROW, 2), Entry(ROW, 9)], PLACES, TODAY)
    assert len(counts) == 1
    assert (faults[0].line, "第 2 行" in faults[0].message) == (9, True)


def test_identity_is_what_was_counted_not_how_it_was_written() -> None:
    same = count(civil_first_new="１２０", reason="另写")
    assert same.content_hash == count().content_hash
    assert count(withdrawn="0").content_hash != count().content_hash
    march, april = count(), count(month="2025-04")
    assert batch_hash([march, april]) == batch_hash([april, march])
