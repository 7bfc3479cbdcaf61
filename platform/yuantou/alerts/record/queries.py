"""What the ledger reads; row-level security keeps every viewer to his areas and matters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.alerts.detection.models import BackTest, Signal, SignalNight, SmallestRise
from yuantou.alerts.models import Alert
from yuantou.alerts.record.ledger import MONTH_DAYS, Told
from yuantou.alerts.record.models import WarningLead
from yuantou.calendar.clock import local
from yuantou.territory.models import Area

NIGHTS = 14
MOST = 200


@dataclass(frozen=True)
class Watched:
    """Warnings of the viewer's areas since a day, and over how many county-months.

    `told` has one for every detector that spoke, as early as that one did; `once` each warning
    once.
    """

    told: list[Told]
    once: list[Told]
    since: date
    county_months: float


def watched(session: Session, viewer: Viewer, today: date, days: int) -> Watched:
    """Every warning in sight."""
    first = today - timedelta(days=days)
    rows = session.execute(_warnings(viewer, first)).all()
    voices = _voices(session, viewer, first)
    once = [
        Told(row.rule, row.outcome, _days(row.raised_at, row.first_suit),
             _days(row.raised_at, row.peak), row.state == "closed" and row.outcome is None)
        for row in rows
    ]  # fmt: skip
    told = [
        _later(each, source, (said - local(row.raised_at).date()).days)
        for row, each in zip(rows, once, strict=True)
        for source, said in voices.get(row.id, {row.rule: local(row.raised_at).date()}).items()
    ]
    begun = min([local(row.raised_at).date() for row in rows], default=today)
    night = session.scalar(select(func.min(SignalNight.night)))
    since = max(first, min(begun, night or begun))
    counties = session.scalar(select(func.count()).where(_county(viewer.scope.sums))) or 0
    return Watched(told, once, since, counties * (today - since).days / MONTH_DAYS)


def nights(session: Session) -> Sequence[SignalNight]:
    """The last nights, the newest first."""
    return session.scalars(
        select(SignalNight).order_by(SignalNight.night.desc()).limit(NIGHTS)
    ).all()


def signals(session: Session, viewer: Viewer, since: date) -> Sequence[Row[Any]]:
    """What was unusual in the viewer's areas, the newest night first, then by area."""
    asked: Any = (
        select(Signal, Area.name.label("area"))
        .join(Area, Area.code == Signal.area_code)
        .where(
            Signal.state == "alarm",
            Signal.night >= since,
            within(Signal.area_path, viewer.scope.sums),
        )
        .order_by(Signal.night.desc(), Signal.area_path, Signal.type, Signal.detector)
        .limit(MOST)
    )
    found: Sequence[Row[Any]] = session.execute(asked).all()
    return found


def counties(session: Session, viewer: Viewer) -> Sequence[Area]:
    """The counties of the viewer's areas."""
    return session.scalars(select(Area).where(_county(viewer.scope.sums)).order_by(Area.code)).all()


def rises(session: Session, county: str) -> Sequence[SmallestRise]:
    """What would be noticed in a county, type by type."""
    return session.scalars(
        select(SmallestRise).where(SmallestRise.area_code == county).order_by(SmallestRise.type)
    ).all()


def newest_backtest(session: Session) -> BackTest | None:
    """The last back-test."""
    return session.scalars(select(BackTest).order_by(BackTest.id.desc()).limit(1)).first()


def names(session: Session, codes: Sequence[str]) -> dict[str, str]:
    """Names of areas."""
    rows = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)))
    return {row.code: row.name for row in rows}


def in_sight(session: Session, viewer: Viewer, codes: Sequence[str]) -> list[str]:
    """Names of those of the areas that lie in the viewer's."""
    asked = select(Area.name).where(Area.code.in_(codes), within(Area.path, viewer.scope.sums))
    return list(session.scalars(asked.order_by(Area.code)))


def _warnings(viewer: Viewer, first: date) -> Any:
    return (
        select(Alert.id, Alert.rule, Alert.outcome, Alert.state, Alert.raised_at,
               WarningLead.first_suit, WarningLead.peak)
        .outerjoin(WarningLead, WarningLead.warning_id == Alert.id)
        .where(Alert.raised_at >= first,
               within(Alert.area_path, viewer.scope.sums))
    )  # fmt: skip


def _later(told: Told, source: str, days: int) -> Told:
    """The warning as a detector told of it that spoke so many days after it was raised."""
    suit, peak = (
        None if left is None else left - max(days, 0) for left in (told.until_suit, told.until_peak)
    )
    return replace(told, source=source, until_suit=suit, until_peak=peak)


def _voices(session: Session, viewer: Viewer, first: date) -> dict[int, dict[str, date]]:
    """Which detectors spoke of each warning, and on which day each first did."""
    rows = session.execute(
        select(Signal.warning_id, Signal.detector, func.min(Signal.night).label("night"))
        .where(
            Signal.warning_id.is_not(None),
            Signal.night >= first - timedelta(days=1),
            within(Signal.area_path, viewer.scope.sums),
        )
        .group_by(Signal.warning_id, Signal.detector)
    )
    voices: dict[int, dict[str, date]] = {}
    for row in rows:
        voices.setdefault(row.warning_id, {})[row.detector] = row.night + timedelta(days=1)
    return voices


def _county(range_: Range) -> Any:
    return (Area.level == "county") & Area.valid_to.is_(None) & within(Area.path, range_)


def _days(raised: datetime, day: date | None) -> int | None:
    return (day - local(raised).date()).days if day else None
