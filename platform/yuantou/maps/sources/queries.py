"""Reading sources: sums of the counties in sight, members for who may open them, no names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.roles import Reach
from yuantou.access.scope import within
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.organisations import UNSURE
from yuantou.indicators.disclosure import conceal, shown, small
from yuantou.maps.sources.kinds import KINDS, label
from yuantou.maps.sources.models import CommonSource, CommonSourceArea, CommonSourceMatter
from yuantou.territory.models import Area

SHOWN = 200
OWN, OUTSIDE, ALL = "own", "outside", "all"


@dataclass(frozen=True)
class Line:
    """A source as a list shows it; counts are words, concealed where they are small.

    `own` and `people` count the matters of the counties in sight, `outside` those elsewhere;
    where `all_hidden`, nothing may tell how many they are together.
    """

    source: CommonSource
    label: str
    kind: str
    own: str
    outside: str
    all_hidden: bool
    elsewhere: bool
    counties: int
    people: int | None


@dataclass(frozen=True)
class Members:
    """Matters that the viewer may open, and how many more there are."""

    rows: Sequence[Row[Any]]
    seen: int
    unseen: str


def listed(session: Session, viewer: Viewer, kind: str = "", state: str = "") -> list[Line]:
    """Sources in sight, the strongest evidence first."""
    sums = _sums(viewer)
    asked = (
        select(CommonSource, sums.c.own, sums.c.counties, sums.c.people)
        .outerjoin(sums, sums.c.source_id == CommonSource.id)
        .where(CommonSource.ended_at.is_(None), _in_sight(viewer))
        .order_by(
            CommonSource.state != "rising",
            CommonSource.q.nulls_last(),
            CommonSource.llr.desc().nulls_last(),
            CommonSource.disputes.desc(),
            CommonSource.id,
        )
    )
    if kind in KINDS:
        asked = asked.where(CommonSource.kind == kind)
    if state:
        asked = asked.where(CommonSource.state == state)
    rows = session.execute(asked.limit(SHOWN)).all()
    return [_line(viewer, row) for row in rows]


def find(session: Session, viewer: Viewer, source_id: int) -> Line | None:
    """One source in sight; one that has ended too."""
    sums = _sums(viewer)
    asked = (
        select(CommonSource, sums.c.own, sums.c.counties, sums.c.people)
        .outerjoin(sums, sums.c.source_id == CommonSource.id)
        .where(CommonSource.id == source_id, _in_sight(viewer))
    )
    row = session.execute(asked).first()
    return None if row is None else _line(viewer, row)


def areas(session: Session, viewer: Viewer, line: Line) -> list[tuple[str, str]]:
    """Counties in sight with their counts as they may be written, and the rest in one line."""
    rows = session.execute(
        select(Area.code, Area.name, CommonSourceArea.disputes)
        .join(Area, Area.code == CommonSourceArea.county_code)
        .where(
            CommonSourceArea.source_id == line.source.id,
            within(CommonSourceArea.area_path, viewer.scope.sums),
        )
        .order_by(Area.code)
    ).all()
    counts: dict[str, int | None] = {row.code: row.disputes for row in rows}
    sums = [(ALL, list(counts))]
    hidden = set() if sees_rows(viewer) else conceal({**counts, ALL: _total(counts)}, sums)
    found = [(row.name, shown(row.disputes, row.code in hidden)) for row in rows]
    return found + ([(_("查看范围以外"), line.outside)] if line.elsewhere else [])


def members(session: Session, source_id: int, viewer: Viewer | None = None) -> list[int]:
    """Ids of the matters of a source: those in the viewer's scope, else all that the role sees."""
    asked = select(CommonSourceMatter.dispute_id).where(CommonSourceMatter.source_id == source_id)
    if viewer is not None:
        held = select(Dispute.id).where(viewer.scope.opens(Dispute))
        asked = asked.where(CommonSourceMatter.dispute_id.in_(held))
    return list(session.scalars(asked.order_by(CommonSourceMatter.dispute_id)))


def members_of(session: Session, viewer: Viewer, line: Line) -> Members:
    """Matters in scope, newest first, with the number of the others and nothing else of them."""
    joined = and_(
        CommonSourceMatter.dispute_id == Dispute.id, CommonSourceMatter.source_id == line.source.id
    )
    seen = viewer.scope.opens(Dispute)
    count = session.scalar(
        select(func.count()).select_from(Dispute).join(CommonSourceMatter, joined).where(seen)
    )
    asked: Any = (
        select(
            Dispute.id,
            Dispute.number,
            Dispute.title,
            Dispute.state,
            Dispute.place,
            Dispute.restricted,
            Dispute.reported_at,
            CommonSourceMatter.party_id,
            CommonSourceMatter.by_hand,
        )
        .join(CommonSourceMatter, joined)
        .where(seen)
        .order_by(Dispute.reported_at.desc(), Dispute.id.desc())
        .limit(SHOWN)
    )
    rows: Sequence[Row[Any]] = session.execute(asked).all()
    counted = 0 if line.source.origin == "cause" else line.source.disputes  # suits, not matters
    rest = max(counted - (count or 0), 0)
    return Members(rows, count or 0, _written(viewer, rest, line.all_hidden))


def days_of(session: Session, viewer: Viewer, line: Line) -> list[date]:
    """The days on which the members in scope were registered."""
    held = select(CommonSourceMatter.dispute_id).where(
        CommonSourceMatter.source_id == line.source.id
    )
    asked = select(Dispute.reported_at).where(Dispute.id.in_(held), viewer.scope.opens(Dispute))
    return [local(at).date() for at in session.scalars(asked)]


def unsure(session: Session, viewer: Viewer) -> Sequence[Row[Any]]:
    """Matters in scope with a party typed as an organisation that may be a person."""
    asked: Any = (
        select(Dispute.id, Dispute.number, Dispute.title, Party.id.label("party"), Party.name_mask)
        .join(Party, Party.dispute_id == Dispute.id)
        .where(Party.kind == UNSURE, func.length(Party.name_enc) > 0, viewer.scope.opens(Dispute))
        .order_by(Dispute.id.desc(), Party.id)
        .limit(SHOWN)
    )
    rows: Sequence[Row[Any]] = session.execute(asked).all()
    return rows


def scanned_at(session: Session) -> datetime | None:
    """When sources were last scanned."""
    return session.scalar(select(func.max(CommonSource.scanned_at)))


def sees_rows(viewer: Viewer) -> bool:
    """Whether the viewer opens every matter of his area, so that small counts tell him nothing."""
    return viewer.scope.reach is Reach.AREA


def _sums(viewer: Viewer) -> Any:
    return (
        select(
            CommonSourceArea.source_id,
            func.sum(CommonSourceArea.disputes).label("own"),
            func.sum(CommonSourceArea.people).label("people"),
            func.count().label("counties"),
        )
        .where(within(CommonSourceArea.area_path, viewer.scope.sums))
        .group_by(CommonSourceArea.source_id)
        .subquery()
    )


def _in_sight(viewer: Viewer) -> Any:
    touches = exists().where(
        CommonSourceArea.source_id == CommonSource.id,
        within(CommonSourceArea.area_path, viewer.scope.sums),
    )
    placed = within(CommonSource.area_path, viewer.scope.sums)
    return or_(touches, placed, CommonSource.agency_id == viewer.agency.id)


def _line(viewer: Viewer, row: Row[Any]) -> Line:
    source, own = row[0], int(row.own or 0)
    outside = max(source.disputes - own, 0)
    counts = {OWN: own, OUTSIDE: outside, ALL: source.disputes}
    hidden = conceal(counts, [(ALL, [OWN, OUTSIDE])])
    if sees_rows(viewer):
        hidden.discard(OWN)
        hidden |= {ALL} if small(outside) else set()
    elif not outside:
        hidden = {key for key in (OWN, ALL) if small(source.disputes)}
    return Line(
        source,
        label(source.id, source.kind, source.name),
        str(KINDS[source.kind]),
        _written(viewer, own, OWN in hidden),
        shown(outside, OUTSIDE in hidden),
        ALL in hidden,
        bool(outside),
        row.counties or 0,
        row.people if outside else source.people,
    )


def _written(viewer: Viewer, count: int, hidden: bool) -> str:
    return f"{count:,}" if sees_rows(viewer) and not hidden else shown(count, hidden)


def _total(counts: Mapping[str, int | None]) -> int:
    return sum(count or 0 for count in counts.values())
