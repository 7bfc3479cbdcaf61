"""A county that was merged away or founded is told beside the sums that it is or is not in."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import CITY, LINGYUAN, PROVINCE
from tests.territory.chaoyang import NEW, merge
from yuantou.indicators.founding import foundings
from yuantou.territory.models import Area

Client = Callable[[str], FlaskClient]
KAZUO_ENDED = "喀喇沁左翼蒙古族自治县自 2026-05-01 起撤销（依据：国函〔2026〕9号"
FOUNDED = "新喀左市自 2026-05-01 起设立（依据：国函〔2026〕9号"


@pytest.fixture
def merged(owner: Session, tmp_path: Path) -> None:
    """Kazuo ends on the first of May, when another county begins."""
    day = date(2026, 5, 1)
    merge(owner, tmp_path / "朝阳", ended=day, founded=day)


@pytest.mark.usefixtures("merged")
def test_the_sum_of_a_city_and_of_the_province_tells_of_it(client_of: Client) -> None:
    for login, area in (("qi", CITY), ("sheng", PROVINCE)):
        for path in ("/indicators/", "/indicators/R_filed", "/indicators/I07"):
            body = client_of(login).get(f"{path}?area={area}&month=2026-06&span=ytd").text
            assert KAZUO_ENDED in body, path
            assert "此前的数计入合计，此后没有它的数" in body
            assert FOUNDED in body


@pytest.mark.usefixtures("merged")
def test_other_periods_and_places_say_what_is_theirs(client_of: Client) -> None:
    later = client_of("qi").get(f"/indicators/R_filed?area={CITY}&month=2026-06&span=month").text
    assert "本期没有它的数，上年同期的合计里有" in later
    assert "本期含它的数，上年同期的合计里没有或不全" in later
    before = client_of("qi").get(f"/indicators/R_filed?area={CITY}&month=2026-03&span=ytd").text
    assert "撤销" not in before
    county = client_of("qi").get(f"/indicators/R_filed?area={LINGYUAN}&month=2026-06&span=ytd")
    assert "撤销" not in county.text


@pytest.mark.usefixtures("merged")
def test_a_change_is_told_for_as_long_as_it_is_compared_with(owner: Session) -> None:
    areas = owner.scalars(select(Area)).all()
    told = {
        (month.year, month.month): [each.code for each in foundings(areas, month, month)]
        for month in (date(2026, 4, 1), date(2026, 5, 1), date(2027, 4, 1), date(2027, 5, 1))
    }
    assert told[2026, 4] == []
    assert told[2026, 5] == told[2027, 4]
    assert NEW in told[2026, 5]
    assert told[2027, 5] == []
