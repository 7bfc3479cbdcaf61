"""What the province and its cities get: sums of sealed reports, sealed themselves, not ranked."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON
from tests.assessments.runs.conftest import silent
from tests.cast import CITY, HEPING, KAZUO, LINGYUAN, PROVINCE
from yuantou.assessments.delivery import service, shelf
from yuantou.assessments.delivery.congress import Sealed, congress_paper
from yuantou.assessments.delivery.leaves import Text
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.sealing import holds
from yuantou.assessments.delivery.summing import standing
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.runs.machine import RunKind, RunState
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.assessments.runs.publishing import publish
from yuantou.notices.models import Notice

Client = Callable[[str], FlaskClient]
SEPTEMBER = {"period_start": "2026-01-01", "period_end": "2026-09-30"}
QUARTER = {"period_start": "2026-07-01", "period_end": "2026-09-30"}
YEAR = {"period_start": "2026-01-01", "period_end": "2026-12-31"}


def _summary(session: Session, area: str) -> AssessmentSummary:
    session.expire_all()
    return session.query(AssessmentSummary).filter_by(area_code=area).one()


def test_a_summary_adds_up_the_sealed_reports(owner: Session, run: AssessmentRun) -> None:
    content = json.loads(_summary(owner, PROVINCE).content)
    reports = {one.area_code: json.loads(one.content) for one in owner.query(AssessmentReport)}
    for place, one in enumerate(content["indicators"]):
        parts = [each["indicators"][place]["own"] for each in reports.values()]
        assert one["own"]["numerator"] == sum(each["numerator"] for each in parts)
        assert one["own"]["denominator"] == sum(each["denominator"] for each in parts)
    assert [one["code"] for one in content["counties"]] == [HEPING, KAZUO, LINGYUAN]
    assert {one["seal"] for one in content["counties"]} == {
        one.seal for one in owner.query(AssessmentReport)
    }


def test_a_city_gets_its_own_counties_only(owner: Session, run: AssessmentRun) -> None:
    counties = json.loads(_summary(owner, CITY).content)["counties"]
    assert [one["code"] for one in counties] == [KAZUO, LINGYUAN]


def test_a_changed_summary_is_found(owner: Session, run: AssessmentRun) -> None:
    kept = _summary(owner, CITY)
    assert holds(owner, kept, owner.get_one(AssessmentRun, run.id))
    content = bytes(kept.content).replace(b'"numerator":', b'"numerator":1', 1)
    owner.execute(update(AssessmentSummary).values(content=content))
    owner.commit()
    kept = _summary(owner, CITY)
    assert not holds(owner, kept, owner.get_one(AssessmentRun, run.id))


@pytest.mark.parametrize(
    ("low", "high", "direction", "word"),
    [
        ("50.0", "59.9", "down", "reached"),
        ("60.1", "70.0", "down", "not_yet"),
        ("55.0", "65.0", "down", "unsure"),
        ("60.0", "65.0", "up", "reached"),
        ("50.0", "59.9", "up", "not_yet"),
    ],
)
def test_a_target_is_reached_only_where_the_interval_says_so(
    low: str, high: str, direction: str, word: str
) -> None:
    target = {"value": "60", "direction": direction}
    share = {"target": target, "definition": {"kind": "share"}}
    assert standing({**share, "own": {"low": low, "high": high}}, SEPTEMBER) == word
    assert standing({**share, "own": None}, SEPTEMBER) == "missing"


@pytest.mark.parametrize(
    ("about", "low", "high", "word"),
    [
        (SEPTEMBER, "40.0", "50.0", "open"),
        (SEPTEMBER, "61.0", "70.0", "not_yet"),
        (SEPTEMBER, "58.0", "62.0", "open"),
        (QUARTER, "10.0", "12.0", "open"),
        (QUARTER, "61.0", "70.0", "open"),
        (YEAR, "40.0", "50.0", "reached"),
        (YEAR, "58.0", "62.0", "unsure"),
    ],
)
def test_a_ceiling_of_the_year_is_kept_when_the_year_is_over(
    about: dict[str, str], low: str, high: str, word: str
) -> None:
    figure = {
        "own": {"low": low, "high": high},
        "target": {"value": "60", "direction": "down"},
        "definition": {"kind": "rate"},
    }
    assert standing(figure, about) == word


def test_a_quarter_says_that_it_is_a_quarter(owner: Session, worker: Session) -> None:
    run = open_run(worker, kind=RunKind.QUARTERLY, start=date(2026, 7, 1), end=date(2026, 9, 30),
                   due_at=NOON, scheme_code="example")  # fmt: skip
    prepare(worker, run, now=NOON, progress=silent)
    publish(worker, run, now=NOON, progress=silent, state=RunState.PREVIEW)
    worker.commit()
    report = owner.query(AssessmentReport).filter_by(area_code=LINGYUAN).one()
    for data in (
        service.report_file(report, run, "docx"),
        service.summary_file(_summary(owner, PROVINCE), run, "docx"),
    ):
        words = _words(data)
        assert "2026 年第 3 季度 · 2026年7月1日—9月30日" in words
        assert "年初至" not in words
        assert "第 9 期" not in words


def test_the_yearly_draft_claims_no_ceiling_and_says_nothing_twice(
    client_of: Client, run: AssessmentRun
) -> None:
    words = _words(client_of("sheng").post("/assessments/delivery/congress/2026").data)
    assert "偏离基线" not in words
    assert words.count("人民调解成功率 ") == 1


def test_the_office_takes_everything_in_one_archive(
    worker: Session, run: AssessmentRun, client_of: Client
) -> None:
    client = client_of("sheng")
    address = f"/assessments/delivery/{run.id}/zip"
    assert "文件还在生成" in client.post(address, follow_redirects=True).text
    told: list[tuple[int, int]] = []
    service.make_files(worker, run, lambda done, whole: told.append((done, whole)))
    worker.rollback()
    assert told[-1] == (18, 18)
    with zipfile.ZipFile(io.BytesIO(client.post(address).data)) as archive:
        names = archive.namelist()
        report = next(name for name in names if "凌源市评估2026-10.docx" in name)
        assert "凌源市源头预防化解评估" in _words(archive.read(report))
    assert len(names) == 18
    assert "18 / 18" in client.get("/assessments/delivery").text


def test_files_are_made_once_and_again_when_they_were_touched(
    lingyuan: AssessmentReport, run: AssessmentRun
) -> None:
    first = service.report_file(lingyuan, run, "xlsx")
    assert service.report_file(lingyuan, run, "xlsx") == first
    place = next(shelf.shelf().glob("??/*.xlsx"))
    for each in shelf.shelf().glob("??/*.xlsx"):
        each.write_bytes(b"altered")
    assert service.report_file(lingyuan, run, "xlsx")[:2] == b"PK"
    assert place.exists()


def test_a_county_does_not_see_the_office_page(client_of: Client, run: AssessmentRun) -> None:
    client = client_of("zhou")
    assert client.get("/assessments/delivery").status_code == 404
    assert client.post(f"/assessments/delivery/{run.id}/zip").status_code == 404


def test_a_city_sees_its_own_summary_only(
    owner: Session, client_of: Client, run: AssessmentRun
) -> None:
    client = client_of("qi")
    page = client.get("/assessments/delivery").text
    assert "朝阳市" in page
    assert "辽宁省<" not in page
    other = _summary(owner, PROVINCE).id
    assert client.post(f"/assessments/delivery/summaries/{other}/pdf").status_code == 404
    own = _summary(owner, CITY).id
    assert client.post(f"/assessments/delivery/summaries/{own}/pdf").data.startswith(b"%PDF")
    assert "核验结果：同" in client.get(f"/assessments/delivery/summaries/{own}/verify").text


def test_every_number_of_the_yearly_draft_has_its_seal(
    owner: Session, client_of: Client, run: AssessmentRun
) -> None:
    data = client_of("sheng").post("/assessments/delivery/congress/2026").data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        notes = archive.read("word/footnotes.xml").decode()
        body = archive.read("word/document.xml").decode()
    province = _summary(owner, PROVINCE)
    own = json.loads(province.content)["indicators"][0]["own"]
    assert province.seal in notes
    assert body.count("<w:footnoteReference ") == notes.count("<w:footnoteRef/>") > 10
    assert own["value"] in body
    assert "【缺】全年数字尚未封存" in body
    assert "【待填】" in body
    assert "⟦" not in body


def test_the_yearly_draft_says_to_which_side_and_speaks_for_the_whole_only_where_it_can(
    owner: Session, run: AssessmentRun
) -> None:
    kept = _summary(owner, PROVINCE)
    content = json.loads(kept.content)
    known = [one for one in content["indicators"] if one["own"]]
    off, few = known[0], known[1]
    base = {**off["own"], "value": str(float(off["own"]["value"]) + 1)}
    off.update(verdict="off", baseline=base)
    few.update(counties=1, of=3)
    paper = congress_paper(Sealed(content, kept.seal, kept.algorithm), [], [])
    said = [part.text for part in paper.sections[0].parts if isinstance(part, Text)]
    assert "低于往年同期" in said[0]
    assert any(
        "只有 1 个县（市、区）有数" in line and few["own"]["value"] not in line for line in said
    )
    again = [part.text for part in paper.sections[1].parts if isinstance(part, Text)]
    assert not {line.split("⟦")[0] for line in said} & {line.split("⟦")[0] for line in again}


def test_nothing_is_drafted_for_a_year_without_a_seal(
    client_of: Client, run: AssessmentRun
) -> None:
    answer = client_of("sheng").post("/assessments/delivery/congress/2025", follow_redirects=True)
    assert "还没有封存的全省汇总" in answer.text
    assert client_of("qi").post("/assessments/delivery/congress/2026").status_code == 403


def test_those_who_have_not_signed_are_told_before_and_after_once(
    owner: Session, worker: Session, lingyuan: AssessmentReport, client_of: Client
) -> None:
    assert lingyuan.sign_by is not None
    client_of("ke").post("/assessments/reports/2/receive")
    for moment, kind, number in (
        (lingyuan.sign_by - timedelta(days=4), "assessment_due", 0),
        (lingyuan.sign_by - timedelta(hours=8), "assessment_due", 1),
        (lingyuan.sign_by - timedelta(hours=7), "assessment_due", 1),
        (lingyuan.sign_by + timedelta(days=3), "assessment_late", 1),
        (lingyuan.sign_by + timedelta(days=4), "assessment_late", 1),
    ):
        service.remind(worker, now=moment)
        worker.commit()
        owner.expire_all()
        found = owner.query(Notice).filter_by(kind=kind, agency_id=lingyuan.delivered_to)
        assert found.count() == number, (moment, kind)
    assert owner.query(Notice).filter_by(kind="assessment_unsigned").count() == 1
    assert owner.execute(text("SELECT count(*) FROM notice WHERE kind = 'assessment_due'")).scalar()
    assert lingyuan.sign_by > NOON


def _words(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
