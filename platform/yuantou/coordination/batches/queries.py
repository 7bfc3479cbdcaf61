"""Reading batches: one's own alone, with what became of their matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.coordination.batches.models import Batch, BatchItem
from yuantou.coordination.queries import HANDLING_KINDS
from yuantou.disputes.models import Dispute

SHOWN = 50
SHOWN_REFUSALS = 500
COUNTY_PLACE = 3
UNATTENDED = timedelta(seconds=20)
LONGEST_LEFT = timedelta(hours=1)


@dataclass(frozen=True)
class Progress:
    """How far a batch has come; `unseen` went out of the viewer's sight meanwhile."""

    total: int
    done: int
    refused: int
    unseen: int
    waiting: bool

    @property
    def passed(self) -> int:
        """How many need nothing more."""
        return self.done + self.refused + self.unseen


def find(session: Session, batch_id: int) -> Batch | None:
    """A batch of the viewer's own."""
    return session.get(Batch, batch_id)


def batches_of(session: Session, viewer: Viewer) -> Sequence[Batch]:
    """The viewer's batches, newest first."""
    asked = select(Batch).where(Batch.account_id == viewer.id).order_by(Batch.made_at.desc())
    return session.scalars(asked.limit(SHOWN)).all()


def left_alone(session: Session, now: datetime) -> Row[int, int] | None:
    """The batch whose page was closed longest ago, and whose it is; none that is long forgotten."""
    asked = select(Batch.id, Batch.account_id).where(
        Batch.state == "waiting",
        Batch.attended_at.between(now - LONGEST_LEFT, now - UNATTENDED),
    )
    return session.execute(asked.order_by(Batch.attended_at).limit(1)).first()


def progress_of(batch: Batch) -> Progress:
    """Its numbers as its steps left them."""
    waiting = batch.state == "waiting"
    rest = batch.total - batch.done - batch.refused
    return Progress(
        batch.total,
        batch.done,
        batch.refused,
        rest if batch.state == "done" else 0,
        waiting,
    )


def refusals(session: Session, batch: Batch) -> list[Any]:
    """The matters that were left as they are, and why."""
    asked = (
        select(BatchItem.dispute_id, BatchItem.reason, Dispute.number, Dispute.title)
        .join(Dispute, Dispute.id == BatchItem.dispute_id)
        .where(BatchItem.batch_id == batch.id, BatchItem.state == "refused")
    )
    return list(session.execute(asked.order_by(BatchItem.position).limit(SHOWN_REFUSALS)))


def done_ids(session: Session, batch: Batch) -> Sequence[int]:
    """The matters on which it was done."""
    asked = select(BatchItem.dispute_id).where(
        BatchItem.batch_id == batch.id, BatchItem.state == "done"
    )
    return session.scalars(asked.order_by(BatchItem.position)).all()


def undoing(session: Session, batch: Batch) -> Batch | None:
    """The batch that takes this one back."""
    return session.scalars(select(Batch).where(Batch.undoes_id == batch.id)).first()


def receivers(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """Agencies of the viewer's county that can take matters."""
    county = "/".join(viewer.agency.area_path.split("/")[:COUNTY_PLACE]) + "/"
    asked = select(Agency.id, Agency.name).where(
        within(Agency.area_path, Range.below(county)),
        Agency.kind.in_(HANDLING_KINDS),
        Agency.active,
        Agency.id != viewer.agency.id,
    )
    order = (Agency.area_path != county, Agency.kind, Agency.area_path, Agency.id)
    return [(row.id, row.name) for row in session.execute(asked.order_by(*order))]


def agency(session: Session, agency_id: int) -> Agency | None:
    """The agency that matters are sent to."""
    return session.get(Agency, agency_id)


def usual_term() -> date:
    """The term that a form offers."""
    return clock.today() + timedelta(days=30)
