"""Every version of every limit, and which of them holds at a moment."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import itemgetter

from yuantou.calendar.clock import ZONE
from yuantou.calendar.hours import EXAMPLE, Opening, Timetable
from yuantou.calendar.workdays import WorkCalendar
from yuantou.limits.promises import PROMISE_RULES
from yuantou.limits.rules import LimitRule

BEGINNING = datetime(1949, 10, 1, tzinfo=ZONE)
InForce = dict[str, tuple[LimitRule, int]]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a limit: in force from `since`, if it was entered by then."""

    rule: LimitRule
    number: int
    since: datetime
    entered_at: datetime
    entered_by: int | None = None
    reason: str = ""


class RuleBook:
    """All versions; a later one takes the place of an earlier one once its day has come."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self.versions = sorted(versions, key=lambda each: (each.rule.code, each.number))
        self._of = {(each.rule.code, each.number): each.rule for each in self.versions}

    def in_force(self, at: datetime) -> InForce:
        """The limits that hold at that moment, by code, each with the number of its version."""
        return {
            each.rule.code: (each.rule, each.number)
            for each in self.versions
            if each.since <= at and each.entered_at <= at
        }

    def rule(self, code: str, number: int) -> LimitRule:
        """The rule that a deadline runs by; LookupError where there is none."""
        found = self._of.get((code, number)) or PROMISE_RULES.get(code)
        if found is None:
            raise LookupError(f"no limit {code!r} in version {number}")
        return found


@dataclass(frozen=True, slots=True)
class Clock:
    """What due moments are reckoned with: the limits and the working calendar as it is now."""

    book: RuleBook
    calendar: WorkCalendar


class Calendars:
    """The working calendar as it was known at any moment, from its changes in their order.

    `hours` are the versions of the working hours in theirs, each with when it was entered.
    """

    def __init__(
        self,
        changes: Iterable[tuple[datetime, date, bool | None]],
        hours: Iterable[tuple[datetime, Opening]] = (),
    ) -> None:
        self._moments: list[datetime] = []
        self._known = [WorkCalendar()]
        told: list[tuple[datetime, Opening | tuple[date, bool | None]]] = [*hours]
        told += [(at, (day, worked)) for at, day, worked in changes]
        for at, what in sorted(told, key=itemgetter(0)):
            self._moments.append(at)
            self._known.append(_changed(self._known[-1], what))

    def at(self, moment: datetime) -> WorkCalendar:
        """The calendar as it was known then."""
        return self._known[bisect_right(self._moments, moment)]


def _changed(known: WorkCalendar, what: Opening | tuple[date, bool | None]) -> WorkCalendar:
    if isinstance(what, Opening):
        before = () if known.hours is EXAMPLE else known.hours.openings
        return replace(known, hours=Timetable((*before, what)))
    day, worked = what
    others = {each: word for each, word in known.overrides.items() if each != day}
    return replace(known, overrides=others if worked is None else others | {day: worked})
