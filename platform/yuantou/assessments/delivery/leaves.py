"""A paper before it becomes Word, PDF or Excel: sections of texts, tables and charts."""

from collections.abc import Sequence
from dataclasses import dataclass, field

DRAFT = "预览稿"
DRAFT_WORDS = "预览稿：未封存，不作为考核依据"
DEMO = "演示数据，不得作为工作依据"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; a `bullet` of a list, or a small `note` below a table."""

    text: str
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns; `shares` are the relative widths of the columns."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    shares: Sequence[float] = ()

    @property
    def widths(self) -> tuple[float, ...]:
        """The part of the whole width that each column takes."""
        shares = tuple(self.shares) or (1.0,) * len(self.columns)
        return tuple(share / sum(shares) for share in shares)


@dataclass(frozen=True, slots=True)
class Bound:
    """Natural limits of the months from `start` to `end`, both counted from 0."""

    start: int
    end: int
    mean: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A run of months with its limits; None is a month without a figure."""

    title: str
    unit: str
    labels: Sequence[str]
    values: Sequence[float | None]
    bounds: Sequence[Bound] = ()
    breaks: Sequence[tuple[int, str]] = ()

    def line(self, of: str) -> list[float | None]:
        """One of `mean`, `lower`, `upper` as a run over all months."""
        held: list[float | None] = [None] * len(self.values)
        for bound in self.bounds:
            for place in range(bound.start, bound.end + 1):
                held[place] = getattr(bound, of)
        return held

    @property
    def top(self) -> float:
        """The end of the scale: a round number above everything."""
        known = [each for each in self.values if each is not None]
        highest = max([*known, *(bound.upper for bound in self.bounds), 1e-9])
        step = 10.0 ** (len(str(int(highest))) - 1)
        steps = (0.1, 0.2, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 20)
        return next(step * each for each in steps if step * each >= highest)


Part = Text | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading; in Excel a sheet of that `sheet` name."""

    heading: str
    parts: Sequence[Part]
    sheet: str = ""


@dataclass(frozen=True)
class Paper:
    """A whole paper. `footer` stands on every page, and `mark` if it is not the last word."""

    title: str
    lead: Sequence[str]
    sections: Sequence[Section]
    footer: str
    marks: Sequence[str] = ()
    signature: Sequence[str] = ()
    name: str = ""
    about: dict[str, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """The words across the page, empty for a paper that holds."""
        return "　".join(DRAFT_WORDS if each == DRAFT else each for each in self.marks)
