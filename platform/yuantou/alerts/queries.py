"""Reading warnings inside a viewer's scope; row-level security has the last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from yuantou.access.permissions import Permission
from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.models import Alert, AlertEvent, Sighting
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import DisputeState
from yuantou.territory.models import Area

MOST, MOST_MEMBERS, MOST_COUNTED = 200, 100, 999
TODO, KNOWN, DONE, ALL = "todo", "known", "done", "all"
TABS = (TODO, KNOWN, DONE, ALL)
APART = (DisputeState.DRAFT, DisputeState.NOT_ACCEPTED, DisputeState.MERGED)
_RANK = case({"red": 0, "yellow": 1}, value=Alert.level, else_=2)
_OF_TAB: dict[str, tuple[str, ...]] = {
    TODO: ("open",),
    KNOWN: ("acknowledged", "acting"),
    DONE: ("closed",),
    ALL: ("open", "acknowledged", "acting", "closed"),
}
Owner = aliased(Agency)
Matter = aliased(Dispute)


@dataclass(frozen=True)
class Filters:
    """What a list is asked for; `own` leaves those of the viewer's unit alone."""

    tab: str = TODO
    level: str = ""
    rule: str = ""
    type: str = ""
    area: str = ""
    own: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab was asked for."""
        return bool(self.level or self.rule or self.type or self.area or self.own)


@dataclass(frozen=True)
class Members:
    """The matters that belong to a warning: those in scope, and how many there are in all."""

    rows: Sequence[Row[Any]]
    of: int

    @property
    def outside(self) -> int:
        """Those that the viewer may not open, or that the list left out."""
        return max(self.of - len(self.rows), 0)


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Of a matter: to who may open the matter. Of a place: to its owners and who sees its sums."""
    of_matter = exists().where(Matter.id == Alert.dispute_id, viewer.scope.opens(Matter))
    of_place = or_(
        Alert.owner_agency_id == viewer.agency.id,
        Alert.former_owner_id == viewer.agency.id,
        Alert.told_agency_id == viewer.agency.id,
        within(Alert.area_path, viewer.scope.sums),
    )
    return or_(
        and_(Alert.dispute_id.is_not(None), of_matter), and_(Alert.dispute_id.is_(None), of_place)
    )


def alert(session: Session, viewer: Viewer, alert_id: int) -> Alert | None:
    """One warning in sight."""
    return session.scalars(select(Alert).where(Alert.id == alert_id, visible(viewer))).first()


def lines(session: Session, viewer: Viewer, filters: Filters) -> Sequence[Row[Any]]:
    """Warnings of a tab with place, owner and matter; the open ones by level and limit."""
    asked: Any = (
        select(
            Alert,
            Area.name.label("area"),
            Owner.name.label("owner"),
            Dispute.number.label("number"),
            Dispute.title.label("title"),
            Dispute.restricted.label("restricted"),
        )
        .join(Area, Area.code == Alert.area_code)
        .outerjoin(Owner, Owner.id == Alert.owner_agency_id)
        .outerjoin(Dispute, Dispute.id == Alert.dispute_id)
        .where(*_conditions(viewer, filters), Alert.state.in_(_OF_TAB[filters.tab]))
    )
    order: tuple[Any, ...] = (_RANK, Alert.due_at, Alert.id)
    if filters.tab in (DONE, ALL):
        order = (Alert.raised_at.desc(), Alert.id.desc())
    found: Sequence[Row[Any]] = session.execute(asked.order_by(*order).limit(MOST)).all()
    return found


def numbers(session: Session, viewer: Viewer, filters: Filters) -> dict[str, int]:
    """How many stand under each tab, under the same filters."""
    asked = select(
        *(func.count().filter(Alert.state.in_(_OF_TAB[tab])).label(tab) for tab in TABS)
    ).where(*_conditions(viewer, filters))
    return dict(session.execute(asked).one()._mapping)


def rules_in_use(session: Session, viewer: Viewer) -> list[str]:
    """The rules and detectors of which the viewer sees any warning."""
    return sorted(session.scalars(select(Alert.rule).where(visible(viewer)).distinct()))


def waiting_number(viewer: Viewer) -> ScalarSelect[int]:
    """The question how many warnings of the viewer's unit nobody has acknowledged."""
    asked = select(Alert.id).where(*_waiting(viewer)).limit(MOST_COUNTED)
    return select(func.count()).select_from(asked.subquery()).scalar_subquery()


def waiting(session: Session, viewer: Viewer) -> Sequence[Row[Any]]:
    """Those warnings with their place, by level and limit."""
    asked: Any = (
        select(Alert, Area.name.label("area"))
        .join(Area, Area.code == Alert.area_code)
        .where(*_waiting(viewer))
    )
    found: Sequence[Row[Any]] = session.execute(
        asked.order_by(_RANK, Alert.due_at, Alert.id).limit(MOST)
    ).all()
    return found


def of_matter(session: Session, dispute_id: int) -> Sequence[Alert]:
    """The warnings of one matter, open ones first; the matter is in the viewer's sight already."""
    asked = select(Alert).where(Alert.dispute_id == dispute_id)
    return session.scalars(asked.order_by(Alert.state == "closed", _RANK, Alert.id.desc())).all()


def history(session: Session, alert_id: int) -> Sequence[Row[Any]]:
    """What happened to a warning, newest first, with who did it."""
    asked: Any = (
        select(AlertEvent, Account.display_name.label("who"), Agency.name.label("agency"))
        .outerjoin(Account, Account.id == AlertEvent.actor_id)
        .outerjoin(Agency, Agency.id == AlertEvent.agency_id)
        .where(AlertEvent.warning_id == alert_id)
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(AlertEvent.id.desc())).all()
    return found


def members(session: Session, viewer: Viewer, alert: Alert) -> Members | None:
    """The matters behind a warning: listed ones, or those of its place, type and days."""
    listed = alert.facts.get("matters")
    if isinstance(listed, list):
        of = alert.facts.get("of")
        rows = _rows(session, viewer, [Dispute.id.in_([int(one) for one in listed])])
        return Members(rows, of if isinstance(of, int) else len(listed))
    days = span(alert)
    if alert.dispute_id is not None or days is None:
        return None
    place = [
        placed(session, alert),
        Dispute.reported_at >= days[0],
        Dispute.reported_at < days[1],
        Dispute.state.not_in(APART),
        *([Dispute.type == alert.type_code] if alert.type_code else []),
    ]
    counted = alert.facts.get("count", alert.facts.get("observed"))
    rows = _rows(session, viewer, place)
    return Members(rows, int(counted) if isinstance(counted, int | float) else len(rows))


def placed(session: Session, alert: Alert) -> ColumnElement[bool]:
    """In the place of a warning, or in one of the places of its cluster."""
    codes = alert.facts.get("members")
    paths = [alert.area_path]
    if isinstance(codes, list) and clustered(alert):
        paths = list(session.scalars(select(Area.path).where(Area.code.in_(map(str, codes)))))
    return or_(*(within(Dispute.area_path, Range.below(path)) for path in paths))


def clustered(alert: Alert) -> bool:
    """Whether a warning tells of several places together."""
    codes = alert.facts.get("members")
    return isinstance(codes, list) and len(codes) > 1


def sightings(session: Session, alert_id: int) -> Sequence[Sighting]:
    """The days on which a warning was found again while it rested, the newest first."""
    asked = select(Sighting).where(Sighting.warning_id == alert_id)
    return session.scalars(asked.order_by(Sighting.day.desc())).all()


def span(alert: Alert) -> tuple[datetime, datetime] | None:
    """From when until when a warning of a place counts: a detector's weeks or a rule's window."""
    first, last = alert.facts.get("first"), alert.facts.get("last")
    if isinstance(first, str) and isinstance(last, str):
        start, end = date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1)
        zone = local(alert.raised_at).tzinfo
        return (
            datetime(start.year, start.month, start.day, tzinfo=zone),
            datetime(end.year, end.month, end.day, tzinfo=zone),
        )
    days = alert.facts.get("days")
    if alert.rule == "W04" and isinstance(days, int):
        return alert.raised_at - timedelta(days=days), alert.raised_at
    return None


def sees_rows(viewer: Viewer, alert: Alert) -> bool:
    """Whether small counts tell the viewer nothing: he opens the matter, or every one there."""
    full = viewer.scope.full
    return alert.dispute_id is not None or full.lo <= alert.area_path < full.hi


def may_handle(viewer: Viewer, alert: Alert) -> bool:
    """Whether a warning is the viewer's to handle: his unit's, or of the area that he oversees."""
    if not viewer.may(Permission.ALERT_HANDLE) or alert.state == "closed":
        return False
    return alert.owner_agency_id == viewer.agency.id or oversees(viewer, alert)


def oversees(viewer: Viewer, alert: Alert) -> bool:
    """Whether the viewer leads an area in which the warning lies."""
    sums = viewer.scope.sums
    return viewer.may(Permission.ALERT_DECIDE) and sums.lo <= alert.area_path < sums.hi


def receivers(session: Session, alert: Alert) -> list[tuple[int, str]]:
    """Units to which a warning can be handed: those that see what it is about.

    A cluster can go to one of its places, whose people open the matters there.
    """
    members = alert.facts.get("members")
    codes = alert.area_path.strip("/").split("/")
    codes += map(str, members) if isinstance(members, list) and clustered(alert) else []
    centres = and_(
        Agency.area_code.in_(codes),
        Agency.kind.in_(
            ("township_centre", "county_centre", "city_coordination", "province_coordination")
        ),
    )
    dispute = session.get(Dispute, alert.dispute_id) if alert.dispute_id else None
    if dispute is not None and dispute.restricted:
        fitting = and_(Agency.area_code.in_(codes), Agency.kind == "county_centre")
    elif dispute is not None:
        near = and_(
            Agency.area_code.in_(codes), Agency.kind.in_(("township_centre", "county_centre"))
        )
        fitting = or_(near, Agency.id.in_((dispute.handler_agency_id, dispute.reporting_agency_id)))
    else:
        departments = and_(
            Agency.kind.in_(("department", "police", "petition", "justice")),
            Agency.area_code.in_(codes),
        )
        fitting = or_(centres, departments)
    asked = select(Agency.id, Agency.name).where(
        Agency.active, fitting, Agency.id.is_distinct_from(alert.owner_agency_id)
    )
    return [
        (row.id, row.name) for row in session.execute(asked.order_by(Agency.area_path, Agency.id))
    ]


def names(session: Session, alert: Alert) -> dict[str, str]:
    """Owner, its person, place and who proposed a downgrade, by their names."""
    agency = session.get(Agency, alert.owner_agency_id) if alert.owner_agency_id else None
    people = {
        row.id: row.display_name
        for row in session.execute(
            select(Account.id, Account.display_name).where(
                Account.id.in_([one for one in (alert.owner_account_id, alert.downgrade_by) if one])
            )
        )
    }
    return {
        "owner": agency.name if agency else "",
        "person": people.get(alert.owner_account_id or 0, ""),
        "proposer": people.get(alert.downgrade_by or 0, ""),
        "area": session.get_one(Area, alert.area_code).name,
    }


def matter_of(session: Session, viewer: Viewer, alert: Alert) -> Row[Any] | None:
    """The matter that a warning tells of."""
    if alert.dispute_id is None:
        return None
    found = _rows(session, viewer, [Dispute.id == alert.dispute_id])
    return found[0] if found else None


def _conditions(viewer: Viewer, filters: Filters) -> list[ColumnElement[bool]]:
    found = [visible(viewer)]
    exact = {Alert.level: filters.level, Alert.rule: filters.rule, Alert.type_code: filters.type}
    found += [column == value for column, value in exact.items() if value]
    if filters.own:
        found.append(Alert.owner_agency_id == viewer.agency.id)
    if filters.area:
        below = select(Area.path).where(Area.code == filters.area).scalar_subquery()
        found.append(func.starts_with(Alert.area_path, below))
    return found


def _waiting(viewer: Viewer) -> list[ColumnElement[bool]]:
    mine = Alert.owner_agency_id == viewer.agency.id
    named = or_(Alert.owner_account_id.is_(None), Alert.owner_account_id == viewer.id)
    return [mine, named, Alert.state == "open", visible(viewer)]


def _rows(
    session: Session, viewer: Viewer, conditions: Sequence[ColumnElement[bool]]
) -> Sequence[Row[Any]]:
    asked: Any = (
        select(
            Dispute.id,
            Dispute.number,
            Dispute.title,
            Dispute.reported_at,
            Dispute.state,
            Dispute.restricted,
            Dispute.type,
            Area.name.label("area"),
        )
        .join(Area, Area.code == Dispute.area_code)
        .where(viewer.scope.opens(Dispute), *conditions)
        .order_by(Dispute.reported_at.desc(), Dispute.id.desc())
    )
    found: Sequence[Row[Any]] = session.execute(asked.limit(MOST_MEMBERS)).all()
    return found


def analyses_of(session: Session, alert_id: int) -> Sequence[Row[Any]]:
    """Analyses in sight that were opened from a warning."""
    asked: Any = select(Analysis.id, Analysis.title).where(Analysis.warning_id == alert_id)
    found: Sequence[Row[Any]] = session.execute(asked.order_by(Analysis.id)).all()
    return found
