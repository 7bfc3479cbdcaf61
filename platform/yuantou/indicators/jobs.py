"""Keeping the figures: what changed at once, every night everything."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.database.jobs import Job, Progress
from yuantou.indicators.keeping import keep_all, keep_stale, lay_aside
from yuantou.indicators.models import StaleArea

COUNTIES_AT_ONCE = 10


class NothingToKeep(RuntimeError):
    """There are no areas: the territory was not loaded."""


def keep_changed(session: Session, _due: datetime, progress: Progress) -> None:
    """Compute anew the areas whose rows changed."""
    kept = keep_stale(session)
    done = kept.disputes + kept.counts
    progress(done, done)


def keep_everything(session: Session, _due: datetime, progress: Progress) -> None:
    """Compute every area anew, with what fell due since yesterday."""
    if not keep_all(session, progress=progress).disputes:
        raise NothingToKeep("没有区域数据，无法汇总指标：请先载入区域。")


def lay_some_aside(session: Session, _due: datetime, progress: Progress) -> None:
    """Lay the entries of some counties aside for the day: figures.changed waits so long."""
    done = lay_aside(session, most=COUNTIES_AT_ONCE)
    progress(done, done)


def anything_changed(session: Session) -> bool:
    """Whether a row changed that a kept figure counts."""
    return session.scalar(select(StaleArea.id).limit(1)) is not None


JOBS = (
    Job(
        "figures.changed",
        "汇总有变动地区的指标",
        "* * * * *",
        keep_changed,
        timedelta(minutes=10),
        latest_only=True,
        when=anything_changed,
    ),
    Job(
        "figures.nightly",
        "全量汇总指标",
        "20 1 * * *",
        keep_everything,
        timedelta(days=2),
        latest_only=True,
        lease=timedelta(minutes=10),
    ),
    Job(
        "figures.laid",
        "备好各县当天的条目",
        "*/5 2-4 * * *",
        lay_some_aside,
        timedelta(hours=1),
        latest_only=True,
    ),
)
