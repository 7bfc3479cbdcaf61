"""Has it been reported before? By ID number, or by name with phone, never by a name alone; or in
the same words by the same writer a moment ago, who went back and sent it again.

Only blind indexes are compared; nothing personal is read, logged or handed out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.crypto.fields import blind_index
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.parties import NewParty, keyring
from yuantou.disputes.service import NewDispute
from yuantou.disputes.workflow import DisputeState
from yuantou.territory.models import Area

MOST = 5
APART = (DisputeState.DRAFT, DisputeState.MERGED)
A_MOMENT = timedelta(hours=2)


@dataclass(frozen=True)
class Question:
    """Blind indexes of those who were named in full."""

    ids: frozenset[bytes]
    contacts: frozenset[bytes]

    def __bool__(self) -> bool:
        """Whether there is anything to look up."""
        return bool(self.ids or self.contacts)


@dataclass(frozen=True)
class Match:
    """A dispute inside the viewer's scope with the same person, or sent by him in these words."""

    id: int
    title: str
    area: str
    place: str
    state: DisputeState
    reported_at: datetime
    ground: str  # id, contact or words


def question_of(parties: Iterable[NewParty]) -> Question:
    """What may be asked about these parties."""
    key, named = keyring().index_key, tuple(parties)
    ids = {blind_index(key, party.id_number) for party in named if party.id_number}
    contacts = {
        blind_index(key, party.name, party.phone) for party in named if party.name and party.phone
    }
    return Question(frozenset(ids), frozenset(contacts))


def matches_inside(
    session: Session, viewer: Viewer, question: Question, apart: Iterable[int] = ()
) -> list[Match]:
    """Disputes in the viewer's own scope, newest first, without those known to be others."""
    if not question:
        return []
    by_id = func.bool_or(Party.id_index.in_(question.ids))
    rows = session.execute(
        select(Dispute, Area.short_name, by_id)
        .join(Party, Party.dispute_id == Dispute.id)
        .join(Area, Area.code == Dispute.area_code)
        .where(
            viewer.scope.visible(Dispute),
            or_(Party.id_index.in_(question.ids), Party.contact_index.in_(question.contacts)),
            Dispute.state.not_in(APART),
            Dispute.id.not_in(tuple(apart)),
        )
        .group_by(Dispute.id, Area.short_name)
        .order_by(Dispute.reported_at.desc())
        .limit(MOST)
    ).all()
    return [_match(dispute, area, "id" if same else "contact") for dispute, area, same in rows]


def sent_before(
    session: Session, viewer: Viewer, told: NewDispute, now: datetime, apart: Iterable[int] = ()
) -> list[Match]:
    """What the viewer reported a moment ago in the same words, from a page that he went back to."""
    rows = session.execute(
        select(Dispute, Area.short_name)
        .join(Area, Area.code == Dispute.area_code)
        .where(
            viewer.scope.visible(Dispute),
            Dispute.reporting_agency_id == viewer.agency.id,
            Dispute.reporter_id == viewer.id,
            Dispute.reported_at > now - A_MOMENT,
            Dispute.type == told.type,
            Dispute.area_code == told.area_code,
            Dispute.summary == told.summary,
            Dispute.state.not_in(APART),
            Dispute.id.not_in(tuple(apart)),
        )
        .order_by(Dispute.reported_at.desc())
        .limit(MOST)
    ).all()
    return [_match(dispute, area, "words") for dispute, area in rows]


def log_look_up(session: Session, by: Viewer, question: Question, found: list[Match]) -> None:
    """Step: that somebody asked stays in the chain; whom he asked about does not."""
    record(
        session,
        action="duplicate:look_up",
        object_type="agency",
        object_id=by.agency.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={
            "ids": len(question.ids),
            "contacts": len(question.contacts),
            "found": [match.id for match in found],
        },
    )


def report_outside(session: Session, dispute: Dispute) -> int:
    """Step: matches outside the scope go to the county coordinator, unseen by the reporter."""
    return session.scalar(select(func.report_match_outside(dispute.id))) or 0


def _match(dispute: Dispute, area: str, ground: str) -> Match:
    return Match(
        dispute.id,
        dispute.title,
        area,
        dispute.place,
        DisputeState(dispute.state),
        dispute.reported_at,
        ground,
    )
