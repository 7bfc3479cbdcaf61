"""The inbox by keyboard, at the desk and on the phone; channels and bulletins beside it."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import PHONE, Visit

pytestmark = pytest.mark.browser


def test_the_inbox_is_worked_by_keys(visit: Callable[..., Visit]) -> None:
    one = visit("township")
    one.go("/notices")
    one.picture("inbox")
    one.page.keyboard.press("3")
    one.page.wait_for_url("**tab=over*")
    one.page.keyboard.press("1")
    one.page.wait_for_url("**tab=todo*")
    one.page.keyboard.press("j")
    title = one.page.locator("tr.at a[data-open]").inner_text()
    one.page.keyboard.press("Enter")
    one.page.wait_for_url("**/matters/*")
    assert title in one.page.content()


@pytest.mark.parametrize(
    ("login", "path"),
    [
        ("mediator", "/notices/channels"),
        ("mediator", "/notices?tab=told"),
        ("system_administrator", "/notices/outbox"),
        ("coordinator", "/notices?tab=over&whole=1"),
        ("coordinator", "/bulletins?rhythm=monthly"),
    ],
)
def test_its_pages_fit_a_phone_and_pass_axe(
    visit: Callable[..., Visit], login: str, path: str
) -> None:
    one = visit(login, PHONE)
    one.go(path)
    assert one.fits()
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == []
