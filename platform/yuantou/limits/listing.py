"""The limits as the page lists them: what holds now, what comes, what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from yuantou.calendar.clock import local
from yuantou.limits.book import RuleBook, Version
from yuantou.limits.catalogue import working_hours
from yuantou.limits.models import HoursVersion
from yuantou.limits.rules import LimitRule, WorkingHours


@dataclass(frozen=True)
class Row:
    """One limit: the rule that holds, and all its versions, newest first."""

    rule: LimitRule
    number: int
    versions: Sequence[Version]
    coming: Sequence[Version]
    own: bool


def rows(book: RuleBook, at: datetime) -> list[Row]:
    """Every limit that holds, special cases behind the rule that they belong to."""
    holding = book.in_force(at)
    versions = {
        code: list(each) for code, each in groupby(book.versions, key=lambda one: one.rule.code)
    }
    order = sorted(holding.values(), key=lambda held: (held[0].family, held[0].of, held[0].code))
    return [_row(rule, number, versions[rule.code], at) for rule, number in order]


@dataclass(frozen=True)
class HoursRow:
    """One version of the working hours; `state` is coming, holding or over."""

    number: int
    since: date
    hours: WorkingHours
    reason: str
    own: bool
    state: str


def hours_rows(versions: Sequence[HoursVersion], at: datetime) -> list[HoursRow]:
    """Every version of the working hours, newest first."""
    day = local(at).date()
    begun = [each.version for each in versions if each.valid_from <= day]
    return [
        HoursRow(
            each.version,
            each.valid_from,
            working_hours(each.body),
            each.reason,
            each.entered_by is not None,
            "coming"
            if each.version not in begun
            else "holding"
            if each.version == begun[-1]
            else "over",
        )
        for each in reversed(versions)
    ]


def _row(rule: LimitRule, number: int, versions: list[Version], at: datetime) -> Row:
    coming = [each for each in versions if each.since > at]
    own = any(each.entered_by for each in versions if each.number == number)
    return Row(rule, number, versions[::-1], coming, own)
