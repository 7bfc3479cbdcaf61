"""The figures in a browser: a government reads its own, and opens one to what it is made of."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser
PERIOD = "month=2025-06&span=ytd"


def test_a_government_opens_its_rate(visit: Callable[..., Visit]) -> None:
    one = visit("government")
    page = one.go(f"/indicators/?{PERIOD}")
    assert "凌源市指标" in page.inner_text("h1")
    page.click("main th >> text=万人成讼率")
    assert "由哪些数相加" in page.inner_text("main")
    assert "凌源市人民法院" in page.inner_text("main")
    assert "口径不同" in page.inner_text("main")
    assert one.fits()
    one.picture("indicators-rate-1440", whole=True)


def test_figures_on_a_phone_without_javascript(visit: Callable[..., Visit]) -> None:
    one = visit("government", PHONE, javascript=False)
    page = one.go(f"/indicators/?{PERIOD}")
    assert one.fits()
    page.select_option("[name=span]", "month")
    page.click("text=筛选")
    assert "span=month" in page.url
    assert "2025-06" in page.inner_text(".filters")
