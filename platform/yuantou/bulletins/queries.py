"""Reading bulletins. Row-level security bounds them to the viewer's areas."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, defer

from yuantou.access.scope import within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.bulletins.models import Bulletin
from yuantou.territory.models import Area

PAGE = 60
LONG_AGO = timedelta(days=120)


def editions(session: Session, rhythm: str, start: date) -> set[str]:
    """Counties whose bulletin of that period is there."""
    asked = select(Bulletin.area_code).where(
        Bulletin.rhythm == rhythm, Bulletin.period_start == start
    )
    return set(session.scalars(asked))


def provisional(session: Session, rhythm: str, now: datetime) -> dict[date, dict[str, Bulletin]]:
    """The newest editions of recent months that are provisional, by period and county."""
    newest = (
        select(Bulletin)
        .where(Bulletin.rhythm == rhythm, Bulletin.period_end > (now - LONG_AGO).date())
        .ext(distinct_on(Bulletin.area_code, Bulletin.period_start))
        .order_by(Bulletin.area_code, Bulletin.period_start, Bulletin.edition.desc())
    )
    found: dict[date, dict[str, Bulletin]] = defaultdict(dict)
    for row in session.scalars(newest):
        if row.provisional:
            found[row.period_start][row.area_code] = row
    return found


def county_centres(session: Session) -> dict[str, int]:
    """The centre of every county that has one."""
    asked = select(Agency.area_code, Agency.id).where(Agency.kind == "county_centre", Agency.active)
    return {row.area_code: row.id for row in session.execute(asked.order_by(Agency.id.desc()))}


def bulletin(session: Session, viewer: Viewer, number: int) -> Bulletin | None:
    """One bulletin in the viewer's areas."""
    return session.scalar(
        select(Bulletin).where(Bulletin.id == number, within(Bulletin.area_path, viewer.scope.sums))
    )


def newer(session: Session, row: Bulletin) -> int | None:
    """A later edition of the same bulletin."""
    asked = select(Bulletin.id).where(
        Bulletin.area_code == row.area_code,
        Bulletin.rhythm == row.rhythm,
        Bulletin.period_start == row.period_start,
        Bulletin.edition > row.edition,
    )
    return session.scalar(asked.order_by(Bulletin.edition.desc()).limit(1))


def listing(session: Session, viewer: Viewer, rhythm: str) -> Sequence[Row[Bulletin, str]]:
    """The newest bulletins of a rhythm, every edition, newest period first."""
    asked = (
        select(Bulletin, Area.name)
        .join(Area, Area.code == Bulletin.area_code)
        .where(Bulletin.rhythm == rhythm, within(Bulletin.area_path, viewer.scope.sums))
        .options(defer(Bulletin.content))
        .order_by(Bulletin.period_start.desc(), Bulletin.area_path, Bulletin.edition.desc())
    )
    return list(session.execute(asked.limit(PAGE)))


def periods(session: Session, viewer: Viewer, rhythm: str) -> list[tuple[date, date]]:
    """First and last day of the newest periods of which the viewer may read a bulletin."""
    asked = (
        select(Bulletin.period_start, Bulletin.period_end)
        .where(Bulletin.rhythm == rhythm, within(Bulletin.area_path, viewer.scope.sums))
        .distinct()
    )
    rows = session.execute(asked.order_by(Bulletin.period_start.desc()).limit(PAGE))
    return [(row.period_start, row.period_end) for row in rows]


def of_period(
    session: Session, viewer: Viewer, rhythm: str, start: date
) -> Sequence[Row[Bulletin, str]]:
    """The newest edition of every county's bulletin of one period."""
    asked = (
        select(Bulletin, Area.name)
        .join(Area, Area.code == Bulletin.area_code)
        .where(
            Bulletin.rhythm == rhythm,
            Bulletin.period_start == start,
            within(Bulletin.area_path, viewer.scope.sums),
        )
        .options(defer(Bulletin.content))
        .ext(distinct_on(Bulletin.area_path))
        .order_by(Bulletin.area_path, Bulletin.edition.desc())
    )
    return list(session.execute(asked))
