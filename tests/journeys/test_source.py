"""A wage-arrears class from its warning to its measured effect, by five people and one night."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from tests.journeys.judging import warn_of_wages, worker
from tests.journeys.stories import report
from yuantou.alerts.governance.effects.service import remeasure
from yuantou.calendar.clock import now

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
LINGYUAN = "211382"
BUREAU = "凌源市人力资源和社会保障局"


def looked(one: Visit, name: str) -> None:
    """Fits phone and desk, and axe has nothing to say."""
    for size in (PHONE, WIDE):
        one.page.set_viewport_size({"width": size[0], "height": size[1]})
        assert one.fits(), f"{name} sticks out at {size[0]} px"
        one.picture(f"source-{name}-{size[0]}", whole=True)
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found] == [], name


def press(page: Page, label: str, within: str = "main") -> None:
    """Press a button and wait for the next page."""
    follow(page, f"{within} button:has-text('{label}') >> nth=-1")


def follow(page: Page, what: str) -> None:
    """Click what leads on, and wait until the next page is there whole with its modules.

    A click alone comes back while the old page still stands, and what is looked at or measured
    then goes away underneath; the next `press` would take that page's arrival for its own.
    """
    before = page.locator(what)
    expect(before).to_be_visible()
    with page.expect_navigation():
        before.click()


def wordy(page: Page, label: str, words: str, within: str = "main") -> None:
    """Open a step that asks for words, write them and send."""
    page.locator(f"{within} summary:has-text('{label}')").click()
    page.locator(f"{within} details[open] textarea").fill(words)
    press(page, label, f"{within} details[open]")


def acknowledge(county: Visit, alert: int) -> None:
    """The warning is seen by whom it concerns."""
    page = county.go(f"/warnings/{alert}")
    follow(page, "form[action$='/acknowledge'] button[type=submit]")
    expect(page.locator(".sub .state:has-text('已确认')")).to_be_visible()


def analyse(county: Visit, alert: int) -> str:
    """From the warning to settled findings; the address of the analysis."""
    page = county.go(f"/warnings/{alert}")
    follow(page, "main a[href*='/sources/analyses/new'] >> nth=0")
    page.fill("[name=question]", "为什么同一类工地反复欠薪？")
    looked(county, "analysis-new")
    press(page, "冻结名单")
    page.wait_for_url(re.compile(r"/sources/analyses/\d+$"))
    expect(page.locator("#members tbody tr").first).to_be_visible()
    page.fill("[name=findings]", "分包层层转手，工资专用账户没有监管。")
    page.fill("[name=advice]", "对在建工地逐个核查专户。")
    looked(county, "analysis")
    press(page, "定稿")
    expect(page.locator(".state:has-text('已定稿')")).to_be_visible()
    return page.url.removeprefix(county.address)


def meet(county: Visit, office: Visit, analysis: str) -> None:
    """Called, held, a task given, reported and accepted."""
    page = county.go(analysis)
    follow(page, "main a:has-text('召集会商') >> nth=0")
    page.fill("[name=place]", "综治中心二楼")
    page.locator(".chip", has_text=BUREAU).first.click()
    looked(county, "meeting-new")
    press(page, "召集")
    page.wait_for_url(re.compile(r"/sources/meetings/\d+$"))
    meeting = page.url.removeprefix(county.address)
    page.fill("[name=decisions]", "人社部门牵头核查专户，一月内报结果。")
    page.get_by_label(BUREAU).fill("任局长")
    press(page, "记下结论")
    page.locator("#tasks summary:has-text('派一项任务')").click()
    page.select_option("[name=agency_id]", label=BUREAU)
    page.fill("[name=what]", "核查在建工地的工资专用账户")
    press(page, "派出")
    expect(page.locator("#tasks h3")).to_have_count(1)
    looked(county, "meeting")
    with page.expect_download() as held:
        page.click("a:has-text('纪要 Word')")
    assert held.value.suggested_filename.endswith(".docx")
    told = office.go("/sources/")
    follow(told, "main a:has-text('核查在建工地')")
    looked(office, "meeting-office")
    wordy(told, "报结果", "已核查七处，两处没有专户。", "#tasks")
    expect(told.locator("#tasks .state:has-text('已报结果')")).to_be_visible()
    page = county.go(meeting)
    press(page, "认可", "#tasks")
    expect(page.locator("#tasks .state:has-text('已完成')")).to_be_visible()


def write_to(county: Visit, office: Visit, analysis: str) -> str:
    """Drafted, signed, sent, received, answered and accepted; the address of the letter."""
    page = county.go(analysis)
    follow(page, "main a:has-text('起草风险提示函') >> nth=0")
    page.select_option("[name=addressee_id]", label=BUREAU)
    looked(county, "letter-form")
    press(page, "存草稿")
    page.wait_for_url(re.compile(r"/sources/letters/\d+$"))
    letter = page.url.removeprefix(county.address)
    press(page, "签发")
    expect(page.locator(".sub:has-text('险函〔')")).to_be_visible()
    press(page, "送达")
    answer = office.go("/sources/")
    follow(answer, f"main a[href='{letter}'] >> nth=0")
    press(answer, "签收")
    looked(office, "letter-office")
    wordy(answer, "回复", "两处已设专户，另发了通知。", "#acts")
    expect(answer.locator("#reply")).to_be_visible()
    page = county.go(letter)
    press(page, "认可回复")
    expect(page.locator(".state:has-text('已采纳')").first).to_be_visible()
    return letter


def pass_time(province: Province, letter: str, matter: str, days: int) -> None:
    """So many days later, with matters as this one before and few after; then the night's work."""
    number = int(letter.rsplit("/", 1)[1])
    with province._owner() as owner:
        names = ", ".join(
            row[0]
            for row in owner.execute(
                text(
                    "SELECT column_name FROM information_schema.columns WHERE table_name = "
                    "'dispute' AND column_name NOT IN ('id', 'submission', 'number', 'reported_at')"
                )
            )
        )
        sent = now() - timedelta(days=days)
        owner.execute(
            text("UPDATE recommendation SET sent_at = :at WHERE id = :id"),
            {"at": sent, "id": number},
        )
        owner.execute(
            text(
                f"INSERT INTO dispute (id, submission, number, reported_at, {names}) "
                f"SELECT nextval('dispute_id_seq'), :mark, :mark, :at, {names} "
                "FROM dispute WHERE id = :model AND type = 'migrant_wages'"
            ),
            [
                {"mark": f"journey-{day}", "at": sent + timedelta(days=day), "model": int(matter)}
                for day in range(-720, days)
                if day < 0 or day % 4 == 0
            ],
        )
    with worker(province) as session:
        assert remeasure(session, now(), lambda _done, _all: None) > 0
        session.commit()


def test_a_class_of_matters_is_led_to_its_source(visit: Visits, province: Province) -> None:
    matter = report(visit("mediator", PHONE), "工程款结清后仍欠三个月工资，工人多次讨要。", "欠薪")
    alert = warn_of_wages(province, level="yellow", area=LINGYUAN, key="W04:journey")
    county, office = visit("coordinator"), visit("department")
    acknowledge(county, alert)
    analysis = analyse(county, alert)
    meet(county, office, analysis)
    letter = write_to(county, office, analysis)
    pass_time(province, letter, matter, 100)
    page = county.go(letter)
    expect(page.locator("#effects .verdict:has-text('少于预期')").first).to_be_visible()
    expect(page.locator("#effects svg.chart")).to_have_count(1)
    looked(county, "letter-effect")
    county.go("/sources/effects/")
    looked(county, "effects")
    county.go("/sources/")
    looked(county, "index")


def test_an_appraised_decision_and_a_topic_of_research(visit: Visits) -> None:
    county = visit("coordinator")
    page = county.go("/sources/appraisals/new")
    page.fill("[name=name]", "旧城改造征收")
    press(page, "登记")
    page.locator(".chip", has_text="中风险").click()
    looked(county, "appraisal")
    press(page, "记下结论")
    press(page, "记报送")
    expect(page.locator(".state:has-text('已报送')")).to_be_visible()
    page = county.go("/research/new")
    page.fill("[name=title]", "欠薪为什么集中在年底")
    page.fill("[name=question]", "工程款结算与欠薪")
    press(page, "开题")
    page.locator("details.more-chips summary").first.click()
    page.locator(".chip", has_text="人民调解成功率").first.click()
    looked(county, "topic")
    press(page, "冻结数据")
    expect(page.locator("#pulls li")).to_have_count(1)
    with page.expect_download() as held:
        page.locator("#pulls li a").click()
    assert held.value.suggested_filename.endswith(".xlsx")
    page.fill("[name=report]", "结算周期是主因。")
    press(page, "保存报告")
    press(page, "发布")
    expect(page.locator(".state:has-text('已发布')")).to_be_visible()
    page = county.go("/research/?q=结算周期")
    expect(page.locator("tbody tr")).to_have_count(1)
    looked(county, "library")
