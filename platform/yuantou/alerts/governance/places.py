"""Agencies and areas that an office works with."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.territory.models import Area

CITY_DEPTH, COUNTY_DEPTH = 2, 3  # province / city / county
PARTNERS = (
    AgencyKind.DEPARTMENT,
    AgencyKind.POLICE,
    AgencyKind.PETITION,
    AgencyKind.JUSTICE,
    AgencyKind.ASSOCIATION,
    AgencyKind.GOVERNMENT,
    AgencyKind.COURT,
    AgencyKind.PROCURATORATE,
    AgencyKind.COUNTY_CENTRE,
    AgencyKind.TOWNSHIP_CENTRE,
)
MOST = 100  # agencies offered at once; the others are found by name
MOST_AREAS = 600


@dataclass(frozen=True)
class Found:
    """Agencies to choose from, and how many more there are of the kind that was asked for."""

    agencies: Sequence[Agency]
    more: int


def county_path(path: str) -> str:
    """The path of the county that a township lies in; of a wider area its own."""
    parts = path.strip("/").split("/")[:COUNTY_DEPTH]
    return "/".join(parts) + "/"


def partners(
    session: Session,
    viewer: Viewer,
    near: str = "",
    *,
    named: str = "",
    chosen: Collection[int] = (),
) -> Found:
    """Whom an office may call to a meeting or write to: those of its county, or of its area.

    There may be more than a list holds: first those of the county of `near`, then from wide to
    narrow; of those with `named` in their names alone, and always the `chosen`.
    """
    own = Range.below(county_path(near or viewer.agency.area_path))
    every = _partners(viewer)
    asked = every.where(Agency.name.icontains(named, autoescape=True)) if named else every
    number = session.scalar(select(func.count()).select_from(asked.subquery())) or 0
    depth = func.length(Agency.area_path) - func.length(func.replace(Agency.area_path, "/", ""))
    first = within(Agency.area_path, own).desc() if near else depth
    order = (first, depth, Agency.area_path, Agency.kind, Agency.id)
    found = list(session.scalars(asked.order_by(*order).limit(MOST)))
    more = number - len(found)
    found += session.scalars(every.where(Agency.id.in_(set(chosen) - {one.id for one in found})))
    return Found(sorted(found, key=lambda one: (one.area_path, one.kind, one.id)), more)


def partners_among(session: Session, viewer: Viewer, ids: Collection[int]) -> set[int]:
    """Those of these agencies that an office may call or write to."""
    asked = _partners(viewer).where(Agency.id.in_(ids))
    return set(session.scalars(asked.with_only_columns(Agency.id)))


def _partners(viewer: Viewer) -> Select[Agency]:
    return select(Agency).where(
        within(Agency.area_path, Range.below(county_path(viewer.agency.area_path))),
        Agency.active,
        Agency.kind.in_(PARTNERS),
        Agency.id != viewer.agency.id,
    )


def reachable(session: Session, viewer: Viewer, also: str = "") -> Sequence[Area]:
    """The areas that an office may analyse: its own and those below.

    A province's townships are too many to choose from; the one of a warning is `also` there.
    """
    below = within(Area.path, Range.below(viewer.agency.area_path))
    asked = select(Area).where(below, Area.valid_to.is_(None))
    if county_path(viewer.agency.area_path).count("/") < CITY_DEPTH:
        asked = asked.where(or_(Area.level != "township", Area.code == also))
    return session.scalars(asked.order_by(Area.path).limit(MOST_AREAS)).all()


def names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Names of agencies."""
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def area_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Names of areas."""
    rows = session.execute(select(Area.code, Area.name).where(Area.code.in_(set(codes))))
    return {row.code: row.name for row in rows}
