"""What the map reads: kept sums, populations, and the drawing. No persons anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Select, bindparam, exists, func, select, text
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.accounts.models import Account
from yuantou.indicators.models import DisputeMonth, FigurePart
from yuantou.maps.models import MapDrawing
from yuantou.territory.models import Area

Counts = tuple[dict[str, int], datetime | None]

_SPAN = (bindparam("since", type_=Date), bindparam("until", type_=Date))
_COUNTS = text("SELECT * FROM county_counts(:since, :until, :type)").bindparams(*_SPAN)
_CELLS = text("SELECT * FROM county_cells(:code, :since, :until)").bindparams(*_SPAN)
_BEGUN = text("SELECT * FROM county_begun(:until)").bindparams(_SPAN[1])
_LEFT = text("SELECT * FROM county_left(:until, :type)").bindparams(_SPAN[1])


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


def county_codes(session: Session) -> Sequence[str]:
    """The codes of all counties."""
    return session.scalars(select(Area.code).where(Area.level == "county")).all()


def cities(session: Session) -> Sequence[Area]:
    """All cities, by code."""
    return session.scalars(select(Area).where(Area.level == "city").order_by(Area.code)).all()


def reported_everywhere(session: Session, period: Period, type_: str) -> dict[str, int]:
    """Disputes of every county in the period, for the statistic alone: the viewer sees his own."""
    rows = session.execute(_COUNTS, {"since": period.first, "until": period.last, "type": type_})
    return {code: int(reported) for code, reported in rows}


def open_everywhere(session: Session, period: Period, type_: str) -> dict[str, int]:
    """Open disputes of every county at the period's end, for the statistic alone."""
    rows = session.execute(_LEFT, {"until": period.last, "type": type_})
    return {code: max(int(left), 0) for code, left in rows}


def begun(session: Session, last: date) -> set[str]:
    """Counties in which anything was written down by then: of the others nothing is known."""
    return set(session.scalars(_BEGUN, {"until": last}))


def cells_everywhere(session: Session, code: str, period: Period) -> dict[str, tuple[int, int]]:
    """An indicator's sums in every county, for the statistic alone."""
    asked = {"code": code, "since": period.first, "until": period.last}
    return {row[0]: (int(row[1]), int(row[2])) for row in session.execute(_CELLS, asked)}


def reported(
    session: Session, period: Period, type_: str, level: str = "county", under: str = ""
) -> Counts:
    """Disputes by area in the viewer's sight, and when they were counted."""
    counted = func.sum(DisputeMonth.reported)
    query = _by_area(counted, level, type_, under).where(
        DisputeMonth.month.between(period.first, period.last)
    )
    return _counts(session.execute(query).all())


def still_open(
    session: Session, period: Period, type_: str, level: str = "county", under: str = ""
) -> Counts:
    """Disputes open at the end of the period by area in the viewer's sight."""
    left = func.sum(DisputeMonth.reported - DisputeMonth.closed)
    query = _by_area(left, level, type_, under).where(DisputeMonth.month <= period.last)
    return _counts(session.execute(query).all())


def _by_area(number: Any, level: str, type_: str, under: str) -> Select[Any]:
    query = (
        select(DisputeMonth.area_code, number, func.max(DisputeMonth.computed_at))
        .where(DisputeMonth.level == level)
        .group_by(DisputeMonth.area_code)
    )
    if under:
        query = query.where(within(DisputeMonth.area_path, Range.below(under)))
    return query.where(DisputeMonth.type == type_) if type_ else query


def _counts(rows: Sequence[Any]) -> Counts:
    found = {code: max(int(number), 0) for code, number, _at in rows}
    return found, max((at for _code, _number, at in rows), default=None)


def parts(
    session: Session, code: str, dimension: str, value: str, period: Period
) -> tuple[dict[str, tuple[int, int]], datetime | None]:
    """An indicator's kept parts of one value by county in the viewer's sight."""
    asked = _parts(FigurePart.area_code, code, dimension, period)
    return _summed(session, asked.where(FigurePart.value == value))


def parts_below(
    session: Session, code: str, dimension: str, under: str, period: Period
) -> tuple[dict[str, tuple[int, int]], datetime | None]:
    """All values of a dimension of an indicator below an area."""
    asked = _parts(FigurePart.value, code, dimension, period)
    return _summed(session, asked.where(within(FigurePart.area_path, Range.below(under))))


def _parts(by: Any, code: str, dimension: str, period: Period) -> Select[Any]:
    return (
        select(
            by,
            func.sum(FigurePart.numerator),
            func.sum(FigurePart.denominator),
            func.max(FigurePart.computed_at),
        )
        .where(
            FigurePart.indicator == code,
            FigurePart.dimension == dimension,
            FigurePart.month.between(period.first, period.last),
        )
        .group_by(by)
    )


def _summed(
    session: Session, asked: Select[Any]
) -> tuple[dict[str, tuple[int, int]], datetime | None]:
    rows = session.execute(asked).all()
    found = {key: (int(hits), int(tries)) for key, hits, tries, _at in rows}
    return found, max((row[3] for row in rows), default=None)


def townships(session: Session, under: str) -> Sequence[Area]:
    """The townships below an area, by code."""
    return session.scalars(
        select(Area)
        .where(Area.level == "township", within(Area.path, Range.below(under)))
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


def first_month(session: Session, area_code: str) -> date | None:
    """The month in which the first dispute of an area was written down."""
    asked = select(func.min(DisputeMonth.month)).where(DisputeMonth.area_code == area_code)
    return session.scalar(asked)


def is_demo(session: Session) -> bool:
    """Whether this installation holds demonstration data."""
    return bool(session.scalar(select(exists().where(Account.demo))))
