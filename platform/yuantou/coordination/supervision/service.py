"""The use cases of supervision: each writes its letter, an event, a notice and an audit row.

While an order, a listing or a censure stands, the matter is pressing: city and province see it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.supervision import queries
from yuantou.coordination.supervision.standing import ROWS
from yuantou.coordination.supervision.steps import (
    audit,
    begin,
    checked,
    finish,
    held_by,
    judge,
    limit,
    name_of,
    note,
    order,
    stay_with,
    tell,
    urge,
    urging_refusal,
    write_reply,
)
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.disputes.tracks import SupervisionState
from yuantou.disputes.words import refusal_words

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Urged:
    """What came of urging several matters: how many were, and why the others were not."""

    done: int
    left: tuple[tuple[int, str], ...]


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
            act = begin(session, by, dispute_id, version, at)
        except NotVisibleError:
            left.append((dispute_id, _("不在您的范围内")))
            continue
        shut = urging_refusal(act, message)
        if shut is not None:
            left.append((dispute_id, refusal_words(shut)))
            continue
        urge(act, message)
        done.append(dispute_id)
    if done:
        audit(session, by, "remind", done[0], disputes=done)
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
    act = checked(session, by, dispute_id, version, now, "supervise", facts)
    return order(act, "supervise", SupervisionState.SUPERVISED, reason, demands, time_limit)


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
    act = checked(session, by, dispute_id, version, now, "list", facts)
    return order(act, "list", SupervisionState.LISTED, reason, demands, time_limit, listed_by)


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
    act = checked(session, by, dispute_id, version, now, "censure", {"fault": fault})
    return order(act, "censure", SupervisionState.CENSURED, fault, "", None)


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
    act = checked(session, by, dispute_id, version, now, "answer", {"reply": reply})
    held = held_by(act)
    late = held.due_at is not None and act.at > held.due_at
    held.replied_at = act.at
    write_reply(act, held, reply)
    note(act, "answer", reply, late=late)
    tell(act, held.agency_id, _("督办已答复，请审核：%(number)s", number=name_of(act.dispute)))
    return finish(act, held, "answer", late=late)


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
    act = checked(session, by, dispute_id, version, now, "send_back", facts)
    held = held_by(act)
    held.replied_at, held.due_at = None, limit(act, time_limit)
    judge(act, held, "sent_back", reason)
    note(act, "send_back", reason, due_at=held.due_at)
    tell(
        act,
        act.dispute.handler_agency_id,
        _("督办答复被退回，请重新答复：%(number)s", number=name_of(act.dispute)),
    )
    return finish(act, held, "send_back")


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
    act = checked(session, by, dispute_id, version, now, "clear", facts)
    held = held_by(act)
    judge(act, held, "accepted", evidence)
    held.state, held.closed_at = str(SupervisionState.CLEARED), act.at
    held.replied_at = held.due_at = None
    stay_with(act)  # what is not pressing any more would be out of his sight before it is written
    act.dispute.pressing = act.dispute.risk == "red"
    note(act, "clear", evidence, cleared_on=cleared_on.isoformat())
    tell(
        act, act.dispute.handler_agency_id, _("督办已销号：%(number)s", number=name_of(act.dispute))
    )
    return finish(act, held, "clear")


def lapse(session: Session, dispute: Dispute, at: datetime) -> None:
    """Step: a matter that has ended needs no more urging; an order waits for its clearing."""
    held = queries.open_one(session, dispute.id)
    if held is None or held.state != SupervisionState.REMINDED:
        return
    held.state, held.closed_at, held.updated_at = str(SupervisionState.CLEARED), at, at
    words = _("事项已办结，催办随之销号")
    note_event(session, dispute=dispute, event=ROWS["clear"].event, by=None, note=words, at=at)
