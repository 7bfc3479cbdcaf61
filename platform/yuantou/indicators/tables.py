"""The entries of a subject as columns in memory, and tables of them by part and month."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Row
from sqlalchemy.orm import Session

from yuantou.indicators.asking import (
    BITS,
    COUNTY,
    EPOCH,
    LOOKS_PER_WORD,
    NEVER,
    PLACE,
    Look,
    days_of,
    question,
)
from yuantou.indicators.periods import shift
from yuantou.indicators.vocabulary import Subject

_HEAD = 20  # bytes of a sent array before its elements
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i4")])

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Key = tuple[str, ...]


class Entries:
    """The entries of a subject: whose they are, their months, and what each look was answered.

    `by_day` has months since 1970 of every entry by each day, NEVER where it has none; `first` and
    `last` are the ends of them all.
    """

    def __init__(self, rows: Sequence[Row[Any]], asked: Sequence[Look]) -> None:
        names = days_of(asked)
        self.places: list[tuple[str | None, ...]] = [
            (*place, None if agency is None else str(agency))
            for *place, agency in (row[: len(PLACE)] for row in rows)
        ]
        columns = [[row[n] for row in rows] for n in range(len(PLACE), len(rows[0]))]
        days, words = columns[: len(names)], columns[len(names) :]
        sizes = [(len(each) - _HEAD) // _ELEMENT.itemsize for each in days[0]]
        self.place = np.repeat(np.arange(len(rows), dtype=np.int32), sizes)
        self.by_day = {
            name: _months(_received(column)) for name, column in zip(names, days, strict=True)
        }
        known = [months[months != NEVER] for months in self.by_day.values()]
        ends = [(int(each.min()), int(each.max())) for each in known if len(each)]
        self.first = min((low for low, _ in ends), default=0)
        self.last = max((high for _, high in ends), default=-1)
        held = [_received(column) for column in words]
        self._answers = [_answers(held, number) for number in range(len(asked))]

    def answers(self, look: int) -> NDArray[np.uint8]:
        """What the look of this number was answered by each entry."""
        return self._answers[look]


def read(
    session: Session,
    subject: Subject,
    asked: Sequence[Look],
    as_of: datetime,
    counties: Sequence[str] | None,
    rules: Sequence[str] = (),
) -> Entries | None:
    """The entries of a subject in all counties or some; None where there are none."""
    rows = session.execute(question(subject, asked, as_of, counties, rules)).all()
    return Entries(rows, asked) if rows else None


class Table:
    """Parts by months: a part is what entries of one county have in common by some columns.

    `keys` names the parts in their order, the county first. Entries without a value are in none.
    """

    def __init__(self, entries: Entries, columns: Sequence[str], since: date | None = None) -> None:
        self._entries = entries
        picked = [PLACE.index(name) for name in (COUNTY, *columns)]
        named: list[Any] = [tuple([place[n] for n in picked]) for place in entries.places]
        self.keys: list[Key] = sorted(key for key in set(named) if None not in key)
        number = {key: n for n, key in enumerate(self.keys)}
        self._part = np.array([number.get(key, -1) for key in named])[entries.place]
        self._first = entries.first if since is None else _number(since)
        self._width = max(entries.last - self._first + 1, 0)
        self._cells: dict[str, tuple[Integers, Integers]] = {}

    def count(self, day: str, chosen: Flags) -> Integers:
        """How many of the chosen entries there are by part and month of a day."""
        held, cell = self._of_day(day)
        shape = len(self.keys), self._width
        return np.bincount(cell[chosen[held]], minlength=shape[0] * shape[1]).reshape(shape)

    def months(self) -> list[date]:
        """The months of the columns."""
        return [shift(EPOCH, self._first + n) for n in range(self._width)]

    def columns(self, first: date, until: date) -> slice:
        """The columns of the months from `first`, before `until`."""
        return slice(*(max(_number(each) - self._first, 0) for each in (first, until)))

    def _of_day(self, day: str) -> tuple[Integers, Integers]:
        """Which entries are in the table by this day, and in which cell."""
        if day not in self._cells:
            month = self._entries.by_day[day].astype(np.int64) - self._first
            held = np.flatnonzero((month >= 0) & (self._part >= 0))
            self._cells[day] = held, self._part[held] * self._width + month[held]
        return self._cells[day]


def _received(column: Sequence[bytes]) -> NDArray[np.int32]:
    """The elements of arrays as PostgreSQL sends them, one array after the other."""
    elements = b"".join([sent[_HEAD:] for sent in column])
    return np.frombuffer(elements, _ELEMENT)["value"].astype(np.int32)


def _months(days: NDArray[np.int32]) -> NDArray[np.int32]:
    """Months since 1970 of days since 1970; NEVER stays."""
    months = days.astype("M8[D]").astype("M8[M]").astype(np.int32)
    return np.where(days == NEVER, np.int32(NEVER), months)


def _answers(words: Sequence[NDArray[np.int32]], look: int) -> NDArray[np.uint8]:
    word, place = divmod(look, LOOKS_PER_WORD)
    return ((words[word] >> (BITS * place)) & ((1 << BITS) - 1)).astype(np.uint8)


def _number(month: date) -> int:
    """Months since 1970."""
    return (month.year - EPOCH.year) * 12 + month.month - 1
