"""Townships and departments are judged: chosen by two, objected to, sent, signed for, restated."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from tests.journeys.judging import (
    Judged,
    let_window_end,
    owner,
    preview,
    silent,
    sound,
    work,
    work_runs,
    worker,
)
from yuantou.assessments.models import AssessmentRun, SchemeVersion
from yuantou.assessments.restatements.jobs import run_asked
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.publishing import publish
from yuantou.calendar.clock import now
from yuantou.disputes.models import Dispute, DisputeEvent

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
OFFICE = ("province", "province_second")
LATE = {
    "township": "UPDATE dispute SET outcome = 'failed' WHERE id = :id",
    "department": "UPDATE deadline SET met_at = due_at + interval '1 day' "
    "WHERE dispute_id = :id AND rule IN ('sign', 'sign_red') AND met_at <= due_at",
}


def _press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.locator(f"main button:has-text('{words}'):visible").first.click()


def _approve(visit: Visits, province: Province, run: int) -> None:
    let_window_end(province, run)
    for who in OFFICE:
        _press(visit(who).go(f"/assessments/runs/{run}"), "批准发布")
    work_runs(province)


def _change_late(province: Province, level: str, matter: int) -> None:
    """A matter is corrected after it was sent, with an entry in its history."""
    with owner(province) as session:
        _noted(session, matter)
        session.execute(text(LATE[level]), {"id": matter})


def _noted(session: Session, matter: int) -> None:
    held = session.query(DisputeEvent).filter_by(dispute_id=matter).limit(1).one()
    columns = (each.name for each in DisputeEvent.__table__.columns if each.name != "id")
    words = {name: getattr(held, name) for name in columns}
    session.execute(insert(DisputeEvent).values({**words, "at": now() + timedelta(seconds=1)}))


def test_the_scheme_of_a_level_is_chosen_by_two_persons(province: Province, visit: Visits) -> None:
    with owner(province) as session:
        session.query(SchemeVersion).filter_by(approved_at=None, code="townships").update(
            {"approved_at": now()}
        )
    office = visit(OFFICE[0], PHONE)
    page = office.go("/assessments/schemes")
    page.get_by_text("换一套方案").click()
    page.select_option("[name=scheme]", "township/townships")
    page.fill("[name=reason]", "示例文件〔2026〕9号")
    page.get_by_role("button", name="提请", exact=True).click()
    expect(page.get_by_text("已提请，请另一位有权限的人批准。")).to_be_visible()
    sound(office, "units-proposed")
    page = visit(OFFICE[1], PHONE).go("/notices?tab=todo")
    page.get_by_text("换用计分方案，待批准").click()
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_text("已批准，从下一次评估起按这套方案。")).to_be_visible()


def test_a_township_is_judged_and_signs(province: Province, visit: Visits) -> None:
    judged = preview(province, "township", "I07")
    with worker(province) as session:
        run = session.get_one(AssessmentRun, judged.run)
        publish(session, run, now=now(), progress=silent, state=RunState.PREVIEW)
    office = visit(OFFICE[0])
    expect(
        office.go(f"/assessments/units?run={judged.run}").locator("[data-open]")
    ).not_to_have_count(0)
    sound(office, "units-list")
    township = visit(judged.login, PHONE)
    page = township.go("/assessments")
    page.locator("main a[href*='/reports/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("源头预防化解评估")
    sound(township, "units-report")
    page.locator("button:has-text('签收'):visible").first.click()
    expect(page.get_by_text("已签收。", exact=False).first).to_be_visible()


@pytest.mark.parametrize(
    ("level", "figure", "size"), [("township", "I07", PHONE), ("department", "I10S", WIDE)]
)
def test_a_unit_objects_is_answered_and_restated(
    province: Province, visit: Visits, level: str, figure: str, size: tuple[int, int]
) -> None:
    judged = preview(province, level, figure)
    unit = visit(judged.login, size)
    _object(province, unit, judged, figure)
    _answer(visit(OFFICE[0], size), unit.page.url, judged)
    work_runs(province)
    _approve(visit, province, judged.run)
    page = unit.go("/assessments")
    page.locator("main a[href*='/reports/']").first.click()
    expect(page.locator("main")).to_contain_text("经异议采纳", use_inner_text=True)
    report = page.url.removeprefix(province.address)
    _restate(province, visit, unit, judged, level)
    page = unit.go(report)
    page.get_by_role("link", name="看新版").click()
    expect(page.locator("main")).to_contain_text("第 2 版", use_inner_text=True)


def _object(province: Province, unit: Visit, judged: Judged, figure: str) -> None:
    with owner(province) as session:
        number = session.get_one(Dispute, judged.matters[0]).number
    page = unit.go("/assessments")
    page.locator(f"main a[href*='/runs/{judged.run}/drafts/']").click()
    expect(page.locator("main")).to_contain_text("预览稿，不是结果", use_inner_text=True)
    sound(unit, f"units-draft-{judged.run}")
    page.get_by_role("link", name="提出异议").click()
    page.select_option("[name=indicator]", figure)
    page.check("input[name=subject][value=matter]")
    page.fill("[name=number]", number or "")
    page.select_option("[name=claim]", "no_hit")
    page.fill("[name=reason]", "当天录入有误，应以卷宗为准")
    page.fill("[name=evidence]", "卷宗第12页")
    _press(page, "先看结果")
    expect(page.get_by_role("heading", name="如果采纳")).to_be_visible()
    sound(unit, f"units-counterfactual-{judged.run}")
    _press(page, "提出异议")
    expect(page.get_by_role("heading", level=1)).to_contain_text("异议第")


def _answer(office: Visit, address: str, judged: Judged) -> None:
    page = office.go(address.removeprefix(office.address))
    page.check("input[name=outcome][value=upheld]")
    page.check("input[name=remedy][value=adjust]")
    page.fill("[name=reason]", "与卷宗核对属实")
    sound(office, f"units-answer-{judged.run}")
    _press(page, "答复")
    expect(page.get_by_text("已答复。采纳的异议要重新准备预览稿才会计入。")).to_be_visible()
    sound(office, f"units-run-{judged.run}")
    _press(page, "重新准备")


def _restate(province: Province, visit: Visits, unit: Visit, judged: Judged, level: str) -> None:
    _change_late(province, level, judged.matters[1])
    page = unit.page
    page.get_by_role("link", name="发出时与现在").click()
    ledger = page.url.removeprefix(province.address)
    page.fill("[name=reason]", "一件纠纷事后更正")
    _press(page, "申请比对")
    work(province, run_asked)
    page = unit.go(ledger)
    expect(page.get_by_text("1 件纠纷的计法变了").first).to_be_visible()
    expect(page.locator("main table")).not_to_contain_text("无记录")
    sound(unit, f"units-ledger-{judged.run}")
    office = visit(OFFICE[0])
    page = office.go(ledger)
    page.fill("[name=reason]", "一件纠纷事后更正")
    _press(page, "更正重发")
    again = int(page.url.rsplit("/", 1)[1])
    work_runs(province)
    _approve(visit, province, again)


def test_rooms_that_were_not_seen_are_looked_at(visit: Visits) -> None:
    office = visit(OFFICE[0])
    for name, path in (
        ("scheme", "/assessments/schemes/points/1"),
        ("events", "/assessments/schemes/events"),
        ("targets", "/assessments/targets"),
        ("lasting", "/indicators/lasting?area=211382"),
        ("funnel", "/indicators/R_filed?span=ytd"),
    ):
        _unfold(office.go(path))
        sound(office, f"seen-{name}")
    city = visit("city")
    _unfold(city.go("/indicators/R_filed?span=ytd"))
    sound(city, "seen-city")


def _unfold(page: Page) -> None:
    for opened in page.locator("details.numbers > summary, details.card > summary").all():
        opened.click()
