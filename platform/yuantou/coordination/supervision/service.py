"""The use cases of supervision: each writes its letter, an event, a notice and an audit row.

While an order, a listing or a censure stands, the matter is pressing: city and province see it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
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
MOST_AT_ONCE = 200
NUMBERED = {"supervise": "督", "list": "挂督", "censure": "通"}
PART = "supervising"


@dataclass(frozen=True)
class Urged:
    """What came of urging several matters: how many were, and why the others were not."""

    done: int
    left: tuple[tuple[int, str], ...]


@dataclass
class _Act:
    """One act under way: the locked matter, its supervision, who acts and when."""

    session: Session
    by: Viewer
    dispute: Dispute
    held: Supervision | None
    at: datetime


def remind(
    session: Session,
    *,
    by: Viewer,
    dispute_ids: Collection[int],
    message: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Urged:
    """Urge the handlers of one matter or of several; what cannot be urged is left and said."""
    at, done, left = now or clock.now(), [], []
    for dispute_id in sorted(set(dispute_ids))[:MOST_AT_ONCE]:
        try:
            act = _begin(session, by, dispute_id, version, at)
        except NotVisibleError:
            left.append((dispute_id, _("不在您的范围内")))
            continue
        shut = _urging_refusal(act, message)
        if shut is not None:
            left.append((dispute_id, shut.message_zh))
            continue
        _urge(act, message)
        done.append(dispute_id)
    if done:
        _audit(session, by, "remind", done[0], disputes=done)
    session.commit()
    return Urged(len(done), tuple(left))


def supervise(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    reason: str,
    demands: str,
    time_limit: date,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Send an order with a number, demands and a limit for the reply."""
    facts = {"reason": reason, "time_limit": time_limit}
    act = _checked(session, by, dispute_id, version, now, "supervise", facts)
    return _order(act, "supervise", SupervisionState.SUPERVISED, reason, demands, time_limit)


def list_publicly(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    reason: str,
    demands: str,
    listed_by: str,
    time_limit: date,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """List the matter (挂牌督办) by the decision of `listed_by`."""
    facts = {"reason": reason, "listed_by": listed_by, "time_limit": time_limit}
    act = _checked(session, by, dispute_id, version, now, "list", facts)
    return _order(act, "list", SupervisionState.LISTED, reason, demands, time_limit, listed_by)


def censure(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    fault: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Call the agency to account (约谈·通报): the last step."""
    act = _checked(session, by, dispute_id, version, now, "censure", {"fault": fault})
    return _order(act, "censure", SupervisionState.CENSURED, fault, "", None)


def answer(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    reply: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """The supervised agency answers; the supervisor judges the answer."""
    act = _checked(session, by, dispute_id, version, now, "answer", {"reply": reply})
    held = _held(act)
    late = held.due_at is not None and act.at > held.due_at
    held.replied_at = act.at
    _written_reply(act, held, reply)
    _note(act, "answer", reply, late=late)
    _tell(act, held.agency_id, _("督办已答复，请审核：%(number)s", number=_name(act.dispute)))
    return _finish(act, held, "answer", late=late)


def send_back(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    reason: str,
    time_limit: date,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """The answer does not do; a new one is due."""
    facts = {"reason": reason, "time_limit": time_limit}
    act = _checked(session, by, dispute_id, version, now, "send_back", facts)
    held = _held(act)
    held.replied_at, held.due_at = None, _limit(act, time_limit)
    _judge(act, held, "sent_back", reason)
    _note(act, "send_back", reason, due_at=held.due_at)
    _tell(
        act,
        act.dispute.handler_agency_id,
        _("督办答复被退回，请重新答复：%(number)s", number=_name(act.dispute)),
    )
    return _finish(act, held, "send_back")


def clear(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    cleared_on: date,
    evidence: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """What was asked is done, or the answer does: the supervision ends."""
    facts = {"cleared_on": cleared_on, "evidence": evidence}
    act = _checked(session, by, dispute_id, version, now, "clear", facts)
    held = _held(act)
    _judge(act, held, "accepted", evidence)
    held.state, held.closed_at = str(SupervisionState.CLEARED), act.at
    held.replied_at = held.due_at = None
    act.dispute.pressing = act.dispute.risk == "red"
    _note(act, "clear", evidence, cleared_on=cleared_on.isoformat())
    _tell(
        act, act.dispute.handler_agency_id, _("督办已销号：%(number)s", number=_name(act.dispute))
    )
    return _finish(act, held, "clear")


def lapse(session: Session, dispute: Dispute, at: datetime) -> None:
    """Step: a matter that has ended needs no more urging; an order waits for its clearing."""
    held = queries.open_one(session, dispute.id)
    if held is None or held.state != SupervisionState.REMINDED:
        return
    held.state, held.closed_at, held.updated_at = str(SupervisionState.CLEARED), at, at
    words = _("事项已办结，催办随之销号")
    note_event(session, dispute=dispute, event=ROWS["clear"].event, by=None, note=words, at=at)


def _begin(
    session: Session, by: Viewer, dispute_id: int, version: int | None, at: datetime
) -> _Act:
    dispute = lock(session, dispute_id, version)
    return _Act(session, by, dispute, queries.open_one(session, dispute_id), at)


def _checked(
    session: Session,
    by: Viewer,
    dispute_id: int,
    version: int | None,
    now: datetime | None,
    action: str,
    facts: dict[str, Any],
) -> _Act:
    act = _begin(session, by, dispute_id, version, now or clock.now())
    shut = refusal(action, by, act.dispute, act.held, act.at, facts)
    if shut is not None:
        raise RefusedError(shut)
    return act


def _urging_refusal(act: _Act, message: str) -> Refusal | None:
    last = queries.last_urged(act.session, act.dispute.id)
    if last is not None and act.at - last < TWICE:
        return Refusal("just_urged", _("刚刚催过，没有重复催"), "", Ground.TIME)
    return refusal("remind", act.by, act.dispute, act.held, act.at, {"message": message})


def _urge(act: _Act, message: str) -> None:
    held = _taken_up(act, SupervisionState.REMINDED)
    _write_letter(act, held, "remind", message, "", None, "")
    _note(act, "remind", message)
    act.dispute.updated_at = held.updated_at = act.at
    _tell(
        act,
        act.dispute.handler_agency_id,
        _("催办：%(number)s", number=_name(act.dispute)),
        "urged",
    )


def _order(
    act: _Act,
    kind: str,
    state: SupervisionState,
    reason: str,
    demands: str,
    time_limit: date | None,
    decided_by: str = "",
) -> Dispute:
    """A letter goes out; the matter is pressing from now on, and the sender stays with it."""
    due = _limit(act, time_limit) if time_limit else None
    held = _taken_up(act, state)
    held.due_at, held.replied_at = due, None if state in UNANSWERED else held.replied_at
    letter = _write_letter(act, held, kind, reason, demands, due, decided_by)
    act.dispute.pressing = True
    _stay_with(act)
    _note(act, kind, reason, number=letter.number, due_at=due)
    name = _(ROWS[kind].name_zh)
    title = _("%(act)s：%(number)s", act=name, number=letter.number or "")
    _tell(act, act.dispute.handler_agency_id, title)
    return _finish(act, held, kind, letter=letter.number)


def _taken_up(act: _Act, state: SupervisionState) -> Supervision:
    """The open supervision in its new state; the highest level that acted leads it."""
    held = act.held
    if held is None:
        held = Supervision(
            dispute_id=act.dispute.id,
            area_path=act.dispute.area_path,
            agency_id=act.by.agency.id,
            rank=rank_of(act.by),
            opened_at=act.at,
        )
        act.session.add(held)
    held.agency_id, held.rank = act.by.agency.id, rank_of(act.by)
    held.state, held.updated_at = str(state), act.at
    act.session.flush()
    act.held = held
    return held


def _write_letter(
    act: _Act,
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


def _number(act: _Act, kind: str) -> str | None:
    """The next number of that kind of letter, of this sender's area and year."""
    if kind not in NUMBERED:
        return None
    area, year = act.by.agency.area_code, clock.local(act.at).year
    serial = act.session.scalar(select(func.next_number(f"{kind}:{area}", year)))
    short = act.session.get_one(Area, area).short_name
    return f"{short}{NUMBERED[kind]}〔{year}〕{serial}号"


def _written_reply(act: _Act, held: Supervision, words: str) -> None:
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


def _judge(act: _Act, held: Supervision, verdict: str, words: str) -> None:
    reply = queries.waiting_reply(act.session, held.id)
    if reply is not None:
        reply.verdict, reply.verdict_words = verdict, words
        reply.judged_by, reply.judged_at = act.by.id, act.at


def _stay_with(act: _Act) -> None:
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


def _limit(act: _Act, day: date) -> datetime:
    if day < clock.local(act.at).date():
        words = _("期限不能早于今天")
        raise RefusedError(Refusal("limit_past", words, "", Ground.FORM, "time_limit"))
    return day_end(day)


def _held(act: _Act) -> Supervision:
    if act.held is None:
        raise NotVisibleError(act.dispute.id)
    return act.held


def _note(act: _Act, action: str, words: str, **facts: Any) -> None:
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


def _tell(act: _Act, agency_id: int, title: str, kind: str = "supervision") -> None:
    notify(
        act.session,
        agency_id=agency_id,
        kind=kind,
        title=title,
        link=f"/matters/{act.dispute.id}#supervision",
        dispute_id=act.dispute.id,
        now=act.at,
    )


def _name(dispute: Dispute) -> str:
    """What a notice may say of a matter: a reference, never its words."""
    return dispute.number or _("未编号事项")


def _finish(act: _Act, held: Supervision, action: str, **facts: Any) -> Dispute:
    act.dispute.updated_at = held.updated_at = act.at
    _audit(act.session, act.by, action, act.dispute.id, state=held.state, **facts)
    act.session.commit()
    return act.dispute


def _audit(session: Session, by: Viewer, action: str, dispute_id: int, **facts: Any) -> None:
    record(
        session,
        action=f"supervision:{action}",
        object_type="dispute",
        object_id=dispute_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
