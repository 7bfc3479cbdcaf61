"""What a statistic is judged by: all counties, through doors where the viewer sees only some."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from tests.cast import HEPING, KAZUO, LINGYUAN
from tests.maps.lands import land_of, last_month
from yuantou.access.viewer import Viewer
from yuantou.indicators.definitions import definitions
from yuantou.indicators.models import DisputeMonth
from yuantou.maps import queries, readings
from yuantou.maps.figures import hidden_areas
from yuantou.maps.measures import measures
from yuantou.maps.queries import Period, month_back
from yuantou.maps.timeline import timeline, trend
from yuantou.maps.views import View
from yuantou.territory.models import Area

Opened = Callable[[str], tuple[Session, Viewer]]


@pytest.fixture
def land(owner: Session) -> None:
    """Lingyuan has 40 disputes, Kazuo 2, Heping 30."""
    land_of(owner)


def period() -> Period:
    """The last whole month."""
    return Period(last_month(), last_month())


def judged_by(session: Session, sight: list[Area], code: str, *, whole: bool) -> set[str]:
    """The counties that the statistic of a figure knows of."""
    measure = measures(definitions(session))[code]
    return set(readings.read(session, sight, measure, "", period(), whole=whole).everywhere)


@pytest.mark.parametrize("code", ["reported", "open", "rate"])
def test_a_county_and_the_province_judge_by_the_same_counties(
    land: None, viewer_session: Opened, code: str
) -> None:
    all_, _viewer = viewer_session("sheng")
    own, _viewer = viewer_session("zhou")
    everything = list(queries.counties(all_))
    mine = [own.get_one(Area, LINGYUAN)]
    counties = {LINGYUAN, KAZUO, HEPING}
    assert judged_by(all_, everything, code, whole=True) == counties
    assert judged_by(own, mine, code, whole=False) == counties


def test_courts_figures_are_judged_where_all_counties_are_seen(
    land: None, viewer_session: Opened
) -> None:
    own, _viewer = viewer_session("zhou")
    assert judged_by(own, [own.get_one(Area, LINGYUAN)], "R_filed", whole=False) == set()


def test_the_counts_in_sight_are_the_viewers_own(land: None, viewer_session: Opened) -> None:
    own, _viewer = viewer_session("zhou")
    counts, _age = queries.reported(own, period(), "")
    assert counts == {LINGYUAN: 40}
    assert queries.reported_everywhere(own, period(), "") == {LINGYUAN: 40, KAZUO: 2, HEPING: 30}


def test_where_nobody_began_nothing_is_known(
    land: None, owner: Session, viewer_session: Opened
) -> None:
    owner.execute(delete(DisputeMonth).where(DisputeMonth.area_code == HEPING))
    owner.commit()
    session, _viewer = viewer_session("sheng")
    everything = list(queries.counties(session))
    for code in ("reported", "open", "rate"):
        measure = measures(definitions(session))[code]
        found = readings.read(session, everything, measure, "", period(), whole=True)
        assert found.of[HEPING].value is None
        assert found.of[HEPING].missing == "还没有登记过纠纷"
        assert set(found.everywhere) == {LINGYUAN, KAZUO}


def test_a_county_that_has_begun_and_had_none_has_none(land: None, viewer_session: Opened) -> None:
    session, _viewer = viewer_session("sheng")
    measure = measures(definitions(session))["reported"]
    everything = list(queries.counties(session))
    later = Period(month_back(last_month(), -1), month_back(last_month(), -1))
    found = readings.read(session, everything, measure, "", later, whole=True)
    assert {code: each.events for code, each in found.of.items()} == {
        LINGYUAN: 0, KAZUO: 0, HEPING: 0,
    }  # fmt: skip


def test_what_is_small_stays_hidden_beside_who_has_not_begun(
    land: None, owner: Session, viewer_session: Opened
) -> None:
    owner.execute(delete(DisputeMonth).where(DisputeMonth.area_code == HEPING))
    owner.commit()
    session, _viewer = viewer_session("sheng")
    everything = list(queries.counties(session))
    measure = measures(definitions(session))["reported"]
    found = readings.read(session, everything, measure, "", period(), whole=True)
    assert hidden_areas(found.of, measure, everything) == {LINGYUAN, KAZUO}


def test_months_before_the_first_matter_are_not_known(land: None, viewer_session: Opened) -> None:
    session, _viewer = viewer_session("sheng")
    county = session.get_one(Area, LINGYUAN)
    view, last = View("reported", "", period()), last_month()
    months = timeline(session, county, view, [month_back(last, 1), last, month_back(last, -1)])
    assert [each.written for each in months] == ["—", "40", "0"]
    assert trend(session, county, measures({})["reported"], view)["values"] == [None] * 23 + [40]
