"""An overdue matter pressed to clearing, by four people side by side in sessions of their own."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from tests.journeys.conftest import PHONE, Province, Visit
from tests.journeys.stories import describe
from yuantou.calendar.clock import now

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


def faults(page: Page) -> list[str]:
    """What axe finds wrong on the page."""
    return [one["id"] for one in Axe().run(page).response["violations"]]


def left_lying(province: Province, matter: str, days: int) -> None:
    """Time passes: nobody touched the matter, and its limit ran out."""
    engine = create_engine(province.app.extensions["connections"].owner)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE dispute SET next_due_at = :late WHERE id = :id"),
            {"late": now() - timedelta(days=days), "id": int(matter)},
        )
    engine.dispose()


def send(page: Page) -> None:
    """Send the one form of an act and come back to the matter."""
    page.click(".foot-action button[type=submit]")
    page.wait_for_url(re.compile(r"/matters/\d+(#supervision)?$"))


def step(one: Visit, matter: str, action: str, **chosen: str) -> None:
    """One act of coordination through its form, with the fields that have no fitting default."""
    page = one.go(f"/matters/{matter}/do/{action}")
    for field, value in chosen.items():
        control = page.locator(f"[name={field}]").first
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(label=value)
        elif control.get_attribute("type") == "radio":
            page.locator(f".chip:has([name={field}][value='{value}'])").click()
        else:
            control.fill(value)
    send(page)


def do(one: Visit, matter: str, action: str, **answers: str) -> Page:
    """One act of supervision through the door on the matter's page."""
    page = one.go(f"/matters/{matter}")
    page.click(f"main a[href='/matters/{matter}/supervision/{action}']")
    for field, value in answers.items():
        page.fill(f"[name={field}]", value)
    send(page)
    return page


def test_an_overdue_matter_is_pressed_to_clearing(visit: Visits, province: Province) -> None:
    page = visit("mediator", PHONE).go("/intake/")
    describe(page, "工人称工程款结清后工资仍欠三个月，承办单位迟迟没有签收。")
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")
    matter = str(re.search(r"/intake/(\d+)/done", page.url)[1])  # type: ignore[index]
    county, office, city = visit("coordinator"), visit("department", PHONE), visit("city")
    step(county, matter, "accept")
    step(county, matter, "triage", risk="yellow")
    where = {"handler_agency_id": "凌源市人力资源和社会保障局", "reason": "涉及劳动报酬"}
    step(county, matter, "dispatch", **where)
    left_lying(province, matter, 9)
    page = county.go("/supervision/?tab=unsigned")
    row = page.locator(f"tr[data-row]:has(a[href='/matters/{matter}'])")
    expect(row.locator("text=宜督办")).to_have_count(1)
    assert faults(page) == []
    row.locator("[data-tick]").check()
    page.keyboard.press("u")
    page.wait_for_selector("text=已催办 1 件")
    county.picture("supervision", whole=True)

    expect(city.go(f"/matters/{matter}").locator("text=没有找到这一页")).to_have_count(1)
    city.forget(404)
    do(county, matter, "supervise", reason="超期九日未签收，当事人多次来访")
    expect(city.go(f"/matters/{matter}").locator("#supervision")).to_have_count(1)
    page = do(office, matter, "answer", reply="正在核实")
    assert office.fits()
    do(county, matter, "send_back", reason="没有写原因和结果")
    do(office, matter, "answer", reply="欠薪属实，已责令十日内支付")
    page = do(county, matter, "clear", evidence="答复属实")
    expect(page.locator("#supervision >> text=已销号")).to_have_count(1)
    county.picture("supervised", whole=True)
    page.click("#supervision a:has-text('督')")
    expect(page.locator("article.letter")).to_have_count(1)
    expect(city.go(f"/matters/{matter}").locator("text=没有找到这一页")).to_have_count(1)
    city.forget(404)
