"""Every night: the effects of letters that were sent and of meetings that were held."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.effects import counting
from yuantou.alerts.governance.effects.models import EffectMeasure
from yuantou.alerts.governance.effects.reckoning import measure
from yuantou.alerts.governance.meetings.models import Meeting
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.alerts.governance.terms import Measuring, read
from yuantou.calendar.clock import local
from yuantou.database.jobs import Progress

SETTLED = timedelta(days=60)  # after the last horizon late entries change nothing more


@dataclass(frozen=True)
class Act:
    """What was done on an analysis, and on which day."""

    kind: str
    object_id: int
    analysis: Analysis
    day: date


def remeasure(session: Session, now: datetime, progress: Progress) -> int:
    """Step: measure every act anew whose days are not long over; what was undone is forgotten."""
    terms, today = read().effects, local(now).date()
    named = (one for one in _acts(session) if one.analysis.type_code or one.analysis.source_id)
    acts = [one for one in named if one.day <= today]
    _forget(session, acts)
    last = max(terms.horizons)
    young = [one for one in acts if (today - one.day).days <= last + SETTLED.days]
    for place, act in enumerate(young, start=1):
        for horizon in terms.horizons:
            _keep(session, act, horizon, today, terms, now)
        progress(place, len(young))
    return len(young)


def _acts(session: Session) -> Iterator[Act]:
    letters = select(Recommendation, Analysis).join(
        Analysis, Analysis.id == Recommendation.analysis_id
    )
    for letter, analysis in session.execute(letters.where(Recommendation.state != "withdrawn")):
        if letter.sent_at is not None:
            yield Act("recommendation", letter.id, analysis, local(letter.sent_at).date())
    meetings = select(Meeting, Analysis).join(Analysis, Analysis.id == Meeting.analysis_id)
    for meeting, analysis in session.execute(meetings.where(Meeting.state == "held")):
        yield Act("meeting", meeting.id, analysis, local(meeting.held_at).date())


def _forget(session: Session, acts: list[Act]) -> None:
    standing = {(one.kind, one.object_id) for one in acts}
    for row in session.execute(
        select(EffectMeasure.id, EffectMeasure.kind, EffectMeasure.object_id)
    ):
        if (row.kind, row.object_id) not in standing:
            session.execute(delete(EffectMeasure).where(EffectMeasure.id == row.id))


def _keep(
    session: Session, act: Act, horizon: int, today: date, terms: Measuring, now: datetime
) -> None:
    asked = (session, act.analysis, act.day, horizon, today, terms)
    own, others = counting.here(*asked), counting.beside(*asked)
    elsewhere = (others.before, others.after) if others else None
    found = measure(own.before, own.after, horizon, terms, elsewhere)
    values = {
        "kind": act.kind,
        "object_id": act.object_id,
        "analysis_id": act.analysis.id,
        "since": act.day,
        "horizon": horizon,
        "state": found.state,
        "content": found.content,
        "computed_at": now,
    }
    changed = {name: values[name] for name in ("since", "state", "content", "computed_at")}
    session.execute(
        insert(EffectMeasure)
        .values(values)
        .on_conflict_do_update(index_elements=["kind", "object_id", "horizon"], set_=changed)
    )
