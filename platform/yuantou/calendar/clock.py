"""The one clock: moments are aware and stand in the time of Shanghai."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment."""
    return datetime.now(ZONE)


def today() -> date:
    """The day that offices in China write now."""
    return now().date()


def local(moment: datetime) -> datetime:
    """An aware moment in the time of Shanghai; a naive one raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError(f"a moment without time zone: {moment.isoformat()}")
    return moment.astimezone(ZONE)
