"""Steps that several journeys share: a matter reported, an act filled in and sent."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.journeys.conftest import PHONE, Visit

Visits = Callable[..., Visit]
Answer = str | list[str]
MATTER = re.compile(r"/matters/\d+$")


def describe(page: Page, words: str, type_: str = "邻里") -> None:
    """Give the answers that must be given."""
    page.locator(".chip", has_text=type_).first.click()
    if not page.input_value("#area"):
        page.select_option("#area", index=1)
    page.fill("#place", "前山村三组")
    page.fill("#summary", words)
    page.locator(".chip", has_text="当事人申请").first.click()


def report(one: Visit, words: str, type_: str = "邻里") -> str:
    """Log a matter; returns its number in addresses."""
    page = one.go("/intake/")
    describe(page, words, type_)
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")
    return urlsplit(page.url).path.split("/")[2]


def fill(page: Page, answers: dict[str, Answer]) -> None:
    """Fill the fields of an act as a person would: chips, ticks, lists and words."""
    for name, answer in answers.items():
        for one in answer if isinstance(answer, list) else [answer]:
            _answer(page, name, one)


def send(page: Page) -> None:
    """Send the one form of an act and come back to the matter."""
    with page.expect_navigation():
        page.click(".foot-action button[type=submit]")
    if not MATTER.search(urlsplit(page.url).path):
        raise AssertionError(f"{page.url}: {page.inner_text('main')}")


def do(one: Visit, matter: str, path: str, **answers: Answer) -> Page:
    """Carry out an act at its own address under the matter."""
    page = one.go(f"/matters/{matter}/{path}")
    fill(page, answers)
    send(page)
    return page


def make_paper(one: Visit, matter: str, kind: str) -> None:
    """Make a paper of the file from the matter's page."""
    page = one.go(f"/matters/{matter}")
    page.locator(f"#papers a[href*='/paper-{kind}/']").first.click()
    with page.expect_download():
        page.click(".foot-action button[type=submit]")


def act(visit: Visits, role: str, matter: str, name: str, **answers: Answer) -> Page:
    """Carry out an act through the door on the matter's page."""
    page = visit(role).go(f"/matters/{matter}")
    for more in page.locator(".choices summary").all():
        more.click()
    page.click(f".choices a[href*='/{name}']")
    fill(page, answers)
    send(page)
    return page


def village(visit: Visits) -> Visit:
    """The mediator with his phone."""
    return visit("mediator", PHONE)


def _answer(page: Page, name: str, answer: str) -> None:
    fields = page.locator(f"[name={name}]")
    if fields.count() == 1 and fields.get_attribute("type") == "checkbox":
        fields.check()
    elif fields.first.get_attribute("type") in ("radio", "checkbox"):
        label = page.locator(f"label:has([name={name}][value='{answer}'])")
        if not label.count():
            label = page.locator(f"label:has([name={name}])").filter(has_text=answer)
        if not label.first.locator("input").is_checked():
            label.first.click()
    elif fields.evaluate("each => each.tagName") == "SELECT":
        chosen = fields.locator("option").filter(has_text=answer).first
        fields.select_option(chosen.get_attribute("value"))
    else:
        fields.fill(answer)
