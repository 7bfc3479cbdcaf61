"""The weeks of a source as a picture: what came, what would be usual, where the rise begins."""

from dataclasses import dataclass
from datetime import date, timedelta

from yuantou.indicators.disclosure import small
from yuantou.maps.sources.gathering import WEEK
from yuantou.maps.sources.models import CommonSource

BLOCK = 4


@dataclass(frozen=True)
class Timeline:
    """Counts from old to new; None where concealed. `start` is the place of the rise's beginning.

    `weeks` says how many weeks one place holds.
    """

    labels: list[str]
    counts: list[int | None]
    usual: list[float]
    start: int | None
    weeks: int


def timeline(source: CommonSource, *, exact: bool) -> Timeline | None:
    """Week by week for who sees the rows, else four weeks together and small ones concealed."""
    if source.last_week_end is None or not source.weeks:
        return None
    first = source.last_week_end - timedelta(days=WEEK * len(source.weeks) - 1)
    step = 1 if exact else BLOCK
    starts = range(0, len(source.weeks), step)
    counts = [sum(source.weeks[at : at + step]) for at in starts]
    return Timeline(
        labels=[_label(first + timedelta(days=WEEK * at)) for at in starts],
        counts=[None if not exact and small(each) else each for each in counts],
        usual=[round(sum(source.usual[at : at + step]), 2) for at in starts],
        start=_start(source, first, step),
        weeks=step,
    )


def _start(source: CommonSource, first: date, step: int) -> int | None:
    if source.since is None or source.state != "rising":
        return None
    return (source.since - first).days // WEEK // step


def _label(day: date) -> str:
    return f"{day.month}-{day.day:02d}"
