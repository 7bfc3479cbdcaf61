"""Every night the detectors, once a week what they would notice and what they would have said."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.alerts.detection.apart import apart
from yuantou.alerts.detection.service import (
    court_month_due,
    detect,
    keep_backtest,
    keep_rises,
)
from yuantou.alerts.detection.terms import terms
from yuantou.calendar import clock
from yuantou.database.connections import ROOT
from yuantou.database.jobs import Job, Progress
from yuantou.database.settings import read_settings

SETTINGS = ROOT / "config" / "settings.toml"


def watch(session: Session, due: datetime, progress: Progress) -> None:
    """Judge the week up to the day before `due`."""
    day, now_terms = clock.local(due).date(), terms()
    closing = read_settings(SETTINGS).of("judiciary", "closing_day")
    detect(
        session,
        day - timedelta(days=1),
        now_terms,
        month=court_month_due(day, closing, now_terms.grace_days),
        now=clock.now(),
        progress=progress,
        reckon=apart,
    )


def rehearse(session: Session, due: datetime, progress: Progress) -> None:
    """The smallest rises, and the back-test."""
    last = clock.local(due).date() - timedelta(days=1)
    keep_rises(session, last, terms(), seed=last.toordinal())
    keep_backtest(
        session, last, terms(), events=None, now=clock.now(), progress=progress, reckon=apart
    )


JOBS = (
    Job(
        "alerts.detect",
        "每晚发现异常",
        "50 3 * * *",
        watch,
        timedelta(days=2),
        latest_only=True,
        lease=timedelta(minutes=10),
    ),
    Job(
        "alerts.rehearse",
        "回测预警方法",
        "40 4 * * sun",
        rehearse,
        timedelta(days=7),
        latest_only=True,
        lease=timedelta(minutes=30),
    ),
)
