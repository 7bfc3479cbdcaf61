"""Reading series: members as far as they are in sight, and what may belong together."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, exists, func, not_, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.roles import Reach
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.coordination.series.models import Series, SeriesMember
from yuantou.disputes.conditions import scope_of
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.workflow import DisputeState

SHOWN = 200
APART = (DisputeState.DRAFT, DisputeState.MERGED)
ORGANISATION = "organisation"


@dataclass(frozen=True)
class Members:
    """Those in sight, how many there are by state, and how many are out of sight."""

    rows: Sequence[Any]
    states: dict[str, int]
    seen: int
    unseen: int


@dataclass(frozen=True)
class Suggestion:
    """Matters that several people have with one organisation."""

    respondent: str
    ids: tuple[int, ...]


def find(session: Session, series_id: int) -> Series | None:
    """A series in sight."""
    return session.get(Series, series_id)


def series_in_sight(session: Session) -> list[Any]:
    """Series with their leads, those that go on first."""
    asked = (
        select(Series, Agency.name.label("lead"))
        .join(Agency, Agency.id == Series.lead_agency_id)
        .order_by(Series.ended_at.is_not(None), Series.id.desc())
    )
    return list(session.execute(asked.limit(SHOWN)))


def may_manage(viewer: Viewer, series: Series) -> bool:
    """Whose area it lies in, or who leads it, may change it while it goes on."""
    if series.ended_at is not None or not viewer.may(Permission.DISPUTE_DISPATCH):
        return False
    full = viewer.scope.full
    return full.lo <= series.area_path < full.hi or series.lead_agency_id == viewer.agency.id


def members_of(session: Session, viewer: Viewer, series: Series) -> Members:
    """Members in scope, with the number of the others and nothing else about them."""
    columns = (
        Dispute.id,
        Dispute.number,
        Dispute.title,
        Dispute.state,
        Dispute.place,
        Dispute.next_due_at,
        Dispute.reported_at,
        Agency.name.label("handler"),
    )
    asked = select(*columns).join(Agency, Agency.id == Dispute.handler_agency_id)
    rows = session.execute(
        asked.where(viewer.scope.visible(Dispute), Dispute.id.in_(_present(series.id))).order_by(
            Dispute.reported_at.desc(), Dispute.id.desc()
        )
    ).all()
    states = Counter(row.state for row in rows)
    unseen = max(series.size - len(rows), 0)
    return Members(rows[:SHOWN], dict(states), len(rows), unseen)


def series_of(session: Session, dispute_id: int) -> Any | None:
    """The series that a matter stands in, with its lead."""
    asked = (
        select(Series, Agency.name.label("lead"))
        .join(SeriesMember, SeriesMember.series_id == Series.id)
        .join(Agency, Agency.id == Series.lead_agency_id)
        .where(SeriesMember.dispute_id == dispute_id, SeriesMember.removed_at.is_(None))
    )
    return session.execute(asked).first()


def organisations(session: Session, ids: Sequence[int]) -> list[str]:
    """Organisations against which these matters go; natural persons are never among them."""
    asked = (
        select(Party.name_mask)
        .where(Party.dispute_id.in_(ids), Party.kind == ORGANISATION, Party.side == "respondent")
        .group_by(Party.name_mask)
        .order_by(func.count().desc(), Party.name_mask)
    )
    return list(session.scalars(asked.limit(SHOWN)))


def suggestions(
    session: Session, viewer: Viewer, *, least: int, days: int, now: datetime
) -> list[Suggestion]:
    """Organisations with so many fresh matters in scope that are in no series yet."""
    if viewer.scope.reach is not Reach.AREA:
        return []
    in_series = exists().where(
        SeriesMember.dispute_id == Dispute.id, SeriesMember.removed_at.is_(None)
    )
    asked = (
        select(Party.name_mask, func.array_agg(Dispute.id.distinct()).label("ids"))
        .join(Dispute, Dispute.id == Party.dispute_id)
        .where(
            *scope_of(viewer),
            Party.kind == ORGANISATION,
            Party.side == "respondent",
            Dispute.reported_at >= now - timedelta(days=days),
            not_(Dispute.restricted),
            Dispute.state.not_in(APART),
            not_(in_series),
        )
        .group_by(Party.name_mask)
        .having(func.count(Dispute.id.distinct()) >= least)
        .order_by(func.count(Dispute.id.distinct()).desc())
    )
    rows = session.execute(asked.limit(20))
    return [Suggestion(row.name_mask, tuple(sorted(row.ids))) for row in rows]


def matters(session: Session, viewer: Viewer, ids: Sequence[int]) -> Sequence[Dispute]:
    """These matters, as far as they are in scope."""
    asked = select(Dispute).where(viewer.scope.visible(Dispute), Dispute.id.in_(ids))
    return session.scalars(asked.order_by(Dispute.reported_at, Dispute.id)).all()


def _present(series_id: int) -> Select[Any]:
    return select(SeriesMember.dispute_id).where(
        SeriesMember.series_id == series_id, SeriesMember.removed_at.is_(None)
    )
