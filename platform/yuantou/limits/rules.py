"""What a time limit is: its amount and unit, how its ends count, and where it comes from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yuantou.calendar.hours import Season
from yuantou.calendar.spans import Span
from yuantou.calendar.spans import Unit as Unit


class Graded(StrEnum):
    """From when a special case counts that fits only once the limit is running."""

    START = "start"
    CHANGE = "change"


class Leave(StrEnum):
    """What lets a limit be extended before it runs out."""

    CONSENT = "consent"
    APPROVAL = "approval"


@dataclass(frozen=True, slots=True)
class LimitRule:
    """One limit. `example` marks numbers that an office has yet to confirm (示例).

    `of` and `variants` make it the special case of another rule (a red matter, a medical
    dispute). `extension` is the most it may be extended by in all, None where the source sets
    no bound, and `extends_with` says by what: both parties' consent, or approval by the county.
    A `window` is a right that lapses, not a duty that can be late. The clock starts with one of
    the events `starts_with` and stops with one of `ends_with`; where the event carries the fact
    `starts_on`, it starts on that day instead. With one of `anew_with`, which put the matter
    into other hands, a running one begins anew.

    Where risk, difficulty or type become known otherwise while the limit runs, `graded` says
    whether the case that then fits counts from the same start or from the change; empty: the
    case that it began by stays.
    """

    code: str
    name_zh: str
    amount: int
    unit: Unit
    first_day_counts: bool
    rolls_over: bool
    source: str
    example: bool
    of: str = ""
    variants: tuple[str, ...] = ()
    extension: int | None = 0
    window: bool = False
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    extends_with: tuple[str, ...] = ()
    starts_on: str = ""
    anew_with: tuple[str, ...] = ()
    graded: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be reckoned."""
        if self.amount < 1:
            raise ValueError(f"{self.code}: amount must be at least 1")
        if self.extension is not None and self.extension < 0:
            raise ValueError(f"{self.code}: extension must not be negative")
        if self.rolls_over and not self.unit.by_day:
            raise ValueError(f"{self.code}: a limit in hours cannot roll over")
        if self.first_day_counts and self.unit not in (Unit.CALENDAR_DAY, Unit.WORKING_DAY):
            raise ValueError(f"{self.code}: only a limit in days can count its first day")
        if unknown := set(self.extends_with) - set(Leave):
            raise ValueError(f"{self.code}: extends_with knows no {', '.join(sorted(unknown))}")
        if self.graded and self.graded not in set(Graded):
            raise ValueError(f"{self.code}: graded is not one of {', '.join(Graded)}")
        if self.extends_with and self.extension == 0:
            raise ValueError(f"{self.code}: extends_with, but extension is 0")

    @property
    def span(self) -> Span:
        """How far it reaches, without pauses and extensions."""
        return Span(self.amount, self.unit, self.first_day_counts, self.rolls_over)

    @property
    def family(self) -> str:
        """The rule of which this is a special case, or itself."""
        return self.of or self.code


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When offices are open, by which source; `example` marks what has yet to be confirmed."""

    seasons: tuple[Season, ...]
    source: str
    example: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """A nudge some days before (negative) or after a limit is due."""

    code: str
    name_zh: str
    offset_days: int
    source: str
    example: bool

    def day(self, due: datetime) -> date:
        """The day of the nudge for something due at `due`."""
        return due.date() + timedelta(days=self.offset_days)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands from `start` to `end`; with no end it stands still now."""

    start: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, in the unit of its rule, approved at a moment before the limit ran out."""

    amount: int
    approved_at: datetime
    reason: str


class Flaw(StrEnum):
    """Why an extension does not move the due moment."""

    LATE = "late"
    TOO_LONG = "too_long"


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit runs out; `at` is None while it is paused without a known end.

    `provisional`: a year without an official calendar lies on the way. `ignored` names the
    extensions that were not taken, and why.
    """

    at: datetime | None
    provisional: bool = False
    ignored: tuple[tuple[Extension, Flaw], ...] = ()


def pick(rules: tuple[LimitRule, ...], code: str, *variants: str) -> LimitRule:
    """The rule `code`, or its special case for one of `variants` (risk, type, difficulty).

    Earlier variants win over later ones; an unknown code raises LookupError.
    """
    for variant in variants:
        for rule in rules:
            if rule.of == code and variant in rule.variants:
                return rule
    for rule in rules:
        if rule.code == code:
            return rule
    raise LookupError(f"no limit {code!r}")
