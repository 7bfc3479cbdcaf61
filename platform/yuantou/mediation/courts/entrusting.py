"""A court entrusts a mediation: the matter begins with whom the court asks."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty, add_parties
from yuantou.disputes.service import NewDispute, note_event, open_dispute
from yuantou.disputes.tracks import EntrustmentState
from yuantou.mediation.courts.models import Entrustment
from yuantou.mediation.courts.tracking import ENTRUSTED
from yuantou.notices.service import notify

SOURCE = "court"


@dataclass(frozen=True)
class Entrusted:
    """What the court sends; `submission` is drawn with the form, so that sending twice is once."""

    submission: str
    receiver: Agency
    court_case: str
    procedure: str
    type: str
    summary: str
    place: str
    filed_on: date
    materials: str
    parties: tuple[NewParty, ...]


def entrust(session: Session, *, by: Viewer, sent: Entrusted) -> Dispute:
    """Write the matter with the receiver as its owner, and the court's track in state SENT."""
    mark = func.hashtext(sent.submission)
    session.execute(select(func.pg_advisory_xact_lock(mark)))
    twin = session.scalars(select(Dispute).where(Dispute.submission == sent.submission)).first()
    if twin is not None:
        return twin
    at = clock.now()
    dispute = open_dispute(session, by=by, draft=_draft(sent), now=at)
    dispute.court_case = sent.court_case
    add_parties(session, dispute=dispute, told=sent.parties)
    session.add(
        Entrustment(
            dispute_id=dispute.id,
            state=str(EntrustmentState.SENT),
            court_agency_id=by.agency.id,
            court_case=sent.court_case,
            procedure=sent.procedure,
            materials=sent.materials,
            sent_by=by.id,
            sent_at=at,
            received_at=None,
            extended_on=None,
            outcome=None,
            reason="",
            returned_at=None,
            updated_at=at,
        )
    )
    facts = {"court_case": sent.court_case, "procedure": sent.procedure}
    note_event(session, dispute=dispute, event=ENTRUSTED, by=by, facts=facts, at=at)
    _tell(session, dispute)
    _audit(session, by, dispute)
    session.commit()
    return dispute


def _draft(sent: Entrusted) -> NewDispute:
    return NewDispute(
        submission=sent.submission,
        summary=sent.summary,
        type=sent.type,
        source=SOURCE,
        place=sent.place,
        area_code=sent.receiver.area_code,
        occurred_on=sent.filed_on,
        involved=max(2, len(sent.parties)),
        title=f"{read().types[sent.type].name_zh}：{sent.place}",
        handler_agency_id=sent.receiver.id,
    )


def _tell(session: Session, dispute: Dispute) -> None:
    notify(
        session,
        agency_id=dispute.handler_agency_id,
        kind="entrusted",
        title=_("法院委托调解：请签收材料"),
        link=f"/matters/{dispute.id}",
        dispute_id=dispute.id,
    )


def _audit(session: Session, by: Viewer, dispute: Dispute) -> None:
    record(
        session,
        action="dispute:entrust",
        object_type="dispute",
        object_id=dispute.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"handler_agency_id": dispute.handler_agency_id},
    )
