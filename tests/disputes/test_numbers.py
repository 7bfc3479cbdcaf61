"""Case numbers stay apart where two counties share a short name (铁西 in 沈阳 and in 鞍山)."""

from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.disputes.test_service import act, report
from yuantou.access.viewer import Viewer

Door = Callable[[str], tuple[Session, Viewer]]


def test_a_short_name_that_two_counties_share_takes_the_city_before_it(
    viewer_session: Door, owner: Session
) -> None:
    owner.execute(text("UPDATE area SET short_name = '凌源' WHERE code = '210102'"))
    owner.commit()
    made = act(viewer_session, "mei", report(viewer_session), "accept")
    assert made.number == "朝阳凌源〔2026〕第000001号"
