"""A refusal leaves its matter untouched, even one that comes after something was written."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, report
from yuantou.coordination.batches import service
from yuantou.coordination.batches.models import Batch, BatchItem
from yuantou.coordination.batches.running import Run
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import Ground, Refusal
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.service import note_event

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class _Late(Run):
    """Writes first and judges then."""

    def do(self, dispute: Dispute) -> None:
        note_event(self.session, dispute=dispute, event="supplemented", by=self.by)
        self.session.flush()
        if dispute.title == "不行的":
            raise RefusedError(Refusal("late", "太晚了", "", Ground.STATE))


def test_a_late_refusal_undoes_its_own_matter_alone(door: Door, owner: Session) -> None:
    good, bad, last = (report(door, title=title) for title in ("行的", "不行的", "也行的"))
    session, gao = door("gao")
    facts: dict[str, Any] = {}
    number = service.make(
        session, by=gao, kind="export", submission="d" * 32, ids=[good, bad, last], facts=facts
    )
    run = _Late(session, gao, session.get_one(Batch, number), NOW)
    items = session.execute(
        select(BatchItem.id, BatchItem.dispute_id).order_by(BatchItem.position)
    ).all()
    results = run(items)
    session.commit()
    assert [one.reason for one in results] == ["", "太晚了", ""]
    written = select(DisputeEvent.dispute_id).where(DisputeEvent.event == "supplemented")
    assert sorted(owner.scalars(written)) == sorted([good, last])
