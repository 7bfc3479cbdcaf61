"""What every use case of coordination ends with: telling whom it concerns, and its audit row."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.disputes.models import Dispute
from yuantou.notices.service import notify


def tell(
    session: Session,
    dispute: Dispute,
    kind: str,
    title: str,
    *,
    agency_id: int | None = None,
    account_id: int | None = None,
) -> None:
    """Step: a notice to the handler, to another agency, or to one person."""
    notify(
        session,
        agency_id=agency_id or dispute.handler_agency_id,
        account_id=account_id or None,
        kind=kind,
        title=title,
        link=f"/matters/{dispute.id}",
        dispute_id=dispute.id,
    )


def name_of(dispute: Dispute) -> str:
    """What a notice may say of a matter: a reference, never its words."""
    return dispute.number or _("未编号事项")


def finish(session: Session, by: Viewer, dispute: Dispute, action: str, **facts: Any) -> Dispute:
    """The audit row, and the end of the transaction."""
    record(
        session,
        action=f"dispute:{action}",
        object_type="dispute",
        object_id=dispute.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"state": dispute.state, **facts},
    )
    session.commit()
    return dispute
