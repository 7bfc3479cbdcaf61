"""The desk in a browser: walked by keys, read in short beside the list, opened with Enter."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser
OPEN = "/disputes/?view=open"


def test_the_desk_is_walked_by_keys(visit: Callable[..., Visit]) -> None:
    page = visit("coordinator").go(OPEN)
    rows = page.locator("tr[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    title = rows.nth(1).locator("a[data-open]").inner_text()
    expect(page.locator("[data-glance] h2")).to_have_text(title)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/matters/\d+$"))
    expect(page.locator("h1")).to_contain_text(title)


def test_the_list_is_cards_on_a_phone(visit: Callable[..., Visit]) -> None:
    one = visit("coordinator", PHONE)
    page = one.go(OPEN)
    expect(page.locator(".phone-cards article").first).to_be_visible()
    expect(page.locator("tr[data-row]").first).to_be_hidden()
    assert one.fits()


def test_without_scripts_the_desk_still_opens_a_matter(visit: Callable[..., Visit]) -> None:
    page = visit("coordinator", javascript=False).go(OPEN)
    page.locator("a[data-open]").first.click()
    page.wait_for_url(re.compile(r"/matters/\d+$"))
