"""The ledger of warnings at the desk and on the phone, with a night, signals and a back-test."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.alerts.detection.models import BackTest, Signal, SignalNight
from yuantou.alerts.detection.service import keep_rises
from yuantou.alerts.detection.terms import terms
from yuantou.alerts.models import Alert
from yuantou.calendar.clock import now, today
from yuantou.territory.models import Area

pytestmark = pytest.mark.browser
PAGES = {"": "同一地区同类纠纷骤增", "watch": "近四周的异常", "sense": "一周至少多几件看得出来"}


@pytest.fixture(scope="module")
def watched(province: Province) -> None:
    """What the nightly and the weekly job keep."""
    engine = create_engine(province.app.extensions["connections"].owner)
    with Session(engine) as session:
        county = session.scalars(
            select(Area)
            .join(Agency, Agency.area_code == Area.code)
            .join(Account, Account.agency_id == Agency.id)
            .where(Account.login == "coordinator")
        ).one()
        night = today() - timedelta(days=1)
        session.add(
            SignalNight(
                night=night, ran_at=now(), version=1, matters=1_482, counties=100, old=63,
                rate=0.05, missing=[county.code],
                counted={
                    "D_EARS": {"alarm": 2, "quiet": 3_252},
                    "D_FARRINGTON": {"alarm": 1, "quiet": 31, "too_few": 1_165,
                                     "short_history": 2_057},
                    "D_SCAN": {"alarm": 0, "quiet": 19},
                },
            )
        )  # fmt: skip
        for detector, type_, weeks in (("D_EARS", "migrant_wages", 1), ("D_SCAN", "", 3)):
            session.add(
                Signal(
                    night=night, detector=detector, version=1, area_code=county.code,
                    area_path=county.path, type=type_, state="alarm", reason="", weeks=weeks,
                    observed=14.0, expected=2.6, upper=7.0, p=1e-6, q=0.012, members=[],
                    warning_id=None,
                )
            )  # fmt: skip
        session.add_all(
            Alert(
                rule=rule, rule_version=1, level="yellow", area_code=county.code,
                area_path=county.path, type_code="migrant_wages", key=f"record:{number}",
                reasons=[], facts={}, raised_at=now() - timedelta(days=60), due_at=now(),
                state="closed", outcome=outcome, outcome_note="", downgrade_reason="",
                closed_at=now(),
            )
            for number, (rule, outcome) in enumerate(
                (("W04", "real"), ("W04", "nothing"), ("D_CUSUM", "explained"))
            )
        )  # fmt: skip
        keep_rises(session, night, terms(), seed=1)
        content: dict[str, object] = {
            "weeks": 104, "county_months": 2_391.2, "events": None,
            "together": {"warnings": 31, "true": None},
            "detectors": {
                "D_EARS": {"judged": 335_712, "warnings": 17, "true": None},
                "D_FARRINGTON": {"judged": 9_120, "warnings": 12, "true": None},
                "D_SCAN": {"judged": 494, "warnings": 3, "true": None},
            },
        }  # fmt: skip
        session.add(
            BackTest(ran_at=now(), last=night, weeks=104, seed=7, version=1, content=content)
        )
        session.commit()
    engine.dispose()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_the_ledger_can_be_read(
    visit: Callable[..., Visit], watched: None, size: tuple[int, int]
) -> None:
    one = visit("coordinator", size)
    for page, says in PAGES.items():
        one.go(f"/warnings/record/{page}")
        expect(one.page.locator("main")).to_contain_text(says, use_inner_text=True)
        one.picture(f"record-{page or 'index'}-{size[0]}", whole=True)
        assert one.fits(), f"{page} sticks out at {size[0]} px"
        found = Axe().run(one.page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found] == [], page
