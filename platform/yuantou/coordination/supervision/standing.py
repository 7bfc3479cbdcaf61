"""Who may do what in supervising a matter: the track's table, and what levels owe each other.

No database here; the service and the page ask with what they hold.
"""

from datetime import datetime, timedelta

from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.coordination.supervision.models import Supervision
from yuantou.disputes.machine import Transition, door_refusal, form_refusal
from yuantou.disputes.matter import N_, Actor, Duty, Facts, Ground, Matter, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.tracks import SUPERVISION, SupervisionState
from yuantou.disputes.workflow import ENDS

_V = SupervisionState
RANKS = {"county_centre": 1, "city_coordination": 2, "province_coordination": 3}
PRESSING = (_V.SUPERVISED, _V.LISTED, _V.CENSURED)  # these reach city and province
UNANSWERED = (_V.SUPERVISED, _V.LISTED)
ANSWERABLE = (_V.REMINDED, *PRESSING)  # an urging, where the system set it a limit
_OVERSEER = (Duty.COUNTY, Duty.SUPERVISOR)

ANSWERING = (
    Transition(
        "answer",
        N_("答复督办"),
        ANSWERABLE,
        None,
        "supervision_replied",
        "dispute:handle",
        (Duty.HANDLER,),
        requires=("reply",),
    ),
    Transition(
        "send_back",
        N_("退回答复"),
        ANSWERABLE,
        None,
        "supervision_reply_returned",
        "dispute:supervise",
        _OVERSEER,
        requires=("reason", "time_limit"),
    ),
)
ROWS = {row.action: row for row in (*SUPERVISION, *ANSWERING)}
BEGINNING = ("remind", "supervise")


def state_of(held: Supervision | None) -> SupervisionState:
    """How far the open supervision of a matter has gone; a cleared one begins anew."""
    return SupervisionState(held.state) if held else _V.NONE


def rank_of(viewer: Viewer) -> int:
    """The level that the viewer's agency leads at; 0 for an agency that supervises nobody."""
    return RANKS.get(viewer.agency.kind, 0)


def refusal(
    action: str,
    viewer: Viewer,
    dispute: Dispute,
    held: Supervision | None,
    now: datetime,
    facts: Facts | None = None,
) -> Refusal | None:
    """Why the act is shut, or why its filled form may not be taken; None where it is open."""
    row = ROWS[action]
    matter = Matter(state_of(held), local(now), dispute.handler_agency_id)
    shut = door_refusal(row, matter, _actor(viewer, dispute)) or _owed(
        action, viewer, dispute, held
    )
    if shut is not None or facts is None:
        return shut
    return form_refusal(row, matter, facts)


def ripe(risk: str | None, due_at: datetime | None, now: datetime, days: int) -> bool:
    """Whether a delay calls for an order: any of a red matter, of others more than `days`."""
    if due_at is None or due_at >= now:
        return False
    return risk == "red" or now - due_at > timedelta(days=days)


def _actor(viewer: Viewer, dispute: Dispute) -> Actor:
    duties = set()
    if viewer.agency.id == dispute.handler_agency_id:
        duties.add(Duty.HANDLER)
    if rank_of(viewer) and dispute.area_path.startswith(viewer.agency.area_path):
        duties.add(Duty.COUNTY if rank_of(viewer) == 1 else Duty.SUPERVISOR)
    return Actor(viewer.agency.id, frozenset(duties), frozenset(map(str, viewer.role.permissions)))


def _owed(
    action: str, viewer: Viewer, dispute: Dispute, held: Supervision | None
) -> Refusal | None:
    """What the table does not know: no unit supervises itself, none undoes a higher one's work."""
    if action in BEGINNING and dispute.state in ENDS:
        return Refusal("ended", N_("这件事项已经终结，不再催办、督办。"), "", Ground.STATE)
    if action == "answer":
        return _nothing_asked(held)
    if action == "send_back" and (held is None or held.replied_at is None):
        return Refusal("no_reply", N_("承办单位还没有答复。"), "", Ground.STATE)
    if viewer.agency.id == dispute.handler_agency_id:
        return Refusal("own_unit", N_("本单位自己承办的事项，由上级督办。"), "", Ground.DUTY)
    if held is not None and held.rank > rank_of(viewer):
        return Refusal("outranked", N_("由上级督办的事项，由上级处理。"), "", Ground.DUTY)
    return None


def _nothing_asked(held: Supervision | None) -> Refusal | None:
    if held is not None and held.replied_at is not None:
        return Refusal("answered", N_("已经答复，等督办单位审核。"), "", Ground.STATE)
    if held is not None and held.state == _V.REMINDED and held.due_at is None:
        return Refusal("no_answer_asked", N_("催办没有要求书面答复。"), "", Ground.STATE)
    return None
