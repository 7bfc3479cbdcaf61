"""Delivery every minute, and the nightly clearing of what was delivered long ago."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from yuantou.calendar import clock
from yuantou.crypto.secrets import load_secrets
from yuantou.database.connections import ROOT
from yuantou.database.jobs import Job, Progress
from yuantou.disputes.service import working_calendar
from yuantou.notices import channels, outbox
from yuantou.notices.sending import send

log = structlog.get_logger("yuantou.notices")


def run(session: Session, _due: datetime, progress: Progress) -> None:
    """Send what waits. Claims and results are committed on a connection of their own."""
    engine = session.get_bind()
    if not isinstance(engine, Engine):
        raise TypeError("delivery needs an engine to commit its claims on")
    post = outbox.Post(
        channels.read(),
        load_secrets(ROOT / "var" / "secrets.toml").keyring,
        send,
        working_calendar(session),
    )
    fates = outbox.deliver(engine, post, now=clock.now, progress=progress)
    if fates:
        log.info("通知已外发", **fates)


def forget(session: Session, due: datetime, progress: Progress) -> None:
    """Delete what was delivered long ago."""
    outbox.forget(session, before=due - channels.read().kept)
    progress(1, 1)


JOBS = (
    Job(
        "notices.deliver",
        "外发通知",
        "* * * * *",
        run,
        timedelta(hours=1),
        latest_only=True,
        attempts=1,
    ),
    Job(
        "notices.forget",
        "清理已送达的外发记录",
        "40 3 * * *",
        forget,
        timedelta(days=2),
        latest_only=True,
    ),
)
