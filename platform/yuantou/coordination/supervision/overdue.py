"""When a limit has passed, the system urges for the centre in charge: once for each limit.

It is the lowest kind (催办), with a limit for the reply; the limit's act clears it.
"""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.audit.service import record
from yuantou.calendar.clock import ZONE, local
from yuantou.calendar.workdays import day_end
from yuantou.coordination.supervision import queries
from yuantou.coordination.supervision.models import (
    Supervision,
    SupervisionCause,
    SupervisionLetter,
)
from yuantou.coordination.supervision.standing import RANKS, ROWS
from yuantou.coordination.supervision.steps import opened
from yuantou.database.jobs import Progress
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.disputes.tracks import SupervisionState
from yuantou.disputes.workflow import ENDS
from yuantou.limits.engine import due_at
from yuantou.limits.history import stands
from yuantou.limits.models import Deadline
from yuantou.limits.queries import clock_of
from yuantou.limits.rules import LimitRule
from yuantou.notices.service import notify

CATCH_UP = timedelta(days=7)  # what passed earlier was not noticed for a week, and is no news
NOT_THE_HANDLERS = frozenset(
    {"confirmation_acceptance", "confirmation_decision", "suspension", "performance"}
)  # the court's own limits, and days that the parties set themselves
UNNUMBERED = "未编号事项"
Late = Row[Deadline, Dispute]


def press(session: Session, *, days: int, now: datetime, progress: Progress) -> int:
    """Step: urge for every limit that passed `days` ago and still runs; returns how many."""
    rows = _late(session, local(now).date() - timedelta(days=days))
    book, done = clock_of(session).book, 0
    for number, row in enumerate(rows, start=1):
        rule = book.rule(row.Deadline.rule, row.Deadline.rule_version)
        done += _owed(row.Deadline, rule) and _press(session, row, rule, now)
        progress(number, len(rows))
    return done


def settle(session: Session, dispute: Dispute, at: datetime) -> None:
    """Step: the system's urging ends when no limit that it was for runs any more.

    Where a person urged too, it stays: he may have asked for something else.
    """
    held = queries.open_one(session, dispute.id)
    if held is None or held.state != SupervisionState.REMINDED:
        return
    if not _all_done(session, held) or _urged_by_person(session, held):
        return
    held.state, held.closed_at, held.updated_at = str(SupervisionState.CLEARED), at, at
    held.due_at = held.replied_at = None
    words = "所催的期限已经办结，催办随之销号"
    note_event(session, dispute=dispute, event=ROWS["clear"].event, by=None, note=words, at=at)


def _late(session: Session, last: date) -> list[Late]:
    """Limits that passed by `last`, still run, and were not urged for."""
    known = select(SupervisionCause.deadline_id)
    first = datetime.combine(last - CATCH_UP, time(), ZONE)
    asked = (
        select(Deadline, Dispute)
        .join(Dispute, Dispute.id == Deadline.dispute_id)
        .where(
            Deadline.met_at.is_(None),
            Deadline.lapsed_at.is_(None),
            Deadline.due_at.between(first, day_end(last)),
            Deadline.id.not_in(known),
            Dispute.state.not_in(ENDS),
        )
    )
    return list(session.execute(asked.order_by(Deadline.due_at, Deadline.id)))


def _owed(row: Deadline, rule: LimitRule) -> bool:
    return not (rule.window or stands(row) or rule.family in NOT_THE_HANDLERS)


def _press(session: Session, row: Late, rule: LimitRule, now: datetime) -> bool:
    """One urging; False where no centre stands over the handler."""
    deadline, dispute = row.Deadline, row.Dispute
    centre = _in_charge(session, dispute)
    if centre is None:
        return False
    state = SupervisionState.REMINDED
    held = opened(session, dispute, centre.id, RANKS[centre.kind], state, now)
    session.add(
        SupervisionCause(
            deadline_id=deadline.id, dispute_id=dispute.id, supervision_id=held.id, at=now
        )
    )
    if held.state == state:  # an order that stands asks for more already
        _urge(session, held, row, rule, centre, now)
    session.flush()
    return True


def _in_charge(session: Session, dispute: Dispute) -> Agency | None:
    """The lowest centre over the matter's area that does not handle it itself."""
    parts = dispute.area_path.strip("/").split("/")
    paths = ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]
    asked = select(Agency).where(
        Agency.active,
        Agency.kind.in_(RANKS),
        Agency.area_path.in_(paths),
        Agency.id != dispute.handler_agency_id,
    )
    found = session.scalars(asked.order_by(Agency.id)).all()
    handler = session.get_one(Agency, dispute.handler_agency_id)
    least = RANKS.get(handler.kind, 0)
    over = [one for one in found if RANKS[one.kind] > least]
    return min(over, key=lambda one: RANKS[one.kind], default=None)


def _urge(
    session: Session,
    held: Supervision,
    row: Late,
    rule: LimitRule,
    centre: Agency,
    now: datetime,
) -> None:
    deadline, dispute = row.Deadline, row.Dispute
    reply = _reply_due(session, now)
    if held.replied_at is None:
        held.due_at = held.due_at or reply
    held.updated_at = now
    words = f"{rule.name_zh}应于{_day(deadline.due_at)}办完，已经超期。请抓紧办理"
    session.add(_letter(held, dispute, centre, words, reply, now))
    event = note_event(
        session,
        dispute=dispute,
        event=ROWS["remind"].event,
        by=None,
        note=words,
        facts={"rule": deadline.rule, "deadline_id": deadline.id, "automatic": True},
        at=now,
    )
    event.agency_id = centre.id
    _tell(session, dispute, rule, held, now)
    record(
        session,
        action="supervision:remind",
        object_type="dispute",
        object_id=dispute.id,
        account_id=None,
        agency_id=centre.id,
        facts={"automatic": True, "rule": deadline.rule, "deadline": deadline.id},
    )


def _letter(
    held: Supervision,
    dispute: Dispute,
    centre: Agency,
    words: str,
    due: datetime | None,
    now: datetime,
) -> SupervisionLetter:
    return SupervisionLetter(
        supervision_id=held.id,
        dispute_id=dispute.id,
        kind="remind",
        number=None,
        from_agency_id=centre.id,
        to_agency_id=dispute.handler_agency_id,
        reason=words,
        demands="",
        decided_by="",
        due_at=due,
        issued_by=None,
        issued_at=now,
    )


def _tell(
    session: Session, dispute: Dispute, rule: LimitRule, held: Supervision, now: datetime
) -> None:
    until = f"，请于{_day(held.due_at)}前答复" if held.due_at else ""
    notify(
        session,
        agency_id=dispute.handler_agency_id,
        kind="urged",
        title=f"催办：{dispute.number or UNNUMBERED}，{rule.name_zh}已超期{until}",
        link=f"/matters/{dispute.id}#supervision",
        dispute_id=dispute.id,
        now=now,
    )


def _reply_due(session: Session, now: datetime) -> datetime | None:
    rule = queries.reply_rule(session, local(now).date())
    return due_at(rule, now, clock_of(session).calendar).at if rule else None


def _day(at: datetime) -> str:
    day = local(at)
    return f"{day.month}月{day.day}日"


def _all_done(session: Session, held: Supervision) -> bool:
    """Whether it was for limits, and each of them is met or has fallen away."""
    running = Deadline.met_at.is_(None) & Deadline.lapsed_at.is_(None)
    asked = (
        select(func.count(), func.count().filter(running))
        .select_from(SupervisionCause)
        .join(Deadline, Deadline.id == SupervisionCause.deadline_id)
        .where(SupervisionCause.supervision_id == held.id)
    )
    causes, open_ones = session.execute(asked).one()
    return bool(causes and not open_ones)


def _urged_by_person(session: Session, held: Supervision) -> bool:
    asked = select(SupervisionLetter.id).where(
        SupervisionLetter.supervision_id == held.id, SupervisionLetter.issued_by.is_not(None)
    )
    return session.scalar(asked.limit(1)) is not None
