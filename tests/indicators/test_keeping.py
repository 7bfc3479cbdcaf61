"""What is kept step by step is what computing everything anew gives."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, GONGYINGZI, HEPING, LINGYUAN, NANJIE, SHENYANG
from tests.indicators.conftest import AT, Count, Matter, moment
from yuantou.access.viewer import Viewer
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.indicators.jobs import JOBS, NothingToKeep
from yuantou.indicators.keeping import keep_all, keep_stale
from yuantou.indicators.models import CourtMonth, DisputeMonth, FigureCell, StaleArea

PLACES = (NANJIE, DONGJIE, GONGYINGZI, HEPING, LINGYUAN)
OUTCOMES = ("agreed_oral", "agreed_written", "failed", "replied", "terminated")


def kept(session: Session) -> dict[str, set[tuple[Any, ...]]]:
    """All kept rows, without the moment of their computing."""
    found: dict[str, set[tuple[Any, ...]]] = {}
    for table in (FigureCell, DisputeMonth, CourtMonth):
        columns = [c for c in table.__table__.columns if c.name != "computed_at"]
        rows = session.execute(select(*columns))
        found[table.__name__] = {tuple(map(str, row)) for row in rows}
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_step_by_step_is_all_at_once(
    worker: Session,
    owner: Session,
    matter: Matter,
    agreement: Callable[..., None],
    deadline: Callable[..., None],
    count: Count,
    seed: int,
) -> None:
    dice = random.Random(seed)
    made: list[int] = []
    for _ in range(12):
        act = dice.choice(["new", "new", "end", "reopen", "counts", "keep"])
        if act == "new" or not made:
            made.append(_report(dice, matter, agreement, deadline))
        elif act == "end":
            _end(owner, dice.choice(made), dice)
        elif act == "reopen":
            _reopen(owner, dice.choice(made), f"2026-02-{dice.randint(21, 27)}")
        elif act == "counts":
            court = dice.choice(["lingyuan-court", "kazuo-court", "chaoyang-court"])
            count(
                court, f"202{dice.randint(4, 5)}-0{dice.randint(1, 3)}", civil=dice.randint(0, 99)
            )
        else:
            keep_stale(worker, now=AT)
            worker.commit()
    keep_stale(worker, now=AT)
    worker.commit()
    stepwise = kept(worker)
    keep_all(worker, now=AT)
    assert stepwise == kept(worker)
    assert stepwise["DisputeMonth"]


def _report(
    dice: random.Random,
    matter: Matter,
    agreement: Callable[..., None],
    deadline: Callable[..., None],
) -> int:
    one = matter(
        dice.choice(PLACES),
        reported=f"2026-01-{dice.randint(10, 28)}",
        accepted=f"2026-02-{dice.randint(10, 14)}",
        restricted=dice.random() < 0.3,
        type=dice.choice(["neighborhood", "contract"]),
    )
    if dice.random() < 0.5:
        agreement(one, due=f"2026-02-{dice.randint(10, 28)}")
        deadline(one, "finish", due="2026-02-20", met=dice.choice([None, "2026-02-19"]))
    return one


def _end(owner: Session, dispute_id: int, dice: random.Random) -> None:
    dispute = owner.get_one(Dispute, dispute_id)
    dispute.outcome = dice.choice(OUTCOMES)
    dispute.concluded_at = moment("2026-02-18")
    dispute.performed_at = moment("2026-02-19") if dice.random() < 0.5 else None
    dispute.closed_at = moment("2026-02-20") if dice.random() < 0.7 else None
    owner.commit()


def _reopen(owner: Session, dispute_id: int, day: str) -> None:
    """What is not closed is closed first, as nothing else can be reopened."""
    dispute = owner.get_one(Dispute, dispute_id)
    closed = dispute.closed_at or moment("2026-02-20")
    for event, at in (("closed", closed), ("reopened", moment(day))):
        owner.add(DisputeEvent(dispute_id=dispute_id, at=at, event=event, note="", facts={}))
        owner.flush()
    dispute.reopened_at, dispute.outcome = moment(day), None
    dispute.closed_at = dispute.concluded_at = dispute.performed_at = None
    owner.commit()


def test_a_change_marks_its_county_and_keeping_unmarks_it(worker: Session, matter: Matter) -> None:
    matter(NANJIE)
    marked = worker.scalars(select(StaleArea.area_code)).all()
    assert set(marked) == {LINGYUAN}
    assert keep_stale(worker, now=AT).disputes == 1
    assert keep_stale(worker, now=AT).disputes == 0


def test_keeping_that_is_rolled_back_leaves_the_mark(worker: Session, matter: Matter) -> None:
    matter(NANJIE)
    keep_stale(worker, now=AT)
    worker.rollback()
    assert worker.scalars(select(StaleArea.area_code)).all() == [LINGYUAN]


def test_sums_agree_on_every_level(worker: Session, matter: Matter) -> None:
    dice = random.Random(4)
    for _ in range(20):
        matter(dice.choice(PLACES), type=dice.choice(["neighborhood", "contract"]))
    keep_all(worker, now=AT)
    by_level: dict[str, int] = dict(
        worker.execute(text("SELECT level, sum(reported) FROM dispute_month GROUP BY level")).all()
    )
    assert by_level["county"] == by_level["city"] == by_level["province"] == 20


def test_a_matter_stands_in_the_month_of_shanghai(
    worker: Session, owner: Session, matter: Matter
) -> None:
    one = owner.get_one(Dispute, matter(NANJIE))
    late = moment("2026-01-31")
    assert late is not None
    one.reported_at = late.replace(hour=17)  # one o'clock in the night of 1 February
    owner.commit()
    keep_all(worker, now=AT)
    months = worker.scalars(select(DisputeMonth.month).where(DisputeMonth.level == "county")).all()
    assert months == [date(2026, 2, 1)]


def test_the_nightly_job_refuses_an_empty_land(worker: Session, owner: Session) -> None:
    owner.execute(text("TRUNCATE area CASCADE"))
    owner.commit()
    nightly = next(job for job in JOBS if job.code == "figures.nightly")
    with pytest.raises(NothingToKeep):
        nightly.run(worker, AT, lambda done, whole: None)


def test_the_job_of_every_minute_keeps_what_changed(worker: Session, matter: Matter) -> None:
    matter(HEPING)
    told: list[tuple[int, int]] = []
    JOBS[0].run(worker, AT, lambda done, whole: told.append((done, whole)))
    areas = worker.scalars(select(DisputeMonth.area_code).distinct()).all()
    assert set(areas) == {HEPING, SHENYANG, "210000"}
    assert told == [(1, 1)]


def test_a_county_reads_its_own_cells_and_the_sums_above(
    worker: Session,
    matter: Matter,
    count: Count,
    viewer_session: Callable[[str], tuple[Session, Viewer]],
) -> None:
    for place in (NANJIE, GONGYINGZI, HEPING):
        matter(place, concluded="2026-01-20", outcome="failed")
    for court in ("lingyuan-court", "kazuo-court"):
        count(court, "2026-01")
    keep_all(worker, now=AT)
    worker.commit()
    session, _ = viewer_session("zhou")
    for table in (FigureCell, DisputeMonth, CourtMonth):
        counties = select(table.area_code).where(table.level == "county")
        assert set(session.scalars(counties)) == {LINGYUAN}
        assert "210000" in set(session.scalars(select(table.area_code)))
    outside, _ = viewer_session("kang")
    assert set(outside.scalars(select(CourtMonth.level))) == {"city", "province"}
