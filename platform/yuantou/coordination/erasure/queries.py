"""What is due to be erased, what is asked, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from yuantou.calendar.clock import ZONE
from yuantou.coordination.erasure.models import Erasure
from yuantou.coordination.erasure.retention import FileClass, read

MOST = 100
_PAST = text("SELECT * FROM files_past(:states, :outcomes, :before, :most)")


@dataclass(frozen=True)
class Due:
    """Files of one class that were kept long enough, the oldest first."""

    kind: FileClass
    rows: Sequence[Any]


def due(session: Session, today: date) -> list[Due]:
    """By class what may be erased; numbers and days alone, for whoever asks or decides."""
    return [Due(kind, _past(session, kind, today)) for kind in read().classes]


def requests(session: Session) -> Sequence[Erasure]:
    """What was asked, the newest first."""
    return session.scalars(select(Erasure).order_by(Erasure.id.desc()).limit(MOST)).all()


def find(session: Session, erasure_id: int) -> Erasure | None:
    """One request in sight."""
    return session.get(Erasure, erasure_id)


def _past(session: Session, kind: FileClass, today: date) -> Sequence[Any]:
    moment = datetime.combine(kind.before(today), time.min, ZONE)
    asked = {
        "states": list(kind.states),
        "outcomes": list(kind.outcomes),
        "before": moment,
        "most": MOST,
    }
    return session.execute(_PAST, asked).all()
