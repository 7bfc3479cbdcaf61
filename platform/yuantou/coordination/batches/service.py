"""Batches: made at once, carried out in steps of a second or two that anybody may interrupt.

A step is one transaction: what it did, what it was refused and its audit row stand together. It
runs with the scope of the person who asked, so that every matter is judged as if he came alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from time import monotonic
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.coordination.batches import queries
from yuantou.coordination.batches.acts import ACTS
from yuantou.coordination.batches.models import Batch, BatchItem
from yuantou.coordination.batches.running import Result, run_for
from yuantou.database.twins import twin_of

STEP_SECONDS = 1.5
CHUNK = 50


class NoSuchBatchError(LookupError):
    """No batch of one's own with this number."""


class NotUndoableError(Exception):
    """This batch cannot be taken back: it is of another kind, unfinished or already taken back."""


def make(
    session: Session,
    *,
    by: Viewer,
    kind: str,
    submission: str,
    ids: Sequence[int],
    facts: Mapping[str, object],
    undoes: int | None = None,
    now: datetime | None = None,
) -> int:
    """Enter a batch of at most `most` matters; the same submission again is the same batch."""
    if known := twin_of(session, Batch, submission):
        return known.id
    at = now or clock.now()
    wanted = list(dict.fromkeys(ids))[: ACTS[kind].most]
    batch = Batch(
        submission=submission,
        kind=kind,
        state="waiting",
        account_id=by.id,
        agency_id=by.agency.id,
        facts=dict(facts),
        total=len(wanted),
        done=0,
        refused=0,
        undoes_id=undoes,
        made_at=at,
        attended_at=at,
    )
    session.add(batch)
    session.flush()
    _enter(session, batch.id, wanted)
    number = batch.id
    _finish(session, by, "batch:make", batch, {"kind": kind, "matters": len(wanted)})
    return number


def step(
    session: Session,
    *,
    by: Viewer,
    batch_id: int,
    seconds: float = STEP_SECONDS,
    attended: bool = True,
    now: datetime | None = None,
) -> Batch:
    """Carry out as much as fits into `seconds`; what is left waits for the next step.

    `attended` tells a step that a page asked for from one that goes on after it was closed.
    """
    batch = _locked(session, by, batch_id)
    at, until = now or clock.now(), monotonic() + seconds
    if batch.state != "waiting":
        session.rollback()
        return batch
    results: list[Result] = []
    run = run_for(session, by, batch, at)
    left = _waiting(session, batch)
    while left and (monotonic() < until or not results):
        chunk = run(left)
        _note(session, chunk, at)
        results += chunk
        left = _waiting(session, batch)
    run.close()
    done = [one.dispute_id for one in results if not one.reason]
    batch.done, batch.refused = batch.done + len(done), batch.refused + len(results) - len(done)
    if not left:
        batch.state, batch.ended_at = "done", at
    if attended:
        batch.attended_at = at
    run.tell(len(done))
    facts = {"done": done, "refused": batch.refused, "attended": attended}
    _finish(session, by, "batch:step", batch, facts)
    return batch


def stop(session: Session, *, by: Viewer, batch_id: int) -> Batch:
    """Leave the rest undone; what was done stays done."""
    batch = _locked(session, by, batch_id)
    if batch.state == "waiting":
        batch.state, batch.ended_at = "stopped", clock.now()
        _finish(session, by, "batch:stop", batch, {"done": batch.done})
    return batch


def undo(session: Session, *, by: Viewer, batch_id: int) -> int:
    """A new batch that takes back what this one did, as far as it can still be."""
    batch = _locked(session, by, batch_id)
    kind = ACTS[batch.kind].undone_by
    if not kind or batch.state == "waiting" or not batch.done:
        raise NotUndoableError
    return make(
        session,
        by=by,
        kind=kind,
        submission=f"undo-{batch.id}",
        ids=queries.done_ids(session, batch),
        facts=batch.facts,
        undoes=batch.id,
    )


def _locked(session: Session, by: Viewer, batch_id: int) -> Batch:
    batch = session.get(Batch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None or batch.account_id != by.id:
        raise NoSuchBatchError(batch_id)
    return batch


def _enter(session: Session, batch_id: int, ids: Sequence[int]) -> None:
    rows: list[dict[str, Any]] = [
        {
            "batch_id": batch_id,
            "dispute_id": dispute_id,
            "position": place,
            "state": "waiting",
            "reason": "",
        }
        for place, dispute_id in enumerate(ids, start=1)
    ]
    if rows:
        session.execute(insert(BatchItem), rows)


def _waiting(session: Session, batch: Batch) -> Sequence[Any]:
    asked = select(BatchItem.id, BatchItem.dispute_id).where(
        BatchItem.batch_id == batch.id, BatchItem.state == "waiting"
    )
    return session.execute(asked.order_by(BatchItem.position).limit(CHUNK)).all()


def _note(session: Session, results: Sequence[Result], at: datetime) -> None:
    """Step: what became of a chunk, in one statement for those that are simply done."""
    simple = [one.item_id for one in results if not one.reason and one.cells is None]
    if simple:
        rows = update(BatchItem).where(BatchItem.id.in_(simple))
        session.execute(rows.values(state="done", at=at))
    others = [
        {
            "id": one.item_id,
            "state": "refused" if one.reason else "done",
            "reason": one.reason,
            "at": at,
            "cells": one.cells,
        }
        for one in results
        if one.reason or one.cells is not None
    ]
    if others:
        session.execute(update(BatchItem), others)


def _finish(
    session: Session, by: Viewer, action: str, batch: Batch, facts: Mapping[str, object]
) -> None:
    record(
        session,
        action=action,
        object_type="batch",
        object_id=batch.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=dict(facts),
    )
    session.commit()


def empty_cells(session: Session, before: datetime) -> None:
    """Step: forget the lines of exports older than `before`; the batch itself stays."""
    old = select(Batch.id).where(Batch.kind == "export", Batch.made_at < before)
    emptied = update(BatchItem).where(BatchItem.batch_id.in_(old), BatchItem.cells.is_not(None))
    session.execute(emptied.values(cells=None))
