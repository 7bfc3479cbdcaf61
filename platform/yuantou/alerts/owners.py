"""Who answers for a warning: the nearest agency of the kinds that its level names."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.alerts.levels import HANDLER, Level
from yuantou.disputes.models import Dispute


@dataclass(frozen=True, slots=True)
class Owner:
    """An agency and perhaps one account of it; neither where no agency stands over the place."""

    agency_id: int | None
    account_id: int | None = None


def owner_of(session: Session, level: Level, path: str, dispute: Dispute | None) -> Owner:
    """The owner of a warning; of a restricted matter always the county, whose people are named."""
    if dispute is not None and not dispute.restricted and HANDLER in level.owners:
        return Owner(dispute.handler_agency_id, dispute.mediator_id)
    kinds = [kind for kind in level.owners if kind != HANDLER]
    if dispute is not None and dispute.restricted:
        kinds = [kind for kind in kinds if kind != "township_centre"]
    asked = select(Agency.kind, Agency.id).where(
        Agency.area_code.in_(path.strip("/").split("/")), Agency.kind.in_(kinds), Agency.active
    )
    standing = {row.kind: row.id for row in session.execute(asked.order_by(Agency.id.desc()))}
    return Owner(next((standing[kind] for kind in kinds if kind in standing), None))
