"""The workbook of an export in batches, put together when it is fetched."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.coordination.batches.models import Batch, BatchItem
from yuantou.disputes.export import workbook


def workbook_of(session: Session, *, by: Viewer, batch: Batch, now: datetime) -> bytes | None:
    """Its lines as XLSX, marked with who took them and when; None: they are kept no longer."""
    asked = select(BatchItem.cells).where(
        BatchItem.batch_id == batch.id, BatchItem.cells.is_not(None)
    )
    rows = session.scalars(asked.order_by(BatchItem.position)).all()
    if not rows or batch.kind != "export" or batch.state == "waiting":
        return None
    book = workbook(by, [row for row in rows if row], now)
    record(
        session,
        action="dispute:export",
        object_type="batch",
        object_id=batch.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"rows": len(rows)},
    )
    session.commit()
    return book
