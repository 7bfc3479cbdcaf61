"""Two reports of one quarrel: compared side by side, merged there, taken apart again; by keys."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, WIDE, Visit
from tests.journeys.stories import act, report, village

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


def _twins(visit: Visits, words: str) -> tuple[str, str]:
    """One quarrel reported twice, both accepted; the same words sent again would be asked about."""
    found = tuple(report(village(visit), f"{words}，{more}。") for more in ("劝过两次", "又来反映"))
    for matter in found:
        act(visit, "mediator", matter, "accept")
    return found[0], found[1]


def _compare(one: Visit, matter: str, other: str) -> Page:
    """From the page of a matter to the comparison with the other, by its doors."""
    page = one.go(f"/matters/{matter}")
    for more in page.locator(".choices summary").all():
        more.click()
    page.click(".choices a[href$='/twins']")
    page.click(f"a[href$='/twins/{other}']")
    page.wait_for_url(f"**/matters/{matter}/twins/{other}")
    return page


def test_twins_are_merged_beside_each_other_and_taken_apart(visit: Visits) -> None:
    first, second = _twins(visit, "两家为翻建院墙占了过道争吵，雨水往自家院里排")
    one = visit("coordinator")
    page = _compare(one, first, second)
    page.locator("label", has_text="把右边并入左边").click()
    page.click(".foot-action button[type=submit]")
    expect(page.locator("#note-error")).to_be_visible()  # a merger wants its reason
    one.forget(422)
    page.fill("[name=note]", "同一道院墙，同两家人")
    page.click(".foot-action button[type=submit]")
    page.wait_for_url(re.compile(rf"/matters/{first}(#.*)?$"))
    expect(page.locator("main")).to_contain_text("并入本件的")
    act(visit, "coordinator", second, "unmerge", reason="不是同一道墙")
    expect(one.go(f"/matters/{first}").locator("main")).not_to_contain_text("并入本件的")


def test_the_comparison_fits_and_passes_axe(visit: Visits) -> None:
    first, second = _twins(visit, "两家为翻修后墙碰了电线争吵，电工来看过一回")
    one = visit("coordinator")
    page = _compare(one, first, second)
    for size in (WIDE, PHONE):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert one.fits()
        left, right = (cell.bounding_box() for cell in page.locator("tbody tr td").all()[:2])
        assert left is not None
        assert right is not None
        assert left["y"] == right["y"]
        assert right["x"] + right["width"] <= size[0]
    assert [found["id"] for found in Axe().run(page).response["violations"]] == []


def test_a_key_reaches_an_act_in_a_closed_fold(visit: Visits) -> None:
    matter = report(village(visit), "两家为一条排水沟争吵，都说沟是自己挖的。")
    act(visit, "mediator", matter, "accept")
    page = visit("coordinator").go(f"/matters/{matter}")
    folded = page.locator(".more-choices:not([open]) a[data-key]").first
    key, path = folded.get_attribute("data-key"), folded.get_attribute("href")
    assert key is not None
    page.keyboard.press(key)
    page.wait_for_url(f"**{path}")
    expect(page.locator("main form.form :focus")).to_have_count(1)
