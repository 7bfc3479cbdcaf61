"""The map in a browser: it colours, opens a county, changes its period, and asks nobody outside."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser


def test_the_province_sees_all_counties_and_opens_one(visit: Callable[..., Visit]) -> None:
    one = visit("province")
    page = one.go("/map")
    page.wait_for_selector("[data-map][data-ready]", state="attached")
    expect(page.locator(".leaflet-interactive")).to_have_count(100)
    expect(page.locator(".map-source")).to_contain_text("仅限内部使用", use_inner_text=True)
    one.picture("map-1440")
    page.click("[data-county-link='211382']")
    page.wait_for_selector("[data-panel-close]")
    expect(page.locator("[data-map-panel]")).to_contain_text("凌源市", use_inner_text=True)
    expect(page.locator("[data-map-panel]")).to_contain_text("27 个乡镇街道", use_inner_text=True)


def test_another_layer_comes_as_values_alone(visit: Callable[..., Visit]) -> None:
    page = visit("province").go("/map")
    page.wait_for_selector("[data-map][data-ready]", state="attached")
    with page.expect_response(lambda answer: "/map/values" in answer.url) as answered:
        page.select_option("[name=layer]", "open")
    assert len(answered.value.body()) < 12_000
    page.wait_for_function(
        "document.querySelector('[data-legend-title]').textContent === '未结件数'"
    )


def test_a_county_sees_its_own_figures_only(visit: Callable[..., Visit]) -> None:
    one = visit("government", PHONE)
    page = one.go("/map")
    page.wait_for_selector("[data-map][data-ready]", state="attached")
    expect(page.locator("[data-county-link]")).to_have_count(1)
    assert one.go("/map/county/211324").title().startswith("没有")
    one.forget(404)


def test_the_table_serves_without_javascript(visit: Callable[..., Visit]) -> None:
    page = visit("province", javascript=False).go("/map?layer=reported")
    expect(page.locator("[data-map-table] tr")).to_have_count(100)
    page.click("[data-county-link='211382']")
    expect(page.locator("main")).to_contain_text("凌源市", use_inner_text=True)
