"""Targets: set by the province, appended, and what a report makes of them."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.cast import KAZUO, LINGYUAN, NANJIE, PROVINCE
from yuantou.assessments.models import Target
from yuantou.assessments.service import assess
from yuantou.assessments.targets.progress import verdict
from yuantou.assessments.targets.values import area_fault
from yuantou.audit.models import AuditEvent
from yuantou.database.sheets import read_sheet
from yuantou.indicators.queries import definitions
from yuantou.territory.models import Area

Client = Callable[[str], FlaskClient]
GOOD = {
    "indicator": "R_filed",
    "area_code": LINGYUAN,
    "year": "2026",
    "value": "78",
    "direction": "down",
    "set_by": "省平安建设领导小组",
    "document": "示例文件〔2026〕1号",
    "set_on": "2026-01-15",
}


def _set(client: FlaskClient, **changed: str) -> int:
    return client.post("/assessments/targets", data={**GOOD, **changed}).status_code


def test_a_new_value_is_a_new_revision(owner: Session, client_of: Client) -> None:
    client = client_of("sheng")
    assert _set(client) == 302
    assert _set(client, value="76.5") == 302
    rows = owner.query(Target).order_by(Target.revision).all()
    assert [(row.revision, row.value) for row in rows] == [(1, 78.0), (2, 76.5)]
    page = client.get("/assessments/targets?year=2026").text
    assert "76.5" in page
    assert "旧版" in page
    assert owner.query(AuditEvent).filter_by(action="target:set").count() == 2


def test_only_the_province_sets_and_a_county_sees_its_own(client_of: Client) -> None:
    _set(client_of("sheng"))
    for login in ("zhou", "qi", "gao"):
        assert _set(client_of(login)) == 403
    assert "示例文件〔2026〕1号" in client_of("zhou").get("/assessments/targets?year=2026").text
    assert "示例文件" not in client_of("ke").get("/assessments/targets?year=2026").text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("value", "nan"),
        ("value", "-1"),
        ("value", "七十八"),
        ("year", "1949"),
        ("value", "-0.5"),
        ("value", "inf"),
        ("value", "1e2"),
        ("value", "7_8"),
        ("value", "78.125"),
        ("value", "10001"),
        ("year", "2101"),
        ("direction", "up"),
        ("set_on", "2999-01-01"),
        ("set_on", "0001-01-01"),
        ("set_by", " \u202e\x00 "),
        ("document", "长" * 4000),
        ("area_code", "999999"),
        ("indicator", "I21"),
        ("indicator", "'; DROP TABLE target; --"),
    ],
)
def test_a_wrong_entry_keeps_what_was_typed(
    owner: Session, client_of: Client, field: str, value: str
) -> None:
    answer = client_of("sheng").post("/assessments/targets", data={**GOOD, field: value})
    assert answer.status_code == 422
    assert "处需要改正" in answer.text
    kept = "document" if field != "document" else "set_by"
    assert GOOD[kept] in answer.text
    assert owner.query(Target).count() == 0


def test_the_report_shows_how_much_of_the_target_is_used(
    owner: Session, worker: Session, client_of: Client
) -> None:
    _set(client_of("sheng"))
    assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON)
    worker.commit()
    report = report_of(owner, LINGYUAN)
    progress = json.loads(report.content)["progress"]
    own = next(one for one in json.loads(report.content)["indicators"] if one["code"] == "R_filed")
    assert (progress["days"], progress["of"], progress["passed"]) == (304, 365, "83.3")
    exact = own["own"]["numerator"] / own["own"]["denominator"] * 10_000
    assert progress["used"] == f"{exact / 78 * 100:.1f}"
    page = client_of("zhou").get(f"/assessments/reports/{report.id}").text
    assert "示例文件〔2026〕1号" in page


def test_a_target_set_later_does_not_change_what_was_sealed(
    owner: Session, worker: Session, client_of: Client
) -> None:
    assess(worker, period_end=date(2026, 9, 30), due_at=NOON, now=NOON)
    worker.commit()
    _set(client_of("sheng"))
    page = client_of("zhou").get(f"/assessments/reports/{report_of(owner, LINGYUAN).id}").text
    assert "年度目标：未设定" in page


@pytest.mark.parametrize(
    ("direction", "aim", "expected"),
    [
        ("down", 78.0, "reached"),
        ("down", 60.0, "missed"),
        ("down", 70.0, "unclear"),
        ("up", 60.0, "reached"),
        ("up", 78.0, "missed"),
        ("up", 70.0, "unclear"),
    ],
)
def test_a_target_is_reached_only_where_the_whole_interval_keeps_it(
    direction: str, aim: float, expected: str
) -> None:
    assert verdict(direction, aim, 65.0, 75.0) == expected


@pytest.mark.parametrize(
    ("indicator", "value", "direction", "words"),
    [
        ("I07", "100.1", "up", "这项指标是百分比，目标不能超过 100"),
        ("I07", "85.25", "up", "这项指标写到 1 位小数"),
        ("I07", "85", "down", "这项指标越高越好"),
        ("I14", "3.5", "down", "目标要填整数"),
        ("R_admin", "100001", "down", "目标不能超过 100000"),
        ("I07", "-3", "up", "目标不能小于 0"),
    ],
)
def test_a_target_that_no_figure_can_reach_is_refused_on_the_page_and_in_a_file(
    owner: Session, client_of: Client, indicator: str, value: str, direction: str, words: str
) -> None:
    client, told = client_of("sheng"), {"down": "不高于", "up": "不低于"}
    entry = {**GOOD, "indicator": indicator, "value": value, "direction": direction}
    page = client.post("/assessments/targets", data=entry)
    line = f"{indicator},{KAZUO},2026,{told[direction]},{value},省办,示例〔2026〕1号,2026-01-15\n"
    good = f"R_filed,{LINGYUAN},2026,不高于,78,省办,示例〔2026〕1号,2026-01-15\n"
    file = _upload(client, HEAD + good + line)
    assert (page.status_code, file.status_code) == (422, 422)
    assert words in page.text
    assert words in file.text
    assert owner.query(Target).count() == 0


def test_what_is_just_possible_is_kept(owner: Session, client_of: Client) -> None:
    client = client_of("sheng")
    assert _set(client, indicator="I07", value="100.00", direction="up") == 302
    assert _set(client, indicator="I04", value="140.5", direction="up") == 302
    assert _set(client, indicator="I19", value="0") == 302
    values = [row.value for row in owner.query(Target).order_by(Target.id)]
    assert values == [100.0, 140.5, 0.0]


def test_a_level_without_the_figure_gets_no_target(owner: Session) -> None:
    of_counties = replace(definitions(owner)["I07"], levels=("county",))
    assert area_fault(of_counties, owner.get_one(Area, PROVINCE)) != ""
    assert area_fault(of_counties, owner.get_one(Area, KAZUO)) == ""


HEAD = "指标代码,地区代码,年度,方向,数值,由谁确定,依据文件,确定日期\n"


def _upload(client: FlaskClient, text: str) -> TestResponse:
    data = {"table": (io.BytesIO(text.encode()), "targets.csv")}
    return client.post("/assessments/targets/upload", data=data)


def test_a_file_of_targets_is_taken_once_and_given_back(owner: Session, client_of: Client) -> None:
    text = f"{HEAD}R_filed,{LINGYUAN},2026,不高于,78,省办,示例〔2026〕1号,2026-01-15\n"
    text += f"I07,{NANJIE},2026,不低于,85,省办,示例〔2026〕1号,2026-01-15\n"
    client = client_of("sheng")
    for _again in range(2):
        assert _upload(client, text).status_code == 302
    assert [(row.indicator, row.value) for row in owner.query(Target).order_by(Target.id)] == [
        ("R_filed", 78.0),
        ("I07", 85.0),
    ]
    book = client.post("/assessments/targets/table", data={"year": "2026"})
    rows = read_sheet(book.data, "t.xlsx", largest_rows=9, largest_unpacked=10**7)
    assert len(rows) == 3
    page = client.get("/assessments/targets?year=2026").text
    assert "控制在目标内" in page or "已超过控制值" in page or "与目标不能区分" in page


def test_faults_are_named_by_cell_and_nothing_is_kept(owner: Session, client_of: Client) -> None:
    text = f"{HEAD}R_filed,{LINGYUAN},2026,不高于,78,省办,示例〔2026〕1号,2026-01-15\n"
    text += f"R_filed,{NANJIE},1999,大约,七,,示例,2999-01-01\n"
    answer = _upload(client_of("sheng"), text)
    assert answer.status_code == 422
    for cell in ("这一级没有这项指标", "请写“不高于”或“不低于”", "请填数字", "不能空着"):
        assert cell in answer.text
    assert "6 处需要改正" in answer.text
    assert owner.query(Target).count() == 0
    assert _upload(client_of("zhou"), text).status_code == 403
