"""Every screen that a role can open: fits phone and desk, speaks no error, passes axe."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import PHONE, WIDE, Visit

pytestmark = pytest.mark.browser
ROLES = (
    "mediator",
    "township",
    "coordinator",
    "department",
    "government",
    "city",
    "province",
    "court_clerk",
    "court_reviewer",
    "procurator",
    "congress",
    "unit_administrator",
    "system_administrator",
    "security_administrator",
    "audit_administrator",
)


@pytest.mark.parametrize("role", ROLES)
def test_the_screens_of_a_role(visit: Callable[..., Visit], role: str) -> None:
    one = visit(role, WIDE)
    paths = one.page.eval_on_selector_all(
        ".site-nav a", "links => links.map(link => link.getAttribute('href'))"
    )
    assert paths
    for path in paths:
        for size in (WIDE, PHONE):
            one.page.set_viewport_size({"width": size[0], "height": size[1]})
            one.go(path)
            name = path.strip("/").replace("/", "-") or "home"
            one.picture(f"{role}-{name}-{size[0]}")
            assert one.fits(), f"{path} sticks out at {size[0]} px"
        found = Axe().run(one.page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], path


BESIDE = (
    ("coordinator", "/series/", "/series/new", "/batches/", "/disputes/views", "/window/new"),
    ("coordinator", "/sampling/", "/sampling/new", "/review/", "/review/new", "/imports/"),
    ("coordinator", "/suggestions", "/duties", "/duties/new", "/duties/import", "/window/roster"),
    ("coordinator", "/sources/analyses/", "/sources/analyses/new", "/sources/meetings/new"),
    ("coordinator", "/sources/letters/", "/sources/letters/new", "/sources/effects/"),
    ("department", "/sources/appraisals/", "/sources/appraisals/new", "/sources/meetings/"),
    ("coordinator", "/research/new"),
    ("coordinator", "/map/sources/", "/map/sources/new", "/map/reach/", "/map/reach/places"),
    ("court_clerk", "/courts/", "/courts/entrust"),
    ("security_administrator", "/erasures", "/suggestions"),
    ("system_administrator", "/limits/calendar", "/limits/hours", "/notices/outbox"),
)


@pytest.mark.parametrize("where", BESIDE, ids=lambda where: "".join(where[:2]))
def test_the_screens_beside_the_menu(visit: Callable[..., Visit], where: tuple[str, ...]) -> None:
    one = visit(where[0], PHONE)
    for path in where[1:]:
        one.go(path)
        _judge(one, path)
        sent = one.page.locator("main form.form .button.primary[type=submit]").last
        if sent.count() and one.page.locator("main form.form").count() == 1:
            sent.click()  # nothing was filled in: what is wrong is said, and said accessibly
            one.page.wait_for_load_state()
            _judge(one, f"{path} sent empty")
            one.forget(422)


def _judge(one: Visit, path: str) -> None:
    assert one.fits(), f"{path} sticks out"
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], path
