"""What the desk can be asked, and where a page of it begins. Standard library only."""

from dataclasses import dataclass, field
from datetime import date, datetime

ORDERS = ("due", "new", "old")
_ENDED_VIEWS = ("done", "all")


@dataclass(frozen=True)
class Filters:
    """What the desk was asked for; empty means not asked. Days are both included."""

    view: str = "open"
    states: tuple[str, ...] = ()
    type: str = ""
    area: str = ""
    agency: int | None = None
    risk: str = ""
    source: str = ""
    recent: int | None = None
    reported_from: date | None = None
    reported_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    overdue: bool = False
    supervised: bool = False
    returned: int | None = None
    series: int | None = None
    text: str = ""
    order: str = ""
    party: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def ordered(self) -> str:
        """Live matters stand by their deadline, ended ones by the day they were reported."""
        if self.order in ORDERS:
            return self.order
        free = self.view in _ENDED_VIEWS or self.text or self.party
        return "new" if free else "due"

    @property
    def by_deadline(self) -> bool:
        """Whether the list stands by deadline."""
        return self.ordered == "due"

    @property
    def state(self) -> str:
        """The one state that is asked for; '' where it is none or several."""
        return self.states[0] if len(self.states) == 1 else ""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of the question: all of them have to be there."""
        return tuple(self.text.split())


@dataclass(frozen=True)
class Position:
    """The last row of a page: what it was ordered by, and its id."""

    at: datetime | None
    id: int

    def encode(self) -> str:
        """As it stands in the address of the next page."""
        return f"{self.at.isoformat() if self.at else ''}~{self.id}"

    @classmethod
    def decode(cls, text: str) -> "Position | None":
        """Read what `encode` wrote; anything else is no position."""
        moment, _, number = text.partition("~")
        try:
            at = datetime.fromisoformat(moment) if moment else None
            return cls(at, int(number)) if at is None or at.tzinfo else None
        except ValueError:
            return None
