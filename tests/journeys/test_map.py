"""The map in a browser: it colours, plays, compares, opens a county, and asks nobody outside."""

import gzip
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.journeys.conftest import PHONE, Province, Visit
from yuantou.calendar.clock import today
from yuantou.maps.queries import month_back

pytestmark = pytest.mark.browser
READY = "[data-room][data-ready]"


def opened(one: Visit, path: str) -> Page:
    """The map of an address, drawn."""
    page = one.go(path)
    expect(page.locator(READY)).to_be_attached()
    return page


def judged(one: Visit) -> None:
    """Nothing sticks out, and axe has nothing to say."""
    assert one.fits()
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:160]) for each in found] == []


def test_the_province_sees_all_counties_and_opens_one(visit: Callable[..., Visit]) -> None:
    one = visit("province")
    page = opened(one, "/map")
    expect(page.locator(".map-hold path.leaflet-interactive")).to_have_count(100)
    expect(page.locator(".map-inset")).to_contain_text("沈阳城区放大")
    expect(page.locator("[data-inset] path.leaflet-interactive").first).to_be_attached()
    expect(page.locator(".map-source")).to_contain_text("仅限内部使用", use_inner_text=True)
    one.picture("map-1440")
    judged(one)
    page.click("[data-county-link='211382']")
    expect(page.locator("[data-map-panel]")).to_contain_text("凌源市", use_inner_text=True)
    expect(page.locator("[data-map-panel]")).to_contain_text("27 个乡镇街道", use_inner_text=True)
    one.picture("map-county-1440")
    judged(one)


def test_the_borders_weigh_little_and_counties_are_reached_by_key(
    visit: Callable[..., Visit],
) -> None:
    one = visit("province")
    with one.page.expect_response(lambda answer: "/map/geometry/" in answer.url) as answered:
        page = opened(one, "/map?area=211300")
    assert int(answered.value.headers["content-length"]) <= 26_000
    assert "immutable" in answered.value.headers["cache-control"]
    shape = page.locator("path[data-county='211382']")
    shape.focus()
    expect(shape).to_be_focused()
    shape.press("Enter")
    expect(page.locator("[data-map-panel]")).to_contain_text("凌源市", use_inner_text=True)


def test_the_table_twin_fits_paper_and_phone(visit: Callable[..., Visit]) -> None:
    one = visit("province", PHONE)
    for path in ("/map/table?layer=I07&compare=period", "/map/spot/211382?layer=reported"):
        one.go(path)
        judged(one)
    one.page.emulate_media(media="print")
    one.go("/map/table?layer=rate")
    expect(one.page.locator(".map-toolbar")).to_be_hidden()
    expect(one.page.locator(".map-notes")).to_be_visible()
    one.picture("map-table-print")
    opened(one, "/map")
    one.page.set_viewport_size({"width": 1100, "height": 900})
    one.picture("map-print", whole=False)


def test_months_move_by_key_and_play_with_values_alone(visit: Callable[..., Visit]) -> None:
    page = opened(visit("province"), "/map?layer=reported")
    slider = page.locator("[data-slider]")
    with page.expect_response(lambda answer: "/map/values" in answer.url) as answered:
        slider.press("ArrowLeft")
    sent = answered.value.body()
    assert len(gzip.compress(sent, 6)) <= 1_000
    before = slider.get_attribute("aria-valuetext")
    with page.expect_response(lambda answer: "/map/values" in answer.url):
        slider.press("ArrowLeft")
    expect(slider).not_to_have_attribute("aria-valuetext", before or "")
    assert "until=" in page.url
    with page.expect_response(lambda answer: "/map/table" in answer.url):
        page.click("[data-play]")
        expect(page.locator("[data-play]")).to_have_attribute("aria-pressed", "true")
        page.click("[data-play]")
        slider.press("ArrowLeft")
    expect(page.locator("[data-play]")).to_have_attribute("aria-pressed", "false")


def test_an_address_brings_the_same_map_back(visit: Callable[..., Visit]) -> None:
    one = visit("province")
    page = opened(one, "/map?layer=reported")
    with page.expect_response(lambda answer: "/map/values" in answer.url):
        page.locator("[data-slider]").press("ArrowLeft")
    expect(page.locator(".legend-head h2")).to_have_text("登记件数")
    page.wait_for_url(lambda url: "bounds=" in url)
    classes = page.locator("[data-legend-classes]").inner_text()
    page.reload()
    expect(page.locator(READY)).to_be_attached()
    assert page.locator("[data-legend-classes]").inner_text() == classes


def plant(province: Province, month: str) -> None:
    """Much is registered around Lingyuan in one month."""
    with province._owner() as owner:
        owner.execute(
            text(
                "INSERT INTO dispute_month (area_code, month, type, level, area_path, reported, "
                "closed, computed_at) SELECT code, :month, 'other', level, path, "
                "CASE WHEN parent_code = '211300' THEN 900 ELSE 20 END, 0, now() FROM area "
                "WHERE level = 'county' ON CONFLICT (area_code, month, type) DO UPDATE "
                "SET reported = excluded.reported"
            ),
            {"month": f"{month}-01"},
        )


def test_spots_are_hatched_and_can_be_left_out(
    visit: Callable[..., Visit], province: Province
) -> None:
    month = f"{month_back(today().replace(day=1), 46):%Y-%m}"
    plant(province, month)
    one = visit("province")
    page = opened(one, f"/map?since={month}&until={month}")
    one.picture("map-spots-1440")
    marked = [int(text) for text in page.locator("[data-legend-cluster]").all_inner_texts()]
    assert sum(marked) > 0
    hatched = page.locator(".map-hold path[data-kind^=hot], .map-hold path[data-kind^=cold]")
    expect(hatched).to_have_count(sum(marked))
    expect(page.locator("#hatch-counties-hot-99")).to_have_attribute(
        "patternTransform", "rotate(45)"
    )
    page.click(".segments a[data-show=values]")
    expect(hatched).to_have_count(0)
    assert "show=values" in page.url


def test_two_periods_stand_side_by_side_on_one_scale(visit: Callable[..., Visit]) -> None:
    one = visit("province")
    page = opened(one, "/map?compare=period")
    expect(page.locator("[data-map]")).to_have_count(2)
    labels = [page.locator("[data-legend-classes]").nth(n).inner_text() for n in (0, 1)]
    assert labels[0].split("\n")[0] == labels[1].split("\n")[0]
    one.picture("map-compared-1440")
    judged(one)
    one.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    opened(one, "/map?compare=layer&layer2=I07")
    one.picture("map-compared-360", whole=True)
    judged(one)


def test_an_indicator_is_found_by_typing(visit: Callable[..., Visit]) -> None:
    page = opened(visit("province"), "/map")
    page.locator(".map-chooser summary").first.click()
    page.locator("[data-find-in]").first.fill("人民调解成功")
    page.locator("[data-find-in]").first.press("Enter")
    page.wait_for_url(lambda url: "layer=I07" in url)
    expect(page.locator(READY)).to_be_attached()
    expect(page.locator("[data-legend-title]")).to_have_text("人民调解成功率")


def test_what_a_county_is_made_of_is_one_click_away(visit: Callable[..., Visit]) -> None:
    one = visit("province")
    page = opened(one, "/map")
    page.click("[data-county-link='211382']")
    page.get_by_role("link", name="由什么构成").click()
    expect(page.get_by_role("heading", name="来源渠道")).to_be_visible()
    expect(page.locator("main")).to_contain_text("登记件数", use_inner_text=True)
    one.picture("map-spot-1440", whole=True)
    judged(one)


def test_a_coordinator_sees_matters_where_they_are(
    visit: Callable[..., Visit], province: Province
) -> None:
    with province._owner() as owner:
        owner.execute(
            text(
                "UPDATE dispute SET lng_normal = 119.3 + id % 7 * 0.002, lat_normal = 41.2 "
                "WHERE county_code = '211382'"
            )
        )
    one = visit("coordinator")
    page = opened(one, "/map?level=points&since=2023-01")
    expect(page.locator(".matter-cluster, .matter-point").first).to_be_visible()
    expect(page.locator("[data-heat]")).to_be_visible()
    one.picture("map-points-1440")
    page.click("[data-heat]")
    expect(page.locator("[data-heat]")).to_have_attribute("aria-pressed", "true")
    judged(one)


def test_a_government_sees_its_own_figures_and_no_points(visit: Callable[..., Visit]) -> None:
    one = visit("government", PHONE)
    page = opened(one, "/map")
    expect(page.locator("[data-county-link]")).to_have_count(1)
    one.picture("map-360", whole=True)
    judged(one)
    assert one.go("/map/county/211324").title().startswith("没有")
    one.forget(404)
    one.go("/map?level=points")
    expect(page.locator("h1")).to_be_visible()
    one.forget(403)


def test_townships_are_a_table_until_their_seats_are_known(
    visit: Callable[..., Visit], province: Province
) -> None:
    province.hire("elsewhere", "demo-211322-centre")
    with province._owner() as owner:
        known = owner.scalar(
            text("SELECT count(*) FROM area WHERE level = 'township' AND parent_code = '211322'")
        )
    one = visit("elsewhere", PHONE)
    page = opened(one, "/map?level=township&layer=reported")
    expect(page.locator("[data-map-table] tr")).to_have_count(known)
    expect(page.locator("[data-map-panel]")).to_contain_text(
        "没有载入乡镇位置", use_inner_text=True
    )
    judged(one)
    with province._owner() as owner:
        seats = "UPDATE area SET lng = 119.6 + right(code, 2)::int * 0.005, lat = 41.4"
        owner.execute(text(f"{seats} WHERE parent_code = '211322'"))
    opened(one, "/map?level=township&layer=reported")
    expect(page.locator("path.township-symbol")).to_have_count(known)
    one.picture("map-townships-360", whole=True)
    judged(one)


def test_the_table_serves_without_javascript(visit: Callable[..., Visit]) -> None:
    one = visit("province", javascript=False)
    page = one.go("/map?layer=reported")
    expect(page.locator("[data-map-table] tr")).to_have_count(100)
    page.click("[data-county-link='211382']")
    expect(page.locator("main")).to_contain_text("凌源市", use_inner_text=True)
    page = one.go("/map/table?layer=I07")
    expect(page.locator("[data-map-table] tr")).to_have_count(100)
    expect(page.locator(".map-notes")).to_contain_text("95% 区间", use_inner_text=True)
