"""Writing positions that were judged, and undoing them: what stood before stands again."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.maps.reach.models import Place, PlaceBatch
from yuantou.maps.reach.table import Line

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('place_batch'))")


class PlacesRefusedError(Exception):
    """Why nothing was written; the words are for the page."""


def load(
    session: Session,
    *,
    by: Viewer,
    lines: Sequence[Line],
    file_name: str,
    now: datetime | None = None,
) -> PlaceBatch:
    """Write places; the same content again, while it stands, is the same batch."""
    if not lines or any(line.faults or line.area is None for line in lines):
        raise PlacesRefusedError(_("表里还有要改的地方，没有写入"))
    session.execute(_ONE_AT_A_TIME)
    content, at = _content(lines), now or clock.now()
    again = _held(session, by, content)
    if again is not None:
        session.rollback()
        return again
    batch = PlaceBatch(
        agency_id=by.agency.id,
        area_path=by.agency.area_path,
        file_name=file_name,
        content_hash=content,
        lines=len(lines),
        entered_by=by.id,
        entered_at=at,
        undone_reason="",
    )
    session.add(batch)
    session.flush()
    session.execute(insert(Place), [_row(batch, line, at) for line in lines])
    _finish(session, by, "places:load", batch)
    return batch


def undo(
    session: Session, *, by: Viewer, batch_id: int, reason: str, now: datetime | None = None
) -> PlaceBatch:
    """Take a batch back; places that stood before it stand again."""
    batch = session.get(PlaceBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.agency_id != by.agency.id:
        raise PlacesRefusedError(_("由载入的单位撤销"))
    if batch.undone_at is not None:
        raise PlacesRefusedError(_("这一批已经撤销"))
    batch.undone_at, batch.undone_by = now or clock.now(), by.id
    batch.undone_reason = reason
    places = update(Place).where(Place.batch_id == batch.id)
    session.execute(places.values(until=batch.undone_at))
    _finish(session, by, "places:undo", batch)
    return batch


def _content(lines: Sequence[Line]) -> str:
    told = sorted(f"{line.slot}\x1f{line.given}\x1f{line.datum}" for line in lines)
    return hashlib.sha256("\x1e".join(told).encode()).hexdigest()


def _held(session: Session, by: Viewer, content: str) -> PlaceBatch | None:
    """The office's newest batch, if it says just this: an older one may have been overwritten."""
    newest = session.scalars(
        select(PlaceBatch)
        .where(PlaceBatch.agency_id == by.agency.id, PlaceBatch.undone_at.is_(None))
        .order_by(PlaceBatch.id.desc())
        .limit(1)
    ).first()
    return newest if newest is not None and newest.content_hash == content else None


def _row(batch: PlaceBatch, line: Line, at: datetime) -> dict[str, object]:
    assert line.area is not None  # noqa: S101 — load refused such a line
    return {
        "batch_id": batch.id,
        "slot": line.slot,
        "kind": line.kind,
        "name": line.name,
        "area_code": line.area.code,
        "area_path": line.area.path,
        "lng": line.position[0],
        "lat": line.position[1],
        "given_lng": line.given[0],
        "given_lat": line.given[1],
        "datum": line.datum,
        "since": at,
        "until": None,
    }


def _finish(session: Session, by: Viewer, action: str, batch: PlaceBatch) -> None:
    record(
        session,
        action=action,
        object_type="place_batch",
        object_id=batch.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"lines": batch.lines},
    )
    session.commit()
