"""The use cases of call-back samples: draw, call, close. The unit asked about reads none of it."""

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.coordination.sampling import queries
from yuantou.coordination.sampling.drawing import METHOD, draw, frame_digest
from yuantou.coordination.sampling.models import (
    SampleAnswer,
    SampleRound,
    SampleStratum,
    SampleTask,
)
from yuantou.database.twins import twin_of
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.notices.service import notify

SEED_LENGTH = 8


@dataclass(frozen=True)
class Told:
    """What a party said on the call: codes, None where he was not asked or not reached."""

    reached: bool
    genuine: str | None = None
    performed: str | None = None
    satisfied: str | None = None
    note: str = ""


def draw_round(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    name: str,
    first_day: date,
    last_day: date,
    size: int,
    due_on: date,
    seed: str = "",
    now: datetime | None = None,
) -> SampleRound:
    """Draw from what was closed in the period, and hand the calls to units that did not handle it.

    Sent twice, it is drawn once. Raises RefusedError where nothing was closed.
    """
    if twin := twin_of(session, SampleRound, submission):
        return twin
    closed = queries.closed_matters(session, first_day, last_day)
    if not closed:
        text = N_("这段时间没有可以抽查的已结案事项，请换一段时间。")
        raise RefusedError(Refusal("nothing_closed", text, "", Ground.FORM, "last_day"))
    frame = sorted([row.dispute_id, row.agency_id] for row in closed)
    made = SampleRound(
        submission=submission,
        agency_id=by.agency.id,
        area_path=by.agency.area_path,
        name=name,
        first_day=first_day,
        last_day=last_day,
        due_on=due_on,
        asked=size,
        method=METHOD,
        seed=seed or secrets.token_hex(SEED_LENGTH),
        frame=frame,
        frame_hash=frame_digest(frame),
        frame_size=len(frame),
        drawn_by=by.id,
        drawn_at=now or clock.now(),
    )
    session.add(made)
    session.flush()
    _write_tasks(session, by, made, closed)
    _audit(session, by, "draw", made, seed=made.seed, frame=made.frame_hash, size=len(frame))
    session.commit()
    return made


def answer(
    session: Session, *, by: Viewer, task_id: int, told: Told, now: datetime | None = None
) -> SampleTask:
    """Write down a call; until the round is closed it can be written anew."""
    task = session.get(SampleTask, task_id, with_for_update=True, populate_existing=True)
    if task is None or task.caller_agency_id != by.agency.id:
        raise NotVisibleError(task_id)
    held = session.get_one(SampleRound, task.round_id)
    if held.closed_at is not None:
        raise RefusedError(Refusal("closed", N_("这一轮已经结束。"), "", Ground.STATE))
    at = now or clock.now()
    known = session.get(SampleAnswer, task_id)
    if known is None:
        known = SampleAnswer(
            task_id=task.id,
            round_id=task.round_id,
            dispute_id=task.dispute_id,
            drawer_agency_id=task.drawer_agency_id,
            handler_agency_id=task.handler_agency_id,
            caller_agency_id=by.agency.id,
        )
        session.add(known)
    for column in ("reached", "genuine", "performed", "satisfied", "note"):
        setattr(known, column, getattr(told, column))
    known.called_by, known.called_at, task.answered_at = by.id, at, at
    _audit(session, by, "call", held, task=task.id)
    session.commit()
    return task


def close_round(
    session: Session, *, by: Viewer, round_id: int, now: datetime | None = None
) -> SampleRound:
    """End the round: the sums are kept, and the units asked about may read them."""
    held = session.get(SampleRound, round_id, with_for_update=True, populate_existing=True)
    if held is None or held.agency_id != by.agency.id:
        raise NotVisibleError(round_id)
    if held.closed_at is None:
        held.closed_at, held.closed_by = now or clock.now(), by.id
        session.flush()
        held.results = _sums(session, held)
        session.execute(select(func.note_sample(held.id)))
        for part in queries.strata(session, held.id):
            _tell(session, held, part.agency_id, _("抽查回访结果已公布"))
        _audit(session, by, "close", held)
    session.commit()
    return held


def _write_tasks(
    session: Session, by: Viewer, made: SampleRound, closed: Sequence[queries.Closed]
) -> None:
    matters = {row.dispute_id: row for row in closed}
    drawn = draw(made.frame, made.asked, made.seed)
    units = queries.calling_units(session, [matters[matter] for matter, _unit in drawn])
    tasks = [
        SampleTask(
            round_id=made.id,
            dispute_id=matter,
            drawer_agency_id=by.agency.id,
            handler_agency_id=unit,
            caller_agency_id=units.caller(matters[matter]),
        )
        for matter, unit in drawn
    ]
    session.add_all([*tasks, *_strata(by, made, drawn)])
    session.flush()
    calls = Counter(task.caller_agency_id for task in tasks)
    for caller, number in calls.items():
        if caller is not None:
            _tell(session, made, caller, _("抽查回访：请回访 %(n)s 件", n=number))


def _strata(by: Viewer, made: SampleRound, drawn: Sequence[tuple[int, int]]) -> list[SampleStratum]:
    number = Counter(unit for _matter, unit in drawn)
    return [
        SampleStratum(
            round_id=made.id,
            agency_id=unit,
            drawer_agency_id=by.agency.id,
            population=population,
            drawn=number[unit],
        )
        for unit, population in sorted(Counter(row[1] for row in made.frame).items())
    ]


def _sums(session: Session, held: SampleRound) -> list[dict[str, int]]:
    """The sums of each stratum; one that nobody called about has zeros."""
    found = {row["agency_id"]: row for row in queries.sums(session, held.id)}
    nothing = dict.fromkeys(queries.SUMS, 0)
    return [
        {"agency_id": part.agency_id, "population": part.population, "drawn": part.drawn}
        | nothing
        | found.get(part.agency_id, {})
        for part in queries.strata(session, held.id)
    ]


def _tell(session: Session, held: SampleRound, agency_id: int, title: str) -> None:
    notify(session, agency_id=agency_id, kind="sampling", title=title, link=f"/sampling/{held.id}")


def _audit(session: Session, by: Viewer, action: str, held: SampleRound, **facts: Any) -> None:
    record(
        session,
        action=f"sample:{action}",
        object_type="sample_round",
        object_id=held.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
