"""The acts on one deadline: extend by consent, ask, approve, refuse; who may do which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.coordination.extending import forms
from yuantou.disputes.matter import N_, Duty, Ground, Refusal
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.standing import actor_of
from yuantou.limits.extending import extension_refusal
from yuantou.limits.history import EXTENDED, TRACKED
from yuantou.limits.models import Deadline
from yuantou.limits.rules import Leave, LimitRule

ASKED, REFUSED = "extension_asked", "extension_refused"


@dataclass(frozen=True)
class Act:
    """One act: on which ground, by whom, with which words."""

    name: str
    leave: Leave
    duty: Duty
    permission: Permission
    form: type[forms.ExtensionForm]
    title: Any
    lead: Any
    button: Any
    done: Any
    kind: str = "primary"


_P = Permission
# fmt: off
ACTS = (
    Act("consent", Leave.CONSENT, Duty.HANDLER, _P.DISPUTE_HANDLE, forms.ConsentForm,
        _l("双方同意延长"), _l("延长须双方当事人都同意，并在届满之前；写明怎样征得同意。"),
        _l("延长"), _l("期限已延长。")),
    Act("ask", Leave.APPROVAL, Duty.HANDLER, _P.DISPUTE_HANDLE, forms.AskingForm,
        _l("申请延长"), _l("须在届满之前由县级综治中心批准；批准前仍按原期限计时。"),
        _l("申请"), _l("已报县级综治中心，批准前仍按原期限。")),
    Act("approve", Leave.APPROVAL, Duty.COUNTY, _P.DISPUTE_DISPATCH, forms.ApprovalForm,
        _l("批准延长"), _l("届满之后不能再批准。延长会写进经过，并通知承办单位。"),
        _l("批准延长"), _l("已批准延长。")),
    Act("refuse", Leave.APPROVAL, Duty.COUNTY, _P.DISPUTE_DISPATCH, forms.RefusalForm,
        _l("不准延长"), _l("写明理由，通知承办单位；仍按原期限。"),
        _l("不准延长"), _l("已答复承办单位，仍按原期限。"), "danger"),
)
# fmt: on
BY_NAME = {act.name: act for act in ACTS}


def refusal(
    act: Act,
    viewer: Viewer,
    dispute: Dispute,
    row: Deadline,
    rule: LimitRule,
    events: Sequence[DisputeEvent],
    now: datetime,
) -> Refusal | None:
    """Why this viewer may not do it now."""
    actor = actor_of(viewer, dispute)
    if act.duty not in actor.duties or act.permission not in actor.permissions:
        text = N_("由%(holders)s办理“%(act)s”。")
        values = {"holders": act.duty.name_zh, "act": str(act.title)}
        return Refusal("not_your_duty", text, rule.source, Ground.DUTY, values=values)
    if rule.family in TRACKED.values():
        text = N_("法院委托调解的期限，请用“延长期限”这一步办理。")
        return Refusal("tracked", text, rule.source, Ground.STATE)
    request = open_request(events, row)
    if act.name == "ask" and (request is not None or Duty.COUNTY in actor.duties):
        return Refusal("asked_already", N_("已经申请过，等县级综治中心答复。"), "", Ground.STATE)
    if act.name == "refuse":
        unasked = Refusal("not_asked", N_("没有待答复的延长申请。"), "", Ground.STATE)
        return unasked if request is None else None
    return extension_refusal(row, rule, act.leave, now)


def open_request(events: Sequence[DisputeEvent], row: Deadline) -> DisputeEvent | None:
    """The request for this deadline that nobody has answered yet."""
    found = None
    for event in events:
        if event.event in (ASKED, REFUSED, EXTENDED) and _is_of(event, row):
            found = event if event.event == ASKED else None
    return found


def _is_of(event: DisputeEvent, row: Deadline) -> bool:
    facts = event.facts
    return facts.get("rule") == row.rule and facts.get("started_at") == row.started_at.isoformat()
