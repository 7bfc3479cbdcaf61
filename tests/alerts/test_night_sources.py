"""W03 and the common sources that the map's scan keeps: whom people are against, not what over."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.alerts.conftest import NOW, Night, of
from tests.alerts.test_nightly import FIRM, _person
from tests.cast import LINGYUAN
from tests.coordination.matters import Door, report
from yuantou.maps.sources.models import CommonSource, CommonSourceMatter


@pytest.mark.parametrize(("origin", "named"), [("party", True), ("cause", False)])
def test_the_source_of_many_people_is_the_organisation_they_are_against(
    door: Door, night: Night, owner: Session, origin: str, named: bool
) -> None:
    matters = [
        report(door, parties=(_person(place), FIRM), now=NOW - timedelta(days=place + 1))
        for place in range(5)
    ]
    held = CommonSource(
        origin=origin, kind="employer" if named else "cause",
        name=None if named else "追索劳动报酬纠纷",
        area_code=LINGYUAN, area_path="210000/211300/211382/",
        type="neighborhood", made_at=NOW, disputes=5, weeks=[], usual=[], state="few", observed=0,
    )  # fmt: skip
    owner.add(held)
    owner.flush()
    owner.add_all(
        CommonSourceMatter(source_id=held.id, dispute_id=one, by_hand=False, added_at=NOW)
        for one in matters
    )
    owner.commit()
    assert night()["W03"] == 1
    (alert,) = of(owner, "W03")
    assert alert.source_id == (held.id if named else None)
