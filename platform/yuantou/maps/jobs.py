"""Redrawing the base map when a boundary changed."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.calendar.clock import now
from yuantou.database.jobs import Job, Progress
from yuantou.maps.drawing import draw


def redraw(session: Session, due: datetime, progress: Progress) -> None:
    """Draw the boundaries in force unless that was done."""
    draw(session, now=now())
    progress(1, 1)


JOBS = (Job("maps.draw", "绘制底图", "15 * * * *", redraw, timedelta(hours=2), latest_only=True),)
