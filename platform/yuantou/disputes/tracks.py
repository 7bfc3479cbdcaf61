"""The tracks beside the main way, as tables of the same shape as workflow.TRANSITIONS.

Judicial confirmation of an agreement, mediation entrusted by a court, and supervision (督办).
A track is judged with a Matter whose `state` is the track's own state.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic

from yuantou.disputes import laws
from yuantou.disputes.guards import (
    asked_jointly,
    both_extend,
    confirmation_in_time,
    no_reconciling,
    not_refused,
    police_told,
    subject_confirmable,
    subject_stated,
)
from yuantou.disputes.machine import (
    S,
    Transition,
    closed_doors,
    door_refusal,
    draw,
    form_refusal,
    open_doors,
)
from yuantou.disputes.matter import N_, Actor, Duty, Facts, Ground, Matter, Refusal


class ConfirmationState(StrEnum):
    """Where an agreement stands on its way through judicial confirmation."""

    NONE = "none"
    ADVISED = "advised"
    APPLIED = "applied"
    COURT_ACCEPTED = "court_accepted"
    NOT_ACCEPTED = "not_accepted"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    EXEC_APPLIED = "exec_applied"

    @property
    def name_zh(self) -> str:
        """The state as the screens say it."""
        return CONFIRMATION_NAMES[self]


class EntrustmentState(StrEnum):
    """Where a mediation entrusted by a court (委托, before 2025 委派) stands."""

    SENT = "sent"
    RECEIVED = "received"
    IN_MEDIATION = "in_mediation"
    EXTENDED = "extended"
    SUCCESS = "success"
    FAILED = "failed"
    RETURNED_TO_COURT = "returned_to_court"

    @property
    def name_zh(self) -> str:
        """The state as the screens say it."""
        return ENTRUSTMENT_NAMES[self]


class SupervisionState(StrEnum):
    """How far the supervision of a slow matter has gone."""

    NONE = "none"
    REMINDED = "reminded"
    SUPERVISED = "supervised"
    LISTED = "listed"
    CLEARED = "cleared"
    CENSURED = "censured"

    @property
    def name_zh(self) -> str:
        """The state as the screens say it."""
        return SUPERVISION_NAMES[self]


_C, _E, _V = ConfirmationState, EntrustmentState, SupervisionState

CONFIRMATION_NAMES = {
    _C.NONE: N_("未申请"),
    _C.ADVISED: N_("已告知"),
    _C.APPLIED: N_("已申请"),
    _C.COURT_ACCEPTED: N_("法院已受理"),
    _C.NOT_ACCEPTED: N_("法院不予受理"),
    _C.CONFIRMED: N_("裁定有效"),
    _C.DISMISSED: N_("裁定驳回"),
    _C.WITHDRAWN: N_("已撤回"),
    _C.EXEC_APPLIED: N_("已申请执行"),
}
ENTRUSTMENT_NAMES = {
    _E.SENT: N_("法院已委托"),
    _E.RECEIVED: N_("已签收材料"),
    _E.IN_MEDIATION: N_("委托调解中"),
    _E.EXTENDED: N_("已延长"),
    _E.SUCCESS: N_("调解成功"),
    _E.FAILED: N_("调解不成"),
    _E.RETURNED_TO_COURT: N_("已退回法院"),
}
SUPERVISION_NAMES = {
    _V.NONE: N_("未督办"),
    _V.REMINDED: N_("已催办"),
    _V.SUPERVISED: N_("督办中"),
    _V.LISTED: N_("挂牌督办"),
    _V.CLEARED: N_("已销号"),
    _V.CENSURED: N_("约谈·通报"),
}

_HANDLER = (Duty.HANDLER,)
_COURT = (Duty.COURT,)
_OVERSEER = (Duty.COORDINATOR, Duty.COUNTY, Duty.SUPERVISOR)
_CONFIRMABLE = (confirmation_in_time, subject_confirmable)
_UNDER_WAY = (_E.IN_MEDIATION, _E.EXTENDED)
_OPEN_SUPERVISION = (_V.REMINDED, _V.SUPERVISED, _V.LISTED)

# fmt: off
CONFIRMATION: tuple[Transition[ConfirmationState], ...] = (
    Transition("advise_confirmation", N_("告知可申请司法确认"), (_C.NONE,), _C.ADVISED,
               "confirmation_advised", "dispute:handle", _HANDLER,
               guards=_CONFIRMABLE, law_zh=laws.MEDIATION_33),
    Transition("apply_confirmation", N_("申请司法确认"), (_C.NONE, _C.ADVISED), _C.APPLIED,
               "confirmation_applied", "dispute:handle", _HANDLER,
               requires=("applicants", "applied_on", "court_code", "application_documents"),
               guards=_CONFIRMABLE, proofs=(subject_stated, asked_jointly),
               law_zh=laws.MEDIATION_33),
    Transition("accept_confirmation", N_("法院受理"), (_C.APPLIED,), _C.COURT_ACCEPTED,
               "confirmation_accepted", "confirmation:decide", _COURT,
               requires=("court_case",), law_zh=laws.MEDIATION_33),
    Transition("decline_confirmation", N_("法院不予受理"), (_C.APPLIED,), _C.NOT_ACCEPTED,
               "confirmation_declined", "confirmation:decide", _COURT,
               requires=("reason",), law_zh=laws.CONFIRMATION),
    Transition("confirm", N_("裁定调解协议有效"), (_C.COURT_ACCEPTED,), _C.CONFIRMED,
               "agreement_confirmed", "confirmation:decide", _COURT,
               requires=("decided_on",), law_zh=laws.MEDIATION_33),
    Transition("dismiss", N_("裁定驳回申请"), (_C.COURT_ACCEPTED,), _C.DISMISSED,
               "confirmation_dismissed", "confirmation:decide", _COURT,
               requires=("decided_on", "reason"), law_zh=laws.MEDIATION_33),
    Transition("withdraw_confirmation", N_("撤回申请"),
               (_C.APPLIED, _C.COURT_ACCEPTED), _C.WITHDRAWN,
               "confirmation_withdrawn", "dispute:handle", (*_HANDLER, *_COURT),
               requires=("reason",)),
    Transition("apply_execution", N_("申请强制执行"), (_C.CONFIRMED,), _C.EXEC_APPLIED,
               "execution_applied", "dispute:handle", _HANDLER,
               requires=("applied_on",), law_zh=laws.MEDIATION_33),
)

ENTRUSTMENT: tuple[Transition[EntrustmentState], ...] = (
    Transition("receive", N_("签收材料"), (_E.SENT,), _E.RECEIVED,
               "entrustment_received", "dispute:sign", _HANDLER,
               requires=("received_at", "procedure", "materials"), law_zh=laws.ENTRUSTMENT),
    Transition("mediate_entrusted", N_("开始调解"), (_E.RECEIVED,), _E.IN_MEDIATION,
               "entrusted_mediation_started", "dispute:handle", _HANDLER,
               requires=("mediator_id",), guards=(not_refused, no_reconciling),
               law_zh=laws.ENTRUSTMENT),
    Transition("extend_entrusted", N_("延长期限"), (_E.IN_MEDIATION,), _E.EXTENDED,
               "entrustment_extended", "dispute:handle", _HANDLER,
               requires=("consents",), proofs=(both_extend,), law_zh=laws.ENTRUSTMENT),
    Transition("succeed_entrusted", N_("调解成功"), _UNDER_WAY, _E.SUCCESS,
               "entrusted_mediation_succeeded", "dispute:handle", _HANDLER,
               requires=("outcome",), guards=(not_refused, no_reconciling, police_told),
               law_zh=laws.ENTRUSTMENT),
    Transition("fail_entrusted", N_("调解不成"), (_E.RECEIVED, *_UNDER_WAY), _E.FAILED,
               "entrusted_mediation_failed", "dispute:handle", _HANDLER,
               requires=("reason",), law_zh=laws.ENTRUSTMENT),
    Transition("return_to_court", N_("退回法院"), (_E.SUCCESS, _E.FAILED), _E.RETURNED_TO_COURT,
               "entrustment_returned", "dispute:handle", _HANDLER,
               requires=("returned_at",), law_zh=laws.ENTRUSTMENT),
)

SUPERVISION: tuple[Transition[SupervisionState], ...] = (
    Transition("remind", N_("催办"), (_V.NONE, _V.REMINDED), _V.REMINDED,
               "reminded", "dispute:supervise", (*_OVERSEER, Duty.SYSTEM),
               requires=("message",)),
    Transition("supervise", N_("发督办单"), (_V.NONE, _V.REMINDED, _V.CLEARED), _V.SUPERVISED,
               "supervised", "dispute:supervise", _OVERSEER,
               requires=("reason", "time_limit")),
    Transition("list", N_("挂牌督办"), (_V.SUPERVISED,), _V.LISTED,
               "supervision_listed", "dispute:supervise", _OVERSEER,
               requires=("reason", "listed_by", "time_limit")),
    Transition("clear", N_("销号"), (*_OPEN_SUPERVISION, _V.CENSURED), _V.CLEARED,
               "supervision_cleared", "dispute:supervise", _OVERSEER,
               requires=("cleared_on", "evidence")),
    Transition("censure", N_("约谈·通报"), (_V.SUPERVISED, _V.LISTED), _V.CENSURED,
               "censured", "dispute:supervise", _OVERSEER,
               requires=("fault",)),
)
# fmt: on


@dataclass(frozen=True)
class Track(Generic[S]):
    """One track: its name, the names of its states, where it starts and ends, its table."""

    name_zh: str
    states: dict[S, str]
    starts: Sequence[S]
    ends: Sequence[S]
    table: tuple[Transition[S], ...]

    def allowed(self, matter: Matter, actor: Actor) -> list[Transition[S]]:
        """What this actor may do on the track now."""
        return list(open_doors(self.table, matter, actor))

    def explain(self, matter: Matter, actor: Actor) -> list[tuple[Transition[S], Refusal]]:
        """The closed doors of the track and why."""
        return list(closed_doors(self.table, matter, actor))

    def check(self, action: str, matter: Matter, actor: Actor, facts: Facts) -> Refusal | None:
        """Judge one act with its filled form; None means that it may be done."""
        for row in self.table:
            if row.action == action:
                return door_refusal(row, matter, actor) or form_refusal(row, matter, facts)
        return Refusal("unknown_action", N_("没有这种操作。"), "", Ground.FORM, "action")

    def diagram(self) -> str:
        """The track as a Mermaid stateDiagram-v2."""
        return draw(self.table, self.states, self.starts, self.ends)


JUDICIAL_CONFIRMATION = Track(
    N_("司法确认"),
    CONFIRMATION_NAMES,
    (_C.NONE,),
    (_C.NOT_ACCEPTED, _C.DISMISSED, _C.WITHDRAWN, _C.EXEC_APPLIED),
    CONFIRMATION,
)
COURT_ENTRUSTMENT = Track(
    N_("委托调解"), ENTRUSTMENT_NAMES, (_E.SENT,), (_E.RETURNED_TO_COURT,), ENTRUSTMENT
)
SUPERVISION_TRACK = Track(N_("督办"), SUPERVISION_NAMES, (_V.NONE,), (_V.CLEARED,), SUPERVISION)
TRACKS = (JUDICIAL_CONFIRMATION, COURT_ENTRUSTMENT, SUPERVISION_TRACK)
