"""A warning from its notice to its end, at both widths: read, acknowledged, acted on, closed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.alerts.models import Alert
from yuantou.alerts.nightly import judge_night
from yuantou.alerts.service import raise_alert
from yuantou.calendar.clock import now

pytestmark = pytest.mark.browser
SURGED = (
    "近 %(days)s 天登记 %(count)s 件；过去同样长的时间平均 %(mean)s 件（标准差 %(spread)s），"
    "偶然达到这么多的可能约 %(p)s。"
)


def test_a_county_handles_a_warning_to_its_end(
    province: Province, visit: Callable[..., Visit]
) -> None:
    number = _warn(province)
    one = visit("coordinator", WIDE)
    one.go("/warnings/")
    expect(one.page.locator("h1")).to_have_text("预警")
    _judge(one, "warnings-list")
    one.page.keyboard.press("j")
    one.page.keyboard.press("Enter")
    expect(one.page.locator("#reasons")).to_be_visible()
    one.go(f"/warnings/{number}")
    _judge(one, "warnings-open")
    one.page.click("#acknowledge button[type=submit]")
    expect(one.page.locator("main")).to_contain_text("已确认", use_inner_text=True)
    one.page.fill("#act textarea", "已约谈三家用工单位，开工资专户")
    one.page.click("#act button[type=submit]")
    expect(one.page.locator("#story")).to_contain_text("工资专户", use_inner_text=True)
    one.page.click("#close > summary")
    one.page.click("#close button[type=submit]")
    expect(one.page.locator("#close")).to_contain_text("请选一个结论", use_inner_text=True)
    one.forget(422)
    _judge(one, "warnings-refused")
    one.page.check("#close [value=real]", force=True)
    one.page.fill("#close textarea", "三家企业年底欠薪属实")
    one.page.click("#close button[type=submit]")
    expect(one.page.locator("#outcome")).to_contain_text("属实", use_inner_text=True)
    _judge(one, "warnings-closed")


def test_the_rules_and_the_empty_list_fit_and_pass_axe(visit: Callable[..., Visit]) -> None:
    one = visit("mediator", PHONE)
    for path, name in (("/warnings/rules", "rules"), ("/warnings/?tab=done", "empty")):
        one.go(path)
        _judge(one, f"warnings-{name}")


def test_a_night_over_the_demo_warns_rarely(province: Province) -> None:
    """Not a promise, a bound: what the rules of a night may say of a province of the demo."""
    with _worker(province) as session:
        judge_night(session, now=now(), progress=lambda _done, _of: None)
        session.flush()
        found = Counter(session.scalars(select(Alert.rule).where(Alert.key != "journey")))
        session.rollback()
    print(f"a night over 100 counties: {dict(found)}")
    assert found["W04"] <= 10


@contextmanager
def _worker(province: Province) -> Iterator[Session]:
    engine = create_engine(province.app.extensions["connections"].need("worker"))
    with Session(engine) as session:
        yield session
    engine.dispose()


def _warn(province: Province) -> int:
    at = now() - timedelta(minutes=20)
    with _worker(province) as session:
        county = session.scalars(
            select(Agency)
            .join(Account, Account.agency_id == Agency.id)
            .where(Account.login == "coordinator")
        ).one()
        alert = raise_alert(
            session,
            rule="W04",
            version=1,
            level="red",
            area=county.area_code,
            type_code="migrant_wages",
            key="journey",
            reasons=[
                {
                    "say": SURGED,
                    "with": {"days": 30, "count": 9, "mean": "2.5", "spread": "1.2", "p": "0.001"},
                }
            ],
            facts={"days": 30, "count": 9, "expected": 2.5, "spread": 1.2, "p": 0.0011},
            at=at,
        )
        assert alert is not None
        number = alert.id
        session.commit()
    return number


def _judge(one: Visit, name: str) -> None:
    for size in (PHONE, WIDE):
        one.page.set_viewport_size({"width": size[0], "height": size[1]})
        one.picture(f"{name}-{size[0]}", whole=True)
        assert one.fits(), f"{name} sticks out at {size[0]} px"
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []
