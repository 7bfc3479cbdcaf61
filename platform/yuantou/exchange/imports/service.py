"""Taking a list in: held sealed, written in parts that can stop and go on, taken back whole."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.crypto.fields import FieldCipher, new_data_key
from yuantou.database.sheets import Row
from yuantou.disputes.parties import add_parties, keyring
from yuantou.disputes.service import open_dispute
from yuantou.exchange.imports import queries
from yuantou.exchange.imports.fields import REQUIRED, folded, head_of, matched
from yuantou.exchange.imports.judging import Judged, judge
from yuantou.exchange.imports.models import ImportBatch, ImportLine, ImportMatch

PART = 100
CHECKING, RUNNING, DONE, UNDONE = "checking", "running", "done", "undone"


class NotNowError(Exception):
    """The list is not in a state for this."""


def bring(
    session: Session, *, by: Viewer, filename: str, data: bytes, rows: Sequence[Row]
) -> tuple[ImportBatch, bool]:
    """Hold a list for checking; the same file again finds the first (True)."""
    digest = hashlib.sha256(data).digest()
    mark = func.hashtextextended(digest.hex(), by.agency.id)
    session.execute(select(func.pg_advisory_xact_lock(mark)))
    twin = queries.twin_of(session, by, digest)
    if twin is not None:
        return twin, True
    known = queries.remembered(session, by)
    head, *body = rows[head_of([row.cells for row in rows], known) :]
    key = new_data_key()
    wrapped, version = keyring().wrap(key)
    content = json.dumps([head.cells, [(row.line, row.cells) for row in body]])
    batch = ImportBatch(
        agency_id=by.agency.id,
        account_id=by.id,
        at=clock.now(),
        filename=filename[:200],
        digest=digest,
        wrapped=wrapped,
        master_version=version,
        sealed=FieldCipher(key).seal(content, queries.CONTEXT),
        columns=matched(head.cells, known),
        state=CHECKING,
        lines=len(body),
        done=0,
        written=0,
        undone=0,
        ended_at=None,
    )
    session.add(batch)
    session.flush()
    _record(session, by, "import:bring", batch, lines=batch.lines)
    session.commit()
    return batch, False


def match(session: Session, *, by: Viewer, batch_id: int, columns: Sequence[str]) -> ImportBatch:
    """Say which field each column is, and remember it for the unit's next list."""
    batch = queries.find(session, by, batch_id, lock=True)
    if batch.state != CHECKING:
        raise NotNowError(batch.state)
    titles, _ = queries.table_of(batch)
    batch.columns = list(columns)
    told = {folded(title): field for title, field in zip(titles, columns, strict=True)}
    rows = [{"agency_id": by.agency.id, "title": t[:200], "field": f} for t, f in told.items()]
    statement = insert(ImportMatch).values(rows)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["agency_id", "title"], set_={"field": statement.excluded.field}
        )
    )
    _record(session, by, "import:match", batch)
    session.commit()
    return batch


def check(session: Session, *, by: Viewer, batch: ImportBatch) -> list[Judged]:
    """Every line of a held list, judged as its columns are matched now."""
    _, lines = queries.table_of(batch)
    return judge(lines, batch.columns, queries.ground_of(session, by))


def take_part(
    session: Session, *, by: Viewer, batch_id: int, now: datetime | None = None
) -> ImportBatch:
    """Write the next PART lines that have no fault and no twin; all of them or none.

    Asked again it goes on where it stopped, so that a lost answer or a double click does no harm.
    """
    at = now or clock.now()
    batch = queries.find(session, by, batch_id, lock=True)
    if batch.state not in (CHECKING, RUNNING) or not set(REQUIRED) <= set(batch.columns):
        raise NotNowError(batch.state)
    part = check(session, by=by, batch=batch)[batch.done : batch.done + PART]
    for judged in part:
        if not judged.faults and judged.twin is None:
            _write(session, by, batch, judged, at)
            batch.written += 1
    batch.done += len(part)
    batch.state = DONE if batch.done >= batch.lines else RUNNING
    if batch.state == DONE:
        batch.sealed, batch.ended_at = None, at
        _record(session, by, "import:take", batch, written=batch.written, lines=batch.lines)
    session.commit()
    return batch


def stop(session: Session, *, by: Viewer, batch_id: int) -> ImportBatch:
    """Leave it at what is written; the rest of the list is destroyed."""
    batch = queries.find(session, by, batch_id, lock=True)
    if batch.state not in (CHECKING, RUNNING):
        raise NotNowError(batch.state)
    batch.state = DONE if batch.written else UNDONE
    batch.sealed, batch.ended_at = None, clock.now()
    _record(session, by, "import:stop", batch, written=batch.written, lines=batch.lines)
    session.commit()
    return batch


def undo(session: Session, *, by: Viewer, batch_id: int) -> ImportBatch:
    """Take back what came in with the list, except matters that somebody has begun to handle."""
    batch = queries.find(session, by, batch_id, lock=True)
    if batch.state not in (DONE, RUNNING):
        raise NotNowError(batch.state)
    session.flush()
    batch.undone += session.scalar(select(func.undo_import(batch.id))) or 0
    batch.state = UNDONE if batch.undone == batch.written else DONE
    batch.sealed, batch.ended_at = None, clock.now()
    _record(session, by, "import:undo", batch, undone=batch.undone, written=batch.written)
    session.commit()
    return batch


def _write(session: Session, by: Viewer, batch: ImportBatch, judged: Judged, at: datetime) -> None:
    draft = judged.draft(f"import-{batch.id}-{judged.line}", demo=by.account.demo)
    dispute = open_dispute(session, by=by, draft=draft, now=at)
    told = judged.parties()
    if told:
        add_parties(session, dispute=dispute, told=told)
    session.add(ImportLine(batch_id=batch.id, line=judged.line, dispute_id=dispute.id))


def _record(session: Session, by: Viewer, action: str, batch: ImportBatch, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type="import",
        object_id=batch.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
