"""The inbox by keyboard, at the desk and on the phone; channels and bulletins beside it."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Province, Visit
from yuantou.access.viewer import enter
from yuantou.accounts.queries import account_by_login
from yuantou.notices.service import notify

pytestmark = pytest.mark.browser


def test_the_inbox_is_worked_by_keys(province: Province, visit: Callable[..., Visit]) -> None:
    _tell(province, "coordinator", "请看我的账号", "/account")
    page = visit("coordinator").go("/notices")
    page.keyboard.press("3")
    page.wait_for_url("**tab=over*")
    page.keyboard.press("4")
    page.wait_for_url("**tab=told*")
    page.keyboard.press("j")
    expect(page.locator("tr[data-row]").first).to_contain_text("请看我的账号")
    expect(page.locator("tr[data-row]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")


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


def _tell(province: Province, login: str, title: str, link: str) -> None:
    with province.app.extensions["sessions"]() as session:
        account = account_by_login(session, login)
        assert account is not None
        viewer = enter(session, account)
        notify(session, agency_id=viewer.agency.id, kind="test", title=title, link=link)
        session.commit()
