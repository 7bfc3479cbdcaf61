"""Closed matters for samples and reviews, written as the owner; how they closed does not matter."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from tests.coordination.matters import Door, report
from yuantou.calendar import clock

AGO = timedelta(days=20)


def period() -> dict[str, Any]:
    """The days around the closing."""
    last = clock.today() - AGO
    return {"first_day": last - timedelta(days=9), "last_day": last}


def later() -> date:
    """A day on which work may be due."""
    return clock.today() + timedelta(days=14)


def closed(
    door: Door, owner: Session, login: str = "mei", number: int = 1, area: str = NANJIE
) -> list[int]:
    """So many matters that the unit of `login` reported, handled and closed."""
    made = [report(door, login, area_code=area, title=f"旧事{place}") for place in range(number)]
    owner.execute(
        text("UPDATE dispute SET state = 'closed', closed_at = :at WHERE id = ANY(:ids)"),
        {"at": clock.now() - AGO, "ids": made},
    )
    owner.commit()
    return made
