"""Single matters on the map: for those who may open them, never restricted ones."""

from collections.abc import Sequence
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


def points(session: Session, viewer: Viewer, area: Area, view: View) -> Points:
    """Matters reported in the period below an area and in the viewer's scope, the newest first."""
    since, after = span(view.period)
    asked = (
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
            Dispute.reported_at >= since,
            Dispute.reported_at < after,
        )
        .order_by(Dispute.reported_at.desc(), Dispute.id.desc())
        .limit(MOST + 1)
    )
    asked = asked.where(
        Dispute.county_code == area.code
        if area.level == "county"
        else within(Dispute.area_path, Range.below(area.path))
    )
    if view.type:
        asked = asked.where(Dispute.type == view.type)
    rows = session.execute(asked).all()
    return Points([_point(row) for row in rows[:MOST]], len(rows) > MOST)


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
