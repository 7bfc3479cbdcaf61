"""When a limit runs out: a pure function of rule, start, calendar, pauses and extensions.

Nothing is remembered between calls, so any due moment can be recomputed from history. A limit in
days ends with its last day; the day of the start is not counted unless the rule says so. A pause
takes what was left at its start and counts it on from its end. An extension is added to the
nominal end, before a holiday moves it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from yuantou.calendar.clock import local
from yuantou.calendar.spans import Unit, advance, rolled
from yuantou.calendar.workdays import WorkCalendar, day_end
from yuantou.limits.rules import Due, Extension, Flaw, LimitRule, Pause


def due_at(
    rule: LimitRule,
    start: datetime,
    calendar: WorkCalendar,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
    promised: date | None = None,
) -> Due:
    """The moment at which `rule`, begun at `start`, runs out.

    A `promised` day, which people set themselves, stands in place of the rule's amount.
    """
    start = local(start)
    end = day_end(promised) if promised else rule.span.nominal_end(start, calendar)
    run = _Run(rule, calendar, end)
    for event in _in_order(start, pauses, extensions):
        if isinstance(event, Extension):
            run.extend(event)
        elif event.start < run.due() and event.end is None:
            return Due(None, False, tuple(run.ignored))
        else:
            run.stand_still(event)
    return Due(run.due(), run.provisional_since(start), tuple(run.ignored))


@dataclass(slots=True)
class _Run:
    """A limit under way: its nominal end, moved by one event after the other."""

    rule: LimitRule
    calendar: WorkCalendar
    end: datetime
    extended: int = 0
    ignored: Sequence[tuple[Extension, Flaw]] = ()

    def due(self) -> datetime:
        """The end, moved to the next worked day where the rule rolls over."""
        return rolled(self.end, self.rule.rolls_over, self.calendar)

    def extend(self, extension: Extension) -> None:
        """Add an extension, or note why not."""
        flaw = self._flaw(extension)
        if flaw is not None:
            self.ignored = (*self.ignored, (extension, flaw))
            return
        self.extended += extension.amount
        self.end = advance(self.rule.unit, self.calendar, self.end, extension.amount)

    def stand_still(self, pause: Pause) -> None:
        """Count on from the end of the pause what was left at its start."""
        if pause.end is not None and pause.start < self.due():
            self.end = _carry(self.rule.unit, self.calendar, self.end, pause.start, pause.end)

    def provisional_since(self, start: datetime) -> bool:
        """Whether the working calendar was guessed where it mattered."""
        matters = self.rule.rolls_over or self.rule.unit in (Unit.WORKING_DAY, Unit.WORKING_HOUR)
        return matters and self.calendar.is_provisional(start.date(), self.due().date())

    def _flaw(self, extension: Extension) -> Flaw | None:
        if extension.approved_at > self.due():
            return Flaw.LATE
        bound = self.rule.extension
        if bound is not None and self.extended + extension.amount > bound:
            return Flaw.TOO_LONG
        return None


def _carry(
    unit: Unit, calendar: WorkCalendar, end: datetime, stopped: datetime, resumed: datetime
) -> datetime:
    match unit:
        case Unit.CALENDAR_DAY | Unit.CALENDAR_MONTH:
            left = max(0, (end.date() - stopped.date()).days)
            return calendar.add_calendar_days(resumed, left).at
        case Unit.WORKING_DAY:
            left = calendar.workdays_between(stopped.date(), end.date())
            return calendar.add_working_days(resumed, left).at
        case Unit.WORKING_HOUR:
            return calendar.add_working_time(
                resumed, calendar.working_time_between(stopped, end)
            ).at
        case Unit.CLOCK_HOUR:
            return resumed + (end - stopped)


def _in_order(
    start: datetime, pauses: Iterable[Pause], extensions: Iterable[Extension]
) -> list[Pause | Extension]:
    moments: list[tuple[datetime, int, Pause | Extension]] = []
    moments += [(pause.start, 0, pause) for pause in _merged(start, pauses)]
    for each in extensions:
        moment = local(each.approved_at)
        moments.append((moment, 1, replace(each, approved_at=moment)))
    return [event for _, _, event in sorted(moments, key=_order)]


def _order(moment: tuple[datetime, int, Pause | Extension]) -> tuple[datetime, int, int]:
    at, kind, event = moment
    return at, kind, event.amount if isinstance(event, Extension) else 0


def _merged(start: datetime, pauses: Iterable[Pause]) -> list[Pause]:
    """The pauses after `start` in order, overlapping ones as one, empty ones dropped."""
    merged: list[Pause] = []
    for pause in sorted((_clipped(start, each) for each in pauses), key=lambda each: each.start):
        if pause.end is not None and pause.end <= pause.start:
            continue
        if merged and _touches(merged[-1], pause):
            merged[-1] = replace(merged[-1], end=_later(merged[-1].end, pause.end))
        else:
            merged.append(pause)
    return merged


def _clipped(start: datetime, pause: Pause) -> Pause:
    end = None if pause.end is None else local(pause.end)
    return replace(pause, start=max(start, local(pause.start)), end=end)


def _touches(earlier: Pause, later: Pause) -> bool:
    return earlier.end is None or later.start <= earlier.end


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)
