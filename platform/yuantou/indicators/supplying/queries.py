"""Reading supplied counts: what an agency may supply, what stands there, and how it came."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.calendar.clock import local
from yuantou.indicators.catalogue import Definition, components_of
from yuantou.indicators.definitions import definitions
from yuantou.indicators.models import SuppliedCount
from yuantou.indicators.supplying.owners import owned_by
from yuantou.territory.models import Area, Court

COUNTED = ("county", "city", "province")
Key = tuple[str, str, date]


@dataclass(frozen=True)
class Duty:
    """What an agency supplies: components in their order, the figures made of them, areas."""

    components: tuple[str, ...]
    made: tuple[Definition, ...]
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class Saved:
    """One saving: who, when, how many numbers, and whether it can still be undone."""

    at: datetime
    who: str
    rows: int
    source: str
    newest: bool

    @property
    def shown(self) -> str:
        """The moment as people read it."""
        return f"{local(self.at):%Y-%m-%d %H:%M}"


@dataclass(frozen=True)
class Revision:
    """One number as it once stood, with its agency and person."""

    row: SuppliedCount
    agency: str
    who: str

    @property
    def day(self) -> str:
        """When it was entered."""
        return f"{local(self.row.entered_at):%Y-%m-%d}"


def duty_of(session: Session, by: Viewer) -> Duty:
    """The counts and areas of the viewer's agency; empty where it owns none."""
    owners = owned_by(by.agency.kind)
    made = tuple(
        each for each in definitions(session).values() if each.owner in owners and not each.criteria
    )
    names = tuple(dict.fromkeys(name for each in made for name in components_of(each)))
    return Duty(names, made, areas_of(session, by) if names else ())


def areas_of(session: Session, by: Viewer) -> tuple[Area, ...]:
    """The areas that the viewer's agency speaks for: its own and, unless a court, those below."""
    path = by.agency.area_path
    court = session.get(Court, by.agency.court_code) if by.agency.court_code else None
    query = select(Area).where(Area.level.in_(COUNTED), Area.valid_to.is_(None))
    if court is not None:
        query = query.where(Area.code == court.counts_to_code, Area.path.startswith(path))
    else:
        query = query.where(Area.path.startswith(path))
    return tuple(session.scalars(query.order_by(func.length(Area.path), Area.code)))


def standing(
    session: Session, names: Collection[str], areas: Collection[str], first: date, last: date
) -> dict[Key, SuppliedCount]:
    """The newest revision of each count, also where it was taken back."""
    key = (SuppliedCount.component, SuppliedCount.area_code, SuppliedCount.month)
    query = (
        select(SuppliedCount)
        .where(
            SuppliedCount.component.in_(list(names)),
            SuppliedCount.area_code.in_(list(areas)),
            SuppliedCount.month.between(first, last),
        )
        .ext(distinct_on(*key))
        .order_by(*key, SuppliedCount.revision.desc())
    )
    return {(row.component, row.area_code, row.month): row for row in session.scalars(query)}


def savings(session: Session, by: Viewer, *, limit: int = 20) -> list[Saved]:
    """The last savings of the viewer's agency."""
    rows = session.execute(
        select(
            SuppliedCount.entered_at,
            Account.display_name,
            func.count(),
            func.max(SuppliedCount.source),
        )
        .join(Account, Account.id == SuppliedCount.entered_by)
        .where(SuppliedCount.agency_id == by.agency.id)
        .group_by(SuppliedCount.entered_at, Account.display_name)
        .order_by(SuppliedCount.entered_at.desc())
        .limit(limit)
    ).all()
    return [Saved(row[0], row[1], row[2], row[3], place == 0) for place, row in enumerate(rows)]


def saved_at(session: Session, by: Viewer, at: datetime) -> list[SuppliedCount]:
    """The rows of one saving of the viewer's agency."""
    query = select(SuppliedCount).where(
        SuppliedCount.agency_id == by.agency.id, SuppliedCount.entered_at == at
    )
    return list(session.scalars(query.order_by(SuppliedCount.id)))


def earlier(session: Session, row: SuppliedCount) -> int | None:
    """What stood there before a revision."""
    query = select(SuppliedCount.value).where(
        SuppliedCount.component == row.component,
        SuppliedCount.area_code == row.area_code,
        SuppliedCount.month == row.month,
        SuppliedCount.revision == row.revision - 1,
    )
    return session.scalar(query)


def revisions(
    session: Session, names: Sequence[str], area: str, first: date, last: date
) -> list[Revision]:
    """Every revision of some counts, month by month, the newest of each first."""
    query = (
        select(SuppliedCount, Agency.name, Account.display_name)
        .join(Agency, Agency.id == SuppliedCount.agency_id)
        .join(Account, Account.id == SuppliedCount.entered_by)
        .where(
            SuppliedCount.component.in_(names),
            SuppliedCount.area_code == area,
            SuppliedCount.month.between(first, last),
        )
        .order_by(
            SuppliedCount.month.desc(), SuppliedCount.component, SuppliedCount.revision.desc()
        )
    )
    return [Revision(*row) for row in session.execute(query)]
