"""Reading disputes inside a viewer's scope: the desk's list and its counts.

Rows are plain tuples, not model objects; pages go on by position (keyset), never by OFFSET.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, column, func, literal, select, table, tuple_
from sqlalchemy.orm import Session, aliased

from yuantou.access.roles import Reach
from yuantou.access.scope import within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.disputes.conditions import (
    SHUT,
    TODO,
    behind,
    conditions,
    end_of_day,
    order_of,
    scope_of,
)
from yuantou.disputes.filters import Filters, Position
from yuantou.disputes.models import Dispute, Participation
from yuantou.disputes.owed import Owed, owed_until
from yuantou.territory.models import Area

PAGE = 50
HOLDING = ("reporting", "handling")  # parts that have the matter; others lead, help or look on
RECENT_DAYS = (7, 30, 90)
MOST_COUNTED = 9999

_COUNTY = aliased(Area)
# Intake owns this table, and intake stands above: only what is counted is named here.
_HINT = table("duplicate_hint", column("dispute_id"), column("settled_at"))
COLUMNS = (
    Dispute.id,
    Dispute.version,
    Dispute.number,
    Dispute.state,
    Dispute.title,
    Dispute.type,
    Dispute.risk,
    Dispute.place,
    Dispute.area_code,
    Dispute.involved,
    Dispute.amount,
    Dispute.restricted,
    Dispute.returns,
    Dispute.handler_agency_id,
    Dispute.mediator_id,
    Dispute.next_due_at,
    Dispute.next_due_rule,
    Dispute.reported_at,
    Area.name.label("area_name"),
    Agency.name.label("handler_name"),
    _COUNTY.name.label("county_name"),
)


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next page begins (None: there is none).

    `total`: how many answer the question, where finding them has counted them anyway.
    """

    rows: Sequence[Row[Any]]
    after: Position | None
    held_since: Mapping[int, datetime]
    mediators: Mapping[int, str]
    owed: Mapping[int, Owed] = field(default_factory=dict)
    total: int | None = None


@dataclass(frozen=True)
class Counts:
    """How many matters wait, by stage and by pressure."""

    open: int
    mine: int
    today: int
    over: int
    red: int
    states: Mapping[str, int]


def listing(
    session: Session,
    viewer: Viewer,
    filters: Filters,
    *,
    now: datetime,
    after: Position | None = None,
    size: int = PAGE,
) -> Page:
    """One page of the desk."""
    ids, found = _found(session, viewer, filters, now=now, after=after, most=size + 1)
    rows = rows_by_id(session, viewer, ids)
    shown, more = rows[:size], len(rows) > size
    return Page(
        shown,
        _position(shown[-1], filters) if more else None,
        held_since(session, shown),
        account_names(session, [row.mediator_id for row in shown]),
        _owed(session, viewer, filters, shown),
        found,
    )


def _found(
    session: Session,
    viewer: Viewer,
    filters: Filters,
    *,
    now: datetime,
    after: Position | None,
    most: int,
) -> tuple[Sequence[int], int | None]:
    """The ids of a page, and how many there are in all where every text was read to find them."""
    if after is not None or not filters.words:
        return ids_of(session, viewer, filters, now=now, after=after, most=most), None
    asked = select(Dispute.id, func.count().over().label("all"))
    asked = asked.where(*conditions(viewer, filters, now)).order_by(*order_of(filters)).limit(most)
    rows = session.execute(asked).all()
    return [row.id for row in rows], rows[0].all if rows else 0


def _owed(
    session: Session, viewer: Viewer, filters: Filters, rows: Sequence[Row[Any]]
) -> dict[int, Owed]:
    """What the unit owes in matters that others hold; asked for its list of what is to do."""
    if filters.view != TODO:
        return {}
    others = [row.id for row in rows if row.handler_agency_id != viewer.agency.id]
    return owed_until(session, viewer.agency.id, others)


def rows_of(
    session: Session,
    viewer: Viewer,
    filters: Filters,
    *,
    now: datetime,
    after: Position | None = None,
    most: int,
) -> Sequence[Row[Any]]:
    """At most so many rows, in the order of the desk.

    Found first and joined afterwards: joined at once, few expected rows mislead the planner.
    """
    ids = ids_of(session, viewer, filters, now=now, after=after, most=most)
    return rows_by_id(session, viewer, ids)


def total(
    session: Session, viewer: Viewer, filters: Filters, *, now: datetime, most: int = MOST_COUNTED
) -> int:
    """How many matters answer the question; one more than `most` says that there are more."""
    inner = select(literal(1)).select_from(Dispute).where(*conditions(viewer, filters, now))
    return session.scalar(select(func.count()).select_from(inner.limit(most + 1).subquery())) or 0


def ids_of(
    session: Session,
    viewer: Viewer,
    filters: Filters,
    *,
    now: datetime,
    after: Position | None = None,
    most: int,
) -> Sequence[int]:
    """Ids of the matters that answer the question, in the order of the desk."""
    asked = select(Dispute.id).where(*conditions(viewer, filters, now))
    if after is not None:
        asked = asked.where(behind(filters, after))
    return session.scalars(asked.order_by(*order_of(filters)).limit(most)).all()


def rows_by_id(session: Session, viewer: Viewer, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """These matters as the desk reads them, as far as they are in scope, in the same order."""
    asked = _joined(*COLUMNS).where(viewer.scope.opens(Dispute), Dispute.id.in_(ids))
    found = {row.id: row for row in session.execute(asked)}
    return [found[each] for each in ids if each in found]


def counts(session: Session, viewer: Viewer, *, now: datetime) -> Counts:
    """All numbers beside the list, from one pass over the live matters in scope."""
    mine = Dispute.handler_agency_id == viewer.agency.id
    over = func.coalesce(Dispute.next_due_at < now, False)
    today = func.coalesce(Dispute.next_due_at <= end_of_day(now), False)
    red = func.coalesce(Dispute.risk == "red", False)
    found = session.execute(
        select(Dispute.state, mine, over, today, red, func.count())
        .where(*scope_of(viewer), Dispute.state.not_in(SHUT))
        .group_by(Dispute.state, mine, over, today, red)
    ).all()
    sums: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for state, is_mine, is_over, is_today, is_red, number in found:
        states[state] += number
        sums["open"] += number
        sums["mine"] += number * is_mine
        sums["over"] += number * is_over
        sums["today"] += number * (is_today and not is_over)
        sums["red"] += number * is_red
    return Counts(sums["open"], sums["mine"], sums["today"], sums["over"], sums["red"], states)


def held_since(session: Session, rows: Sequence[Row[Any]]) -> dict[int, datetime]:
    """Since when each matter lies with its handler."""
    handlers = [(row.id, row.handler_agency_id) for row in rows]
    if not handlers:
        return {}
    found = session.execute(
        select(Participation.dispute_id, func.max(Participation.since).label("since"))
        .where(
            tuple_(Participation.dispute_id, Participation.agency_id).in_(handlers),
            Participation.part.in_(HOLDING),
            Participation.until.is_(None),
        )
        .group_by(Participation.dispute_id)
    )
    return {row.dispute_id: row.since for row in found}


def account_names(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of these accounts."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    asked = select(Account.id, Account.display_name).where(Account.id.in_(wanted))
    return {row.id: row.display_name for row in session.execute(asked)}


def places(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """What the viewer can narrow by: townships of his full range, else counties of his sight."""
    far = viewer.scope.reach is Reach.PRESSING
    range_ = viewer.scope.pressing if far else viewer.scope.full
    levels = ["city", "county"] if far else ["township"]
    asked = select(Area.code, Area.name, Area.level).where(
        within(Area.path, range_), Area.level.in_(levels), Area.valid_to.is_(None)
    )
    rows = session.execute(asked.order_by(Area.code)).all()
    cities = {row.code: row.name for row in rows if row.level == "city"}
    return [(row.code, _placed(row.code, row.name, cities)) for row in rows]


def handlers(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """Agencies that hold live matters in the viewer's scope; too many above a county."""
    if viewer.scope.reach is Reach.PRESSING:
        return []
    held = (
        select(Dispute.handler_agency_id)
        .where(*scope_of(viewer), Dispute.state.not_in(SHUT))
        .distinct()
    )
    asked = select(Agency.id, Agency.name).where(Agency.id.in_(held)).order_by(Agency.id)
    return [(number, name) for number, name in session.execute(asked)]


def open_hints(session: Session, viewer: Viewer) -> int:
    """Possible duplicates that wait for this viewer's judgement."""
    asked = (
        select(func.count())
        .select_from(_HINT)
        .join(Dispute, Dispute.id == _HINT.c.dispute_id)
        .where(_HINT.c.settled_at.is_(None), viewer.scope.visible(Dispute))
    )
    return session.scalar(asked) or 0


def _placed(code: str, name: str, cities: Mapping[str, str]) -> str:
    """A county with its city before it where several cities are on offer."""
    city = cities.get(f"{code[:4]}00", "") if len(cities) > 1 and code not in cities else ""
    return f"{city}{name}"


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Area, Area.code == Dispute.area_code)
        .join(_COUNTY, _COUNTY.code == Dispute.county_code)
        .join(Agency, Agency.id == Dispute.handler_agency_id)
    )


def _position(row: Row[Any], filters: Filters) -> Position:
    return Position(row.next_due_at if filters.by_deadline else row.reported_at, row.id)
