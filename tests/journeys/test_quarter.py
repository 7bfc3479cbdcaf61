"""A quarter: draft, an objection upheld, two approvals, receipts; a late correction restated."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection, create_engine, text

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from yuantou.accounts.passwords import hash_random, random_password
from yuantou.assessments.restatements.jobs import run_asked
from yuantou.assessments.runs.jobs import run as run_work
from yuantou.calendar.clock import now
from yuantou.database.jobs import Work
from yuantou.database.session import make_engine, make_sessions

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
COUNTY = "211382"
OFFICE = "province2"


@contextmanager
def _owner(province: Province) -> Iterator[Connection]:
    engine = create_engine(province.app.extensions["connections"].owner)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def _second_person(province: Province) -> None:
    """A colleague in the province's office."""
    password = random_password()
    with _owner(province) as owner:
        owner.execute(
            text("""
                INSERT INTO account (login, display_name, agency_id, role, password_hash,
                  must_change, password_set_at, failures, session_epoch, demo, created_at)
                SELECT :login, '省级第二人', agency_id, role, :hash, false, now(), 0, 1, true, now()
                FROM account WHERE login = 'province'"""),
            {"login": OFFICE, "hash": hash_random(password)},
        )
    province.passwords[OFFICE] = password


def _let_windows_end(province: Province) -> None:
    with _owner(province) as owner:
        owner.execute(text("UPDATE assessment_run SET preview_until = now() - interval '1 minute'"))


def _correct_late(province: Province) -> None:
    """The court's month in a second, released revision."""
    with _owner(province) as owner:
        owner.execute(
            text("""
                INSERT INTO court_count (batch_id, court_code, counts_to_code, counts_to_path,
                  month, revision, regime, basis, civil_first_new, admin_first_new,
                  first_mediation, first_mediation_success, prelit, prelit_success, attribution,
                  reason, content_hash, released_at, demo)
                SELECT batch_id, court_code, counts_to_code, counts_to_path, month, revision + 1,
                  regime, basis, civil_first_new + 77, admin_first_new, first_mediation,
                  first_mediation_success, prelit, prelit_success, attribution, '漏报补录',
                  'late', now(), true
                FROM court_count WHERE counts_to_code = :county AND month = '2026-08-01'
                ORDER BY revision DESC LIMIT 1"""),
            {"county": COUNTY},
        )


def _work(province: Province, job: Work) -> None:
    """What the scheduler does within a minute."""
    engine = make_engine(province.app.extensions["connections"].worker)
    with make_sessions(engine)() as session:
        job(session, now(), lambda _done, _whole: None)
        session.commit()
    engine.dispose()


def _press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.click(f"main button:has-text('{words}')")


def _approve(visit: Visits, address: str) -> Visit:
    for who in ("province", OFFICE):
        one = visit(who)
        _press(one.go(address), "批准发布")
    return one


def _pictured(one: Visit, name: str) -> None:
    for label, size in (("1440", WIDE), ("360", PHONE)):
        one.page.set_viewport_size({"width": size[0], "height": size[1]})
        one.picture(f"{name}-{label}", whole=True)
        assert one.fits()
    one.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def test_a_quarter_from_draft_to_receipts_and_a_restatement(
    province: Province, visit: Visits
) -> None:
    _second_person(province)
    office = visit("province")
    page = office.go("/assessments/runs/new")
    page.select_option("#kind", "quarterly")
    page.fill("#last", "2026-09")
    page.fill("#reason", "三季度例行评估")
    _pictured(office, "run-new")
    _press(page, "发起")
    run = page.url.removeprefix(province.address)
    _work(province, run_work)
    assert "预览，可提异议" in office.go(run).inner_text("main, header, body")

    county = visit("government")
    page = county.go("/assessments")
    page.click("main a[href*='/drafts/']:has-text('季度')")
    expect(page.locator("main")).to_contain_text("预览稿，不是结果", use_inner_text=True)
    _pictured(county, "draft")
    page.click("a:has-text('提出异议')")
    page.check("input[name=subject][value=figure]")
    page.fill("#events", "-20")
    page.fill("#reason", "八月有二十件重复立案")
    page.fill("#evidence", "法院更正函")
    _press(page, "先看结果")
    expect(page.locator("main")).to_contain_text("如果采纳", use_inner_text=True)
    _pictured(county, "objection-new")
    _press(page, "提出异议")
    objection = page.url.removeprefix(province.address)

    page = office.go(objection)
    page.check("input[name=outcome][value=upheld]")
    page.check("input[name=remedy][value=adjust]")
    page.fill("#reason", "与法院核对属实")
    _pictured(office, "objection")
    _press(page, "答复")
    _press(page, "重新准备")
    _work(province, run_work)
    _let_windows_end(province)
    _pictured(office, "run")
    _approve(visit, run)
    _work(province, run_work)
    assert "已封存" in office.go(run).inner_text("body")

    page = county.go("/assessments")
    page.click("main a[href*='/reports/']:has-text('季度')")
    expect(page.locator("main")).to_contain_text("经异议采纳", use_inner_text=True)
    report = page.url.removeprefix(province.address)
    page.click("button:has-text('签收'):visible")
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text("已签收", use_inner_text=True)

    _correct_late(province)
    page = county.go(report)
    page.click("a:has-text('发出时与现在')")
    ledger = page.url.removeprefix(province.address)
    page.fill("#reason", "法院八月漏报七十七件")
    _press(page, "申请比对")
    _work(province, run_asked)
    page = office.go(ledger)
    expect(page.locator("main")).to_contain_text("漏报补录", use_inner_text=True)
    assert "无记录" not in page.locator("table").inner_text()
    _pictured(office, "restatement")
    page.fill("#reason", "法院漏报补录")
    _press(page, "更正重发")
    again = page.url.removeprefix(province.address)
    _work(province, run_work)
    _let_windows_end(province)
    _approve(visit, again)
    _work(province, run_work)
    page = county.go(report)
    page.click("a:has-text('看新版')")
    page.click("button:has-text('签收'):visible")
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text("已签收", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("第 2 版", use_inner_text=True)
