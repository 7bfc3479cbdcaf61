"""What every use case between agencies begins and ends with."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.coordination.dispatching.doors import Rule
from yuantou.coordination.dispatching.queries import Held, held
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.models import Dispute, DisputeEvent, NamedHandler, Participation
from yuantou.disputes.service import lock, note_event


def enter(
    session: Session, by: Viewer, dispute_id: int, version: int | None, rule: Rule
) -> tuple[Dispute, Held]:
    """Step: the matter, locked, with what passed between agencies; RefusedError where shut."""
    dispute = lock(session, dispute_id, version)
    found = held(session, dispute.id)
    refusal = rule(by, dispute, found)
    if refusal is not None:
        raise RefusedError(refusal)
    return dispute, found


def note(
    session: Session,
    by: Viewer,
    dispute: Dispute,
    event: str,
    at: datetime,
    words: str = "",
    **facts: Any,
) -> DisputeEvent:
    """Step: an event in the history, and a new version of the matter, so that a form sent twice
    or an older page is noticed."""
    noted = note_event(session, dispute=dispute, event=event, by=by, note=words, facts=facts, at=at)
    dispute.updated_at = at
    session.flush()
    return noted


def let_in(session: Session, dispute: Dispute, accounts: Sequence[int]) -> None:
    """Step: a restricted matter is seen by those who are named."""
    if dispute.restricted:
        for account_id in accounts:
            session.execute(select(func.name_handler(dispute.id, account_id)))


def shut_out(session: Session, dispute: Dispute, agency_id: int) -> None:
    """Step: the persons of an agency that has no part any more are named no longer.

    Who had the matter, and the centre of its county, stay named.
    """
    if not dispute.restricted or _belongs(session, dispute, agency_id):
        return
    persons = select(Account.id).where(Account.agency_id == agency_id)
    rows = select(NamedHandler).where(
        NamedHandler.dispute_id == dispute.id, NamedHandler.account_id.in_(persons)
    )
    for row in session.scalars(rows):
        session.delete(row)


def _belongs(session: Session, dispute: Dispute, agency_id: int) -> bool:
    had = select(Participation.id).where(
        Participation.dispute_id == dispute.id,
        Participation.agency_id == agency_id,
        Participation.part.in_(("reporting", "handling")),
    )
    if session.scalars(had.limit(1)).first() is not None:
        return True
    agency = session.get_one(Agency, agency_id)
    return agency.kind == "county_centre" and dispute.area_path.startswith(agency.area_path)


def take_part(session: Session, dispute: Dispute, agency_id: int, part: str, at: datetime) -> None:
    """Step: an agency's part in the matter begins."""
    session.add(
        Participation(dispute_id=dispute.id, agency_id=agency_id, part=part, since=at, until=None)
    )


def end_part(
    session: Session, dispute: Dispute, agency_id: int, parts: Sequence[str], at: datetime
) -> None:
    """Step: an agency's open parts of these kinds end."""
    rows = select(Participation).where(
        Participation.dispute_id == dispute.id,
        Participation.agency_id == agency_id,
        Participation.part.in_(parts),
        Participation.until.is_(None),
    )
    for row in session.scalars(rows):
        row.until = at
    session.flush()


def agencies_of(session: Session, accounts: Sequence[int]) -> dict[int, int]:
    """The agency of each of these persons."""
    asked = select(Account.id, Account.agency_id).where(Account.id.in_(accounts))
    return {row.id: row.agency_id for row in session.execute(asked)}
