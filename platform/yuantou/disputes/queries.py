"""Reading disputes inside a viewer's scope: the desk's list and its counts.

Rows are plain tuples, not model objects; pages go on by position (keyset), never by OFFSET.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    any_,
    column,
    func,
    or_,
    select,
    table,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from yuantou.access.roles import Reach
from yuantou.access.scope import within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute, Participation, Party
from yuantou.disputes.workflow import ENDS, DisputeState
from yuantou.territory.models import Area

PAGE = 50
SHUT = (DisputeState.DRAFT, *ENDS)
HIDDEN = (DisputeState.DRAFT,)
COUNTY_DEPTH = 3
RECENT_DAYS = (7, 30, 90)

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
class Filters:
    """What the desk was asked for; empty means not asked."""

    view: str = "open"
    state: str = ""
    type: str = ""
    area: str = ""
    agency: int | None = None
    risk: str = ""
    recent: int | None = None
    text: str = ""
    party: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def by_deadline(self) -> bool:
        """Live matters stand by their deadline, ended ones by the day they were reported."""
        return self.view not in ("done", "all") and not self.text and not self.party


@dataclass(frozen=True)
class Position:
    """The last row of a page: what it was ordered by, and its id."""

    at: datetime | None
    id: int

    def encode(self) -> str:
        """As it stands in the address of the next page."""
        return f"{self.at.isoformat() if self.at else ''}~{self.id}"

    @classmethod
    def decode(cls, text: str) -> "Position | None":
        """Read what `encode` wrote; anything else is no position."""
        moment, _, number = text.partition("~")
        try:
            at = datetime.fromisoformat(moment) if moment else None
            return cls(at, int(number)) if at is None or at.tzinfo else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Page:
    """Some rows, and where the next page begins (None: there is none)."""

    rows: Sequence[Row[Any]]
    after: Position | None
    held_since: Mapping[int, datetime]
    mediators: Mapping[int, str]


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
    rows = rows_of(session, viewer, filters, now=now, after=after, most=size + 1)
    shown, more = rows[:size], len(rows) > size
    return Page(
        shown,
        _position(shown[-1], filters) if more else None,
        held_since(session, shown),
        account_names(session, [row.mediator_id for row in shown]),
    )


def rows_of(
    session: Session,
    viewer: Viewer,
    filters: Filters,
    *,
    now: datetime,
    after: Position | None = None,
    most: int,
) -> Sequence[Row[Any]]:
    """At most so many rows, in the order of the desk."""
    asked = _joined(*COLUMNS).where(*conditions(viewer, filters, now))
    if after is not None:
        asked = asked.where(_behind(filters, after))
    return session.execute(asked.order_by(*_order(filters)).limit(most)).all()


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


def conditions(viewer: Viewer, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    """Scope first, then what was asked for."""
    found = [*scope_of(viewer), *_of_view(viewer, filters, now), Dispute.state.not_in(HIDDEN)]
    exact = {
        Dispute.state: filters.state,
        Dispute.type: filters.type,
        Dispute.risk: filters.risk,
        Dispute.handler_agency_id: filters.agency,
    }
    found += [column == value for column, value in exact.items() if value]
    if filters.area:
        found.append(Dispute.area_code == filters.area)
    if filters.recent:
        found.append(Dispute.reported_at >= now - timedelta(days=filters.recent))
    if filters.text:
        found.append(_mentions(filters.text))
    if filters.party:
        found.append(_with_party(filters.party))
    return found


def scope_of(viewer: Viewer) -> list[ColumnElement[bool]]:
    """The viewer's scope, said once more in the way that an index serves.

    At or below a county: its code, which the index begins with. For pressing matters: the
    agency's own as an array, so that two indexes can be joined by OR.
    """
    found = [viewer.scope.visible(Dispute)]
    if viewer.scope.reach is Reach.PRESSING:
        pressing = and_(Dispute.pressing, within(Dispute.area_path, viewer.scope.pressing))
        own = func.array(select(func.matters_of_unit()).scalar_subquery())
        found.append(or_(pressing, Dispute.id == any_(own)))
    if viewer.scope.reach is Reach.AREA:
        parts = viewer.scope.full.lo.strip("/").split("/")
        if len(parts) >= COUNTY_DEPTH:
            found.append(Dispute.county_code == parts[COUNTY_DEPTH - 1])
    return found


def held_since(session: Session, rows: Sequence[Row[Any]]) -> dict[int, datetime]:
    """Since when each matter lies with its handler."""
    handlers = [(row.id, row.handler_agency_id) for row in rows]
    if not handlers:
        return {}
    found = session.execute(
        select(Participation.dispute_id, func.max(Participation.since).label("since"))
        .where(
            tuple_(Participation.dispute_id, Participation.agency_id).in_(handlers),
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


def townships(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """The townships in the viewer's full range: code and name."""
    asked = select(Area.code, Area.name).where(
        within(Area.path, viewer.scope.full), Area.level == "township", Area.valid_to.is_(None)
    )
    return [(code, name) for code, name in session.execute(asked.order_by(Area.code))]


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


def end_of_day(now: datetime) -> datetime:
    """The last moment of the day that offices write now."""
    day = local(now)
    return datetime.combine(day.date(), time.max, day.tzinfo)


def end_of_week(now: datetime) -> datetime:
    """The last moment of this week's Sunday."""
    return end_of_day(now) + timedelta(days=6 - local(now).weekday())


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Area, Area.code == Dispute.area_code)
        .join(_COUNTY, _COUNTY.code == Dispute.county_code)
        .join(Agency, Agency.id == Dispute.handler_agency_id)
    )


def _of_view(viewer: Viewer, filters: Filters, now: datetime) -> list[ColumnElement[bool]]:
    if filters.view == "done":
        return [Dispute.state.in_(ENDS)]
    if filters.view == "all" or filters.text or filters.party:
        return []
    live = Dispute.state.not_in(SHUT)
    more: dict[str, list[ColumnElement[bool]]] = {
        "mine": [Dispute.handler_agency_id == viewer.agency.id],
        "over": [Dispute.next_due_at < now],
        "today": [Dispute.next_due_at >= now, Dispute.next_due_at <= end_of_day(now)],
        "red": [Dispute.risk == "red"],
    }
    return [live, *more.get(filters.view, [])]


def _order(filters: Filters) -> tuple[Any, ...]:
    if filters.by_deadline:
        return (Dispute.next_due_at, Dispute.id)
    return (Dispute.reported_at.desc(), Dispute.id.desc())


def _position(row: Row[Any], filters: Filters) -> Position:
    return Position(row.next_due_at if filters.by_deadline else row.reported_at, row.id)


def _behind(filters: Filters, after: Position) -> ColumnElement[bool]:
    if not filters.by_deadline:
        return tuple_(Dispute.reported_at, Dispute.id) < (after.at, after.id)
    if after.at is None:
        return and_(Dispute.next_due_at.is_(None), Dispute.id > after.id)
    later = tuple_(Dispute.next_due_at, Dispute.id) > (after.at, after.id)
    return or_(later, Dispute.next_due_at.is_(None))


def _mentions(text: str) -> ColumnElement[bool]:
    columns = (Dispute.number, Dispute.title, Dispute.place, Dispute.summary)
    return or_(*(column.contains(text, autoescape=True) for column in columns))


def _with_party(indexes: tuple[bytes, ...]) -> ColumnElement[bool]:
    found = or_(Party.id_index.in_(indexes), Party.contact_index.in_(indexes))
    return Dispute.id.in_(select(Party.dispute_id).where(found))
