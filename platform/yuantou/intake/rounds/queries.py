"""Reading rounds: the list, one round with its progress, a unit with its reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ColumnElement, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.database.text import whole_number
from yuantou.disputes.models import Dispute
from yuantou.intake.queries import COUNTY_DEPTH, county_path, townships
from yuantou.intake.rounds.models import (
    ScreeningFind,
    ScreeningReport,
    ScreeningRound,
    ScreeningUnit,
    SensitiveDate,
)
from yuantou.intake.rounds.naming import village_of
from yuantou.intake.rounds.origin import Origin
from yuantou.intake.rounds.seasons import Season, shipped
from yuantou.territory.models import Area

COVERING = ("committee", "township_centre", "county_centre")
REPORTING = (*COVERING, "industry_committee", "department", "police", "justice", "association")
LISTED = 100
PLACES_READ = 4000


@dataclass(frozen=True)
class Progress:
    """How many units there are, how many reported, and what was found."""

    units: int
    reported: int
    late: int
    found: int


@dataclass(frozen=True)
class Standing:
    """A unit and its newest report, if there is one; `mine`: the viewer may report for it."""

    unit: ScreeningUnit
    report: ScreeningReport | None
    mine: bool


@dataclass
class AreaGroup:
    """The units of one township (or of the county itself) in the order of the areas."""

    code: str
    name: str
    path: str
    rows: list[Standing] = field(default_factory=list)

    @property
    def mine(self) -> bool:
        """Whether the viewer reports for any of them."""
        return any(row.mine for row in self.rows)

    @property
    def reported(self) -> int:
        """Units that reported."""
        return sum(row.report is not None for row in self.rows)


def covers(viewer: Viewer, area_path: str) -> bool:
    """Whether the viewer's agency takes reports of this place: its own area or one above."""
    agency = viewer.agency
    if agency.kind == "committee":
        return agency.area_path == area_path
    return agency.kind in COVERING and area_path.startswith(agency.area_path)


def may_report(viewer: Viewer, unit: ScreeningUnit) -> bool:
    """A unit's own agency reports, or the centre or committee of the place."""
    return unit.agency_id == viewer.agency.id or covers(viewer, unit.area_path)


def rounds_of(session: Session, viewer: Viewer) -> list[tuple[ScreeningRound, Progress]]:
    """Rounds in sight, the latest first; row-level security leaves out other areas'."""
    rows = session.scalars(
        select(ScreeningRound)
        .where(ScreeningRound.withdrawn_at.is_(None), _near(viewer))
        .order_by(ScreeningRound.ends_on.desc(), ScreeningRound.id.desc())
        .limit(LISTED)
    ).all()
    known = progress_of(session, [row.id for row in rows])
    return [(row, known.get(row.id, Progress(0, 0, 0, 0))) for row in rows]


def progress_of(session: Session, ids: Sequence[int]) -> dict[int, Progress]:
    """Progress of several rounds at once."""
    last = _newest_reports(ScreeningUnit.round_id.in_(ids))
    rows = session.execute(
        select(
            ScreeningUnit.round_id,
            func.count(),
            func.count(last.c.id),
            func.count().filter(last.c.late),
            func.coalesce(func.sum(ScreeningUnit.found), 0),
        )
        .outerjoin(last, last.c.unit_id == ScreeningUnit.id)
        .where(ScreeningUnit.round_id.in_(ids))
        .group_by(ScreeningUnit.round_id)
    ).all()
    return {round_id: Progress(*map(int, numbers)) for round_id, *numbers in rows}


def own_silent(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, int]:
    """How many units the viewer's own agency has still to report for, by round."""
    agency = viewer.agency
    own = ScreeningUnit.agency_id == agency.id
    if agency.kind in ("committee", "township_centre"):
        of_place = and_(
            ScreeningUnit.agency_id.is_(None), ScreeningUnit.area_path == agency.area_path
        )
        own = or_(own, of_place)
    reported = select(ScreeningReport.id).where(ScreeningReport.unit_id == ScreeningUnit.id)
    rows = session.execute(
        select(ScreeningUnit.round_id, func.count())
        .where(ScreeningUnit.round_id.in_(ids), own, ~reported.exists())
        .group_by(ScreeningUnit.round_id)
    ).all()
    return {round_id: int(count) for round_id, count in rows}


def shares_by_county(
    session: Session, area_path: str, first: date, last: date
) -> dict[str, tuple[int, int]]:
    """Units that reported and units there are, by county, of rounds that run in a time."""
    reports = _newest_reports()
    county = func.split_part(ScreeningUnit.area_path, "/", COUNTY_DEPTH)
    counted = (
        select(
            county.label("code"), func.count(reports.c.id).label("done"), func.count().label("n")
        )
        .select_from(ScreeningUnit)
        .join(ScreeningRound, ScreeningRound.id == ScreeningUnit.round_id)
        .outerjoin(reports, reports.c.unit_id == ScreeningUnit.id)
        .where(
            ScreeningRound.withdrawn_at.is_(None),
            ScreeningRound.starts_on <= last,
            ScreeningRound.ends_on >= first,
        )
        .group_by(county)
        .subquery()
    )
    rows = session.execute(
        select(Area.code, counted.c.done, counted.c.n)
        .outerjoin(counted, counted.c.code == Area.code)
        .where(
            Area.level == "county",
            Area.valid_to.is_(None),
            within(Area.path, Range.below(area_path)),
        )
        .order_by(Area.code)
    ).all()
    return {code: (int(done or 0), int(units or 0)) for code, done, units in rows}


def reporting_counts(
    session: Session, *, area_path: str, first: date, last: date
) -> tuple[int, int]:
    """Units that reported and units that were to, of rounds below an area that ended in a time.

    The numerator and the denominator of the share of screening done: a report that nothing was
    found counts like any other, and so does a late one.
    """
    reports = _newest_reports()
    row = session.execute(
        select(func.count(reports.c.id), func.count())
        .select_from(ScreeningUnit)
        .join(ScreeningRound, ScreeningRound.id == ScreeningUnit.round_id)
        .outerjoin(reports, reports.c.unit_id == ScreeningUnit.id)
        .where(
            ScreeningRound.withdrawn_at.is_(None),
            ScreeningRound.ends_on.between(first, last),
            within(ScreeningUnit.area_path, Range.below(area_path)),
        )
    ).one()
    return int(row[0]), int(row[1])


def find_round(session: Session, viewer: Viewer, round_id: int) -> ScreeningRound | None:
    """A round in sight."""
    asked = select(ScreeningRound).where(
        ScreeningRound.id == round_id, ScreeningRound.withdrawn_at.is_(None), _near(viewer)
    )
    return session.scalars(asked).first()


def groups_of(session: Session, viewer: Viewer, round_: ScreeningRound) -> list[AreaGroup]:
    """Units by township with their newest report, one's own first: nobody is ranked."""
    last = _newest_reports(ScreeningUnit.round_id == round_.id)
    rows = session.execute(
        select(ScreeningUnit, ScreeningReport, Area.name)
        .join(Area, Area.code == ScreeningUnit.area_code)
        .outerjoin(last, last.c.unit_id == ScreeningUnit.id)
        .outerjoin(ScreeningReport, ScreeningReport.id == last.c.id)
        .where(ScreeningUnit.round_id == round_.id)
        .order_by(ScreeningUnit.area_path, ScreeningUnit.id)
    ).all()
    groups: dict[str, AreaGroup] = {}
    for unit, report, area in rows:
        group = groups.setdefault(unit.area_code, AreaGroup(unit.area_code, area, unit.area_path))
        group.rows.append(Standing(unit, report, may_report(viewer, unit)))
    return sorted(groups.values(), key=lambda group: not group.mine)


def find_unit(
    session: Session, viewer: Viewer, unit_id: int
) -> tuple[ScreeningUnit, ScreeningRound] | None:
    """A unit of a round in sight."""
    row = session.execute(
        select(ScreeningUnit, ScreeningRound)
        .join(ScreeningRound, ScreeningRound.id == ScreeningUnit.round_id)
        .where(ScreeningUnit.id == unit_id, ScreeningRound.withdrawn_at.is_(None), _near(viewer))
    ).first()
    return (row[0], row[1]) if row else None


def reports_of(session: Session, unit_id: int) -> list[ScreeningReport]:
    """All reports of a unit, the newest first."""
    asked = select(ScreeningReport).where(ScreeningReport.unit_id == unit_id)
    return list(session.scalars(asked.order_by(ScreeningReport.id.desc())))


def finds_of(session: Session, viewer: Viewer, unit_id: int) -> list[Dispute]:
    """Disputes that a unit found and the viewer may see."""
    asked = (
        select(Dispute)
        .join(ScreeningFind, ScreeningFind.dispute_id == Dispute.id)
        .where(ScreeningFind.unit_id == unit_id, viewer.scope.visible(Dispute))
        .order_by(ScreeningFind.linked_at)
    )
    return list(session.scalars(asked))


def origin_of(session: Session, viewer: Viewer, unit: str | None) -> Origin | None:
    """The unit for which the viewer logs; None where he may not report for it."""
    number = whole_number(unit or "")
    found = find_unit(session, viewer, number) if number is not None else None
    if found is None or not may_report(viewer, found[0]):
        return None
    known = dict(townships(session, viewer))
    area = found[0].area_code if found[0].area_code in known else ""
    return _origin(found[0], found[1], area)


def origin_of_find(session: Session, dispute_id: int) -> Origin | None:
    """The unit that found a dispute."""
    row = session.execute(
        select(ScreeningUnit, ScreeningRound)
        .join(ScreeningRound, ScreeningRound.id == ScreeningUnit.round_id)
        .join(ScreeningFind, ScreeningFind.unit_id == ScreeningUnit.id)
        .where(ScreeningFind.dispute_id == dispute_id)
    ).first()
    return _origin(row[0], row[1], row[0].area_code) if row else None


def agencies_below(session: Session, viewer: Viewer, area_path: str) -> Sequence[Agency]:
    """Agencies of an area that can be units, the centres of its townships first."""
    asked = select(Agency).where(
        within(Agency.area_path, Range.below(area_path)),
        Agency.kind.in_(REPORTING),
        Agency.active,
        Agency.id != viewer.agency.id,
    )
    order = (Agency.kind != "township_centre", Agency.kind, Agency.area_path, Agency.id)
    return session.scalars(asked.order_by(*order)).all()


def villages_known(session: Session, viewer: Viewer, area_path: str) -> list[tuple[str, str]]:
    """Villages (township code, name): of the agency's last round here, else of places logged."""
    last = select(func.max(ScreeningRound.id)).where(
        ScreeningRound.agency_id == viewer.agency.id,
        ScreeningRound.withdrawn_at.is_(None),
        ScreeningRound.area_path == area_path,
    )
    rows = session.execute(
        select(ScreeningUnit.area_code, ScreeningUnit.name)
        .where(ScreeningUnit.round_id == last.scalar_subquery(), ScreeningUnit.kind == "place")
        .order_by(ScreeningUnit.area_code, ScreeningUnit.id)
    ).all()
    if rows or viewer.agency.kind == "county_centre":  # a county's places are too many to propose
        return [(code, name) for code, name in rows]
    return _places_logged(session, viewer, area_path)


def seasons_of(session: Session, viewer: Viewer) -> tuple[Season, ...]:
    """The list in force: the agency's own, else its county centre's, else the shipped one."""
    county = county_path(viewer.agency.area_path)
    centre = select(Agency.id).where(Agency.kind == "county_centre", Agency.area_path == county)
    owners = [viewer.agency.id, session.scalar(centre)]
    rows = session.scalars(
        select(SensitiveDate)
        .where(SensitiveDate.agency_id.in_([owner for owner in owners if owner]))
        .order_by(SensitiveDate.position)
    ).all()
    for owner in owners:
        own = [row for row in rows if row.agency_id == owner]
        if own:
            return tuple(Season(row.name, row.first, row.last, tuple(row.themes)) for row in own)
    return shipped()


def silent_units(session: Session, round_id: int) -> Sequence[ScreeningUnit]:
    """Units of a round that have not reported."""
    reported = select(ScreeningReport.id).where(ScreeningReport.unit_id == ScreeningUnit.id)
    asked = select(ScreeningUnit).where(ScreeningUnit.round_id == round_id, ~reported.exists())
    return session.scalars(asked.order_by(ScreeningUnit.id)).all()


def agencies_asked(session: Session, units: Iterable[ScreeningUnit]) -> dict[int, int]:
    """How many silent units each agency is to be reminded of: its own, or those of its place."""
    asked: dict[int, int] = {}
    places: dict[str, int] = {}
    for unit in units:
        if unit.agency_id:
            asked[unit.agency_id] = asked.get(unit.agency_id, 0) + 1
        else:
            places[unit.area_path] = places.get(unit.area_path, 0) + 1
    takers = session.execute(
        select(Agency.id, Agency.area_path).where(
            Agency.area_path.in_(places),
            Agency.kind.in_(("committee", "township_centre")),
            Agency.active,
        )
    ).all()
    for agency_id, path in takers:
        asked[agency_id] = asked.get(agency_id, 0) + places[path]
    return asked


def rounds_to_remind(session: Session, today: date) -> Sequence[ScreeningRound]:
    """Rounds on their last day or the day after it."""
    return session.scalars(
        select(ScreeningRound).where(
            ScreeningRound.withdrawn_at.is_(None),
            or_(ScreeningRound.ends_on == today, ScreeningRound.ends_on == _before(today)),
        )
    ).all()


def _before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def _near(viewer: Viewer) -> ColumnElement[bool]:
    """Rounds of the viewer's own area, of one below or of one above."""
    path = viewer.agency.area_path
    above = ["/".join(path.split("/")[: depth + 1]) + "/" for depth in range(path.count("/"))]
    return or_(
        within(ScreeningRound.area_path, Range.below(path)), ScreeningRound.area_path.in_(above)
    )


def _newest_reports(*conditions: ColumnElement[bool]) -> Subquery:
    """The newest report of each unit."""
    newest = select(func.max(ScreeningReport.id)).join(
        ScreeningUnit, ScreeningUnit.id == ScreeningReport.unit_id
    )
    ids = newest.where(*conditions).group_by(ScreeningReport.unit_id)
    columns = (ScreeningReport.id, ScreeningReport.unit_id, ScreeningReport.late)
    return select(*columns).where(ScreeningReport.id.in_(ids)).subquery()


def _places_logged(session: Session, viewer: Viewer, area_path: str) -> list[tuple[str, str]]:
    rows = session.execute(
        select(Dispute.area_code, Dispute.place)
        .where(
            within(Dispute.area_path, Range.below(area_path)),
            viewer.scope.visible(Dispute),
            Dispute.restricted.is_(False),
        )
        .order_by(Dispute.reported_at.desc())
        .limit(PLACES_READ)
    ).all()
    named = {(row.area_code, village_of(row.place) or "") for row in rows}
    return sorted(pair for pair in named if pair[1])


def _origin(unit: ScreeningUnit, round_: ScreeningRound, area_code: str) -> Origin:
    place = unit.name if unit.kind == "place" else ""
    return Origin(unit.id, unit.name, round_.id, round_.title, area_code, place)
