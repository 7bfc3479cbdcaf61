"""A class over several counties that their city leads: all of it by number, none of it by name.

The city opens pressing matters alone. Of a cluster that was warned of it gets every matter's
number, county, type, day and state; each county opens its own. Restricted ones are only counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.roles import Reach
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.alerts.governance import history
from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.analyses.sharing import Taken
from yuantou.alerts.models import Alert
from yuantou.alerts.queries import clustered
from yuantou.calendar.clock import local
from yuantou.disputes.errors import RefusedError

SHOWN = 500


@dataclass(frozen=True)
class Led:
    """The class of a cluster: its open matters with their counties, and how many are restricted."""

    taken: Sequence[Taken]
    restricted: int

    @property
    def counties(self) -> list[str]:
        """The counties whose matters are in it."""
        return sorted({one.area for one in self.taken})


def leads(viewer: Viewer, alert: Alert | None) -> bool:
    """Whether a warning is of several places and the viewer's office coordinates them."""
    return alert is not None and viewer.scope.reach is Reach.PRESSING and clustered(alert)


def led(session: Session, alert: Alert) -> Led:
    """The whole class that a cluster's warning tells of."""
    columns = ("id", "type", "county_code", "reported_at", "involved", "amount", "restricted")
    rows = session.execute(select(func.class_of_warning(alert.id).table_valued(*columns))).all()
    taken = [
        Taken(
            id=row.id,
            type=row.type,
            area=row.county_code,
            day=local(row.reported_at).date(),
            restricted=False,
            involved=row.involved,
            amount=float(row.amount or 0),
        )
        for row in rows
        if not row.restricted
    ]
    return Led(sorted(taken, key=lambda one: one.id), len(rows) - len(taken))


def freeze(session: Session, made: Analysis, found: Led) -> None:
    """Step: write the list, and into each matter's history that it is in it; tell the counties.

    Raises RefusedError where a matter came or went since it was counted.
    """
    if session.scalar(select(func.freeze_class(made.id))) != len(found.taken):
        raise RefusedError(history.changed())
    centres = select(Agency.id).where(
        Agency.kind == AgencyKind.COUNTY_CENTRE,
        Agency.area_code.in_(found.counties),
        Agency.active,
    )
    link = f"/sources/analyses/{made.id}"
    history.tell(session, list(session.scalars(centres)), made.title, link, made.opened_at)


def rows(session: Session, analysis: Analysis) -> Sequence[Any]:
    """Every matter of a class by its number, county by county, for the office that leads it."""
    columns = ("number", "county_code", "type", "reported_at", "state")
    asked = select(func.class_rows(analysis.id).table_valued(*columns)).limit(SHOWN)
    return session.execute(asked).all()
