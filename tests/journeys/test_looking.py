"""A name that may be a person's gets its second look; a unit among very many is found by name."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, WIDE, Visit
from tests.journeys.judging import sound
from tests.journeys.stories import do, report

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
NAME = "王学会"
PARTY = "parties/new"
WORDS = {PHONE: "水渠谁来修，双方各执一词。", WIDE: "果树死了，租金该不该减，说不到一起。"}


def unsure(one: Visit, words: str) -> str:
    """A matter whose respondent was typed as an organisation, with a name as a person's."""
    matter = report(one, words)
    one.go(f"/matters/{matter}/parties/new")
    do(one, matter, PARTY, side="respondent", kind="organisation", name=NAME, consent="unknown")
    return matter


def reach(page: Page, what: str) -> None:
    """Go on by the Tab key until this has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
    pytest.fail(f"no way by Tab to {what}")


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desk"])
def test_the_county_looks_a_second_time_and_says_what_it_is(
    visit: Visits, size: tuple[int, int]
) -> None:
    matter = unsure(visit("mediator", PHONE), WORDS[size])
    county = visit("coordinator", size)
    page = county.go("/map/sources")
    page.locator("summary", has_text="单位名称待核").click()
    sound(county, f"looking-list-{size[0]}")
    page.locator(f"main a[href*='/matters/{matter}/parties/']").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("核对单位名称")
    expect(page.locator("main")).not_to_contain_text(NAME)
    sound(county, f"looking-{size[0]}")
    page.locator(".foot-action button[type=submit]").click()
    county.forget(422)
    expect(page.get_by_text("请选核对结果").first).to_be_visible()
    sound(county, f"looking-unanswered-{size[0]}")
    page.locator("h1").click()
    reach(page, "input[name=kind]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("input[name=kind]:checked")
    expect(chosen).to_have_count(1)
    organisation = chosen.input_value() == "organisation"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert urlsplit(page.url).path == f"/matters/{matter}"
    expect(page.get_by_text("已记下核对结果。")).to_be_visible()
    expect(page.locator("main")).not_to_contain_text("单位名称待核")
    expect(page.locator("main").get_by_text(NAME)).to_have_count(int(organisation))
    page = county.go("/map/sources")
    expect(page.locator(f"main a[href*='/matters/{matter}/parties/']")).to_have_count(0)


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desk"])
def test_a_unit_among_very_many_is_found_by_its_name(visit: Visits, size: tuple[int, int]) -> None:
    office = visit("province", size)
    page = office.go("/sources/meetings/new")
    page.fill("[name=title]", "工资支付会商")
    page.fill("[name=place]", "省综治中心")
    page.fill("[name=agenda]", "各地专户")
    sound(office, f"finder-{size[0]}")
    page.fill("[name=find]", "凌源市人力")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".chip", has_text="凌源市人力资源和社会保障局")).to_be_visible()
    expect(page.locator("[name=title]")).to_have_value("工资支付会商")
    page.locator(".chip", has_text="凌源市人力资源和社会保障局").click()
    sound(office, f"finder-found-{size[0]}")
    page.fill("[name=find]", "没有这样的单位")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    kept = page.locator("input[name=agencies]:checked")
    expect(kept).to_have_count(1)
    expect(
        page.get_by_role("status").get_by_text("没有名称里有“没有这样的单位”的单位")
    ).to_be_visible()
    sound(office, f"finder-none-{size[0]}")
    with page.expect_navigation():
        page.locator(".foot-action button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("凌源市人力资源和社会保障局")
