"""Times of the year that ask for a round; the shipped list is in config/sensitive_dates.toml."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "sensitive_dates.toml"
AHEAD = timedelta(days=15)  # 示例: how long before it begins a round is proposed
_DAY = re.compile(r"(\d{1,2})\D+(\d{1,2})\D?")


class SeasonError(ValueError):
    """A list of seasons that cannot be read; the message says where and why."""


@dataclass(frozen=True)
class Season:
    """A time of the year: `first` and `last` are month-day and may lie around New Year."""

    name: str
    first: str
    last: str
    themes: tuple[str, ...] = ()

    def next_span(self, day: date) -> tuple[date, date]:
        """Its first and last day: the span that holds `day`, else the next one."""
        spans = (self._span(year) for year in range(day.year - 1, day.year + 2))
        return next(span for span in spans if span[1] >= day)

    def is_near(self, day: date) -> bool:
        """Whether it runs on `day` or begins soon."""
        first, last = self.next_span(day)
        return first - AHEAD <= day <= last

    def _span(self, year: int) -> tuple[date, date]:
        first, last = _on(self.first, year), _on(self.last, year)
        return (first, last) if first <= last else (first, _on(self.last, year + 1))


def day_of(text: str) -> str | None:
    """A month and day as people write them (11月1日, 11-1), as '11-01'; None for none."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        return None
    month, day = int(found[1]), int(found[2])
    try:
        date(2024, month, day)  # a leap year: 29 February is a day
    except ValueError:
        return None
    return f"{month:02d}-{day:02d}"


@cache
def shipped(path: Path = SHIPPED) -> tuple[Season, ...]:
    """The list that the product brings; SeasonError where it is faulty."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("season", [])
        return tuple(_season(row) for row in rows)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, TypeError, KeyError) as fault:
        raise SeasonError(f"{path}: {fault}") from fault


def near(seasons: Iterable[Season], day: date) -> list[Season]:
    """Seasons for which a round may be opened now."""
    return [season for season in seasons if season.is_near(day)]


def _season(row: dict[str, object]) -> Season:
    first, last = day_of(str(row["first"])), day_of(str(row["last"]))
    themes = row.get("themes", [])
    if first is None or last is None or not isinstance(themes, list):
        raise TypeError(f"season {row.get('name')}: first, last and themes")
    return Season(str(row["name"]), first, last, tuple(map(str, themes)))


def _on(month_day: str, year: int) -> date:
    month, day = map(int, month_day.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)
