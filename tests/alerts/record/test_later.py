"""A detector's lead counts from the day on which it spoke itself, not from the first voice."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.alerts.conftest import RAISED, Raise
from tests.alerts.record.conftest import Signed, path
from tests.cast import LINGYUAN
from tests.coordination.conftest import door
from tests.coordination.matters import Door
from yuantou.alerts.record.ledger import Lead, Line, lines
from yuantou.alerts.record.models import WarningLead
from yuantou.alerts.record.queries import watched

__all__ = ["door"]
DAY = RAISED.date()
SUIT, PEAK = 40, 30  # days after the warning


def followed(owner: Session, *warnings: int | None) -> None:
    """A suit and a peak came after each of these warnings."""
    owner.add_all(
        WarningLead(
            warning_id=number or 0,
            area_path=path(LINGYUAN),
            first_suit=DAY + timedelta(days=SUIT),
            peak=DAY + timedelta(days=PEAK),
            reckoned_on=date(2027, 3, 1),
        )
        for number in warnings
    )
    owner.commit()


def ledger(door: Door) -> dict[str, Line]:
    """The lines of the county's ledger by who spoke."""
    session, viewer = door("gao")
    seen = watched(session, viewer, date(2027, 3, 2), 365)
    return {line.source: line for line in lines(seen.told, seen.county_months)}


@pytest.mark.parametrize(
    ("night", "late"),
    [(-1, 0), (4, 5), (39, 40), (-9, 0)],
    ids=["the same night", "five days later", "after the peak", "before it was raised"],
)
def test_who_spoke_later_was_less_early(
    door: Door, owner: Session, warn: Raise, signed: Signed, night: int, late: int
) -> None:
    raised = [warn(rule="D_EARS", key=f"detect:{one}") for one in range(3)]
    followed(owner, *raised)
    for at, number in enumerate(raised):
        kind = ("traffic", "medical", "migrant_wages")[at]
        first, second = DAY - timedelta(days=1), DAY + timedelta(days=night)
        signed(LINGYUAN, warning=number, type=kind, night=first)
        signed(LINGYUAN, warning=number, type=kind, night=second, detector="D_CUSUM")
    found = ledger(door)
    early, later = found["D_EARS"], found["D_CUSUM"]
    assert (early.until_suit, early.until_peak) == (Lead(3, SUIT), Lead(3, PEAK))
    assert (later.until_suit, later.until_peak) == (Lead(3, SUIT - late), Lead(3, PEAK - late))


def test_a_detector_counts_from_the_first_night_on_which_it_spoke(
    door: Door, owner: Session, warn: Raise, signed: Signed
) -> None:
    raised = [warn(rule="D_EARS", key=f"detect:{one}") for one in range(3)]
    followed(owner, *raised)
    for at, number in enumerate(raised):
        for night in (2, 9):
            signed(
                LINGYUAN,
                warning=number,
                detector="D_CUSUM",
                type=("traffic", "medical", "migrant_wages")[at],
                night=DAY + timedelta(days=night),
            )
    assert ledger(door)["D_CUSUM"].until_peak == Lead(3, PEAK - 3)
