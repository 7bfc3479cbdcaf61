"""Closed matters for samples and reviews, written as the owner; how they closed does not matter."""

from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from tests.coordination.matters import Door, report
from yuantou.calendar import clock

CLOSED_AT = clock.now() - timedelta(days=20)
PERIOD: dict[str, Any] = {
    "first_day": CLOSED_AT.date() - timedelta(days=9),
    "last_day": CLOSED_AT.date(),
}
LATER = clock.today() + timedelta(days=14)


def closed(
    door: Door, owner: Session, login: str = "mei", number: int = 1, area: str = NANJIE
) -> list[int]:
    """So many matters that the unit of `login` reported, handled and closed."""
    made = [report(door, login, area_code=area, title=f"旧事{place}") for place in range(number)]
    owner.execute(
        text("UPDATE dispute SET state = 'closed', closed_at = :at WHERE id = ANY(:ids)"),
        {"at": CLOSED_AT, "ids": made},
    )
    owner.commit()
    return made
