"""Who may add to the file of a matter, and until when."""

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.disputes.matter import Duty, Ground, Refusal
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.standing import actor_of
from yuantou.disputes.workflow import LIVE, DisputeState

ERASED = "personal_data_erased"
KEPT_IN = (*LIVE, DisputeState.CLOSED)  # a court's order may come after the file was closed


def keeping_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not add to the file of this matter now."""
    if dispute.state not in KEPT_IN:
        return Refusal("ended", _("这件事项已经终结，不再收材料"), "", Ground.STATE)
    duties = actor_of(by, dispute).duties & {Duty.HANDLER, Duty.COORDINATOR}
    own = bool(duties) or by.agency.id == dispute.reporting_agency_id
    if own and by.may(Permission.DISPUTE_HANDLE):
        return None
    words = _("由承办单位、登记单位或者综治中心整理卷宗")
    return Refusal("not_handler", words, "", Ground.DUTY)


def closed_to(session: Session, dispute: Dispute, by: Viewer) -> Refusal | None:
    """The same, and nothing is added once the matter's personal data was erased."""
    refusal = keeping_refusal(dispute, by)
    if refusal is not None:
        return refusal
    erased = select(DisputeEvent.id).filter_by(dispute_id=dispute.id, event=ERASED).limit(1)
    if session.scalars(erased).first() is None:
        return None
    return Refusal("erased", _("这件事项的个人信息已销毁，卷宗不再增加"), "", Ground.STATE)


def was_erased(events: Iterable[DisputeEvent]) -> bool:
    """Whether the personal data of a matter with these events was erased."""
    return any(event.event == ERASED for event in events)
