"""The entries of a subject as columns in memory, and tables of them by part and month."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import accumulate
from typing import Any, Self

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
    NOBODY,
    PLACE,
    Look,
    days_of,
    question,
)
from yuantou.indicators.compiler import AGENCY
from yuantou.indicators.periods import shift
from yuantou.indicators.vocabulary import Subject

_HEAD = 20  # bytes of a sent array before its elements
_ELEMENT = np.dtype([("length", ">i4"), ("value", ">i4")])

Numbers = NDArray[np.int32]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Key = tuple[str, ...]


class Entries:
    """The entries of a subject: whose they are, their months, and the words of their answers.

    `by_day` has months since 1970 of every entry by each day, NEVER where it has none; `first` and
    `last` are the ends of them all. `matters` is empty where nobody asked whose they are.
    """

    def __init__(
        self,
        places: list[tuple[str | None, ...]],
        place: Numbers,
        agency: Numbers,
        matters: Numbers,
        by_day: Mapping[str, Numbers],
        words: Sequence[Numbers],
    ) -> None:
        self.places, self.place, self.agency, self.matters = places, place, agency, matters
        self.by_day, self.words = by_day, words
        known = [months[months != NEVER] for months in by_day.values()]
        ends = [(int(each.min()), int(each.max())) for each in known if len(each)]
        self.first = min((low for low, _ in ends), default=0)
        self.last = max((high for _, high in ends), default=-1)

    @classmethod
    def of_rows(cls, rows: Sequence[Row[Any]], asked: Sequence[Look], *, named: bool) -> Self:
        """What `asking.question` answered; `named` where it was asked for the matters too."""
        names, width = days_of(asked), len(PLACE)
        columns = [[row[n] for row in rows] for n in range(width, len(rows[0]))]
        sizes = [(len(each) - _HEAD) // _ELEMENT.itemsize for each in columns[0]]
        agency, *received = (_received(each) for each in columns)
        matters = received.pop() if named else np.zeros(0, np.int32)
        return cls(
            [tuple(row[:width]) for row in rows],
            np.repeat(np.arange(len(rows), dtype=np.int32), sizes),
            agency,
            matters,
            {name: _months(days) for name, days in zip(names, received, strict=False)},
            received[len(names) :],
        )

    @classmethod
    def none(cls) -> Self:
        """No entries."""
        nothing = np.zeros(0, np.int32)
        return cls([], nothing, nothing, nothing, {}, [])

    @classmethod
    def together(cls, several: Sequence["Entries"]) -> "Entries | None":
        """The entries of several as one; None where there are none."""
        parts = [each for each in several if len(each.place)]
        if len(parts) < 2:
            return parts[0] if parts else None
        offsets = [0, *accumulate(len(each.places) for each in parts[:-1])]
        return cls(
            [place for each in parts for place in each.places],
            np.concatenate(
                [each.place + offset for each, offset in zip(parts, offsets, strict=True)]
            ),
            np.concatenate([each.agency for each in parts]),
            np.concatenate([each.matters for each in parts]),
            {
                name: np.concatenate([each.by_day[name] for each in parts])
                for name in parts[0].by_day
            },
            [np.concatenate(words) for words in zip(*(each.words for each in parts), strict=True)],
        )

    def without(self, matters: Collection[int]) -> "Entries":
        """The entries of other matters."""
        if not matters:
            return self
        return self._chosen(~np.isin(self.matters, np.fromiter(matters, np.int32, len(matters))))

    def by_county(self) -> Mapping[str, "Entries"]:
        """The entries of each county."""
        codes = [str(place[0]) for place in self.places]
        counties = sorted(set(codes))
        of_place = np.searchsorted(counties, codes)
        of_entry = of_place[self.place]
        return {code: self._chosen(of_entry == n) for n, code in enumerate(counties)}

    def _chosen(self, chosen: Flags) -> "Entries":
        """Some of the entries; places without any are left out."""
        kept, place = np.unique(self.place[chosen], return_inverse=True)
        return Entries(
            [self.places[n] for n in kept.tolist()],
            place.astype(np.int32),
            self.agency[chosen],
            self.matters[chosen],
            {name: months[chosen] for name, months in self.by_day.items()},
            [words[chosen] for words in self.words],
        )

    def answers(self, look: int) -> NDArray[np.uint8]:
        """What the look of this number was answered by each entry."""
        word, place = divmod(look, LOOKS_PER_WORD)
        return ((self.words[word] >> (BITS * place)) & ((1 << BITS) - 1)).astype(np.uint8)


Reading = Callable[[], Entries | None]


def reading(
    session: Session,
    subject: Subject,
    asked: Sequence[Look],
    as_of: datetime,
    counties: Sequence[str] | None,
    rules: Sequence[str] = (),
    *,
    matters: Sequence[int] | None = None,
) -> Reading:
    """What the database answers about a subject in all counties or some: now; its columns: later.

    Where `matters` is not None they are told whose they are, and are of these alone if it has any.
    """
    named = matters is not None
    put = question(subject, asked, as_of, counties, rules, named=named, matters=matters or ())
    rows = session.execute(put).all()
    return lambda: Entries.of_rows(rows, asked, named=named) if rows else None


class Table:
    """Parts by months: a part is what entries of one county have in common by some columns.

    `keys` names the parts in their order, the county first. Entries without a value are in none.
    """

    def __init__(self, entries: Entries, columns: Sequence[str], since: date | None = None) -> None:
        self._entries = entries
        picked = [PLACE.index(name) for name in (COUNTY, *columns) if name != AGENCY]
        named: list[Any] = [tuple([place[n] for n in picked]) for place in entries.places]
        self.keys: list[Key] = sorted(key for key in set(named) if None not in key)
        number = {key: n for n, key in enumerate(self.keys)}
        self._part = np.array([number.get(key, -1) for key in named], np.int32)[entries.place]
        if AGENCY in columns:
            self._take_apart(entries.agency)
        self._first = entries.first if since is None else _number(since)
        self._width = max(entries.last - self._first + 1, 0)
        self._cells: dict[str, tuple[Integers, Integers]] = {}

    def _take_apart(self, agency: Numbers) -> None:
        """Parts by the agency of each entry as well."""
        known = np.flatnonzero(np.bincount(agency))
        which = np.zeros(agency.max() + 1, np.int32)
        which[known] = np.arange(len(known))
        both = self._part * len(known) + which[agency]
        both[(self._part < 0) | (agency == NOBODY)] = -1
        found = np.flatnonzero(np.bincount(both[both >= 0]))
        part = np.full(len(self.keys) * len(known) + 1, -1, np.int32)  # the last is of -1: none
        part[found] = np.arange(len(found))
        self._part = part[both]
        pairs = (divmod(each, len(known)) for each in found.tolist())
        self.keys = [(*self.keys[n], str(known[one])) for n, one in pairs]

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


def _received(column: Sequence[bytes]) -> Numbers:
    """The elements of arrays as PostgreSQL sends them, one array after the other."""
    elements = b"".join([sent[_HEAD:] for sent in column])
    return np.frombuffer(elements, _ELEMENT)["value"].astype(np.int32)


def _months(days: Numbers) -> Numbers:
    """Months since 1970 of days since 1970; NEVER stays."""
    months = days.astype("M8[D]").astype("M8[M]").astype(np.int32)
    return np.where(days == NEVER, np.int32(NEVER), months)


def _number(month: date) -> int:
    """Months since 1970."""
    return (month.year - EPOCH.year) * 12 + month.month - 1
