"""Single matters on the map: for those who may open them, never restricted ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import ZONE
from yuantou.disputes.models import Dispute
from yuantou.maps.queries import Period, month_back
from yuantou.maps.views import View
from yuantou.territory.models import Area

MOST = 2_000


@dataclass(frozen=True, slots=True)
class Point:
    """One matter where it happened; `place` is in CGCS2000, None where nobody noted it."""

    id: int
    number: str | None
    title: str
    type: str
    risk: str | None
    area_name: str
    reported_at: datetime
    place: tuple[float, float] | None


@dataclass(frozen=True)
class Points:
    """The newest matters of a view; `more` says that there are others behind them."""

    rows: Sequence[Point]
    more: bool

    @property
    def placed(self) -> list[Point]:
        """Those whose place is known."""
        return [each for each in self.rows if each.place is not None]


def may_see(viewer: Viewer) -> bool:
    """Whether single matters are shown at all to this viewer."""
    return viewer.may(Permission.DISPUTE_READ)


def points(session: Session, viewer: Viewer, area: Area, view: View, most: int = MOST) -> Points:
    """Matters reported in the period below an area and in the viewer's scope, the newest first.

    They are asked for window by window, so that a county of very many reads its newest alone.
    """
    asked, rows = _asked(viewer, area, view.type), list[Any]()
    for window in _windows(view.period):
        since, after = span(window)
        part = asked.where(Dispute.reported_at >= since, Dispute.reported_at < after)
        rows += session.execute(part.limit(most + 1 - len(rows)))
        if len(rows) > most:
            break
    return Points([_point(row) for row in rows[:most]], len(rows) > most)


def _windows(period: Period) -> Iterator[Period]:
    """The months of a period from its end: one, then twice as many as before."""
    last, number = period.last, 1
    while last >= period.first:
        first = max(month_back(last, number - 1), period.first)
        yield Period(first, last)
        last, number = month_back(first, 1), number * 2


def _asked(viewer: Viewer, area: Area, type_: str) -> Any:
    asked: Any = (
        select(
            Dispute.id,
            Dispute.number,
            Dispute.title,
            Dispute.type,
            Dispute.risk,
            Area.name,
            Dispute.reported_at,
            Dispute.lng_normal,
            Dispute.lat_normal,
        )
        .join(Area, Area.code == Dispute.area_code)
        .where(
            viewer.scope.visible(Dispute),
            not_(Dispute.restricted),
        )
        .order_by(Dispute.reported_at.desc(), Dispute.id.desc())
    )
    asked = asked.where(
        Dispute.county_code == area.code
        if area.level == "county"
        else within(Dispute.area_path, Range.below(area.path))
    )
    return asked.where(Dispute.type == type_) if type_ else asked


def span(period: Period) -> tuple[datetime, datetime]:
    """The first moment of a period, and the first after it."""
    return _midnight(period.first), _midnight(month_back(period.last, -1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def _point(row: Any) -> Point:
    lng, lat = row.lng_normal, row.lat_normal
    place = None if lng is None or lat is None else (lng, lat)
    return Point(
        row.id, row.number, row.title, row.type, row.risk, row.name, row.reported_at, place
    )
