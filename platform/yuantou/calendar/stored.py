"""The working calendar out of its stored rows: an office's days, and the versions of its hours."""

import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from yuantou.calendar.hours import EXAMPLE, Opening, Timetable, seasons_of
from yuantou.calendar.workdays import WorkCalendar


def calendar_of(rows: Iterable[Any]) -> WorkCalendar:
    """From rows of (version, day, worked, body): a version with its body, or a day and its word."""
    kept = list(rows)
    hours = sorted((row for row in kept if row.body is not None), key=attrgetter("version"))
    openings = tuple(opening_of(row.day, row.body) for row in hours)
    days = {row.day: row.worked for row in kept if row.body is None}
    return WorkCalendar(overrides=days, hours=Timetable(openings) if openings else EXAMPLE)


@lru_cache(maxsize=256)
def opening_of(since: date, body: str) -> Opening:
    """One version as it is stored; versions never change, so each is read once."""
    return Opening(since, seasons_of(json.loads(body)["seasons"]))
