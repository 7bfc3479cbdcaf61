"""What a figure is made of, in the viewer's scope, and how much lies outside of it.

Matters come from the same select that the cells are summed from (compiler.py), with the viewer's
scope on top; courts' counts come under row-level security. What is not visible is only counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, select
from sqlalchemy.orm import Session
from sqlalchemy.types import String

from yuantou.access.scope import Range, Scope, within
from yuantou.disputes.models import Dispute
from yuantou.indicators.catalogue import CASE_FEED, Definition
from yuantou.indicators.counting import SENT, components_of, released
from yuantou.indicators.eras import by_version, entries_over
from yuantou.indicators.figures import Figure
from yuantou.indicators.periods import shift
from yuantou.indicators.words import say
from yuantou.intake.rounds.models import ScreeningUnit
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Area, Court

PAGE = 50


@dataclass(frozen=True, slots=True)
class Member:
    """One matter (or one of its limits, agreements, call-backs) in a figure, and why.

    A unit of a screening round has no dispute.
    """

    dispute_id: int | None
    number: str | None
    title: str
    area_name: str
    day: date
    in_numerator: bool
    in_denominator: bool
    reason_zh: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A page of members; `inside` of `whole` lie in the viewer's scope."""

    rows: tuple[Member, ...]
    inside: int
    whole: int

    @property
    def outside(self) -> int:
        """How many entries of the denominator the viewer may not see."""
        return max(self.whole - self.inside, 0)


@dataclass(frozen=True, slots=True)
class CourtPart:
    """One court's month in a figure."""

    court_code: str
    court_name: str
    month: date
    revision: int
    basis: str
    apart: bool
    components: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class CourtParts:
    """The courts' months of a figure that the viewer may see, and how many he may not."""

    rows: tuple[CourtPart, ...]
    outside: int


def members(
    session: Session, scope: Scope, figure: Figure, *, as_of: datetime, page: int = 1
) -> Membership:
    """The matters in a figure of matters; `as_of` is the moment that the figure was computed."""
    area = session.get_one(Area, figure.area_code)
    entry = entries_over(session, figure.definition, as_of, figure.start, figure.end).subquery()
    known = by_version(session, figure.definition)
    seen = (
        _units(entry, area)
        if _of_units(figure)
        else _entries(figure, entry).where(
            within(Dispute.area_path, Range.below(area.path)),
            scope.visible(Dispute),
            _shown_to(figure, scope),
        )
    )
    found = seen.subquery()
    inside = func.count().filter(found.c.in_denominator).over().label("inside")
    rows = session.execute(
        select(found, inside).order_by("day", "id").limit(PAGE).offset(PAGE * (page - 1))
    ).all()
    return Membership(
        tuple(_member(row, figure, known[row.version]) for row in rows),
        rows[0].inside if rows else 0,
        figure.denominator or 0,
    )


def court_parts(session: Session, figure: Figure, sent: int) -> CourtParts:
    """The courts' months in a figure of courts; `sent` is how many there are in all."""
    area = session.get_one(Area, figure.area_code)
    counts = session.execute(
        released(*SENT, CourtCount.revision).where(
            CourtCount.month.between(figure.start, figure.end),
            within(CourtCount.counts_to_path, Range.below(area.path)),
        )
    ).all()
    courts = {court.code: court for court in session.scalars(select(Court))}
    rows = [_part(each, courts[each.court_code]) for each in counts]
    rows.sort(key=lambda part: (part.apart, part.court_code, part.month))
    return CourtParts(tuple(rows), max(sent - len(rows), 0))


def _shown_to(figure: Figure, scope: Scope) -> ColumnElement[bool]:
    """Which matters were sued on is told to those who handle them; to others as a sum alone."""
    if figure.definition.needs != CASE_FEED:
        return literal(True)
    return Dispute.handler_agency_id == scope.agency_id


def _last_day(figure: Figure) -> date:
    return shift(figure.end, 1) - timedelta(days=1)


def _entries(figure: Figure, entry: Subquery) -> Select[Any]:
    """The entries of the period; over a stock also those that came earlier and had not left."""
    made = figure.definition
    left_in = func.coalesce(entry.c.gone.between(figure.start, _last_day(figure)), literal(False))
    hit = and_(entry.c.hit, left_in) if made.of_stock else entry.c.hit
    why = case((left_in, entry.c.why)) if made.of_stock else entry.c.why
    return (
        select(
            Dispute.id,
            Dispute.number,
            Dispute.title,
            Area.name.label("area_name"),
            entry.c.day,
            and_(hit, why.is_(None)).label("hit"),
            why.is_(None).label("in_denominator"),
            why.label("why"),
            entry.c.version,
        )
        .join(entry, entry.c.dispute_id == Dispute.id)
        .join(Area, Area.code == Dispute.area_code)
    )


def _of_units(figure: Figure) -> bool:
    return figure.definition.subject == "unit"


def _units(entry: Subquery, area: Area) -> Select[Any]:
    """The units of screening rounds that ended in the period, under the walls of their tables."""
    return (
        select(
            ScreeningUnit.id,
            literal(None, String).label("number"),
            ScreeningUnit.name.label("title"),
            Area.name.label("area_name"),
            entry.c.day,
            and_(entry.c.hit, entry.c.why.is_(None)).label("hit"),
            entry.c.why.is_(None).label("in_denominator"),
            entry.c.why,
            entry.c.version,
        )
        .join(entry, entry.c.key == ScreeningUnit.id)
        .join(Area, Area.code == ScreeningUnit.area_code)
        .where(within(ScreeningUnit.area_path, Range.below(area.path)))
    )


def _member(row: Any, figure: Figure, made: Definition) -> Member:
    return Member(
        dispute_id=None if _of_units(figure) else row.id,
        number=row.number,
        title=row.title,
        area_name=row.area_name,
        day=row.day,
        in_numerator=row.hit,
        in_denominator=row.in_denominator,
        reason_zh=_reason(row, figure, made),
    )


def _reason(row: Any, figure: Figure, made: Definition) -> str:
    """In the words of the version that counted it."""
    if row.why is not None:
        return say("excluded", why=say(f"is_{row.why}"))
    names = made.numerator if row.hit else made.numerator[-1:]
    told = "、".join(say(f"is_{name}" if row.hit else f"not_{name}") for name in names)
    if not made.of_stock:
        return told
    came = say("stock_before" if row.day < figure.start else "stock_new")
    return f"{came};{told}"


def _part(row: Any, court: Court) -> CourtPart:
    return CourtPart(
        court_code=court.code,
        court_name=court.name,
        month=row.month,
        revision=row.revision,
        basis=row.basis,
        apart=court.counts_to != "county",
        components=components_of(row),
    )
