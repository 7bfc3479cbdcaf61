"""The weeks of a source as a picture: what came, what would be usual, where the rise begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yuantou.indicators.disclosure import conceal
from yuantou.maps.sources.gathering import WEEK, Span, by_week
from yuantou.maps.sources.models import CommonSource

BLOCK = 4
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640.0, 220.0, 34.0, 8.0, 24.0, 30.0
TICKS = 3
ALL = "all"


@dataclass(frozen=True)
class Bar:
    """One stretch of weeks: its count (None where concealed), what is usual, and its place."""

    label: str
    count: int | None
    usual: float
    rising: bool
    x: float
    y: float
    width: float
    usual_y: float


@dataclass(frozen=True)
class Timeline:
    """Bars from old to new in pixels; `weeks` says how many weeks one bar holds."""

    bars: list[Bar]
    weeks: int
    ticks: list[tuple[int, float]]
    start_x: float | None
    width: float = WIDTH
    height: float = HEIGHT
    base: float = HEIGHT - BOTTOM
    left: float = LEFT
    right: float = WIDTH - RIGHT

    @property
    def every(self) -> int:
        """How many bars share a label."""
        return max(1, len(self.bars) // 7)


def timeline(
    source: CommonSource, *, exact: bool, days: Sequence[date] | None = None
) -> Timeline | None:
    """Week by week for who sees the rows, else four weeks together and small ones concealed.

    `days` are those of the matters in sight where others must not be told.
    """
    if source.last_week_end is None or not source.weeks:
        return None
    first = source.last_week_end - timedelta(days=WEEK * len(source.weeks) - 1)
    weeks, usual = source.weeks, source.usual
    if days is not None:
        weeks = by_week(days, Span(first, len(source.weeks)))
        usual = [each * sum(weeks) / (sum(source.usual) or 1.0) for each in source.usual]
    step = 1 if exact else BLOCK
    starts = range(0, len(weeks), step)
    counts = [sum(weeks[at : at + step]) for at in starts]
    due = [sum(usual[at : at + step]) for at in starts]
    begin = _begin(source, first, step)
    return _drawn(
        [_label(first + timedelta(days=WEEK * at)) for at in starts],
        counts if exact else _concealed(counts),
        due,
        begin,
        step,
    )


def _concealed(counts: Sequence[int]) -> list[int | None]:
    """Small bars are left out, and another with them: the sum of all stands beside the picture."""
    cells: dict[str, int | None] = {str(at): each for at, each in enumerate(counts)}
    hidden = conceal({**cells, ALL: sum(counts)}, [(ALL, list(cells))])
    return [None if str(at) in hidden else each for at, each in enumerate(counts)]


def _drawn(
    labels: Sequence[str],
    counts: Sequence[int | None],
    usual: Sequence[float],
    begin: int | None,
    step: int,
) -> Timeline:
    most = max([each or 0 for each in counts] + [max(usual, default=0.0), 1.0])
    pace = (WIDTH - LEFT - RIGHT) / len(labels)
    tall = HEIGHT - TOP - BOTTOM

    def height(value: float) -> float:
        return round(TOP + tall * (1 - value / most), 1)

    bars = [
        Bar(
            label,
            count,
            round(due, 2),
            begin is not None and place >= begin,
            round(LEFT + pace * (place + 0.1), 1),
            height(count or 0),
            round(pace * 0.8, 1),
            height(due),
        )
        for place, (label, count, due) in enumerate(zip(labels, counts, usual, strict=True))
    ]
    tick = max(1, -(-int(most) // TICKS))
    ticks = [(value, height(value)) for value in range(0, int(most) + 1, tick)]
    start = None if begin is None else round(LEFT + pace * begin, 1)
    return Timeline(bars, step, ticks, start)


def _begin(source: CommonSource, first: date, step: int) -> int | None:
    if source.since is None or source.state != "rising":
        return None
    return (source.since - first).days // WEEK // step


def _label(day: date) -> str:
    return f"{day.month}-{day.day:02d}"
