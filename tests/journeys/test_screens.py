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
