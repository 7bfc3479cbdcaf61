"""A rule of warning is changed on the page: what is wrong is said, the past lies beside it."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from yuantou.alerts.amending.service import preview_waiting

pytestmark = pytest.mark.browser


def test_a_rule_is_proposed_with_its_past_before_it(
    province: Province, visit: Callable[..., Visit]
) -> None:
    one = visit("province", WIDE)
    one.go("/warnings/rules")
    one.page.click("#W01 a:has-text('拟新版')")
    expect(one.page.locator("h1")).to_contain_text("涉及人数多")
    one.page.fill("[name=n-yellow]", "0")
    one.page.click("main form.form button[type=submit]")
    expect(one.page.locator("main form.form")).to_contain_text("门槛不低于 3 人")
    expect(one.page.locator("[name=n-yellow]")).to_have_value("0")
    one.forget(422)
    _judge(one, "rules-refused")
    one.page.fill("[name=n-yellow]", "15")
    one.page.fill("[name=reason]", "办公室会议纪要第3号")
    one.page.click("main form.form button[type=submit]")
    expect(one.page.locator("main")).to_contain_text("正在按真实数据试算")
    _try_it(province)
    one.page.reload()
    expect(one.page.locator("main")).to_contain_text("比现行规则多发的")
    expect(one.page.locator("main")).to_contain_text("您是提请人，请另一位有权限的人批准")
    _judge(one, "rules-tried")
    one.go("/warnings/rules")
    expect(one.page.locator("#W01")).to_contain_text("第 2 版在等第二个人")
    _judge(one, "rules")
    for code in ("W07", "W11"):
        one.go(f"/warnings/rules/{code}/new")
        _judge(one, f"rules-{code}-new")
    one.go("/warnings/rules/W01/2")
    one.page.click("button:has-text('退回，不启用')")
    expect(one.page.locator("main")).to_contain_text("已退回")


def _try_it(province: Province) -> None:
    engine = create_engine(province.app.extensions["connections"].need("worker"))
    with province.app.app_context(), Session(engine) as session:
        assert preview_waiting(session) == 1
        session.commit()
    engine.dispose()


def _judge(one: Visit, name: str) -> None:
    for size in (WIDE, PHONE):
        one.page.set_viewport_size({"width": size[0], "height": size[1]})
        one.picture(f"{name}-{size[0]}", whole=True)
        assert one.fits(), f"{name} sticks out at {size[0]} px"
    one.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], name
