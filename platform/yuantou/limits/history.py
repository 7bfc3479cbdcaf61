"""Deadlines out of a history: one event after the other starts, pauses, extends and ends them.

The live rows and the recomputation go through the same `happen` and `due_of`, so that what the
screens show is what the history says.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from yuantou.calendar.clock import ZONE, local
from yuantou.calendar.workdays import WorkCalendar
from yuantou.disputes.workflow import DisputeState
from yuantou.limits.book import InForce, RuleBook
from yuantou.limits.engine import due_at
from yuantou.limits.models import Deadline
from yuantou.limits.promises import PAUSED, PROMISE_RULES, PROMISES_END, promised_day
from yuantou.limits.rules import Due, Extension, Graded, LimitRule, Pause, pick

EXTENDED = "deadline_extended"
TRACKED = {"entrustment_extended": "entrusted"}  # event of a track -> the limits it extends
USUAL_EXTENSION = 30
GRADED = ("triaged", "corrected")  # events whose facts say risk, difficulty and type anew
RESTORES = {"unmerged": "merged"}  # event -> the end that it takes back
Made = Callable[[str, int, datetime], Deadline]


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as deadlines see it: the states around it, whether the matter is over, its kinds.

    `kinds` are risk, difficulty and type as known then; they choose special cases of limits.
    """

    event: str
    at: datetime
    before: str
    state: str
    over: bool
    kinds: tuple[str, ...]
    facts: Mapping[str, object]
    note: str = ""


def happen(rows: Iterable[Deadline], what: Happening, book: RuleBook, make: Made) -> list[Deadline]:
    """Carry the rows through one event; returns those that began with it."""
    rows = list(rows)
    _restore(rows, what)
    running = [row for row in rows if is_open(row)]
    rules = book.in_force(what.at)
    for row in running:
        _pause(row, what)
        _extend(row, what, book.rule(row.rule, row.rule_version))
        _end(row, what, ends_of(row, rules, book))
    begun = [] if what.over else _begun(what, rules, make)
    families = {_family(row, book) for row in begun}
    for row in running:
        if is_open(row) and _family(row, book) in families:
            row.lapsed_at = what.at
    anew = [_anew(row, what, book, make) for row in running if is_open(row)]
    return begun + [row for row in anew if row is not None]


def due_of(row: Deadline, book: RuleBook, calendar: WorkCalendar) -> datetime:
    """When a deadline runs out by its start, pauses and extensions; an open pause is left out."""
    return reckoned(row, book.rule(row.rule, row.rule_version), calendar).at or row.due_at


def reckoned(row: Deadline, rule: LimitRule, calendar: WorkCalendar) -> Due:
    """The same with its doubts: a guessed calendar, extensions that could not count."""
    closed = [pause for pause in pauses_of(row) if pause.end is not None]
    return due_at(rule, row.started_at, calendar, closed, extensions_of(row), row.promised_on)


def next_duty(rows: Iterable[Deadline], book: RuleBook) -> Deadline | None:
    """The open deadline that comes first; rights that lapse and what stands still do not count."""
    duties = [
        row
        for row in rows
        if is_open(row) and not stands(row) and not book.rule(row.rule, row.rule_version).window
    ]
    return min(duties, key=lambda row: (row.due_at, row.started_at, row.rule), default=None)


def is_open(row: Deadline) -> bool:
    """Whether it still runs."""
    return row.met_at is None and row.lapsed_at is None


def is_past_right(row: Deadline, rule: LimitRule, now: datetime) -> bool:
    """Whether it is a right that nobody used in time: nothing is late, and nothing is left."""
    return rule.window and row.due_at < now


def stands(row: Deadline) -> bool:
    """Whether its clock stands still now."""
    return bool(row.pauses) and row.pauses[-1]["end"] is None


def pauses_of(row: Deadline) -> list[Pause]:
    """When the clock stood still."""
    return [
        Pause(
            datetime.fromisoformat(str(each["start"])),
            datetime.fromisoformat(str(each["end"])) if each["end"] else None,
            str(each["reason"]),
        )
        for each in row.pauses
    ]


def extensions_of(row: Deadline) -> list[Extension]:
    """By how much it was extended, when."""
    return [
        Extension(
            int(str(each["amount"])),
            datetime.fromisoformat(str(each["approved_at"])),
            str(each["reason"]),
        )
        for each in row.extensions
    ]


def ends_of(row: Deadline, rules: InForce, book: RuleBook) -> tuple[str, ...]:
    """The events that meet a deadline: of the rule in force, else of the one it began by."""
    if row.rule in PROMISES_END:
        return PROMISES_END[row.rule]
    found = rules.get(row.rule)
    return found[0].ends_with if found else book.rule(row.rule, row.rule_version).ends_with


def _restore(rows: list[Deadline], what: Happening) -> None:
    """An end that was taken back: the time between is a pause."""
    if what.event not in RESTORES:
        return
    last = max((end for row in rows if (end := row.met_at or row.lapsed_at)), default=None)
    for row in rows:
        if last is not None and (row.met_at or row.lapsed_at) == last:
            pause = _stop(last, what.at, what.note)
            row.met_at = row.lapsed_at = None
            row.pauses = [*row.pauses, pause]


def _pause(row: Deadline, what: Happening) -> None:
    resting = DisputeState.SUSPENDED
    if row.rule in PROMISE_RULES and row.rule not in PAUSED:
        return
    if what.state == resting != what.before:
        row.pauses = [*row.pauses, _stop(what.at, None, what.note)]
    elif what.before == resting != what.state and stands(row):
        row.pauses = [*row.pauses[:-1], row.pauses[-1] | {"end": what.at.isoformat()}]


def _stop(start: datetime, end: datetime | None, reason: str) -> dict[str, object]:
    return {
        "start": start.isoformat(),
        "end": end.isoformat() if end else None,
        "reason": reason,
    }


def _extend(row: Deadline, what: Happening, rule: LimitRule) -> None:
    amount = _extension(row, what, rule)
    if amount > 0:
        at = what.at.isoformat()
        extension = {"amount": amount, "approved_at": at, "reason": what.note}
        row.extensions = [*row.extensions, extension]


def _extension(row: Deadline, what: Happening, rule: LimitRule) -> int:
    """What the event adds to this deadline: what it says, or all that a track has left."""
    if TRACKED.get(what.event) == rule.family:
        had = sum(each.amount for each in extensions_of(row))
        return (rule.extension or USUAL_EXTENSION) - had
    if what.event != EXTENDED or what.facts.get("rule") != row.rule:
        return 0
    started = datetime.fromisoformat(str(what.facts["started_at"]))
    return int(str(what.facts["amount"])) if started == row.started_at else 0


def _end(row: Deadline, what: Happening, ends: tuple[str, ...]) -> None:
    if what.event in ends:
        row.met_at = what.at
    elif what.over:
        row.lapsed_at = what.at


def _begun(what: Happening, rules: InForce, make: Made) -> list[Deadline]:
    every = _all(rules)
    kinds = (*what.kinds, str(what.facts.get("procedure", "")))
    made = []
    for rule in every:
        if what.event in rule.starts_with and not rule.of:
            chosen = pick(every, rule.code, *(kind for kind in kinds if kind))
            start = _start(chosen, what)
            made.append(make(chosen.code, rules[chosen.code][1], start))
    promise = promised_day(what.event, dict(what.facts))
    if promise:
        row = make(promise[0], 1, what.at)
        row.promised_on = promise[1]
        made.append(row)
    return made


def _anew(row: Deadline, what: Happening, book: RuleBook, make: Made) -> Deadline | None:
    """What takes the place of a running limit in other hands or in another grade, if anything.

    A grade that counts from the same start changes the row itself.
    """
    rules = book.in_force(what.at)
    if row.rule not in rules or stands(row):
        return None
    handed = what.event in rules[row.rule][0].anew_with
    chosen = pick(_all(rules), rules[row.rule][0].family, *what.kinds)
    if not handed and (what.event not in GRADED or chosen.code == row.rule or not chosen.graded):
        return None
    if handed or chosen.graded == Graded.CHANGE:
        row.lapsed_at = what.at
        return make(chosen.code, rules[chosen.code][1], what.at)
    held = book.in_force(min(row.started_at, what.at))
    row.rule, row.rule_version = chosen.code, held.get(chosen.code, rules[chosen.code])[1]
    return None


def _all(rules: InForce) -> tuple[LimitRule, ...]:
    return tuple(rule for rule, _number in rules.values())


def _start(rule: LimitRule, what: Happening) -> datetime:
    """The moment of the event, unless it names another day to count from."""
    value = what.facts.get(rule.starts_on) if rule.starts_on else None
    if not value:
        return what.at
    text = str(value)
    if "T" in text:
        return local(datetime.fromisoformat(text))
    day = date.fromisoformat(text)
    return what.at if day == local(what.at).date() else datetime.combine(day, time(), ZONE)


def _family(row: Deadline, book: RuleBook) -> str:
    return book.rule(row.rule, row.rule_version).family
