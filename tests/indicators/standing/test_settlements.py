"""D90 and D180 as rows of the catalogue: settlements by the month in which they have lasted."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.survival import kaplan_meier
from tests.cast import CITY, LINGYUAN, NANJIE
from tests.indicators.conftest import Matter, moment
from tests.judiciary.casefeed.feeds import feed, party
from yuantou.disputes.models import DisputeEvent
from yuantou.indicators import queries
from yuantou.indicators.compiler import entries
from yuantou.indicators.figures import Figure
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.models import Settlement

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
MAY, AUGUST = date(2026, 5, 1), date(2026, 8, 1)
AGREED = {"outcome": "agreed_oral", "concluded": "2026-01-20"}
Kept = Callable[..., Figure]


@pytest.fixture
def kept(worker: Session) -> Kept:
    """`kept("D90", MAY)`: the figure of Lingyuan and month, freshly computed."""

    def read(code: str, month: date, area: str = LINGYUAN) -> Figure:
        keep_all(worker, now=NOW)
        worker.commit()
        ledger = queries.read_ledger(worker, [area], month, month, codes=[code], today=NOW.date())
        return ledger.figure(code, area, month, month)

    return read


@pytest.fixture
def four(owner: Session, matter: Matter) -> dict[str, int]:
    """Closed on 9 February: back after 30 days, after 100, sued after 20, and for good."""
    found = {
        name: matter(NANJIE, closed="2026-02-09", **AGREED)
        for name in ("early", "late", "sued", "good")
    }
    for name, day in (("early", "2026-03-11"), ("late", "2026-05-20")):
        again = matter(NANJIE, reported=day)
        for one in (found[name], again):
            party(owner, one, name.encode())
    party(owner, found["sued"], b"li")
    feed(owner, "2025-11", "2026-09", ("2026-03-01", "neighborhood", (b"li",)))
    return found


def test_a_settlement_belongs_to_the_month_in_which_it_has_lasted(
    kept: Kept, four: dict[str, int]
) -> None:
    early = kept("D90", MAY)
    assert (early.numerator, early.denominator, early.value) == (2, 4, 50)
    late = kept("D180", AUGUST)
    assert (late.numerator, late.denominator) == (1, 4)
    assert late.low is not None
    assert late.warnings == ()
    assert kept("D90", AUGUST).denominator == 0
    assert kept("D90", date(2026, 9, 1)).warnings == ()  # fed to its end: nothing will come later


def test_it_is_what_kaplan_and_meier_say_of_the_same_settlements(
    kept: Kept, owner: Session, four: dict[str, int]
) -> None:
    figure = kept("D180", AUGUST)
    rows = owner.query(Settlement).filter_by(closed_on=date(2026, 2, 9)).all()
    assert {row.why for row in rows} == {"again", "sued", None}
    back = [(row.back_on - row.closed_on).days if row.back_on else None for row in rows]
    curve = kaplan_meier(
        np.array([day or 181 for day in back], dtype=float),
        np.array([day is not None for day in back], dtype=float),
        at=(180,),
    )
    assert figure.value == pytest.approx(100 * float(curve.survival[0]))


def test_without_the_courts_feed_over_the_days_watched_it_is_missing(
    kept: Kept, matter: Matter, owner: Session
) -> None:
    matter(NANJIE, closed="2026-02-09", **AGREED)
    feed(owner, "2026-03", "2026-09")
    missing = kept("D90", MAY).missing
    assert missing is not None
    assert [f"{each:%m}" for each in missing.courts[0].months] == ["02"]
    assert kept("D90", MAY, CITY).missing is not None


def test_a_matter_that_was_reopened_counts_by_the_closing_it_came_back_from(
    kept: Kept, matter: Matter, owner: Session
) -> None:
    one = matter(NANJIE, state="in_mediation", reopened="2026-03-13")
    happened = (("agreed", "2026-01-20"), ("closed", "2026-02-09"), ("reopened", "2026-03-13"))
    for event, day in happened:
        owner.add(DisputeEvent(dispute_id=one, at=moment(day), event=event, note="", facts={}))
        owner.flush()
    feed(owner, "2025-11", "2026-09")
    figure = kept("D90", MAY)
    assert (figure.numerator, figure.denominator) == (0, 1)


def test_the_members_add_up_to_the_figure(
    kept: Kept, worker: Session, four: dict[str, int]
) -> None:
    figure = kept("D90", MAY)
    rows = worker.execute(entries(figure.definition, NOW, (MAY, MAY))).all()
    hits = {row.dispute_id for row in rows if row.hit}
    assert hits == {four["late"], four["good"]}
    assert (len(hits), len(rows)) == (figure.numerator, figure.denominator)


def test_closings_of_one_day_are_one_settlement(kept: Kept, matter: Matter, owner: Session) -> None:
    one = matter(NANJIE, closed="2026-02-09", reopened="2026-02-09", **AGREED)
    for event in ("agreed", "closed", "reopened", "agreed", "closed"):
        at = moment("2026-02-09")
        owner.add(DisputeEvent(dispute_id=one, at=at, event=event, note="", facts={}))
        owner.flush()
    owner.execute(text("UPDATE dispute SET state = 'closed' WHERE id = :id"), {"id": one})
    feed(owner, "2025-11", "2026-09")
    assert kept("D90", MAY).denominator == 1
