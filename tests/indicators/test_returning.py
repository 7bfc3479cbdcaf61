"""What came back within 90 days: each closing is judged, also while the matter is open again."""

from datetime import date

from sqlalchemy.orm import Session

from tests.cast import LINGYUAN, NANJIE
from tests.indicators.conftest import AT, Matter, moment
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.indicators.compiler import entries
from yuantou.indicators.definitions import versions
from yuantou.indicators.keeping import keep_stale
from yuantou.indicators.models import FigureCell


def reopened(owner: Session, one: int, closed: str, back: str) -> None:
    """The matter was closed on one day and reopened on another."""
    for event, day in (("closed", closed), ("reopened", back)):
        owner.add(DisputeEvent(dispute_id=one, at=moment(day), event=event, note="", facts={}))
        owner.flush()
    dispute = owner.get_one(Dispute, one)
    dispute.reopened_at, dispute.closed_at = moment(back), None
    owner.commit()


def back_in(session: Session, month: date) -> tuple[int, int]:
    """Came back, of the closings of a month; and the members say the same."""
    found = session.get_one(FigureCell, ("I15", LINGYUAN, month))
    made = versions(session)["I15"][-1]
    rows = session.execute(entries(made, AT, (month, month))).all()
    counted = [row.hit for row in rows if row.why is None]
    assert (sum(counted), len(counted)) == (found.numerator, found.denominator)
    return found.numerator, found.denominator


def test_a_matter_that_is_open_again_came_back_from_the_closing_that_it_had(
    owner: Session, worker: Session, matter: Matter
) -> None:
    one = matter(NANJIE, accepted="2025-12-02", reported="2025-12-01")
    matter(NANJIE, accepted="2025-12-02", closed="2025-12-21", outcome="replied")
    reopened(owner, one, "2025-12-20", "2026-01-15")
    keep_stale(worker, now=AT)
    assert back_in(worker, date(2025, 12, 1)) == (1, 2)


def test_each_closing_of_a_matter_is_judged_by_what_came_after_it(
    owner: Session, worker: Session, matter: Matter
) -> None:
    one = matter(NANJIE, accepted="2025-12-02", reported="2025-12-01")
    reopened(owner, one, "2025-12-20", "2026-01-15")
    keep_stale(worker, now=AT)
    owner.get_one(Dispute, one).closed_at = moment("2026-02-10")
    owner.commit()
    keep_stale(worker, now=AT)
    assert back_in(worker, date(2025, 12, 1)) == (1, 1)
    assert back_in(worker, date(2026, 2, 1)) == (0, 1)


def test_a_matter_that_comes_back_late_or_is_merged_did_not_come_back_in_time(
    owner: Session, worker: Session, matter: Matter
) -> None:
    late = matter(NANJIE, accepted="2025-11-01", reported="2025-11-01")
    reopened(owner, late, "2025-11-05", "2026-02-10")
    matter(NANJIE, accepted="2025-11-02", closed="2025-11-20", state="merged", outcome="merged")
    keep_stale(worker, now=AT)
    assert back_in(worker, date(2025, 11, 1)) == (0, 1)
