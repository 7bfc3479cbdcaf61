"""Every night: the newest quarter that can be judged, once; and what was not answered in time."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.database.connections import ROOT
from yuantou.database.jobs import Job, Progress
from yuantou.database.settings import read_settings
from yuantou.indicators.integrity.asking import Terms, ask, lapse
from yuantou.indicators.integrity.gathering import quarter_due

SETTINGS = ROOT / "config" / "settings.toml"


def run(session: Session, due: datetime, progress: Progress) -> None:
    """Ask about the quarter that ended long enough ago; hand on what has lapsed."""
    settings = read_settings(SETTINGS)
    terms = Terms(
        settings.of("integrity", "false_discovery_rate"),
        settings.of("integrity", "answer_workdays"),
    )
    quarter = quarter_due(clock.local(due).date(), settings.of("integrity", "wait_days"))
    now = clock.now()
    lapse(session, now)
    ask(session, quarter, terms, now=now, progress=progress)
    progress(1, 1)


JOBS = (
    Job(
        "integrity.nightly",
        "数据核问",
        "30 3 * * *",
        run,
        timedelta(days=2),
        latest_only=True,
        lease=timedelta(minutes=10),
    ),
)
