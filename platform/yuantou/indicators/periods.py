"""Months as their first day, and the spans that figures cover."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache


def first_of(day: date) -> date:
    """The month of a day."""
    return day.replace(day=1)


def shift(month: date, count: int) -> date:
    """`count` months later."""
    place = month.year * 12 + month.month - 1 + count
    return date(place // 12, place % 12 + 1, 1)


def months(first: date, last: date) -> Iterator[date]:
    """Every month from `first` to `last`, both included."""
    return iter(_months(first, last))


@lru_cache(maxsize=2048)
def _months(first: date, last: date) -> tuple[date, ...]:
    """The same few periods are gone through for every figure."""
    found = []
    month = first_of(first)
    while month <= last:
        found.append(month)
        month = shift(month, 1)
    return tuple(found)


def to_date(month: date) -> tuple[date, date]:
    """From January to `month`."""
    return month.replace(month=1, day=1), first_of(month)


def parse_month(words: str) -> date:
    """'2024-05' as its first day; ValueError otherwise."""
    return date.fromisoformat(f"{words.strip()}-01")


def parse_period(words: str) -> tuple[date, date]:
    """'2024-01:2024-05' or '2024-05' as (first, last); ValueError for anything else."""
    first, _, last = words.partition(":")
    span = parse_month(first), parse_month(last or first)
    if span[0] > span[1]:
        raise ValueError(f"the period ends before it begins: {words}")
    return span
