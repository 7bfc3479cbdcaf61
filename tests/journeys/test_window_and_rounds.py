"""62 workers at the window, and a village that found nothing: real browsers side by side."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.intake.window.workers import workers
from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


def _faults(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:120]) for each in found]


def test_62_workers_of_one_employer_get_one_receipt(visit: Visits) -> None:
    one = visit("township")
    page = one.go("/window/new")
    assert _faults(page) == []
    page.locator(".chip", has_text="欠薪").first.click()
    if not page.input_value("#area"):
        page.select_option("#area", index=1)
    page.fill("#place", "建设路工地")
    page.fill("#summary", "项目部拖欠工资。")
    page.select_option("#party2_kind", "organisation")
    page.fill("#party2_name", "凌源某建筑有限公司")
    page.fill("#pasted", "姓名\t身份证号\t电话\t金额\n" + workers(62))
    page.click("button:has-text('登记并当场受理')")
    page.locator("table.pasted").wait_for()
    one.picture("window-check-1440")
    assert _faults(page) == []
    page.click("button:has-text('确认登记 63 人')")
    page.wait_for_url("**/receipts/*")
    words = page.inner_text("main")
    expect(page.locator("h1")).to_contain_text("受理回执", use_inner_text=True)
    assert "等 62 人（家）" in words
    assert workers(1).split("\t", maxsplit=1)[0] not in words
    assert _faults(page) == []
    page.emulate_media(media="print")
    one.picture("window-receipt-print", whole=True)


def test_a_village_reports_nothing_found_in_one_tap(visit: Visits) -> None:
    county = visit("township")
    page = county.go("/screening/new")
    page.fill("#title", "入冬排查")
    page.fill("#places", "前山村\n后山村")
    page.click("button:has-text('发起并通知')")
    page.wait_for_url("**/screening/*")
    where = page.url.removeprefix(county.address)
    village = visit("mediator", PHONE)
    phone = village.go(where)
    village.picture("screening-phone")
    assert village.fits()
    assert _faults(phone) == []
    phone.click("button:has-text('零报告') >> nth=0")
    phone.wait_for_load_state()
    expect(phone.locator("body")).to_contain_text("前山村已上报：零报告。", use_inner_text=True)
    page.reload()
    expect(page.locator("main")).to_contain_text("1 / 2", use_inner_text=True)
    county.picture("screening-1440")
    assert _faults(page) == []


def test_the_roster_fits_the_phone_and_the_desk(visit: Visits) -> None:
    one = visit("coordinator")
    page = one.go("/window/roster")
    one.picture("window-roster-1440", whole=True)
    assert _faults(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert one.fits()
