"""The code lists that ship, and what a faulty one is told."""

from pathlib import Path

import pytest

from yuantou.disputes import codes, guards
from yuantou.limits import catalogue

LISTS = codes.read()


def test_the_eighteen_types_of_the_ministry() -> None:
    names = (
        "婚姻家庭 邻里 房屋宅基地 合同 生产经营 损害赔偿 山林土地 征地拆迁 环境污染 拖欠农民工工资"
    )
    names += " 其他劳动争议 旅游 电子商务 其他消费 医疗 道路交通事故 物业 其他"
    assert [each.name_zh for each in LISTS.types.values()] == names.split()
    assert len(LISTS.common_types()) == 7


@pytest.mark.parametrize(
    ("code", "expected"),
    [("marriage_family", "01"), ("medical", "0502"), ("traffic", "0503"), ("other", "99")],
)
def test_one_type_derives_the_national_code(code: str, expected: str) -> None:
    assert LISTS.types[code].gb31000[0] == expected
    assert expected in LISTS.gb31000


def test_violence_and_harm_are_for_named_handlers_only() -> None:
    assert LISTS.restricts(["drinking", "domestic_violence"])
    assert LISTS.restricts(["minor"])
    assert not LISTS.restricts(["drinking", "came_to_blows"])
    assert LISTS.bars_mediation(["domestic_violence"])
    assert not LISTS.bars_mediation(["minor"])


@pytest.mark.parametrize(
    ("flags", "risk"),
    [([], "blue"), (["wages"], "blue"), (["drinking"], "yellow"), (["drinking", "armed"], "red")],
)
def test_red_line_facts_make_a_matter_red(flags: list[str], risk: str) -> None:
    assert LISTS.least_risk(flags) == risk
    assert risk in LISTS.risks


def test_blows_are_a_matter_for_the_police() -> None:
    assert LISTS.suggests_crime(["came_to_blows"])
    assert not LISTS.suggests_crime(["wages"])


def test_the_rules_speak_of_codes_that_exist() -> None:
    assert LISTS.types.keys() >= guards.ASKS_SUBJECT | guards.PAPER_ONLY_CATEGORIES
    known = LISTS.types.keys() | LISTS.risks.keys() | LISTS.complexities.keys()
    rules = catalogue.read(codes.SHIPPED.with_name("limits.toml"))
    said = {variant for rule in rules for variant in rule.variants}
    assert said - known == {"prelitigation", "simplified"}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('code = "neighborhood"', 'code = "marriage_family"', "code used twice"),
        ('gb31000 = ["02"]', 'gb31000 = ["0299x"]', "unknown gb31000"),
        ('short_zh = "邻里"', 'shrt = "邻里"', "unknown key shrt"),
        ('short_zh = "邻里"\n', "", "short_zh"),
        ("[[risk_level]]", "[[risk]]", "no [[risk_level]]"),
        ("[[dispute_type]]", "[[dispute_type", "Expected"),
    ],
)
def test_a_faulty_list_names_its_fault(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    text = codes.SHIPPED.read_text(encoding="utf-8")
    assert old in text
    faulty = tmp_path / "codes.toml"
    faulty.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(codes.CodesError) as told:
        codes.read(faulty)
    assert str(faulty) in str(told.value)
    assert complaint in str(told.value)
