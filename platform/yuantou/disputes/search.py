"""Finding a party's matters without reading any name: by keyed blind index, bounded, logged."""

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from yuantou.access.throttle import Throttle, own_share
from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.crypto.fields import blind_index
from yuantou.disputes.filters import Filters
from yuantou.disputes.parties import keyring
from yuantou.disputes.queries import Page, listing


class TooOftenError(Exception):
    """One person asked for parties more often than the settings let him."""


def find_by_party(
    session: Session, *, by: Viewer, id_number: str, name: str, phone: str, now: datetime
) -> Page:
    """Matters in scope with this ID number, or with this name and phone together."""
    admit(by)
    key = keyring().index_key
    indexes = [blind_index(key, id_number)] if id_number else []
    if name and phone:
        indexes.append(blind_index(key, name, phone))
    if not indexes:
        raise ValueError("a party is asked for by a number, or by name and phone")
    found = listing(session, by, Filters(view="all", party=tuple(indexes)), now=now)
    record(
        session,
        action="party:search",
        object_type="party",
        object_id="",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"by": "id" if id_number else "contact", "found": len(found.rows)},
    )
    session.commit()
    return found


def admit(by: Viewer) -> None:
    """Count a question about a party; raises TooOftenError beyond the settings."""
    limit = int(current_app.extensions["settings"].of("finding", "parties_per_minute"))
    throttle: Throttle = current_app.extensions.setdefault("party_questions", Throttle())
    if not throttle.admits(by.id, own_share(limit)):
        raise TooOftenError
