"""The way of a dispute: which states it can take, who may move it, and what the law demands.

Read this file to know what the product does. STATES names the states, TRANSITIONS is the one
table; buttons, the API, the accepted histories and the diagram in docs are drawn from it. The
guards are in guards.py, the tracks beside the main way (judicial confirmation, entrustment by a
court, supervision) in tracks.py.

Beyond the reference's table, a matter may be terminated before mediation has begun (a party may
refuse when first asked), merged until it is dispatched (a twin may be found late), and taken out
of a merger again (they were not the same after all).
"""

from enum import StrEnum

from yuantou.disputes import laws
from yuantou.disputes.guards import (
    LEGAL_GUARDS,
    MAX_RETURNS,
    consent_given,
    documents_complete,
    due_date_passed,
    no_mediating_path,
    no_reconciling,
    not_refused,
    orders_told,
    own_matter,
    path_notice_given,
    police_told,
    reopening_in_time,
    report_timed,
    rest_bounded,
    return_in_time,
    returns_left,
    returns_used_up,
    signature_allowed,
    signature_refusal,
)
from yuantou.disputes.machine import (
    Transition,
    closed_doors,
    door_refusal,
    draw,
    form_refusal,
    open_doors,
)
from yuantou.disputes.matter import N_, Actor, Duty, Facts, Ground, Mark, Matter, Refusal

__all__ = [
    "BY_ACTION",
    "ENDS",
    "LEGAL_GUARDS",
    "LIVE",
    "MAIN_WAY",
    "MAX_RETURNS",
    "STARTS",
    "STATES",
    "TRANSITIONS",
    "Actor",
    "DisputeState",
    "Duty",
    "Facts",
    "Ground",
    "Mark",
    "Matter",
    "Refusal",
    "Transition",
    "allowed",
    "check",
    "diagram",
    "explain",
    "signature_refusal",
    "step",
]


class DisputeState(StrEnum):
    """Every state of a dispute."""

    DRAFT = "draft"
    REPORTED = "reported"
    NOT_ACCEPTED = "not_accepted"
    MERGED = "merged"
    ACCEPTED = "accepted"
    TRIAGED = "triaged"
    DISPATCHED = "dispatched"
    RETURNED = "returned"
    SIGNED = "signed"
    IN_HANDLING = "in_handling"
    IN_MEDIATION = "in_mediation"
    SUSPENDED = "suspended"
    ESCALATED = "escalated"
    AGREED = "agreed"
    PERFORMING = "performing"
    DEFAULTED = "defaulted"
    PERFORMED = "performed"
    FAILED = "failed"
    TERMINATED = "terminated"
    PATH_ADVISED = "path_advised"
    REPLIED = "replied"
    FOLLOW_UP = "follow_up"
    CLOSED = "closed"
    REOPENED = "reopened"

    @property
    def name_zh(self) -> str:
        """The state as the screens say it."""
        return STATES[self][0]

    @property
    def mark(self) -> Mark:
        """The group whose sign the state wears."""
        return STATES[self][1]


_S = DisputeState

STATES: dict[DisputeState, tuple[str, Mark]] = {
    _S.DRAFT: (N_("草稿"), Mark.WAIT),
    _S.REPORTED: (N_("待受理"), Mark.WAIT),
    _S.NOT_ACCEPTED: (N_("不予受理"), Mark.SHUT),
    _S.MERGED: (N_("并案"), Mark.SHUT),
    _S.ACCEPTED: (N_("待研判"), Mark.WAIT),
    _S.TRIAGED: (N_("已研判"), Mark.WAIT),
    _S.DISPATCHED: (N_("待签收"), Mark.WAIT),
    _S.RETURNED: (N_("退回"), Mark.BACK),
    _S.SIGNED: (N_("待指派"), Mark.WAIT),
    _S.IN_HANDLING: (N_("部门办理中"), Mark.RUN),
    _S.IN_MEDIATION: (N_("调解中"), Mark.RUN),
    _S.SUSPENDED: (N_("中止"), Mark.HOLD),
    _S.ESCALATED: (N_("提级·联合调处"), Mark.UP),
    _S.AGREED: (N_("达成协议"), Mark.DONE),
    _S.PERFORMING: (N_("履行中"), Mark.RUN),
    _S.DEFAULTED: (N_("未履行"), Mark.BACK),
    _S.PERFORMED: (N_("已履行"), Mark.DONE),
    _S.FAILED: (N_("调解不成"), Mark.BACK),
    _S.TERMINATED: (N_("终止"), Mark.BACK),
    _S.PATH_ADVISED: (N_("已告知途径"), Mark.BACK),
    _S.REPLIED: (N_("已答复"), Mark.DONE),
    _S.FOLLOW_UP: (N_("待回访"), Mark.WAIT),
    _S.CLOSED: (N_("结案归档"), Mark.SHUT),
    _S.REOPENED: (N_("反弹·重启"), Mark.BACK),
}

STARTS = (_S.DRAFT, _S.REPORTED)
ENDS = (_S.NOT_ACCEPTED, _S.MERGED, _S.CLOSED)
LIVE = tuple(state for state in _S if state not in (_S.DRAFT, *ENDS))
MAIN_WAY = (
    _S.REPORTED,
    _S.ACCEPTED,
    _S.TRIAGED,
    _S.DISPATCHED,
    _S.SIGNED,
    _S.IN_MEDIATION,
    _S.AGREED,
    _S.PERFORMING,
    _S.PERFORMED,
    _S.FOLLOW_UP,
    _S.CLOSED,
)

_T = Transition[DisputeState]
_INTO_MEDIATION = (not_refused, no_reconciling)
_TOLD = (path_notice_given, orders_told)
_REPORTER = (Duty.REPORTER,)
_HANDLER = (Duty.HANDLER,)
_COUNTY = (Duty.COUNTY,)
_SENDERS = (Duty.COORDINATOR, Duty.COUNTY)
_OR_JOB = (Duty.HANDLER, Duty.SYSTEM)
_CENTRE = (Duty.HANDLER, Duty.COORDINATOR, Duty.COUNTY)
_BEFORE_DISPATCH = (_S.REPORTED, _S.ACCEPTED, _S.TRIAGED)
_TERMINABLE = (_S.ACCEPTED, _S.TRIAGED, _S.SIGNED, _S.IN_MEDIATION, _S.SUSPENDED)

# fmt: off
TRANSITIONS: tuple[Transition[DisputeState], ...] = (
    _T("discard", N_("删除草稿"), (_S.DRAFT,), None,
       "draft_discarded", "dispute:log", _REPORTER),
    _T("submit", N_("上报"), (_S.DRAFT,), _S.REPORTED,
       "reported", "dispute:log", _REPORTER),
    _T("accept", N_("受理"), (_S.REPORTED,), _S.ACCEPTED,
       "accepted", "dispute:accept", _CENTRE, law_zh=laws.MEDIATION_17),
    _T("decline", N_("不予受理"), (_S.REPORTED,), _S.NOT_ACCEPTED,
       "declined", "dispute:accept", _CENTRE, requires=("reason",), proofs=_TOLD,
       law_zh=laws.MEDIATION_26),
    _T("merge", N_("并案"), _BEFORE_DISPATCH, _S.MERGED,
       "merged", "dispute:accept", _CENTRE, requires=("master_id",)),
    _T("unmerge", N_("解除并案"), (_S.MERGED,), None,
       "unmerged", "dispute:accept", _CENTRE, requires=("reason",), restores=_BEFORE_DISPATCH),
    _T("triage", N_("研判"), (_S.ACCEPTED, _S.RETURNED, _S.REOPENED), _S.TRIAGED,
       "triaged", "dispute:triage", _CENTRE, requires=("category", "risk", "path"),
       proofs=(no_mediating_path,)),
    _T("dispatch", N_("交办"), (_S.TRIAGED, _S.ESCALATED), _S.DISPATCHED,
       "dispatched", "dispute:dispatch", _CENTRE, requires=("handler_agency_id", "deadline"),
       guards=(returns_left,), law_zh=laws.OWNERSHIP),
    _T("designate", N_("指定管辖"), (_S.TRIAGED, _S.ESCALATED), _S.DISPATCHED,
       "designated", "dispute:dispatch", _COUNTY,
       requires=("handler_agency_id", "deadline", "designation_reason"), guards=(returns_used_up,),
       law_zh=laws.DESIGNATION),
    _T("return", N_("退回"), (_S.DISPATCHED,), _S.RETURNED,
       "returned", "dispute:sign", _HANDLER, requires=("reason", "suggested_owner"),
       guards=(returns_left, return_in_time), law_zh=laws.RETURNING),
    _T("recall", N_("撤回交办"), (_S.DISPATCHED,), None,
       "recalled", "dispute:dispatch", _SENDERS, requires=("reason",),
       restores=(_S.TRIAGED, _S.ESCALATED)),
    _T("sign", N_("签收"), (_S.DISPATCHED,), _S.SIGNED,
       "signed", "dispute:sign", _HANDLER),
    _T("mediate", N_("开始调解"), (_S.TRIAGED, _S.SIGNED), _S.IN_MEDIATION,
       "mediation_started", "dispute:handle", _HANDLER, requires=("mediator_id",),
       guards=_INTO_MEDIATION, proofs=(consent_given,), law_zh=laws.MEDIATION_3_17),
    _T("handle", N_("部门办理"), (_S.SIGNED,), _S.IN_HANDLING,
       "handling_started", "dispute:handle", _HANDLER, requires=("officer_id",)),
    _T("reply", N_("答复"), (_S.IN_HANDLING,), _S.REPLIED,
       "replied", "dispute:handle", _HANDLER, requires=("reply",),
       guards=(own_matter, police_told)),
    _T("suspend", N_("中止"), (_S.IN_MEDIATION,), _S.SUSPENDED,
       "suspended", "dispute:handle", _HANDLER, requires=("reason", "evidence", "until"),
       guards=(own_matter,), proofs=(rest_bounded,), law_zh=laws.RESTING),
    _T("resume", N_("恢复调解"), (_S.SUSPENDED,), _S.IN_MEDIATION,
       "resumed", "dispute:handle", _HANDLER, requires=("resumed_on",), guards=_INTO_MEDIATION,
       law_zh=laws.MEDIATION_17),
    _T("escalate", N_("提级"), (_S.IN_MEDIATION,), _S.ESCALATED,
       "escalated", "dispute:handle", _CENTRE, requires=("reason", "partners")),
    _T("agree", N_("达成协议"), (_S.IN_MEDIATION,), _S.AGREED,
       "agreed", "dispute:handle", _HANDLER, requires=("agreement_form", "agreement_content"),
       guards=(own_matter, *_INTO_MEDIATION, police_told), proofs=(signature_allowed,),
       law_zh=laws.MEDIATION_28_30),
    _T("fail", N_("调解不成"), (_S.IN_MEDIATION,), _S.FAILED,
       "mediation_failed", "dispute:handle", _HANDLER, requires=("reason",),
       guards=(own_matter, police_told), proofs=_TOLD,
       law_zh=laws.MEDIATION_26),
    _T("terminate", N_("终止"), _TERMINABLE, _S.TERMINATED,
       "terminated", "dispute:handle", _HANDLER, requires=("reason",),
       guards=(own_matter, police_told), proofs=_TOLD,
       law_zh=laws.MEDIATION_ENDS),
    _T("begin_performance", N_("进入履行"), (_S.AGREED,), _S.PERFORMING,
       "performance_begun", "dispute:handle", _OR_JOB, law_zh=laws.MEDIATION_31),
    _T("perform", N_("已履行"), (_S.AGREED, _S.PERFORMING, _S.DEFAULTED), _S.PERFORMED,
       "performed", "dispute:handle", _HANDLER, requires=("performed_on", "evidence"),
       guards=(own_matter,), law_zh=laws.MEDIATION_31),
    _T("default", N_("未履行"), (_S.PERFORMING,), _S.DEFAULTED,
       "defaulted", "dispute:handle", _OR_JOB, requires=("defaulted_on",),
       guards=(due_date_passed,), law_zh=laws.MEDIATION_31),
    _T("urge", N_("督促履行"), (_S.PERFORMING, _S.DEFAULTED), None,
       "performance_urged", "dispute:handle", _HANDLER, requires=("manner",),
       law_zh=laws.MEDIATION_31),
    _T("advise_path", N_("告知途径"), (_S.FAILED, _S.TERMINATED, _S.DEFAULTED), _S.PATH_ADVISED,
       "path_advised", "dispute:handle", _HANDLER, proofs=_TOLD,
       law_zh=laws.MEDIATION_26_32),
    _T("plan_follow_up", N_("安排回访"), (_S.PERFORMED, _S.PATH_ADVISED, _S.REPLIED), _S.FOLLOW_UP,
       "follow_up_planned", "dispute:handle", _OR_JOB, requires=("planned_on",)),
    _T("close", N_("结案归档"), (_S.FOLLOW_UP,), _S.CLOSED,
       "closed", "dispute:handle", _HANDLER, requires=("found",),
       guards=(own_matter, police_told, documents_complete), law_zh=laws.MEDIATION_27),
    _T("reopen", N_("反弹重启"), (_S.FOLLOW_UP, _S.CLOSED), _S.REOPENED,
       "reopened", "dispute:handle", _CENTRE, requires=("relapse",), guards=(reopening_in_time,)),
    _T("report_to_police", N_("报告公安机关"), LIVE, None,
       "police_informed", "dispute:handle", _CENTRE, requires=("police_station", "reported_at"),
       proofs=(report_timed,), law_zh=laws.MEDIATION_25),
    _T("note_refusal", N_("登记拒绝调解"), LIVE, None,
       "mediation_refused", "dispute:handle", _CENTRE, requires=("reason",),
       law_zh=laws.MEDIATION_17),
    _T("note_consent", N_("登记同意调解"), LIVE, None,
       "mediation_consented", "dispute:handle", _CENTRE, guards=(no_reconciling,),
       law_zh=laws.MEDIATION_17),
)
# fmt: on

BY_ACTION = {row.action: row for row in TRANSITIONS}
_ALWAYS_SAID = ("close",)


def allowed(matter: Matter, actor: Actor) -> list[Transition[DisputeState]]:
    """What this actor may do with the matter now, in the order of the table."""
    return list(open_doors(TRANSITIONS, matter, actor))


def explain(matter: Matter, actor: Actor) -> list[tuple[Transition[DisputeState], Refusal]]:
    """The closed doors and why; closing the file is always among them while the matter lives."""
    shut = list(closed_doors(TRANSITIONS, matter, actor))
    if matter.state in LIVE:
        far = [BY_ACTION[action] for action in _ALWAYS_SAID]
        shut += [(row, _not_yet(row)) for row in far if matter.state not in row.sources]
    return shut


def check(action: str, matter: Matter, actor: Actor, facts: Facts) -> Refusal | None:
    """Judge one act with its filled form; None means that it may be done."""
    row = BY_ACTION.get(action)
    if row is None:
        return Refusal("unknown_action", N_("没有这种操作。"), "", Ground.FORM, "action")
    return door_refusal(row, matter, actor) or form_refusal(row, matter, facts)


def step(state: DisputeState, action: str, former: DisputeState | None = None) -> DisputeState:
    """The state after an act; raises ValueError where the table has no such row.

    An act that restores leads to the `former` state, the one that was left last.
    """
    row = BY_ACTION.get(action)
    if row is None or state not in row.sources:
        raise ValueError(f"no {action!r} from {state!r}")
    if not row.restores:
        return row.target or state
    if former not in row.restores:
        raise ValueError(f"{action!r} does not lead back to {former!r}")
    return former


def diagram() -> str:
    """The table as a Mermaid stateDiagram-v2."""
    names = {state: name for state, (name, _) in STATES.items()}
    return draw(TRANSITIONS, names, STARTS, ENDS)


def _not_yet(row: Transition[DisputeState]) -> Refusal:
    text = N_("须先到“%(states)s”：有结果或者已告知途径，并经回访。")
    states = tuple(source.name_zh for source in row.sources)
    return Refusal("not_yet", text, row.law_zh, Ground.STATE, values={"states": states})
