"""What the detectors saw: the last night whole, of earlier nights what was unusual."""

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from yuantou.database.columns import Code, Day, Key, Moment, Path, Reference
from yuantou.database.session import Model


class Signal(Model):
    """What one detector said of one area and type ('' is all types) in the week up to `night`.

    Quiet ones and those not judged are kept of the last night alone: `SignalNight` counts them.
    `weeks` and `members` are how long and where a cluster lasts. `warning_id` is the warning that
    was raised, or the one that still rested.
    """

    __tablename__ = "signal"
    __table_args__ = (
        UniqueConstraint("night", "detector", "area_code", "type"),
        CheckConstraint("state IN ('alarm', 'quiet', 'skipped')", name="state"),
        Index("ix_signal_path", "area_path", "night"),
        Index("ix_signal_warning", "warning_id"),
    )

    id: Mapped[Key]
    night: Mapped[Day]
    detector: Mapped[Code]
    version: Mapped[int]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    type: Mapped[Code]
    state: Mapped[Code]
    reason: Mapped[Code]
    weeks: Mapped[int]
    observed: Mapped[float | None]
    expected: Mapped[float | None]
    upper: Mapped[float | None]
    p: Mapped[float | None]
    q: Mapped[float | None]
    members: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    warning_id: Mapped[Reference | None]


class SignalNight(Model):
    """One night: how many series each detector judged, called unusual, or could not judge and why.

    `old` counts the counties with enough history for all detectors; `missing` names areas that
    sent nothing.
    """

    __tablename__ = "signal_night"

    night: Mapped[Day] = mapped_column(primary_key=True)
    ran_at: Mapped[Moment]
    version: Mapped[int]
    matters: Mapped[int]
    counties: Mapped[int]
    old: Mapped[int]
    rate: Mapped[float]
    counted: Mapped[dict[str, dict[str, int]]] = mapped_column(JSONB)
    missing: Mapped[list[str]] = mapped_column(ARRAY(String(32)))


class SmallestRise(Model):
    """How many more a week, in four of five simulated cases, would be noticed here in that week.

    `usual` is what a week holds; `extra` is NULL where no detector could judge.
    """

    __tablename__ = "smallest_rise"

    area_code: Mapped[Code] = mapped_column(primary_key=True)
    type: Mapped[Code] = mapped_column(primary_key=True)
    area_path: Mapped[Path]
    night: Mapped[Day]
    usual: Mapped[float]
    extra: Mapped[int | None]
    detector: Mapped[Code]


class BackTest(Model):
    """What the detectors would have said over past weeks; `content` is made by backtest.py."""

    __tablename__ = "backtest"

    id: Mapped[Key]
    ran_at: Mapped[Moment]
    last: Mapped[Day]
    weeks: Mapped[int]
    seed: Mapped[int]
    version: Mapped[int]
    content: Mapped[dict[str, object]] = mapped_column(JSONB)
