"""A question about figures: the unit explains on the phone, its office looks at the desk."""

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.calendar.clock import now
from yuantou.disputes.models import Dispute
from yuantou.indicators.integrity.models import IntegrityQuestion, IntegrityRound

pytestmark = pytest.mark.browser
QUARTER = date(2026, 7, 1)


def test_a_unit_explains_and_its_office_looks(
    province: Province, visit: Callable[..., Visit]
) -> None:
    page = f"/integrity/{_ask(province)}"
    unit = visit("mediator", PHONE)
    for path in ("/integrity/", page):
        unit.go(path)
        _judge(unit, f"integrity-unit{len(path)}")
    unit.page.fill("[name=answer]", "每周五集中录入，案卷里有当天的记录。")
    unit.page.click("#explanation form.form button[type=submit]")
    office = visit("coordinator", WIDE)
    for path in ("/integrity/", page):
        office.go(path)
        _judge(office, f"integrity-office{len(path)}")
    office.page.check("[name=outcome][value=explained]", force=True)
    office.page.fill("[name=words]", "已核对案卷")
    office.page.click("#finding form.form button[type=submit]")
    expect(office.page.locator("main")).to_contain_text("已核对案卷", use_inner_text=True)
    _judge(office, "integrity-closed")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_counterweight_stands_beside_the_rate(
    visit: Callable[..., Visit], size: tuple[int, int]
) -> None:
    one = visit("coordinator", size)
    for path in ("/indicators/", "/indicators/I07", "/indicators/R_net25"):
        one.go(path)
        expect(one.page.locator("main")).to_contain_text("同看", use_inner_text=True)
        _judge(one, f"counterweight-{path.strip('/').replace('/', '-')}-{size[0]}")


def _judge(one: Visit, name: str) -> None:
    for size in (PHONE, WIDE):
        one.page.set_viewport_size({"width": size[0], "height": size[1]})
        one.picture(f"{name}-{size[0]}", whole=True)
        assert one.fits(), f"{name} sticks out at {size[0]} px"
    found = Axe().run(one.page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], name


def _ask(province: Province) -> int:
    """A question as the nightly job would write it."""
    engine = create_engine(province.app.extensions["connections"].owner)
    with Session(engine) as session:
        unit = session.scalars(
            select(Agency)
            .join(Account, Account.agency_id == Agency.id)
            .where(Account.login == "mediator")
        ).one()
        office = session.scalars(
            select(Account.agency_id).where(Account.login == "coordinator")
        ).one()
        matters = session.scalars(
            select(Dispute.id).where(Dispute.handler_agency_id == unit.id).limit(4)
        ).all()
        row = IntegrityQuestion(
            agency_id=unit.id, area_path=unit.area_path, office_id=office, kind="deadline_day",
            first_day=QUARTER, items=36, hits=30, expected=12.25, ratio=9.7, p=0.00001, q=0.0012,
            draws=99_999, matters=list(matters), state="open", asked_at=now(),
            due_on=date(2099, 1, 1), answer="", outcome_words="",
        )  # fmt: skip
        session.add(row)
        session.merge(
            IntegrityRound(first_day=QUARTER, ran_at=now(), tests=412, asked=1, rate=0.05,
                           missing=["sued"])
        )  # fmt: skip
        session.commit()
        number = row.id
    engine.dispose()
    return number
