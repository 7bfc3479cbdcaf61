"""Agencies and areas that an office works with."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
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
MOST = 300


def county_path(path: str) -> str:
    """The path of the county that a township lies in; of a wider area its own."""
    parts = path.strip("/").split("/")[:COUNTY_DEPTH]
    return "/".join(parts) + "/"


def partners(session: Session, viewer: Viewer, near: str = "") -> Sequence[Agency]:
    """Whom an office may call to a meeting or write to: those of its county, or of its area.

    There may be more than a list holds: first those of the county of `near`, then from wide to
    narrow.
    """
    own = Range.below(county_path(near or viewer.agency.area_path))
    asked = select(Agency).where(
        within(Agency.area_path, Range.below(county_path(viewer.agency.area_path))),
        Agency.active,
        Agency.kind.in_(PARTNERS),
        Agency.id != viewer.agency.id,
    )
    depth = func.length(Agency.area_path) - func.length(func.replace(Agency.area_path, "/", ""))
    first = within(Agency.area_path, own).desc() if near else depth
    order = (first, depth, Agency.area_path, Agency.kind, Agency.id)
    found = session.scalars(asked.order_by(*order).limit(MOST)).all()
    return sorted(found, key=lambda one: (one.area_path, one.kind, one.id))


def reachable(session: Session, viewer: Viewer, also: str = "") -> Sequence[Area]:
    """The areas that an office may analyse: its own and those below.

    A province's townships are too many to choose from; the one of a warning is `also` there.
    """
    below = within(Area.path, Range.below(viewer.agency.area_path))
    asked = select(Area).where(below, Area.valid_to.is_(None))
    if county_path(viewer.agency.area_path).count("/") < CITY_DEPTH:
        asked = asked.where(or_(Area.level != "township", Area.code == also))
    return session.scalars(asked.order_by(Area.path).limit(MOST)).all()


def names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Names of agencies."""
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(set(ids))))
    return {row.id: row.name for row in rows}


def area_names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Names of areas."""
    rows = session.execute(select(Area.code, Area.name).where(Area.code.in_(set(codes))))
    return {row.code: row.name for row in rows}
