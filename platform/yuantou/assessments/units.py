"""Whom a scheme judges at its level: counties, departments that handle matters, townships."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency, AgencyKind
from yuantou.territory.models import Area

COUNTY, DEPARTMENT, TOWNSHIP = "county", "department", "township"
AGENCY_MARK = "agency-"
DEPARTMENTS = (
    AgencyKind.DEPARTMENT,
    AgencyKind.POLICE,
    AgencyKind.PETITION,
    AgencyKind.JUSTICE,
    AgencyKind.ASSOCIATION,
)
_RECEIVERS = {COUNTY: AgencyKind.GOVERNMENT, TOWNSHIP: AgencyKind.TOWNSHIP_CENTRE}


@dataclass(frozen=True, slots=True)
class Unit:
    """One that gets a report: an area by its code, or an agency; and who signs for it."""

    code: str
    name: str
    path: str
    agency: int | None

    @property
    def city(self) -> str:
        """The code of its city, "" above one."""
        return next(iter(self.path.strip("/").split("/")[1:2]), "")


def unit_code(agency_id: int) -> str:
    """What an agency is called where areas are called by their codes."""
    return f"{AGENCY_MARK}{agency_id}"


@dataclass(frozen=True, slots=True)
class Whom:
    """A unit that something is put down for; `agency` is that of a department."""

    level: str
    code: str
    path: str
    agency: int | None = None


def whom(session: Session, area_code: str, code: str | None) -> Whom | None:
    """An area, or by its own code a township or department in it; None when there is none."""
    area = session.get(Area, area_code)
    if area is None or not code:
        return Whom(area.level, area.code, area.path) if area else None
    found = session.get(Area, code)
    if found and found.level == TOWNSHIP and found.path.startswith(area.path):
        return Whom(TOWNSHIP, found.code, found.path)
    agency = session.scalar(select(Agency).where(Agency.code == code))
    if agency and agency.kind in DEPARTMENTS and agency.area_path == area.path:
        return Whom(DEPARTMENT, unit_code(agency.id), agency.area_path, agency.id)
    return None


def spoken_for(agency: Agency) -> str:
    """The code of the unit that an agency speaks for: a department for itself, else its area."""
    return unit_code(agency.id) if agency.kind in DEPARTMENTS else agency.area_code


def units(
    session: Session, level: str, on: date, codes: Collection[str] | None = None
) -> dict[str, Unit]:
    """The units of a level on a day, or some of them, by code."""
    if level == DEPARTMENT:
        found = _departments(session, codes)
    else:
        found = _areas(session, level, on, codes)
    return {unit.code: unit for unit in found}


def _departments(session: Session, codes: Collection[str] | None) -> list[Unit]:
    asked = select(Agency).where(Agency.kind.in_(DEPARTMENTS), Agency.active).order_by(Agency.id)
    if codes is not None:
        asked = asked.where(Agency.id.in_([int(code.removeprefix(AGENCY_MARK)) for code in codes]))
    return [
        Unit(unit_code(each.id), each.name, each.area_path, each.id)
        for each in session.scalars(asked)
    ]


def _areas(session: Session, level: str, on: date, codes: Collection[str] | None) -> list[Unit]:
    receivers = _receivers(session, level, codes)
    asked = (
        select(Area.code, Area.name, Area.path)
        .where(Area.level == level, Area.valid_from <= on)
        .where(Area.valid_to.is_(None) | (Area.valid_to > on))
        .order_by(Area.code)
    )
    if codes is not None:
        asked = asked.where(Area.code.in_(codes))
    rows = session.execute(asked)
    return [Unit(code, name, path, receivers.get(code)) for code, name, path in rows]


def _receivers(session: Session, level: str, codes: Collection[str] | None) -> Mapping[str, int]:
    asked = (
        select(Agency.area_code, Agency.id)
        .where(Agency.kind == _RECEIVERS[level], Agency.active)
        .order_by(Agency.id.desc())
    )
    if codes is not None:
        asked = asked.where(Agency.area_code.in_(codes))
    return {area: agency for area, agency in session.execute(asked)}  # noqa: C416 — typed rows
