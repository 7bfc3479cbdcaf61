"""What each reader of a report can open and do, and what the page says."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.cast import KAZUO, LINGYUAN
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.service import assess
from yuantou.audit.models import AuditEvent

Client = Callable[[str], FlaskClient]


def _plain(report: AssessmentReport) -> str:
    """The headline's definition in plain words, as it was sealed."""
    return str(json.loads(report.content)["indicators"][0]["definition"]["plain_zh"])


def _page(client: FlaskClient, report: AssessmentReport) -> str:
    answer = client.get(f"/assessments/reports/{report.id}")
    assert answer.status_code == 200
    return answer.text


def test_the_county_reads_its_figure_with_interval_and_definition(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    page = _page(client_of("zhou"), lingyuan)
    assert "凌源市源头预防化解评估" in page
    assert "95% 区间" in page
    assert "本报告不排名" in page
    assert _plain(lingyuan) in page
    assert "示例方案，需主管部门确认" in page
    assert lingyuan.seal in page
    assert lingyuan.audit_head in page


def test_the_last_period_stands_beside_this_one_and_says_which_it_is(
    client_of: Client, owner: Session, worker: Session
) -> None:
    for month in (9, 10):
        assess(worker, period_end=date(2026, month, 30 + (month == 10)), due_at=NOON, now=NOON)
        worker.commit()
    held = owner.query(AssessmentReport).filter_by(area_code=LINGYUAN)
    before, report = held.order_by(AssessmentReport.period_end).all()
    was = json.loads(before.content)["indicators"][0]["own"]["value"]
    page = _page(client_of("zhou"), report)
    assert f"上一期 {was}" in page
    assert f"上一期截至 2026年9月30日，第 1 版，封存 {before.seal[:16]}" in page
    assert "没有可比的上一期封存报告" in _page(client_of("zhou"), before)


def test_another_county_cannot_open_the_report(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    for path in ("", "/verify"):
        assert client_of("ke").get(f"/assessments/reports/{lingyuan.id}{path}").status_code == 404
    for path in ("/docx", "/xlsx", "/receive"):
        assert client_of("ke").post(f"/assessments/reports/{lingyuan.id}{path}").status_code == 404


def test_a_query_without_scope_returns_no_report(
    viewer_session: Callable[[str], tuple[Session, object]], lingyuan: AssessmentReport
) -> None:
    session, _ = viewer_session("ke")
    assert {row.area_code for row in session.query(AssessmentReport)} == {KAZUO}


def test_a_mediator_has_no_business_here(client_of: Client, lingyuan: AssessmentReport) -> None:
    assert client_of("mei").get(f"/assessments/reports/{lingyuan.id}").status_code == 403


def test_signing_is_recorded_once(
    owner: Session, client_of: Client, lingyuan: AssessmentReport
) -> None:
    client = client_of("zhou")
    for _ in range(2):
        answer = client.post(f"/assessments/reports/{lingyuan.id}/receive", follow_redirects=True)
        assert answer.status_code == 200
    assert "没有重复记录" in answer.text
    assert report_of(owner, LINGYUAN).received_at is not None
    assert owner.query(AuditEvent).filter_by(action="assessment:receive").count() == 1


def test_the_province_sees_who_signed_but_cannot_sign(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    client_of("zhou").post(f"/assessments/reports/{lingyuan.id}/receive")
    assert "已签收" in client_of("sheng").get("/assessments").text
    answer = client_of("sheng").post(f"/assessments/reports/{lingyuan.id}/receive")
    assert answer.status_code == 403


def test_the_list_of_counties_is_by_code_and_without_figures(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    page = client_of("sheng").get("/assessments").text
    places = [page.index(name) for name in ("210102", "211324", "211382")]
    assert places == sorted(places)
    assert "未送达" in page
    assert "R_filed" not in page
    own = client_of("qi").get("/assessments").text
    assert "211382" in own
    assert "210102" not in own


def test_the_county_sees_only_its_own_reports_in_the_list(
    client_of: Client, lingyuan: AssessmentReport
) -> None:
    page = client_of("zhou").get("/assessments").text
    assert f"/assessments/reports/{lingyuan.id}" in page
    assert "待签收" in page


def test_missing_counts_are_named_on_the_page(
    owner: Session,
    worker: Session,
    client_of: Client,
    without_counts: Callable[[str, date], None],
) -> None:
    without_counts("lingyuan-court", date(2026, 9, 1))
    assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON)
    worker.commit()
    page = _page(client_of("zhou"), report_of(owner, LINGYUAN))
    assert "缺 lingyuan-court 人民法院 2026年9月 的司法数据" in page
    assert "数据待核" in page


def test_an_unset_target_is_said(client_of: Client, lingyuan: AssessmentReport) -> None:
    assert "万人成讼率的年度目标：未设定" in _page(client_of("zhou"), lingyuan)


def test_an_older_edition_leads_to_the_newer(
    owner: Session, worker: Session, client_of: Client, lingyuan: AssessmentReport
) -> None:
    assess(worker, period_end=OCTOBER, due_at=NOON, force=True, now=NOON)
    worker.commit()
    newer = report_of(owner, LINGYUAN)
    page = _page(client_of("zhou"), owner.get_one(AssessmentReport, newer.id - 3))
    assert f'href="/assessments/reports/{newer.id}"' in page


@pytest.mark.parametrize("who", ["zhou", "sheng", "an", "gao"])
def test_runs_are_shown(client_of: Client, run: AssessmentRun, who: str) -> None:
    page = client_of(who).get("/assessments/runs").text
    assert "2026 年第 10 期" in page
    assert "3 / 3" in page


def test_runs_of_years_ago_are_still_to_be_found(
    owner: Session, run: AssessmentRun, client_of: Callable[[str], FlaskClient]
) -> None:
    words = {
        c.name: getattr(run, c.name) for c in AssessmentRun.__table__.columns if c.name != "id"
    }
    for year in range(1960, 2020):
        days = {"period_start": date(year, 1, 1), "period_end": date(year, 12, 31)}
        owner.add(AssessmentRun(**{**words, **days, "kind": "yearly"}))
    owner.commit()
    client = client_of("sheng")
    assert "1960 年度" not in client.get("/assessments/runs").text
    assert "1960 年度" in client.get("/assessments/runs?page=2").text
    assert "1960 年度" in client.get("/assessments/runs?page=99999999999999999999").text
    assert "共 61 期" in client.get("/assessments/runs?page=-3").text
