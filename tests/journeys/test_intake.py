"""A mediator in a village, with a phone: logging, twins while typing, no script."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Province, Visit
from tests.journeys.stories import describe
from yuantou.access import sign_in
from yuantou.calendar.clock import now

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


def name_party(page: Page, number: str) -> None:
    """Name the first party by name and phone."""
    page.click(".more-parties > summary")
    page.fill("#party1_name", "王试")
    page.fill("#party1_phone", number)


def test_an_oral_agreement_is_logged_in_under_a_minute(visit: Visits) -> None:
    one = visit("mediator", PHONE)
    context = one.page.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"longitude": 123.43, "latitude": 41.80})
    page = one.go("/intake/")
    describe(page, "东邻翻建院墙，西邻称占了原来的过道。")
    page.click("[data-locate-take]")
    page.locator("[data-locate-drop]").wait_for(state="visible")
    page.check("#oral")
    page.fill("#oral_content", "院墙退二十公分，滴水改向自家。")
    page.check("#oral_performed")
    page.check("#oral_consent")
    one.picture("intake-phone", whole=True)
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")
    expect(page.locator("h1")).to_contain_text("号", use_inner_text=True)
    assert one.fits()
    one.picture("intake-done-phone")
    assert page.evaluate("sessionStorage.getItem('yuantou.draft.intake')") is None


def test_a_draft_is_kept_without_the_parties(visit: Visits) -> None:
    page = visit("mediator", PHONE).go("/intake/")
    describe(page, "写到一半的话")
    name_party(page, "13911112222")
    kept = page.evaluate("JSON.stringify(sessionStorage)")
    assert "写到一半的话" in kept
    assert "王试" not in kept
    assert "13911112222" not in kept


def test_a_twin_shows_while_typing(visit: Visits) -> None:
    one = visit("mediator", PHONE)
    page = one.go("/intake/")
    describe(page, "两家争一口井")
    name_party(page, "13933334444")
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")
    page = one.go("/intake/")
    describe(page, "井边又吵了")
    page.click(".more-parties > summary")
    page.fill("#party1_name", "王试")
    page.fill("#party1_phone", "13933334444")
    page.locator("[data-hints]").wait_for(state="visible")
    one.picture("intake-twins-phone")
    expect(page.locator("[data-hints]")).to_contain_text("两家争一口井", use_inner_text=True)
    page.click("[data-apart]")
    page.locator("[data-hints]").wait_for(state="hidden")
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")


def test_without_script_the_twins_come_as_a_page(visit: Visits) -> None:
    one = visit("mediator", PHONE, javascript=False)
    for words in ("两家争一棵树", "树下又吵了"):
        page = one.go("/intake/")
        describe(page, words)
        name_party(page, "13955556666")
        page.click("button:has-text('提交登记')")
    expect(page.locator("h1")).to_contain_text("可能登记过", use_inner_text=True)
    page.click("button:has-text('不是同一件')")
    assert page.url.endswith("/done")


def test_what_was_sent_does_not_come_back(visit: Visits) -> None:
    page = visit("mediator", PHONE).go("/suggestions")
    page.fill("#text", "登记页的字可以再大一些")
    page.click("main button:has-text('提交')")
    expect(page.locator("main")).to_contain_text("已收到", use_inner_text=True)
    expect(page.locator("#text")).to_have_value("")


def test_without_a_network_nothing_is_sent_and_nothing_is_lost(visit: Visits) -> None:
    one = visit("mediator", PHONE)
    page = one.go("/intake/")
    describe(page, "山上没有信号时写的话")
    name_party(page, "13977778888")
    page.context.set_offline(True)
    page.click("button:has-text('提交登记')")
    expect(page.locator("[data-offline]")).to_be_visible()
    expect(page.locator("#party1_name")).to_have_value("王试")
    one.picture("offline-phone")
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")


def test_a_session_that_ended_in_mid_form_loses_nothing(
    visit: Visits, province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = visit("mediator", PHONE)
    page = one.go("/intake/")
    describe(page, "会话过期前写好的话")
    later = now() + timedelta(hours=2)
    monkeypatch.setattr(sign_in, "now", lambda: later)
    page.click("button:has-text('提交登记')")
    expect(page.locator("main")).to_contain_text("您填写的内容已保留", use_inner_text=True)
    one.forget(401)
    one.picture("session-ended-phone")
    page.fill("[name=login]", "mediator")
    page.fill("[name=password]", province.passwords["mediator"])
    page.click("main form button[type=submit]")
    page.click("button:has-text('提交刚才填写的内容')")
    page.wait_for_url("**/done")
    page = one.go(urlsplit(page.url).path.removesuffix("/done").replace("/intake/", "/matters/"))
    expect(page.locator("main")).to_contain_text("会话过期前写好的话", use_inner_text=True)
