"""A city leads a class over two counties by number; a county opens its own matters in it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from tests.journeys.judging import sound, worker
from yuantou.alerts.service import raise_alert
from yuantou.calendar.clock import now, today

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
CITY, LINGYUAN, BEIPIAO = "211300", "211382", "211381"


def warn(province: Province) -> int:
    """What the night's scan would say of two counties together."""
    with worker(province) as session:
        alert = raise_alert(
            session,
            rule="D_SCAN",
            version=1,
            level="yellow",
            area=CITY,
            key="D_SCAN:journey",
            reasons=[{"say": "近 %(days)s 天 %(count)s 件", "with": {"days": 300, "count": 24}}],
            facts={
                "members": [LINGYUAN, BEIPIAO],
                "first": f"{today() - timedelta(days=300)}",
                "last": f"{today()}",
            },
            at=now(),
        )
        assert alert is not None
        return alert.id


def test_a_city_leads_a_class_and_a_county_works_its_own(visit: Visits, province: Province) -> None:
    alert = warn(province)
    city = visit("city", WIDE)
    page = city.go(f"/warnings/{alert}")
    page.locator("main a[href*='/sources/analyses/new']").first.click()
    expect(page.locator("main")).to_contain_text("整类事项全部按编号纳入")
    page.fill("[name=question]", "两个县为什么一起升高？")
    sound(city, "leading-new")
    page.get_by_role("button", name="冻结名单").click()
    page.wait_for_url(re.compile(r"/sources/analyses/\d+$"))
    analysis = page.url.removeprefix(province.address)
    rows = page.locator("#members tbody tr")
    expect(rows.filter(has_text="凌源市").first).to_be_visible()
    expect(rows.filter(has_text="北票市").first).to_be_visible()
    sound(city, "leading-city")
    county = visit("coordinator", PHONE)
    page = county.go("/sources/analyses/")
    page.locator(f"main a[href='{analysis}']").first.click()
    expect(page.locator("#shares")).to_contain_text("其他县事项")
    own = page.locator("#members tbody tr")
    expect(own.first).to_be_visible()
    sound(county, "leading-county")
    own.first.locator("a").click()
    expect(page.locator("main")).to_contain_text("纳入类案分析")
