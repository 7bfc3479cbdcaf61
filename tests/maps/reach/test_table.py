"""Judging a table of positions: every fault by its cell, bounds, datums. No database."""

from datetime import date

import pytest

from tests.cast import DONGJIE, LINGYUAN, NANJIE
from yuantou.database.sheets import Row, SheetError
from yuantou.maps.reach.table import HEADER, MOST, Land, Line, judge
from yuantou.territory.models import Area


def area(code: str, name: str, level: str, parent: str) -> Area:
    """An area of the cast."""
    return Area(
        code=code, name=name, short_name=name[:2], level=level, parent_code=parent,
        path=f"{parent}/{code}/", valid_from=date(2020, 1, 1), source="",
    )  # fmt: skip


LAND = Land(
    [area(LINGYUAN, "凌源市", "county", "211300")],
    [
        area(NANJIE, "南街街道", "township", LINGYUAN),
        area(DONGJIE, "东街街道", "township", LINGYUAN),
    ],
    {LINGYUAN: (119.0, 41.0, 120.0, 42.0)},
)


def judged(*rows: str) -> list[Line]:
    """Lines of a file with these rows."""
    head = Row(1, tuple(HEADER))
    return judge(
        [head, *(Row(n, tuple(each.split(","))) for n, each in enumerate(rows, start=2))], LAND
    )


@pytest.mark.parametrize(
    ("row", "key", "says"),
    [
        ("法院,甲,凌源市,,119.4,41.2,WGS84", "kind", "请写人民法庭、调解点、乡镇街道中的一个"),
        ("人民法庭,,凌源市,,119.4,41.2,WGS84", "name", "请写名称"),
        ("人民法庭,甲,喀左,,119.4,41.2,WGS84", "county", "不是本单位范围内的县"),
        ("人民法庭,甲,,,119.4,41.2,WGS84", "county", "不是本单位范围内的县"),
        ("调解点,甲,凌源市,公营子镇,119.4,41.2,WGS84", "township", "这个县里没有这个乡镇街道"),
        ("乡镇街道,,凌源市,,119.4,41.2,WGS84", "township", "请写乡镇街道"),
        ("人民法庭,甲,凌源市,,41.2,41.2,WGS84", "lng", "经度和纬度像是写反了"),
        ("人民法庭,甲,凌源市,,119.4,119.4,WGS84", "lat", "经度和纬度像是写反了"),
        ("人民法庭,甲,凌源市,,119°24′,41.2,WGS84", "lng", "请写成十进制度数，例如 119.40"),
        ("人民法庭,甲,凌源市,,nan,41.2,WGS84", "lng", "请写成十进制度数"),
        ("人民法庭,甲,凌源市,,119.4,inf,WGS84", "lat", "请写成十进制度数"),
        ("人民法庭,甲,凌源市,,1e2,41.2,WGS84", "lng", "请写成十进制度数"),
        ("人民法庭,甲,凌源市,,150,41.2,WGS84", "lng", "不在中国范围内"),
        ("人民法庭,甲,凌源市,,121.4,41.2,WGS84", "lng", "离所写的县太远"),
        ("人民法庭,甲,凌源市,,119.4,41.2,北京54", "datum", "请写CGCS2000"),
        ("人民法庭,甲,凌源市,,119.4,41.2,", "datum", "请写CGCS2000"),
        (f"人民法庭,{'长' * 61},凌源市,,119.4,41.2,WGS84", "name", "最多 60 字"),
    ],
)
def test_every_fault_stands_by_its_cell(row: str, key: str, says: str) -> None:
    (line,) = judged(row)
    assert list(line.faults) == [key]
    assert says in line.faults[key]


@pytest.mark.parametrize(("lng", "ok"), [("118.70", True), ("118.69", False), ("120.31", False)])
def test_how_far_from_its_county_a_place_may_lie(lng: str, ok: bool) -> None:
    (line,) = judged(f"人民法庭,甲,凌源市,,{lng},41.2,CGCS2000")
    assert (not line.faults) is ok


def test_the_same_place_twice_is_a_fault() -> None:
    row = "人民法庭,甲,凌源市,,119.4,41.2,CGCS2000"
    assert [list(line.faults) for line in judged(row, row)] == [["name"], ["name"]]
    assert not any(line.faults for line in judged(row, row.replace("人民法庭", "调解点")))


@pytest.mark.parametrize(
    ("datum", "lng", "lat"),
    [("wgs-84", 119.4, 41.25), ("GCJ02", 119.39418, 41.24864), ("百度", 119.38772, 41.24245)],
)
def test_datums_are_made_one(datum: str, lng: float, lat: float) -> None:
    (line,) = judged(f"人民法庭,甲,凌源市,,１１９.40,41.25,{datum}")
    assert line.faults == {}
    assert line.given == (119.40, 41.25)
    assert line.position == pytest.approx((lng, lat), abs=1e-3)


def test_lines_of_the_template_that_nobody_filled_are_passed_over() -> None:
    lines = judged("乡镇街道,,凌源市,南街街道,119.4,41.2,WGS84", "乡镇街道,,凌源市,东街街道")
    assert [line.name for line in lines] == ["南街街道"]
    with pytest.raises(SheetError, match="表头下面没有内容"):
        judged("乡镇街道,,凌源市,东街街道")


def test_too_many_lines_are_refused() -> None:
    row = "人民法庭,甲,凌源市,,119.4,41.2,WGS84"
    assert len(judged(*[row] * MOST)) == MOST
    with pytest.raises(SheetError, match="请分成几个文件"):
        judged(*[row] * (MOST + 1))
