"""What the map reads: kept sums, populations, and the drawing. No persons anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, bindparam, exists, func, select, text
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.indicators.models import DisputeMonth
from yuantou.indicators.queries import dispute_counts, freshness, open_counts
from yuantou.maps.models import MapDrawing
from yuantou.territory.models import Area, Population

_COUNTY_COUNTS = text("SELECT area_code, reported FROM county_counts(:since, :until, :type)")
_COUNTY_COUNTS = _COUNTY_COUNTS.bindparams(
    bindparam("since", type_=Date), bindparam("until", type_=Date)
)


@dataclass(frozen=True)
class Period:
    """Whole months, both ends included."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """As the screens write it."""
        start = f"{self.first.year}年{self.first.month}月"
        return (
            start if self.first == self.last else f"{start}—{self.last.year}年{self.last.month}月"
        )


def month_back(month: date, count: int) -> date:
    """The first day of the month `count` months earlier."""
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def drawing(session: Session) -> MapDrawing | None:
    """The newest drawing."""
    return session.scalars(select(MapDrawing).order_by(MapDrawing.made_at.desc()).limit(1)).first()


def counties(session: Session) -> Sequence[Area]:
    """All counties, by code."""
    return session.scalars(select(Area).where(Area.level == "county").order_by(Area.code)).all()


def persons(session: Session) -> dict[str, tuple[int, int]]:
    """The newest population of each area as (persons, year); areas without one are absent."""
    rows = session.execute(
        select(Population.area_code, Population.persons, Population.year).order_by(Population.year)
    )
    return {code: (number, year) for code, number, year in rows}


def reported_everywhere(session: Session, period: Period, type_: str) -> dict[str, int]:
    """Disputes of every county in the period, for the statistic alone: the viewer sees his own."""
    rows = session.execute(
        _COUNTY_COUNTS, {"since": period.first, "until": period.last, "type": type_}
    )
    return {code: int(reported) for code, reported in rows}


def reported(
    session: Session, period: Period, type_: str, level: str = "county", under: str = ""
) -> dict[str, int]:
    """Disputes by area in the viewer's sight; an area of his without any counts 0."""
    types = (type_,) if type_ else ()
    counted: dict[str, int] = {}
    for row in dispute_counts(session, level, period.first, period.last, under=under, types=types):
        counted[row.area_code] = counted.get(row.area_code, 0) + row.reported
    return counted


def still_open(session: Session, period: Period, type_: str) -> dict[str, int]:
    """Disputes open at the end of the period, by county in the viewer's sight."""
    return open_counts(session, "county", period.last, types=(type_,) if type_ else ())


def age(session: Session) -> datetime | None:
    """When the kept sums were last brought up to date."""
    return freshness(session)


def townships(session: Session, county_code: str) -> Sequence[Area]:
    """The townships of a county, by code."""
    return session.scalars(
        select(Area)
        .where(Area.level == "township", Area.parent_code == county_code)
        .order_by(Area.code)
    ).all()


def by_month(
    session: Session, area_code: str, first: date, last: date, type_: str
) -> dict[date, int]:
    """Disputes of one area month by month; months without any are absent."""
    query = (
        select(DisputeMonth.month, func.sum(DisputeMonth.reported))
        .where(DisputeMonth.area_code == area_code, DisputeMonth.month.between(first, last))
        .group_by(DisputeMonth.month)
    )
    if type_:
        query = query.where(DisputeMonth.type == type_)
    return {month: int(reported) for month, reported in session.execute(query)}


def is_demo(session: Session) -> bool:
    """Whether this installation holds demonstration data."""
    return bool(session.scalar(select(exists().where(Account.demo))))
