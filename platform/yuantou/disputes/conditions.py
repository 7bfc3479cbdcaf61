"""The questions of the desk as conditions on `dispute`: scope first, then what was asked for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    column,
    exists,
    or_,
    select,
    table,
    tuple_,
)

from yuantou.access.roles import Reach
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.filters import Filters, Position
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.owed import owed_by
from yuantou.disputes.workflow import ENDS, DisputeState

SHUT = (DisputeState.DRAFT, *ENDS)
HIDDEN = (DisputeState.DRAFT,)
RESTING = (DisputeState.SUSPENDED, DisputeState.PERFORMING)  # nobody has to act before the day
TODO = "todo"
SOON = timedelta(days=3)
COUNTY_DEPTH = 3
TOWNSHIP_DIGITS, COUNTY_DIGITS = 9, 6
SUPERVISED = ("supervised", "listed", "censured")
LONGEST_SERIAL = 6

_Conditions = list[ColumnElement[bool]]
# Coordination owns these tables, and coordination stands above: only what is asked is named here.
_SUPERVISION = table("supervision", column("dispute_id"), column("state"), column("closed_at"))
_MEMBER = table("series_member", column("dispute_id"), column("series_id"), column("removed_at"))


def conditions(viewer: Viewer, filters: Filters, now: datetime) -> _Conditions:
    """Scope first, then what was asked for."""
    # What is to do lies with the unit, also where another area offers it; indexes find it so.
    seen = [viewer.scope.opens(Dispute)] if filters.view == TODO else scope_of(viewer)
    found = [*seen, *_of_view(viewer, filters, now), Dispute.state.not_in(HIDDEN)]
    exact = {
        Dispute.type: filters.type,
        Dispute.risk: filters.risk,
        Dispute.source: filters.source,
        Dispute.handler_agency_id: filters.agency,
    }
    found += [column == value for column, value in exact.items() if value]
    found += [*_of_states(filters), *_of_place(filters), *_of_days(filters, now)]
    found += _of_course(filters, now)
    found += [_mentions(word) for word in filters.words]
    if filters.party:
        found.append(_with_party(filters.party))
    return found


def scope_of(viewer: Viewer) -> _Conditions:
    """The viewer's scope, said once more in the way that an index serves.

    At or below a county: its code, which the index begins with. Of a whole county that alone: said
    twice, the database expects a hundredth of what there is, and sorts it instead of reading on.
    """
    if viewer.scope.reach is not Reach.AREA:
        return [viewer.scope.visible(Dispute)]
    parts = viewer.scope.full.lo.strip("/").split("/")
    if len(parts) < COUNTY_DEPTH:
        return [viewer.scope.visible(Dispute)]
    of_county = Dispute.county_code == parts[COUNTY_DEPTH - 1]
    seen = viewer.scope.open_to if len(parts) == COUNTY_DEPTH else viewer.scope.visible
    return [of_county, seen(Dispute)]


def order_of(filters: Filters) -> tuple[Any, ...]:
    """By deadline, newest first or oldest first; the id decides among equals."""
    if filters.ordered == "due":
        return (Dispute.next_due_at, Dispute.id)
    if filters.ordered == "old":
        return (Dispute.reported_at, Dispute.id)
    return (Dispute.reported_at.desc(), Dispute.id.desc())


def behind(filters: Filters, after: Position) -> ColumnElement[bool]:
    """What comes after the last row of a page, in the same order."""
    if filters.ordered == "new":
        return tuple_(Dispute.reported_at, Dispute.id) < (after.at, after.id)
    if filters.ordered == "old":
        return tuple_(Dispute.reported_at, Dispute.id) > (after.at, after.id)
    if after.at is None:
        return and_(Dispute.next_due_at.is_(None), Dispute.id > after.id)
    later = tuple_(Dispute.next_due_at, Dispute.id) > (after.at, after.id)
    return or_(later, Dispute.next_due_at.is_(None))


def end_of_day(now: datetime) -> datetime:
    """The last moment of the day that offices write now."""
    day = local(now)
    return datetime.combine(day.date(), time.max, day.tzinfo)


def end_of_week(now: datetime) -> datetime:
    """The last moment of this week's Sunday."""
    return end_of_day(now) + timedelta(days=6 - local(now).weekday())


def _of_view(viewer: Viewer, filters: Filters, now: datetime) -> _Conditions:
    if filters.view == "done":
        return [Dispute.state.in_(ENDS)]
    if filters.view == "all" or filters.text or filters.party:
        return []
    live = Dispute.state.not_in(SHUT)
    more: dict[str, _Conditions] = {
        "mine": [Dispute.handler_agency_id == viewer.agency.id],
        "over": [Dispute.next_due_at < now],
        "today": [Dispute.next_due_at >= now, Dispute.next_due_at <= end_of_day(now)],
        "red": [Dispute.risk == "red"],
        TODO: [or_(_to_act_in(viewer, now), owed_by(viewer.agency.id))],
        "soon": [Dispute.next_due_at >= now, Dispute.next_due_at <= end_of_day(now) + SOON],
    }
    return [live, *more.get(filters.view, [])]


def _to_act_in(viewer: Viewer, now: datetime) -> ColumnElement[bool]:
    """Held by the viewer's unit, and not resting until a day to come."""
    awake = or_(Dispute.state.not_in(RESTING), Dispute.next_due_at <= end_of_day(now))
    return and_(Dispute.handler_agency_id == viewer.agency.id, awake)


def _of_states(filters: Filters) -> _Conditions:
    return [Dispute.state.in_(filters.states)] if filters.states else []


def _of_place(filters: Filters) -> _Conditions:
    """A township by its code, a county by its own, a city by the first four digits."""
    code = filters.area
    if not code:
        return []
    if len(code) > COUNTY_DIGITS:
        return [Dispute.area_code == code]
    if not code.endswith("00"):
        return [Dispute.county_code == code]
    return [Dispute.county_code.between(code, code[:4] + "99")]


def _of_days(filters: Filters, now: datetime) -> _Conditions:
    found: _Conditions = []
    if filters.recent:
        found.append(Dispute.reported_at >= now - timedelta(days=filters.recent))
    for column_, first, last in (
        (Dispute.reported_at, filters.reported_from, filters.reported_to),
        (Dispute.next_due_at, filters.due_from, filters.due_to),
        (Dispute.closed_at, filters.closed_from, filters.closed_to),
    ):
        if first:
            found.append(column_ >= _start(first))
        if last:
            found.append(column_ < _start(last + timedelta(days=1)))
    return found


def _of_course(filters: Filters, now: datetime) -> _Conditions:
    """How the matter fared: overdue, supervised, returned so often, in a series."""
    found: _Conditions = []
    if filters.overdue:
        found += [Dispute.next_due_at < now, Dispute.state.not_in(SHUT)]
    if filters.supervised:
        found.append(_supervised())
    if filters.returned:
        found.append(Dispute.returns >= filters.returned)
    if filters.series:
        members = select(_MEMBER.c.dispute_id).where(
            _MEMBER.c.series_id == filters.series, _MEMBER.c.removed_at.is_(None)
        )
        found.append(Dispute.id.in_(members))
    return found


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)


def _supervised() -> ColumnElement[bool]:
    """A letter of supervision that has not been cleared."""
    return exists().where(
        _SUPERVISION.c.dispute_id == Dispute.id,
        _SUPERVISION.c.state.in_(SUPERVISED),
        _SUPERVISION.c.closed_at.is_(None),
    )


def _mentions(word: str) -> ColumnElement[bool]:
    """A word of the question; few digits alone are also the serial number of a matter."""
    columns = (Dispute.number, Dispute.title, Dispute.place, Dispute.summary)
    found = [one.contains(word, autoescape=True) for one in columns]
    if word.isascii() and word.isdigit() and len(word) <= LONGEST_SERIAL:
        found.append(Dispute.number.endswith(f"第{int(word):06d}号"))
    return or_(*found)


def _with_party(indexes: tuple[bytes, ...]) -> ColumnElement[bool]:
    found = or_(Party.id_index.in_(indexes), Party.contact_index.in_(indexes))
    return Dispute.id.in_(select(Party.dispute_id).where(found))
