"""Use cases of objections: raised by the unit in its window, answered by the office."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments import queries
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.objections.counterfactual import Delta, NotClaimable, adjusted
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.objections.queries import unapplied_rows
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.models import AssessmentDraft
from yuantou.assessments.runs.queries import draft_of, scheme_of
from yuantou.assessments.runs.words import issue
from yuantou.assessments.units import spoken_for
from yuantou.audit.service import record
from yuantou.calendar.clock import now as clock_now
from yuantou.crypto.keyring import KeyRing
from yuantou.disputes.service import working_calendar
from yuantou.mediation.attachments.service import Clean
from yuantou.notices.service import notify

MOST_OPEN = 50


class Refused(ValueError):
    """The act does not fit; `code` says why (words.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Claimed:
    """An objection as it is raised, with what would follow from it."""

    indicator: str
    subject: str
    numerator: int
    denominator: int
    reason: str
    evidence: str
    counterfactual: dict[str, Any]
    matter_id: int | None = None
    number: str | None = None
    court_code: str | None = None
    month: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the office decides; `events` and `whole` count where the remedy is an adjustment."""

    outcome: str
    remedy: str | None
    events: int
    whole: int
    reason: str


def raise_objection(
    session: Session,
    *,
    by: Viewer,
    draft: AssessmentDraft,
    told: Claimed,
    file: Clean | None = None,
    keyring: KeyRing | None = None,
    now: datetime | None = None,
) -> Objection:
    """Write a unit's objection to its own draft, while its window is open; the office is told."""
    at = now or clock_now()
    run = _locked(session, draft.run_id)
    if draft.area_code != spoken_for(by.agency):
        raise Refused("not_yours")
    if run.state != RunState.PREVIEW or run.preview_until is None or at > run.preview_until:
        raise Refused("window_over")
    _refuse_twice(session, draft, told)
    days = scheme_of(session, run).objection_workdays
    sealed, key = keyring.wrap(file.data) if file and keyring else (None, None)
    made = Objection(
        run_id=run.id,
        revision=draft.revision,
        area_code=draft.area_code,
        area_path=draft.area_path,
        indicator=told.indicator,
        subject=told.subject,
        matter_id=told.matter_id,
        number=told.number,
        court_code=told.court_code,
        month=told.month,
        numerator=told.numerator,
        denominator=told.denominator,
        reason=told.reason,
        evidence=told.evidence,
        file=sealed,
        file_key=key,
        file_kind=file.kind.code if file and sealed else None,
        counterfactual=told.counterfactual,
        raised_by=by.id,
        agency_id=by.agency.id,
        raised_at=at,
        due_at=working_calendar(session).add_working_days(at, days).at,
        granted_numerator=0,
        granted_denominator=0,
    )
    session.add(made)
    session.flush()
    _tell_office(session, made, run, at)
    _record(session, by, made, "raise", {"run": run.id, "indicator": made.indicator})
    session.commit()
    return made


def decide(
    session: Session,
    *,
    by: Viewer,
    objection_id: int,
    decision: Decision,
    now: datetime | None = None,
) -> Objection:
    """Answer an objection, once, with reasons; who raised it is told. Nobody answers his own."""
    at = now or clock_now()
    made = session.scalars(
        select(Objection)
        .where(Objection.id == objection_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    run = _locked(session, made.run_id)
    if made.decision is not None:
        raise Refused("decided")
    if by.id == made.raised_by or by.agency.id == made.agency_id:
        raise Refused("own_objection")
    if run.state != RunState.PREVIEW:
        raise Refused("not_now")
    adjusts = decision.outcome != "rejected" and decision.remedy == "adjust"
    if adjusts:
        _refuse_unfit(session, run, made, Delta(decision.events, decision.whole))
    made.decision, made.decision_reason = decision.outcome, decision.reason
    made.remedy = decision.remedy if decision.outcome != "rejected" else None
    made.granted_numerator = decision.events if adjusts else 0
    made.granted_denominator = decision.whole if adjusts else 0
    made.decided_by, made.decided_at = by.id, at
    _tell_unit(session, made, run, at)
    _record(
        session,
        by,
        made,
        "decide",
        {"outcome": made.decision, "remedy": made.remedy, "late": at > made.due_at},
    )
    session.commit()
    return made


def _refuse_unfit(session: Session, run: AssessmentRun, made: Objection, granted: Delta) -> None:
    """An adjustment must leave a figure that can be: with all that waits to be counted with it."""
    draft = draft_of(session, run, made.area_code)
    if draft is None:
        raise Refused("not_now")
    waiting = unapplied_rows(session, run.id, run.prepared_at, made.area_code, made.indicator)
    whole = Delta(
        granted.events + sum(each.granted_numerator for each in waiting),
        granted.whole + sum(each.granted_denominator for each in waiting),
    )
    try:
        adjusted(json.loads(draft.inputs), made.indicator, whole)
    except NotClaimable as why:
        raise Refused(why.code) from None


def note_opening(session: Session, *, by: Viewer, objection: Objection) -> None:
    """Write down that the evidence was opened."""
    _record(session, by, objection, "open", {})
    session.commit()


def _locked(session: Session, run_id: int) -> AssessmentRun:
    found = session.scalars(
        select(AssessmentRun).where(AssessmentRun.id == run_id).with_for_update()
    ).one()
    session.refresh(found)
    return found


def _refuse_twice(session: Session, draft: AssessmentDraft, told: Claimed) -> None:
    """The same objection sent twice is one; too many at once help nobody."""
    waiting = session.scalars(
        select(Objection).where(
            Objection.run_id == draft.run_id,
            Objection.area_code == draft.area_code,
            Objection.decision.is_(None),
        )
    ).all()
    if len(waiting) >= MOST_OPEN:
        raise Refused("too_many")
    said = (told.indicator, told.number, told.month, told.numerator, told.denominator)
    if any(said == (o.indicator, o.number, o.month, o.numerator, o.denominator) for o in waiting):
        raise Refused("twice")


def _tell_office(session: Session, made: Objection, run: AssessmentRun, at: datetime) -> None:
    office = queries.province_office(session)
    if office:
        notify(
            session,
            agency_id=office,
            kind="assessment",
            title=f"{issue(run)}评估收到异议，第{made.id}号",
            body=f"请在{made.due_at:%m月%d日}前答复并写明理由。",
            link=f"/assessments/objections/{made.id}",
            now=at,
        )


def _tell_unit(session: Session, made: Objection, run: AssessmentRun, at: datetime) -> None:
    words = {"upheld": "采纳", "partly": "部分采纳", "rejected": "不采纳"}
    notify(
        session,
        agency_id=made.agency_id,
        kind="assessment",
        title=f"{issue(run)}评估异议第{made.id}号：{words[made.decision or 'rejected']}",
        body="理由见该异议。",
        link=f"/assessments/objections/{made.id}",
        now=at,
    )


def _record(
    session: Session, by: Viewer, made: Objection, what: str, facts: dict[str, object]
) -> None:
    record(
        session,
        action=f"objection:{what}",
        object_type="objection",
        object_id=made.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
