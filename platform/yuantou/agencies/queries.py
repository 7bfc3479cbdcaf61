"""Reading agencies and the places where they stand."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.territory.models import Area

PAGE = 50


@dataclass(frozen=True)
class AgencyList:
    """A page of agencies and how many there are."""

    agencies: list[Agency]
    total: int
    page: int

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(1, -(-self.total // PAGE))


def agency_list(
    session: Session, *, words: str = "", kind: str = "", page: int = 1, lo: str = "", hi: str = ""
) -> AgencyList:
    """Agencies by place and name; `words` stand in the name or begin the code."""
    conditions: list[ColumnElement[bool]] = []
    if words:
        in_name = Agency.name.contains(words, autoescape=True)
        conditions.append(or_(in_name, Agency.code.startswith(words, autoescape=True)))
    if kind:
        conditions.append(Agency.kind == kind)
    if lo:
        conditions += [Agency.area_path >= lo, Agency.area_path < hi]
    total = session.scalar(select(func.count()).select_from(Agency).where(*conditions)) or 0
    page = max(1, min(page, -(-total // PAGE) or 1))
    found = select(Agency).where(*conditions).order_by(Agency.area_path, Agency.kind, Agency.id)
    rows = session.scalars(found.offset((page - 1) * PAGE).limit(PAGE))
    return AgencyList(list(rows), total, page)


def agency_by_code(session: Session, code: str) -> Agency | None:
    """The agency of a code."""
    return session.scalar(select(Agency).where(Agency.code == code))


def above_and_below(session: Session, agency: Agency) -> tuple[Agency | None, list[Agency]]:
    """The superior of an agency and those directly under it."""
    above = session.get(Agency, agency.parent_id) if agency.parent_id else None
    below = select(Agency).where(Agency.parent_id == agency.id).order_by(Agency.id)
    return above, list(session.scalars(below))


def areas_meant(session: Session, words: str) -> list[Area]:
    """Areas in force whose code, name or short name is exactly `words`."""
    found = select(Area).where(
        or_(Area.code == words, Area.name == words, Area.short_name == words),
        Area.valid_to.is_(None),
    )
    return list(session.scalars(found.order_by(Area.path)))


def area_names(session: Session, codes: set[str]) -> dict[str, str]:
    """Names of areas by their codes."""
    found = select(Area.code, Area.name).where(Area.code.in_(codes))
    return {row.code: row.name for row in session.execute(found)}
