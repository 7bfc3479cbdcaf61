"""Reading feeds. Row-level security keeps a court to its own; rows are opened with a reason."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.judiciary.casefeed.models import (
    FeedBatch,
    FeedParty,
    FeedSuit,
    SuitFeedMonth,
    SuitLink,
)
from yuantou.territory.models import Area, Court

SHOWN = 100


@dataclass(frozen=True)
class Sums:
    """What a batch holds, without any row: suits by month and by cause, those of no family, and
    those that name nobody and can be compared with nothing."""

    suits: int
    persons: int
    by_month: list[tuple[date, int]]
    by_cause: list[tuple[str, int]]
    strange: int
    nameless: int


@dataclass(frozen=True)
class Line:
    """One suit as it is opened: the beginnings of its hashes."""

    suit: FeedSuit
    township: str
    parties: list[str]


def court_of(session: Session, by: Viewer) -> Court | None:
    """The viewer's own court."""
    return session.get(Court, by.agency.court_code) if by.agency.court_code else None


def batches(session: Session, by: Viewer, *, limit: int = 50) -> list[FeedBatch]:
    """The latest batches of the viewer's court; drafts only of whoever entered them."""
    query = select(FeedBatch).where(
        FeedBatch.submitted_at.is_not(None) | (FeedBatch.entered_by == by.id)
    )
    return list(session.scalars(query.order_by(FeedBatch.id.desc()).limit(limit)))


def months_fed(session: Session, court: str) -> set[date]:
    """The months of a court that released feeds cover."""
    query = select(SuitFeedMonth.month).where(SuitFeedMonth.court_code == court).distinct()
    return set(session.scalars(query))


def known_keys(session: Session, court: str, keys: Collection[bytes]) -> set[bytes]:
    """Which suits of a court stand there already."""
    query = select(FeedSuit.suit_key).where(
        FeedSuit.court_code == court, FeedSuit.suit_key.in_(list(keys))
    )
    return {key for key in session.scalars(query) if key is not None}


def sums(session: Session, batch_id: int) -> Sums:
    """A batch in numbers."""
    month = func.date_trunc("month", FeedSuit.filed_on)
    own = FeedSuit.batch_id == batch_id
    months = session.execute(
        select(month, func.count()).where(own).group_by(month).order_by(month)
    ).all()
    causes = session.execute(
        select(FeedSuit.cause, FeedSuit.type, func.count())
        .where(own)
        .group_by(FeedSuit.cause, FeedSuit.type)
        .order_by(func.count().desc(), FeedSuit.cause)
    ).all()
    named = select(FeedParty.suit_id).where(FeedParty.suit_id == FeedSuit.id).exists()
    nameless = session.scalar(select(func.count()).select_from(FeedSuit).where(own, ~named))
    persons = session.scalar(select(func.count()).select_from(FeedParty).join(FeedSuit).where(own))
    return Sums(
        suits=sum(row[1] for row in months),
        persons=persons or 0,
        by_month=[(row[0].date(), row[1]) for row in months],
        by_cause=[(row[0], row[2]) for row in causes],
        strange=sum(row[2] for row in causes if not row[1]),
        nameless=nameless or 0,
    )


def lines(session: Session, batch_id: int) -> list[Line]:
    """The first rows of a batch, opened."""
    query = select(FeedSuit, Area.name).outerjoin(Area, Area.code == FeedSuit.area_code)
    rows = session.execute(
        query.where(FeedSuit.batch_id == batch_id)
        .order_by(FeedSuit.filed_on, FeedSuit.id)
        .limit(SHOWN)
    ).all()
    ids = [suit.id for suit, _name in rows]
    held: dict[int, list[str]] = {}
    for one in session.scalars(select(FeedParty).where(FeedParty.suit_id.in_(ids))):
        held.setdefault(one.suit_id, []).append(one.id_index.hex()[:8])
    return [Line(suit, name or "", held.get(suit.id, [])) for suit, name in rows]


def townships_of(session: Session, court: Court) -> dict[str, str]:
    """Codes of the townships of a court's area, by code and name."""
    query = select(Area.code, Area.name).where(
        Area.level == "township", Area.path.startswith(court.counts_to_path)
    )
    rows = session.execute(query).all()
    return {**{row.name: row.code for row in rows}, **{row.code: row.code for row in rows}}


def links_of(session: Session, dispute_id: int) -> list[SuitLink]:
    """Suits after a settled matter; the database shows them to its handlers alone."""
    query = select(SuitLink).where(SuitLink.dispute_id == dispute_id)
    return list(session.scalars(query.order_by(SuitLink.filed_on)))
