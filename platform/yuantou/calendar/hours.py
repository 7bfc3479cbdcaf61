"""When an office is open: the spans of a day, the seasons of a year, new versions from a day on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

Hours = tuple[tuple[time, time], ...]
YearDay = tuple[int, int]
LEAP = 2000


@dataclass(frozen=True, slots=True)
class Season:
    """The hours of a worked day, from a day of the year (month, day) to the next season."""

    since: YearDay
    spans: Hours

    def __post_init__(self) -> None:
        """Refuse a day that no year has, and hours that are empty, turned round or overlapping."""
        date(LEAP, *self.since)
        marks = [mark for span in self.spans for mark in span]
        if not marks or any(a >= b for a, b in pairwise(marks)):
            raise ValueError("working hours must be spans in rising order, without overlap")

    @property
    def length(self) -> timedelta:
        """The working time of a whole day."""
        return sum((_moment(end) - _moment(begin) for begin, end in self.spans), timedelta())


@dataclass(frozen=True, slots=True)
class Opening:
    """One version: the seasons of every year, in force from a day."""

    since: date
    seasons: tuple[Season, ...]

    def __post_init__(self) -> None:
        """Refuse a year without seasons, or with two from the same day or out of order."""
        days = [each.since for each in self.seasons]
        if not days or any(a >= b for a, b in pairwise(days)):
            raise ValueError("seasons must begin on rising days of the year")

    def season(self, day: date) -> Season:
        """The season of that day; before the first of a year the last of the year before holds."""
        begun = [each for each in self.seasons if each.since <= (day.month, day.day)]
        return (begun or self.seasons)[-1]


@dataclass(frozen=True, slots=True)
class Timetable:
    """All versions in the order in which they were made; the last one whose day has come holds."""

    openings: tuple[Opening, ...]

    def opening(self, day: date) -> Opening:
        """The version that holds on that day; before all of them, the first."""
        return next((each for each in self.openings[::-1] if each.since <= day), self.openings[0])

    def season(self, day: date) -> Season:
        """The hours of that day, if it is worked."""
        return self.opening(day).season(day)


def seasons_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Season, ...]:
    """Seasons as files and tables hold them; ValueError or TypeError where they do not."""
    return tuple(Season(_year_day(row["since"]), _spans(row["spans"])) for row in rows)


def seasons_body(seasons: Iterable[Season]) -> list[dict[str, object]]:
    """The same the other way round."""
    return [
        {
            "since": "{:02}-{:02}".format(*each.since),
            "spans": [[f"{begin:%H:%M}", f"{end:%H:%M}"] for begin, end in each.spans],
        }
        for each in seasons
    ]


def _year_day(text: str) -> YearDay:
    month, _, day = text.partition("-")
    return int(month), int(day)


def _spans(rows: Iterable[tuple[str, str]]) -> Hours:
    return tuple((time.fromisoformat(begin), time.fromisoformat(end)) for begin, end in rows)


def _moment(mark: time) -> datetime:
    return datetime.combine(date(LEAP, 1, 1), mark)


# 示例： many offices in the province work these hours; they hold where none are entered.
EXAMPLE = Timetable(
    (Opening(date.min, (Season((1, 1), ((time(8, 30), time(11, 30)), (time(13), time(17, 30)))),)),)
)
