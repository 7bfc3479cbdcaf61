"""Matters in the viewer's scope as the registers want them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Row, ScalarSelect, select, text
from sqlalchemy.orm import Session, aliased

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.disputes.models import Dispute, Party
from yuantou.exchange.registers.columns import Registers
from yuantou.exchange.registers.counting import ENDED, Mediated

_ENDINGS = text("SELECT * FROM registered_endings(:first, :after, :ended)")


class Item(NamedTuple):
    """One matter with what GB/T 31000 asks of it."""

    dispute: Dispute
    agency: str
    mediator: str | None
    party: str | None
    organisation: str | None


def ended_in(session: Session, registers: Registers, first: date, after: date) -> list[Mediated]:
    """What ended from `first` to before `after`, by agency and kind: numbers and sums alone.

    Restricted matters of the area count too, and open no way to them: the database adds them up.
    """
    rows = session.execute(_ENDINGS, {"first": first, "after": after, "ended": list(ENDED)})
    return [Mediated(row[0], registers.body_of(row[1], row[0]), *row[2:]) for row in rows]


def reported_in(
    session: Session, viewer: Viewer, first: date, after: date, most: int
) -> Sequence[Item]:
    """Matters reported from `first` to before `after`, the oldest first, `most` at most."""
    mediator = aliased(Account)
    rows: Sequence[Row[Dispute, str, str | None, str | None, str | None]] = session.execute(
        select(
            Dispute,
            Agency.name,
            mediator.display_name,
            _first_party("person"),
            _first_party("organisation"),
        )
        .join(Agency, Agency.id == Dispute.handler_agency_id)
        .outerjoin(mediator, mediator.id == Dispute.mediator_id)
        .where(
            viewer.scope.visible(Dispute),
            Dispute.reported_at >= first,
            Dispute.reported_at < after,
        )
        .order_by(Dispute.reported_at, Dispute.id)
        .limit(most)
    ).all()
    return [Item._make(row) for row in rows]


def _first_party(kind: str) -> ScalarSelect[str]:
    """The masked name of the first party of a kind."""
    return (
        select(Party.name_mask)
        .where(Party.dispute_id == Dispute.id, Party.kind == kind)
        .order_by(Party.position)
        .limit(1)
        .scalar_subquery()
    )
