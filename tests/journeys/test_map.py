"""The map in a browser: it colours, opens a county, changes its period, and asks nobody outside."""

from collections.abc import Callable

import pytest

from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser


def test_the_province_sees_all_counties_and_opens_one(visit: Callable[..., Visit]) -> None:
    one = visit("province")
    page = one.go("/map")
    page.wait_for_selector("[data-map][data-ready]", state="attached")
    assert page.locator(".leaflet-interactive").count() == 100
    assert "仅限内部使用" in page.inner_text(".map-source")
    one.picture("map-1440")
    page.click("[data-county-link='211382']")
    page.wait_for_selector("[data-panel-close]")
    assert "凌源市" in page.inner_text("[data-map-panel]")
    assert "27 个乡镇街道" in page.inner_text("[data-map-panel]")


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
    assert page.locator("[data-county-link]").count() == 1
    assert one.go("/map/county/211324").title().startswith("没有")
    one.complaints.clear()


def test_the_table_serves_without_javascript(visit: Callable[..., Visit]) -> None:
    page = visit("province", javascript=False).go("/map?layer=reported")
    assert page.locator("[data-map-table] tr").count() == 100
    page.click("[data-county-link='211382']")
    assert "凌源市" in page.inner_text("main")
