"""The acts of the two tracks as one table: what each asks and says."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from yuantou.mediation.courts import forms


@dataclass(frozen=True)
class Page:
    """One act: its form and its words; the rest is in tracks.py."""

    action: str
    form: type[forms.TrackForm]
    lead: Any
    done: Any
    kind: str = "primary"


PAGES = (
    Page(
        "advise_confirmation",
        forms.NoteForm,
        _l("告诉双方：协议生效后三十天内可以共同申请司法确认；确认后有强制执行的效力，不收费。"),
        _l("已登记告知。"),
    ),
    Page(
        "apply_confirmation",
        forms.ApplicationForm,
        _l("须由双方共同申请。身份关系、确权等事项法院不予确认。"),
        _l("已登记申请，并告知法院。"),
    ),
    Page(
        "accept_confirmation",
        forms.CourtCaseForm,
        _l("按特别程序立案，不计入一审收案。"),
        _l("已登记受理。"),
    ),
    Page(
        "decline_confirmation",
        forms.ReasonForm,
        _l("写明不予受理的理由，当事人可以另行调解或者起诉。"),
        _l("已登记不予受理。"),
        "danger",
    ),
    Page(
        "confirm",
        forms.DecisionForm,
        _l("裁定后，一方不履行的，对方可以申请强制执行。"),
        _l("已登记裁定有效。"),
    ),
    Page(
        "dismiss",
        forms.DismissalForm,
        _l("裁定驳回的，当事人可以变更协议、重新调解或者起诉。"),
        _l("已登记裁定驳回。"),
        "danger",
    ),
    Page(
        "withdraw_confirmation",
        forms.ReasonForm,
        _l("裁定以前，申请人可以撤回。"),
        _l("已登记撤回。"),
        "danger",
    ),
    Page(
        "apply_execution",
        forms.ExecutionForm,
        _l("一方不履行经确认的协议，对方可以向法院申请强制执行。"),
        _l("已登记申请执行。"),
    ),
    Page(
        "receive",
        forms.ReceiptForm,
        _l("签收材料的时刻起算委托调解期限；同时受理这件事项。"),
        _l("已签收材料，期限已开始计算。"),
    ),
    Page(
        "extend_entrusted",
        forms.ExtensionForm,
        _l("双方当事人都同意的，可以延长。"),
        _l("已登记延长。"),
    ),
    Page(
        "succeed_entrusted",
        forms.SuccessForm,
        _l("登记调解的结果，随后把材料退回法院。"),
        _l("已登记结果。请把材料退回法院。"),
    ),
    Page(
        "fail_entrusted",
        forms.ReasonForm,
        _l("调解不成的，及时退回法院继续审理。"),
        _l("已登记调解不成。请把材料退回法院。"),
        "danger",
    ),
    Page(
        "return_to_court",
        forms.HandBackForm,
        _l("退回以后由法院继续审理或者办结。"),
        _l("已登记退回法院。"),
    ),
)
BY_ACTION = {page.action: page for page in PAGES}
