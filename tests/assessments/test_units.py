"""Departments and townships: a scheme of their level chosen by two, run, sent, opened, signed."""

import io
import json
import re
from collections.abc import Callable
from datetime import date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.assessments.conftest import NOON, report_of
from tests.assessments.runs.conftest import go_on as go_on
from tests.assessments.runs.conftest import window_over as window_over
from tests.assessments.schemes.conftest import Force
from tests.assessments.schemes.conftest import in_force as in_force
from tests.cast import DONGJIE, KAZUO, LINGYUAN, NANJIE
from yuantou.agencies.models import Agency
from yuantou.assessments import jobs
from yuantou.assessments.models import AssessmentReport, AssessmentRun, Target
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.publishing import publish
from yuantou.assessments.schemes.choosing import scheme_of
from yuantou.assessments.schemes.models import SchemeChoice
from yuantou.assessments.service import verify
from yuantou.assessments.units import unit_code
from yuantou.calendar.clock import ZONE
from yuantou.database import paging
from yuantou.indicators.models import FigurePack
from yuantou.indicators.periods import months
from yuantou.territory.models import Area

Client = Callable[[str], FlaskClient]
CHOICES = "/assessments/schemes/choices"
SIXTH = datetime(2026, 11, 6, 6, 0, tzinfo=ZONE)
SPAN = list(months(date(2025, 1, 1), date(2026, 10, 1)))
CODES = ("I07", "I09", "I10", "I10S", "I18")


@pytest.fixture
def parts(owner: Session) -> Callable[..., None]:
    """`parts("township", NANJIE)`: nine of ten, each month of two years."""

    def write(dimension: str, value: str) -> None:
        area = owner.get_one(Area, LINGYUAN)
        for code in CODES:
            owner.merge(
                FigurePack(
                    indicator=code,
                    area_code=LINGYUAN,
                    dimension=dimension,
                    area_path=area.path,
                    months=SPAN,
                    values=[value] * len(SPAN),
                    versions=[1] * len(SPAN),
                    numerators=[9] * len(SPAN),
                    denominators=[10] * len(SPAN),
                    computed_at=NOON,
                )
            )
        owner.commit()

    return write


@pytest.fixture
def chosen(client_of: Client, in_force: Force, second: str) -> Callable[[str, str], None]:
    """`chosen("township", "townships")`: chosen by one person, approved by another."""

    def choose(level: str, scheme: str) -> None:
        in_force(scheme)
        said = {"scheme": f"{level}/{scheme}", "year": "2026", "reason": "示例文件〔2026〕9号"}
        assert client_of("sheng").post(CHOICES, data=said).status_code == 302
        client_of(second).post(f"{CHOICES}/1/approve")

    return choose


@pytest.fixture
def sealed(
    client_of: Client,
    worker: Session,
    owner: Session,
    second: str,
    go_on: Callable[..., None],
    window_over: Callable[[], None],
) -> Callable[[], AssessmentRun]:
    """`sealed()`: the monthly job, the worker, two approvals, the worker again."""

    def seal() -> AssessmentRun:
        jobs.run(worker, SIXTH, lambda *_: None)
        worker.commit()
        go_on(NOON)
        window_over()
        run = owner.query(AssessmentRun).filter(AssessmentRun.level != "county").one()
        for login in ("sheng", second):
            client_of(login).post(
                f"/assessments/runs/{run.id}/approve", data={"revision": str(run.revision)}
            )
        go_on()
        owner.expire_all()
        return run

    return seal


def test_counties_have_a_scheme_and_other_levels_only_once_two_persons_chose_one(
    client_of: Client, owner: Session, in_force: Force, second: str
) -> None:
    assert scheme_of(owner, "county", 2026) == "example"
    assert scheme_of(owner, "township", 2026) is None
    first = client_of("sheng")
    said = {"scheme": "township/townships", "year": "2026", "reason": "文件"}
    assert first.post(CHOICES, data=said).status_code == 422
    in_force("townships")
    first.post(CHOICES, data=said)
    first.post(f"{CHOICES}/1/approve")
    assert scheme_of(owner, "township", 2026) is None
    assert client_of("gao").post(f"{CHOICES}/1/approve").status_code == 403
    assert "待批准" in client_of(second).get("/notices?tab=todo").text
    client_of(second).post(f"{CHOICES}/1/approve")
    owner.expire_all()
    assert scheme_of(owner, "township", 2026) == "townships"
    assert scheme_of(owner, "township", 2025) is None
    assert owner.query(SchemeChoice).one().approved_at is not None


def test_the_monthly_run_uses_the_scheme_that_was_chosen_for_counties(
    worker: Session, owner: Session, chosen: Callable[[str, str], None]
) -> None:
    chosen("county", "points")
    jobs.run(worker, SIXTH, lambda *_: None)
    worker.commit()
    assert [(run.scheme, run.level) for run in owner.query(AssessmentRun)] == [("points", "county")]


def test_a_township_is_scored_sent_its_report_and_signs_for_it(
    client_of: Client,
    owner: Session,
    parts: Callable[..., None],
    chosen: Callable[[str, str], None],
    sealed: Callable[[], AssessmentRun],
) -> None:
    parts("township", NANJIE)
    chosen("township", "townships")
    run = sealed()
    assert (run.state, run.level, run.done) == ("done", "township", 1)
    kept = report_of(owner, NANJIE)
    score = json.loads(kept.content)["score"]
    assert score["points"] is not None
    assert verify(owner, kept) == "same"
    mine = client_of("tang")
    assert "南街街道" in mine.get(f"/assessments/reports/{kept.id}").text
    assert "评估报告待签收" in mine.get("/notices?tab=todo").text
    assert mine.post(f"/assessments/reports/{kept.id}/receive").status_code == 302
    assert client_of("dong").get(f"/assessments/reports/{kept.id}").status_code == 404
    assert client_of("hu").get(f"/assessments/reports/{kept.id}").status_code == 404
    assert "已签收" in client_of("gao").get("/assessments/units").text
    owner.expire_all()
    assert report_of(owner, NANJIE).received_at is not None


def test_a_department_sees_its_own_draft_alone_before_anything_is_sealed(
    client_of: Client,
    owner: Session,
    worker: Session,
    parts: Callable[..., None],
    chosen: Callable[[str, str], None],
    go_on: Callable[..., None],
) -> None:
    labour = owner.query(Agency).filter_by(code="lingyuan-labour").one()
    parts("agency", str(labour.id))
    chosen("department", "departments")
    jobs.run(worker, SIXTH, lambda *_: None)
    worker.commit()
    go_on(NOON)
    run = owner.query(AssessmentRun).filter_by(level="department").one()
    address = f"/assessments/runs/{run.id}/drafts/{unit_code(labour.id)}"
    assert "预览稿，不是结果" in client_of("ren").get(address).text
    assert address in client_of("ren").get("/assessments").text
    assert client_of("zhu").get(address).status_code == 404
    assert client_of("hu").get(address).status_code == 404
    assert client_of("gao").get(address).status_code == 200


def test_a_department_opens_its_own_report_alone_with_its_own_target(
    client_of: Client,
    owner: Session,
    parts: Callable[..., None],
    chosen: Callable[[str, str], None],
    sealed: Callable[[], AssessmentRun],
) -> None:
    labour = owner.query(Agency).filter_by(code="lingyuan-labour").one()
    parts("agency", str(labour.id))
    aim = {
        "indicator": "I09",
        "area_code": LINGYUAN,
        "unit": "lingyuan-labour",
        "year": "2026",
        "value": "95",
        "direction": "up",
        "set_by": "省平安办",
        "document": "文件",
        "set_on": "2026-01-15",
    }
    assert client_of("sheng").post("/assessments/targets", data=aim).status_code == 302
    assert owner.query(Target).one().agency_id == labour.id
    chosen("department", "departments")
    run = sealed()
    kept = report_of(owner, unit_code(labour.id))
    assert kept.delivered_to == labour.id
    assert "不低于 95" in client_of("ren").get(f"/assessments/reports/{kept.id}").text
    assert client_of("zhu").get(f"/assessments/reports/{kept.id}").status_code == 404
    assert client_of("ren").get("/assessments").text.count(f"reports/{kept.id}") == 1
    assert client_of("ren").get(f"/assessments/runs/{run.id}").status_code == 403
    for form in ("docx", "pdf", "xlsx"):
        page = client_of("ren").post(f"/assessments/reports/{kept.id}/{form}")
        assert page.status_code == 200


def test_a_township_target_is_refused_where_the_code_is_not_of_the_area(client_of: Client) -> None:
    aim = {
        "indicator": "I09",
        "area_code": KAZUO,
        "unit": DONGJIE,
        "year": "2026",
        "value": "95",
        "direction": "up",
        "set_by": "省平安办",
        "document": "文件",
        "set_on": "2026-01-15",
    }
    page = client_of("sheng").post("/assessments/targets", data=aim)
    assert page.status_code == 422
    assert "没有这个乡镇代码或部门代码" in page.text
    right = client_of("sheng").post("/assessments/targets", data={**aim, "area_code": LINGYUAN})
    assert right.status_code == 302


def test_the_form_of_a_run_offers_what_judges_counties_first(
    client_of: Client, in_force: Force
) -> None:
    for code in ("departments", "points", "townships"):
        in_force(code)
    page = client_of("sheng").get("/assessments/runs/new").text
    places = [page.index(f'value="{code}"') for code in ("example", "points", "departments")]
    assert places == sorted(places)
    assert re.search(r'<option selected value="example"', page)


def test_without_a_choice_only_counties_are_run(worker: Session, owner: Session) -> None:
    jobs.run(worker, SIXTH, lambda *_: None)
    worker.commit()
    assert [run.level for run in owner.query(AssessmentRun)] == ["county"]
    assert owner.query(AssessmentReport).count() == 0


HEAD = "指标代码,地区代码,部门代码,年度,方向,数值,由谁确定,依据文件,确定日期\n"
TAIL = "省办,示例〔2026〕1号,2026-01-15\n"


def _upload(client: FlaskClient, text: str) -> TestResponse:
    data = {"table": (io.BytesIO(text.encode()), "targets.csv")}
    return client.post("/assessments/targets/upload", data=data)


def test_targets_of_departments_come_in_by_file_once_and_show_how_far_they_are(
    client_of: Client, owner: Session, parts: Callable[..., None]
) -> None:
    labour = owner.query(Agency).filter_by(code="lingyuan-labour").one()
    parts("agency", str(labour.id))
    text = f"{HEAD}I09,{LINGYUAN},lingyuan-labour,2026,不低于,50,{TAIL}"
    text += f"I09,{LINGYUAN},,2026,不低于,60,{TAIL}"
    client = client_of("sheng")
    for _again in range(2):
        assert _upload(client, text).status_code == 302
    rows = owner.query(Target).order_by(Target.id).all()
    assert [(row.agency_id, row.value, row.revision) for row in rows] == [
        (labour.id, 50.0, 1),
        (None, 60.0, 1),
    ]
    page = client.get("/assessments/targets?year=2026").text
    assert labour.name in page
    assert page.count("已达到") >= 1
    assert labour.name in client_of("ren").get("/assessments/targets?year=2026").text
    assert labour.name not in client_of("zhu").get("/assessments/targets?year=2026").text


def test_a_department_of_another_county_is_a_fault_of_its_cell(
    client_of: Client, owner: Session
) -> None:
    text = f"{HEAD}I09,{KAZUO},lingyuan-labour,2026,不低于,50,{TAIL}"
    answer = _upload(client_of("sheng"), text)
    assert answer.status_code == 422
    assert "这个地区没有这个部门代码" in answer.text
    assert owner.query(Target).count() == 0


def test_a_long_run_is_read_a_page_at_a_time_and_by_place(
    client_of: Client, owner: Session, worker: Session, parts: Callable[..., None],
    chosen: Callable[[str, str], None], go_on: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(paging, "PAGE", 1)
    parts("township", NANJIE)
    second = owner.get_one(FigurePack, ("I07", LINGYUAN, "township"))
    second.values = [*second.values[:-1], DONGJIE]
    owner.commit()
    chosen("township", "townships")
    jobs.run(worker, SIXTH, lambda *_: None)
    worker.commit()
    go_on(NOON)
    run = owner.query(AssessmentRun).filter_by(level="township").one()
    page, office = f"/assessments/runs/{run.id}", client_of("sheng")
    seen = [office.get(f"{page}?page={number}").text for number in (1, 2, 99)]
    assert ["南街" in text for text in seen] == [True, False, False]
    assert ["东街" in text for text in seen] == [False, True, True]
    assert "东街" in office.get(f"{page}?place={LINGYUAN}&page=2").text
    assert "这个地区没有预览稿" in office.get(f"{page}?place={KAZUO}").text
    publish(worker, worker.get_one(AssessmentRun, run.id), now=NOON, progress=lambda *_: None,
            state=RunState.PREVIEW)  # fmt: skip
    worker.commit()
    sent = [office.get(f"/assessments/units?run={run.id}&page={n}").text for n in (1, 2)]
    assert ["南街" in text for text in sent] == [True, False]
    assert "这个地区没有这一期的报告" in office.get(f"/assessments/units?place={KAZUO}").text
