"""What a figure is made of, in the viewer's scope, and how much lies outside of it.

Matters come from the same select that the cells are counted from (measures.py), with the viewer's
scope on top; courts' counts come under row-level security. What is not visible is only counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, Scope, within
from yuantou.disputes.models import Dispute
from yuantou.indicators import measures
from yuantou.indicators.counting import components_of, released
from yuantou.indicators.figures import Figure
from yuantou.indicators.periods import shift
from yuantou.indicators.words import say
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Area, Court

PAGE = 50


@dataclass(frozen=True, slots=True)
class Member:
    """One matter (or one of its deadlines or agreements) in a figure, and why."""

    dispute_id: int
    number: str | None
    title: str
    state: str
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
    found = _settled(figure) if _of_stock(figure) else _entries(figure, as_of)
    seen = found.where(within(Dispute.area_path, Range.below(area.path)), scope.visible(Dispute))
    counted = seen.subquery()
    inside = session.scalar(
        select(func.count()).select_from(counted).where(counted.c.in_denominator)
    )
    rows = session.execute(
        seen.order_by("day", Dispute.id).limit(PAGE).offset(PAGE * (page - 1))
    ).all()
    return Membership(
        tuple(_member(row, figure) for row in rows), inside or 0, figure.denominator or 0
    )


def court_parts(session: Session, figure: Figure, sent: int) -> CourtParts:
    """The courts' months in a figure of courts; `sent` is how many there are in all."""
    area = session.get_one(Area, figure.area_code)
    counts = session.scalars(
        released().where(
            CourtCount.month.between(figure.start, figure.end),
            within(CourtCount.counts_to_path, Range.below(area.path)),
        )
    ).all()
    courts = {court.code: court for court in session.scalars(select(Court))}
    rows = [_part(each, courts[each.court_code]) for each in counts]
    rows.sort(key=lambda part: (part.apart, part.court_code, part.month))
    return CourtParts(tuple(rows), max(sent - len(rows), 0))


def _of_stock(figure: Figure) -> bool:
    return figure.definition.denominator == ("settled",)


def _last_day(figure: Figure) -> date:
    return shift(figure.end, 1) - timedelta(days=1)


def _columns(day: Any, hit: Any, counted: Any, part: Any) -> Select[Any]:
    return select(
        Dispute.id,
        Dispute.number,
        Dispute.title,
        Dispute.state,
        Dispute.outcome,
        Area.name.label("area_name"),
        day.label("day"),
        hit.label("hit"),
        counted.label("in_denominator"),
        part.label("part"),
    ).join(Area, Area.code == Dispute.area_code)


def _entries(figure: Figure, as_of: datetime) -> Select[Any]:
    entry = measures.entries(figure.definition, as_of).subquery()
    return (
        _columns(entry.c.day, entry.c.hit, literal(True), literal(figure.definition.denominator[0]))
        .join(entry, entry.c.dispute_id == Dispute.id)
        .where(entry.c.day.between(figure.start, _last_day(figure)))
    )


def _settled(figure: Figure) -> Select[Any]:
    """化解率： the stock when the period began and what was accepted in it, merged ones apart."""
    accepted, closed = measures.day_of(Dispute.accepted_at), measures.day_of(Dispute.closed_at)
    ended_in = closed.between(figure.start, _last_day(figure))
    merged = and_(measures.is_merged(), ended_in)
    return _columns(
        accepted,
        func.coalesce(and_(measures.is_settled(), ended_in), literal(False)),
        ~func.coalesce(merged, literal(False)),
        literal("settled"),
    ).where(
        accepted <= _last_day(figure),
        or_(accepted >= figure.start, closed.is_(None), closed >= figure.start),
    )


def _member(row: Any, figure: Figure) -> Member:
    return Member(
        dispute_id=row.id,
        number=row.number,
        title=row.title,
        state=row.state,
        area_name=row.area_name,
        day=row.day,
        in_numerator=row.hit,
        in_denominator=row.in_denominator,
        reason_zh=_reason(row, figure),
    )


def _reason(row: Any, figure: Figure) -> str:
    if row.part == "mediation_concluded":
        return say(f"outcome_{row.outcome}")
    if row.part != "settled":
        return say(f"{row.part}_{'hit' if row.hit else 'miss'}")
    if not row.in_denominator:
        return say("settled_merged")
    came = say("settled_stock" if row.day < figure.start else "settled_new")
    return f"{came};{say('settled_hit' if row.hit else 'settled_miss')}"


def _part(row: CourtCount, court: Court) -> CourtPart:
    return CourtPart(
        court_code=court.code,
        court_name=court.name,
        month=row.month,
        revision=row.revision,
        basis=row.basis,
        apart=court.counts_to != "county",
        components=components_of(row),
    )
