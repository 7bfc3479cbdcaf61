"""The figures in a browser: a government reads its own, and opens one to what it is made of."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser
PERIOD = "month=2025-06&span=ytd"


def test_a_government_opens_its_rate(visit: Callable[..., Visit]) -> None:
    one = visit("government")
    page = one.go(f"/indicators/?{PERIOD}")
    expect(page.locator("h1")).to_contain_text("凌源市指标", use_inner_text=True)
    page.click("main th >> text=万人成讼率")
    expect(page.locator("main")).to_contain_text("由哪些数相加", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("凌源市人民法院", use_inner_text=True)
    expect(page.locator("main")).to_contain_text("口径不同", use_inner_text=True)
    assert one.fits()
    one.picture("indicators-rate-1440", whole=True)


def test_figures_on_a_phone_without_javascript(visit: Callable[..., Visit]) -> None:
    one = visit("government", PHONE, javascript=False)
    page = one.go(f"/indicators/?{PERIOD}")
    assert one.fits()
    page.select_option("[name=span]", "month")
    page.click("text=筛选")
    assert "span=month" in page.url
    expect(page.locator(".filters")).to_contain_text("2025-06", use_inner_text=True)
