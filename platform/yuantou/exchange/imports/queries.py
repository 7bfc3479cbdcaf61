"""Lists that the viewer's unit brought, their lines, and what they are judged against."""

import json
from collections.abc import Sequence

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import today
from yuantou.crypto.fields import FieldCipher
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import keyring
from yuantou.exchange.imports.judging import Ground
from yuantou.exchange.imports.models import ImportBatch, ImportLine, ImportMatch
from yuantou.intake.queries import townships

CONTEXT = "import"
SHOWN = 30
Table = tuple[list[str], list[tuple[int, list[str]]]]


def batches(session: Session, viewer: Viewer) -> Sequence[ImportBatch]:
    """The unit's lists, newest first."""
    return session.scalars(
        select(ImportBatch)
        .where(ImportBatch.agency_id == viewer.agency.id)
        .order_by(ImportBatch.at.desc())
        .limit(SHOWN)
    ).all()


def find(session: Session, viewer: Viewer, batch_id: int, *, lock: bool = False) -> ImportBatch:
    """One list of the unit; LookupError for any other."""
    query = select(ImportBatch).where(
        ImportBatch.id == batch_id, ImportBatch.agency_id == viewer.agency.id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.scalars(query).first()
    if found is None:
        raise LookupError(batch_id)
    return found


def twin_of(session: Session, viewer: Viewer, digest: bytes) -> ImportBatch | None:
    """The same file, brought before and not taken back."""
    return session.scalars(
        select(ImportBatch).where(
            ImportBatch.agency_id == viewer.agency.id,
            ImportBatch.digest == digest,
            ImportBatch.state != "undone",
        )
    ).first()


def remembered(session: Session, viewer: Viewer) -> dict[str, str]:
    """How the unit matched titles before."""
    rows = session.execute(
        select(ImportMatch.title, ImportMatch.field).where(
            ImportMatch.agency_id == viewer.agency.id
        )
    )
    return {row.title: row.field for row in rows}


def table_of(batch: ImportBatch) -> Table:
    """Titles and lines of a list that is still held."""
    if batch.sealed is None:
        return [], []
    cipher = FieldCipher(keyring().unwrap(batch.wrapped, batch.master_version))
    titles, lines = json.loads(cipher.open(batch.sealed, CONTEXT))
    return titles, [(number, cells) for number, cells in lines]


def ground_of(session: Session, viewer: Viewer) -> Ground:
    """The townships of the unit and the day."""
    return Ground(dict(townships(session, viewer)), today(), viewer.account.demo)


def made_from(session: Session, batch_id: int) -> Sequence[Row[int, int, str]]:
    """Disputes that came in with a list and still stand, by line, with their titles."""
    asked = select(ImportLine.line, ImportLine.dispute_id, Dispute.title)
    found = asked.join(Dispute, Dispute.id == ImportLine.dispute_id)
    return session.execute(
        found.where(ImportLine.batch_id == batch_id).order_by(ImportLine.line)
    ).all()
