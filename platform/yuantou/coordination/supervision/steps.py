"""The steps of the use cases of supervision: who may, the letter, the event, the notice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.calendar.workdays import day_end
from yuantou.coordination.supervision import queries
from yuantou.coordination.supervision.models import (
    Supervision,
    SupervisionLetter,
    SupervisionReply,
)
from yuantou.coordination.supervision.standing import ROWS, UNANSWERED, rank_of, refusal
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import Ground, Refusal
from yuantou.disputes.models import Dispute, Participation
from yuantou.disputes.service import lock, note_event
from yuantou.disputes.tracks import SupervisionState
from yuantou.notices.service import notify
from yuantou.territory.models import Area

TWICE = timedelta(minutes=10)
NUMBERED = {"supervise": "督", "list": "挂督", "censure": "通"}
PART = "supervising"


@dataclass
class Act:
    """One act under way: the locked matter, its supervision, who acts and when."""

    session: Session
    by: Viewer
    dispute: Dispute
    held: Supervision | None
    at: datetime


def begin(session: Session, by: Viewer, dispute_id: int, version: int | None, at: datetime) -> Act:
    """Step: the matter locked, with its supervision."""
    dispute = lock(session, dispute_id, version)
    return Act(session, by, dispute, queries.open_one(session, dispute_id), at)


def checked(
    session: Session,
    by: Viewer,
    dispute_id: int,
    version: int | None,
    now: datetime | None,
    action: str,
    facts: dict[str, Any],
) -> Act:
    """Step: the same, and RefusedError where the act may not be done."""
    act = begin(session, by, dispute_id, version, now or clock.now())
    shut = refusal(action, by, act.dispute, act.held, act.at, facts)
    if shut is not None:
        raise RefusedError(shut)
    return act


def urging_refusal(act: Act, message: str) -> Refusal | None:
    """Why this matter is not urged now."""
    last = queries.last_urged(act.session, act.dispute.id)
    if last is not None and act.at - last < TWICE:
        return Refusal("just_urged", _("刚刚催过，没有重复催"), "", Ground.TIME)
    return refusal("remind", act.by, act.dispute, act.held, act.at, {"message": message})


def urge(act: Act, message: str) -> None:
    """Step: one urging: letter, event, notice."""
    held = _taken_up(act, SupervisionState.REMINDED)
    _write_letter(act, held, "remind", message, "", None, "")
    note(act, "remind", message)
    act.dispute.updated_at = held.updated_at = act.at
    tell(
        act,
        act.dispute.handler_agency_id,
        _("催办：%(number)s", number=name_of(act.dispute)),
        "urged",
    )


def order(
    act: Act,
    kind: str,
    state: SupervisionState,
    reason: str,
    demands: str,
    time_limit: date | None,
    decided_by: str = "",
) -> Dispute:
    """A letter goes out; the matter is pressing from now on, and the sender stays with it."""
    due = limit(act, time_limit) if time_limit else None
    held = _taken_up(act, state)
    held.due_at, held.replied_at = due, None if state in UNANSWERED else held.replied_at
    letter = _write_letter(act, held, kind, reason, demands, due, decided_by)
    act.dispute.pressing = True
    stay_with(act)
    note(act, kind, reason, number=letter.number, due_at=due)
    name = _(ROWS[kind].name_zh)
    title = _("%(act)s：%(number)s", act=name, number=letter.number or "")
    tell(act, act.dispute.handler_agency_id, title)
    return finish(act, held, kind, letter=letter.number)


def _taken_up(act: Act, state: SupervisionState) -> Supervision:
    """The open supervision in its new state; the highest level that acted leads it."""
    held = act.held
    if held is None:
        agency, rank = act.by.agency.id, rank_of(act.by)
        held = opened(act.session, act.dispute, agency, rank, state, act.at)
    held.agency_id, held.rank = act.by.agency.id, rank_of(act.by)
    held.state, held.updated_at = str(state), act.at
    act.session.flush()
    act.held = held
    return held


def opened(
    session: Session,
    dispute: Dispute,
    agency_id: int,
    rank: int,
    state: SupervisionState,
    at: datetime,
) -> Supervision:
    """Step: the open supervision of the matter, a new one where there is none.

    Whoever opens one at the same moment, a person or the system, finds the same.
    """
    values = {
        "dispute_id": dispute.id,
        "area_path": dispute.area_path,
        "agency_id": agency_id,
        "rank": rank,
        "state": str(state),
        "opened_at": at,
        "updated_at": at,
    }
    open_ones = text("closed_at IS NULL")
    session.execute(
        insert(Supervision)
        .values(values)
        .on_conflict_do_nothing(index_elements=["dispute_id"], index_where=open_ones)
    )
    held = queries.open_one(session, dispute.id)
    if held is None:
        raise NotVisibleError(dispute.id)
    return held


def _write_letter(
    act: Act,
    held: Supervision,
    kind: str,
    reason: str,
    demands: str,
    due: datetime | None,
    decided_by: str,
) -> SupervisionLetter:
    letter = SupervisionLetter(
        supervision_id=held.id,
        dispute_id=act.dispute.id,
        kind=kind,
        number=_number(act, kind),
        from_agency_id=act.by.agency.id,
        to_agency_id=act.dispute.handler_agency_id,
        reason=reason,
        demands=demands,
        decided_by=decided_by,
        due_at=due,
        issued_by=act.by.id,
        issued_at=act.at,
    )
    act.session.add(letter)
    return letter


def _number(act: Act, kind: str) -> str | None:
    """The next number of that kind of letter, of this sender's area and year."""
    if kind not in NUMBERED:
        return None
    area, year = act.by.agency.area_code, clock.local(act.at).year
    serial = act.session.scalar(select(func.next_number(f"{kind}:{area}", year)))
    short = act.session.get_one(Area, area).short_name
    return f"{short}{NUMBERED[kind]}〔{year}〕{serial}号"


def write_reply(act: Act, held: Supervision, words: str) -> None:
    """Step: keep what the agency answered."""
    act.session.add(
        SupervisionReply(
            supervision_id=held.id,
            dispute_id=act.dispute.id,
            agency_id=act.by.agency.id,
            words=words,
            written_by=act.by.id,
            written_at=act.at,
            verdict=None,
            verdict_words="",
        )
    )


def judge(act: Act, held: Supervision, verdict: str, words: str) -> None:
    """Step: the judgement of the reply that waits."""
    reply = queries.waiting_reply(act.session, held.id)
    if reply is not None:
        reply.verdict, reply.verdict_words = verdict, words
        reply.judged_by, reply.judged_at = act.by.id, act.at


def stay_with(act: Act) -> None:
    """Who gave the order still sees the matter when it is no longer pressing."""
    known = select(Participation.id).where(
        Participation.dispute_id == act.dispute.id,
        Participation.agency_id == act.by.agency.id,
        Participation.part == PART,
    )
    if act.session.scalar(known.limit(1)) is None:
        act.session.add(
            Participation(
                dispute_id=act.dispute.id,
                agency_id=act.by.agency.id,
                part=PART,
                since=act.at,
                until=None,
            )
        )
        act.session.flush()


def limit(act: Act, day: date) -> datetime:
    """The end of the day until which a reply is due; RefusedError where it is past."""
    if day < clock.local(act.at).date():
        words = _("期限不能早于今天")
        raise RefusedError(Refusal("limit_past", words, "", Ground.FORM, "time_limit"))
    return day_end(day)


def held_by(act: Act) -> Supervision:
    """The open supervision; an act that needs one was checked before."""
    if act.held is None:
        raise NotVisibleError(act.dispute.id)
    return act.held


def note(act: Act, action: str, words: str, **facts: Any) -> None:
    """Step: the act in the history of the matter."""
    known = {name: _plain(value) for name, value in facts.items() if value}
    note_event(
        act.session,
        dispute=act.dispute,
        event=ROWS[action].event,
        by=act.by,
        note=words,
        facts=known,
        at=act.at,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def tell(act: Act, agency_id: int, title: str, kind: str = "supervision") -> None:
    """Step: a notice to an agency, with a reference and no words of the matter."""
    notify(
        act.session,
        agency_id=agency_id,
        kind=kind,
        title=title,
        link=f"/matters/{act.dispute.id}#supervision",
        dispute_id=act.dispute.id,
        now=act.at,
    )


def name_of(dispute: Dispute) -> str:
    """What a notice may say of a matter: a reference, never its words."""
    return dispute.number or _("未编号事项")


def finish(act: Act, held: Supervision, action: str, **facts: Any) -> Dispute:
    """Step: a new version of the matter, the audit row, the commit."""
    act.dispute.updated_at = held.updated_at = act.at
    audit(act.session, act.by, action, act.dispute.id, state=held.state, **facts)
    act.session.commit()
    return act.dispute


def audit(session: Session, by: Viewer, action: str, dispute_id: int, **facts: Any) -> None:
    """Step: one audit row."""
    record(
        session,
        action=f"supervision:{action}",
        object_type="dispute",
        object_id=dispute_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
