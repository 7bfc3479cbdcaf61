"""The limits as the page lists them: what holds now, what comes, what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from yuantou.limits.book import RuleBook, Version
from yuantou.limits.rules import LimitRule


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


def _row(rule: LimitRule, number: int, versions: list[Version], at: datetime) -> Row:
    coming = [each for each in versions if each.since > at]
    own = any(each.entered_by for each in versions if each.number == number)
    return Row(rule, number, versions[::-1], coming, own)
