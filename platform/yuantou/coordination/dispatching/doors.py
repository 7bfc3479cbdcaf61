"""Who may do what between agencies, and why not: the rules of joint handling and hand-overs."""

from collections.abc import Callable

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.coordination.dispatching.models import Whistle
from yuantou.coordination.dispatching.queries import Held
from yuantou.disputes.matter import N_, Duty, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.standing import CENTRES, actor_of
from yuantou.disputes.workflow import LIVE, DisputeState

Rule = Callable[[Viewer, Dispute, Held], Refusal | None]
_S = DisputeState
# A centre has it and nobody handles it yet: only then can it go to another area.
TRANSFERABLE = (
    _S.REPORTED,
    _S.ACCEPTED,
    _S.TRIAGED,
    _S.RETURNED,
    _S.ESCALATED,
    _S.REOPENED,
)


def joining(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """The handler or the centre of the area asks others to help."""
    if dispute.state not in LIVE or dispute.state == _S.REPORTED:
        return _state(N_("受理以后、结案以前，才能邀请协办单位"))
    return None if _leads(viewer, dispute) else _duty(N_("由承办单位或者综治中心邀请协办单位"))


def releasing(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """Whoever asked for help may say that it is no longer needed."""
    if not held.helping:
        return _state(N_("现在没有协办单位"))
    return None if _leads(viewer, dispute) else _duty(N_("由承办单位或者综治中心解除协办"))


def contributing(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """Who helps writes what it did; settling and closing stay with the handler."""
    if dispute.state not in LIVE:
        return _state(N_("这件事项已经终结"))
    if viewer.agency.id in held.helping and viewer.may(Permission.DISPUTE_HANDLE):
        return None
    return _duty(N_("由协办单位填写"))


def transferring(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """A centre that has the matter offers it to the centre of another area."""
    if held.offer is not None:
        return _state(N_("已经移送，正在等对方接收"))
    if dispute.state not in TRANSFERABLE:
        return _state(N_("部门签收、调解开始以后不能移送；请先退回或者提级"))
    if _is_handler(viewer, dispute) and viewer.agency.kind in CENTRES and _sends(viewer):
        return None
    return _duty(N_("由持有这件事项的综治中心移送"))


def answering_transfer(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """The centre to which the matter is offered takes it or not."""
    offer = held.offer
    if offer is None:
        return _state(N_("没有等待接收的移送"))
    if offer.to_agency_id == viewer.agency.id and _sends(viewer):
        return None
    return _duty(N_("由移送的接收单位答复"))


def withdrawing(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """The sender may take the offer back while it waits."""
    offer = held.offer
    if offer is None:
        return _state(N_("没有等待接收的移送"))
    if offer.from_agency_id == viewer.agency.id and _sends(viewer):
        return None
    return _duty(N_("由移送单位撤回"))


def whistling(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """A township calls departments to come (街乡吹哨、部门报到)."""
    if dispute.state not in LIVE:
        return _state(N_("这件事项已经终结"))
    township = viewer.agency.kind == "township_centre"
    concerned = actor_of(viewer, dispute).duties & {Duty.HANDLER, Duty.COORDINATOR}
    if township and concerned and _sends(viewer):
        return None
    return _duty(N_("由事项所在乡镇街道吹哨"))


def answering_whistle(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """A department that was called says whether it comes."""
    if dispute.state not in LIVE:
        return _state(N_("这件事项已经终结"))
    if held.whistle_for(viewer.agency.id) is None:
        return _state(N_("没有要本单位回应的哨声"))
    return None if viewer.may(Permission.DISPUTE_SIGN) else _duty(N_("由被吹哨的单位回应"))


def arriving(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """The township notes who came, and when."""
    waiting = any(_coming(row.Whistle, viewer.agency.id) for row in held.whistles)
    if not waiting:
        return _state(N_("没有等待到场的单位"))
    return None if _sends(viewer) else _duty(N_("由吹哨的乡镇街道登记到场"))


def referring(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """Who has the matter hands something over to police, petition office or 12345, or notes that
    it came from there."""
    if dispute.state not in LIVE:
        return _state(N_("这件事项已经终结"))
    return None if _leads(viewer, dispute) else _duty(N_("由承办单位或者综治中心登记"))


def answering_referral(viewer: Viewer, dispute: Dispute, held: Held) -> Refusal | None:
    """The outside answer is recorded by who has the matter, after its end too."""
    if not held.unanswered:
        return _state(N_("没有等待答复的转办"))
    return None if _leads(viewer, dispute) else _duty(N_("由承办单位或者综治中心登记"))


def _leads(viewer: Viewer, dispute: Dispute) -> bool:
    duties = actor_of(viewer, dispute).duties
    handles = Duty.HANDLER in duties and viewer.may(Permission.DISPUTE_HANDLE)
    return handles or (bool(duties & {Duty.COORDINATOR, Duty.COUNTY}) and _sends(viewer))


def _is_handler(viewer: Viewer, dispute: Dispute) -> bool:
    return Duty.HANDLER in actor_of(viewer, dispute).duties


def _sends(viewer: Viewer) -> bool:
    return viewer.may(Permission.DISPUTE_DISPATCH)


def _coming(whistle: Whistle, caller: int) -> bool:
    on_the_way = whistle.response == "coming" and whistle.arrived_at is None
    return on_the_way and whistle.caller_agency_id == caller


def _state(text: str) -> Refusal:
    return Refusal("not_now", text, "", Ground.STATE)


def _duty(text: str) -> Refusal:
    return Refusal("not_yours", text, "", Ground.DUTY)
