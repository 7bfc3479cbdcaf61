"""How bulletins are called. Plain Chinese: they are written where nobody reads along."""

from datetime import date

from yuantou.bulletins.models import Bulletin
from yuantou.bulletins.periods import Rhythm

NAMES = {Rhythm.DAILY: "日研判", Rhythm.WEEKLY: "周调度", Rhythm.MONTHLY: "月通报"}


def span(rhythm: str, start: date, end: date) -> str:
    """The period."""
    if rhythm == Rhythm.DAILY:
        return f"{start.year}年{start.month}月{start.day}日"
    if rhythm == Rhythm.MONTHLY:
        return f"{start.year}年{start.month}月"
    return f"{start.year}年{start.month}月{start.day}日—{end.month}月{end.day}日"


def title(row: Bulletin) -> str:
    """The name of a bulletin with its period and edition."""
    words = f"{NAMES[Rhythm(row.rhythm)]}：{span(row.rhythm, row.period_start, row.period_end)}"
    return f"{words}（第{row.edition}版）" if row.edition > 1 else words
