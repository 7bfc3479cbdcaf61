"""The whole road: from the village to the county's signed-for assessment, as each role."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visit
from tests.journeys.stories import act, describe, make_paper

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


def test_from_the_village_to_the_closed_file(visit: Visits) -> None:
    phone = visit("mediator", PHONE)
    page = phone.go("/intake/")
    describe(page, "三名工人称工程款结清后工资仍欠两个月，已多次催要。")
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")
    found = re.search(r"/intake/(\d+)/done", page.url)
    assert found is not None
    matter = found[1]
    act(visit, "mediator", matter, "accept")
    act(visit, "coordinator", matter, "triage", category="邻里", risk="yellow")
    act(
        visit,
        "coordinator",
        matter,
        "dispatch",
        handler_agency_id="凌源市人力资源和社会保障局",
        reason="涉及劳动报酬",
    )
    act(visit, "department", matter, "sign")
    act(visit, "department", matter, "mediate", consent="yes")
    words = {"agreement_form": "oral", "agreement_content": "一周内付清。"}
    act(visit, "department", matter, "agree", mode="immediate", **words)
    one = visit("coordinator")
    page = one.go(f"/matters/{matter}")
    one.picture("matter-1440", whole=True)
    expect(page.locator("main a[href*='/agree']")).to_have_count(0)
    page = visit("department").go(f"/matters/{matter}")
    if page.locator("main a[href*='/perform']").count():
        act(visit, "department", matter, "perform", evidence="收条一张")
    act(visit, "department", matter, "plan-follow-up")
    make_paper(visit("department"), matter, "oral")
    act(visit, "department", matter, "follow-up", note="双方都说已经付清", close_file="yes")
    closed = visit("mediator").go(f"/matters/{matter}").inner_text("main")
    assert "结案归档" in closed


def test_the_county_signs_for_its_assessment(visit: Visits) -> None:
    one = visit("government")
    page = one.go("/assessments")
    page.click("main a[href*='/assessments/reports/']")
    expect(page.locator("main")).to_contain_text("万人成讼率", use_inner_text=True)
    one.picture("assessment-1440", whole=True)
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    one.picture("assessment-360")
    assert one.fits()
    page.click("button:has-text('签收'):visible")
    page.wait_for_load_state()
    expect(page.locator("body")).to_contain_text("已签收", use_inner_text=True)
