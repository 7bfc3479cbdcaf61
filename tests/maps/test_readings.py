"""What a statistic is judged by: all counties, through doors where the viewer sees only some."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from tests.cast import HEPING, KAZUO, LINGYUAN
from tests.maps.lands import land_of
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import today
from yuantou.indicators.definitions import definitions
from yuantou.maps import queries, readings
from yuantou.maps.measures import measures
from yuantou.maps.queries import Period, month_back
from yuantou.territory.models import Area

LAST = month_back(today().replace(day=1), 1)
PERIOD = Period(LAST, LAST)
Opened = Callable[[str], tuple[Session, Viewer]]


@pytest.fixture
def land(owner: Session) -> None:
    """Lingyuan has 40 disputes, Kazuo 2, Heping 30."""
    land_of(owner)


def judged_by(session: Session, sight: list[Area], code: str, *, whole: bool) -> set[str]:
    """The counties that the statistic of a figure knows of."""
    measure = measures(definitions(session))[code]
    return set(readings.read(session, sight, measure, "", PERIOD, whole=whole).everywhere)


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
    counts, _age = queries.reported(own, PERIOD, "")
    assert counts == {LINGYUAN: 40}
    assert queries.reported_everywhere(own, PERIOD, "") == {LINGYUAN: 40, KAZUO: 2, HEPING: 30}
