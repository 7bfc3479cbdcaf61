"""Who may know of a restricted matter, and what is asked about its restriction."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.coordination.protection.models import RestrictionLift
from yuantou.coordination.queries import people_of_county
from yuantou.disputes.models import Dispute, NamedHandler


def named(session: Session, dispute_id: int) -> list[Any]:
    """Named persons with their agencies, in the order in which they were named."""
    asked = (
        select(NamedHandler.account_id, Account.display_name, Agency.name.label("agency"))
        .join(Account, Account.id == NamedHandler.account_id)
        .join(Agency, Agency.id == Account.agency_id)
        .where(NamedHandler.dispute_id == dispute_id)
        .order_by(NamedHandler.id)
    )
    return list(session.execute(asked))


def who_else(session: Session, dispute: Dispute) -> list[tuple[int, str]]:
    """Persons of the county who are not yet named."""
    known = {row.account_id for row in named(session, dispute.id)}
    return [one for one in people_of_county(session, dispute) if one[0] not in known]


def open_lift(session: Session, dispute_id: int) -> RestrictionLift | None:
    """What is asked and not yet decided."""
    return session.scalars(
        select(RestrictionLift)
        .where(RestrictionLift.dispute_id == dispute_id, RestrictionLift.verdict.is_(None))
        .order_by(RestrictionLift.id.desc())
        .limit(1)
    ).first()
