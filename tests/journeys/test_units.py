"""A township is judged by a scheme that two persons chose, and signs for its report on a phone."""

from collections.abc import Callable
from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from yuantou.assessments import jobs
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.preparing import prepare
from yuantou.assessments.runs.publishing import publish
from yuantou.calendar.clock import now
from yuantou.database.session import make_engine, make_sessions

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


def _owner(province: Province, *statements: str) -> None:
    engine = create_engine(province.app.extensions["connections"].owner)
    with engine.begin() as owner:
        for statement in statements:
            owner.execute(text(statement))
    engine.dispose()


def _silent(_done: int, _whole: int) -> None:
    """Nobody watches."""


def _sixth() -> datetime:
    return now().replace(day=6, hour=6)


def _run(province: Province) -> None:
    """The monthly run of the level that was chosen, prepared and published asking nobody."""
    engine = make_engine(province.app.extensions["connections"].worker)
    with make_sessions(engine)() as session:
        jobs.run(session, _sixth(), _silent)
        runs = session.query(AssessmentRun).filter(AssessmentRun.level != "county").all()
        for run in runs:
            prepare(session, run, now=now(), progress=_silent)
            publish(session, run, now=now(), progress=_silent, state=RunState.PREVIEW)
        session.commit()
    engine.dispose()


def _sound(one: Visit, name: str) -> None:
    one.picture(name, whole=True)
    assert one.fits(), name
    found = Axe().run(one.page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_a_township_is_judged_and_signs(
    province: Province, visit: Visits, size: tuple[int, int]
) -> None:
    mark = f"units-{size[0]}"
    office = visit("province", size)
    if size == PHONE:
        _owner(province, "UPDATE scheme_version SET approved_at = now() WHERE approved_at IS NULL")
        page = office.go("/assessments/schemes")
        page.get_by_text("换一套方案").click()
        page.select_option("[name=scheme]", "township/townships")
        page.fill("[name=reason]", "示例文件〔2026〕9号")
        page.get_by_role("button", name="提请", exact=True).click()
        expect(page.get_by_text("已提请，请另一位有权限的人批准。")).to_be_visible()
        _sound(office, f"{mark}-proposed")
        _owner(province, "UPDATE scheme_choice SET proposed_by = 1 WHERE approved_at IS NULL")
        page = office.go("/notices?tab=todo")
        expect(page.get_by_text("换用计分方案，待批准")).to_be_visible()
        page.get_by_text("换用计分方案，待批准").click()
        page.get_by_role("button", name="批准", exact=True).click()
        expect(page.get_by_text("已批准，从下一次评估起按这套方案。")).to_be_visible()
        _run(province)
    office.go("/assessments/units")
    _sound(office, f"{mark}-list")
    township = visit("township", size)
    page = township.go("/assessments")
    page.locator("[data-open]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("源头预防化解评估")
    _sound(township, f"{mark}-report")
    if size == WIDE:
        page.get_by_role("button", name="签收").first.click()
        expect(page.get_by_text("已签收。")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_rooms_that_were_not_seen_are_looked_at(
    province: Province, visit: Visits, size: tuple[int, int]
) -> None:
    office = visit("province", size)
    for name, path in (
        ("scheme", "/assessments/schemes/points/1"),
        ("events", "/assessments/schemes/events"),
        ("targets", "/assessments/targets"),
        ("lasting", "/indicators/lasting?area=211382"),
        ("funnel", "/indicators/R_filed?span=ytd"),
    ):
        page = office.go(path)
        for opened in page.locator("details.numbers > summary").all():
            opened.click()
        _sound(office, f"seen-{name}-{size[0]}")
    city = visit("city", size)
    page = city.go("/indicators/R_filed?span=ytd")
    for opened in page.locator("details.numbers > summary").all():
        opened.click()
    _sound(city, f"seen-city-{size[0]}")
