"""What people said of a mediation: sessions, terms, ways told, findings, call-backs."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Held:
    """One session of mediation as it was held."""

    held_at: datetime
    place: str
    attendees: str
    content: str


@dataclass(frozen=True)
class Terms:
    """What the parties agreed: `form` oral | written, `mode` immediate | by_date | none."""

    form: str
    content: str
    mode: str
    effective_on: date
    due_on: date | None = None
    amount: float | None = None
    signature: str | None = None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """The other ways the parties were told of, and how."""

    paths: tuple[str, ...]
    manner: str
    note: str = ""


@dataclass(frozen=True)
class Found:
    """What was found about performance."""

    on: date
    result: str
    evidence: str
    amount: float | None = None


@dataclass(frozen=True)
class Call:
    """A call-back; `close_file` closes the file in the same breath."""

    called_at: datetime
    reached: bool
    note: str
    performed: str | None = None
    satisfied: str | None = None
    hidden_risk: bool = False
    close_file: bool = False
