"""Reads of objections. Row-level security bounds them to the viewer's areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, literal, select
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.units import AGENCY_MARK
from yuantou.calendar.clock import local
from yuantou.database.paging import Sheet
from yuantou.database.text import clean
from yuantou.territory.models import Area

UPHELD = ("upheld", "partly")
DECIDED = (*UPHELD, "rejected")


@dataclass(frozen=True, slots=True)
class Row:
    """One objection with the name of its unit and of the two persons."""

    objection: Objection
    unit: str
    raised: str
    decided: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list of a run's objections is narrowed to; empty is everything."""

    answer: str = ""
    place: str = ""
    indicator: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Wanted":
        """What an address asks for."""
        return cls(*(clean(arguments.get(key, ""))[:20] for key in ("answer", "unit", "code")))

    @property
    def kept(self) -> dict[str, str]:
        """The same as an address writes it."""
        asked = {"answer": self.answer, "unit": self.place, "code": self.indicator}
        return {key: word for key, word in asked.items() if word}

    def conditions(self, under: str, now: datetime) -> list[ColumnElement[bool]]:
        """As the database asks it; `under` is the path of the place."""
        found = [Objection.area_path.startswith(under, autoescape=True)] if self.place else []
        if self.indicator:
            found.append(Objection.indicator == self.indicator)
        if self.answer in ("waiting", "late"):
            found.append(Objection.decision.is_(None))
        if self.answer == "late":
            found.append(Objection.due_at < now)
        if self.answer in DECIDED:
            found.append(Objection.decision == self.answer)
        return found


def listed(
    session: Session, run_id: int, *conditions: ColumnElement[bool], page: int
) -> tuple[list[Row], Sheet]:
    """A page of the objections of a run, those without answer first, then by limit."""
    found = (Objection.run_id == run_id, *conditions)
    sheet = Sheet.of(_count(session, *found), page)
    asked = _named(*found).limit(sheet.size).offset(sheet.start)
    return [Row(*row) for row in session.execute(asked)], sheet


def aimed_at(session: Session, run_id: int) -> list[tuple[str, str]]:
    """The figures that objections of a run are about: code and name."""
    name = func.max(Objection.counterfactual["name"].astext)
    rows = session.execute(
        select(Objection.indicator, name)
        .where(Objection.run_id == run_id)
        .group_by(Objection.indicator)
        .order_by(Objection.indicator)
    )
    return [(code, words) for code, words in rows]


def raised(session: Session, run_id: int, codes: Sequence[str]) -> dict[str, int]:
    """How many objections some units raised in a run."""
    rows = session.execute(
        select(Objection.area_code, func.count())
        .where(Objection.run_id == run_id, Objection.area_code.in_(codes))
        .group_by(Objection.area_code)
    )
    return {code: number for code, number in rows}  # noqa: C416 — typed rows


def of_unit(session: Session, run_id: int, area_code: str) -> list[Row]:
    """The objections of one unit in a run."""
    asked = _named(Objection.run_id == run_id, Objection.area_code == area_code)
    return [Row(*row) for row in session.execute(asked)]


def find(session: Session, objection_id: int) -> Row | None:
    """One objection, None when there is none or the viewer may not see it."""
    row = session.execute(_named(Objection.id == objection_id)).one_or_none()
    return Row(*row) if row else None


def _named(*conditions: ColumnElement[bool]) -> Any:
    decider = Account.__table__.alias()
    agency = literal(AGENCY_MARK) + cast(Agency.id, String)
    named = func.coalesce(Area.name, Agency.name)
    return (
        select(Objection, named, Account.display_name, decider.c.display_name)
        .outerjoin(Area, Area.code == Objection.area_code)
        .outerjoin(Agency, agency == Objection.area_code)
        .join(Account, Account.id == Objection.raised_by)
        .outerjoin(decider, decider.c.id == Objection.decided_by)
        .where(*conditions)
        .order_by(Objection.decided_at.is_not(None), Objection.due_at, Objection.id)
    )


def undecided(session: Session, run_id: int) -> int:
    """How many objections of a run have no answer yet."""
    return _count(session, Objection.run_id == run_id, Objection.decision.is_(None))


def unapplied(session: Session, run_id: int, prepared_at: datetime | None) -> int:
    """How many were upheld after the drafts were prepared."""
    upheld = (Objection.run_id == run_id, Objection.decision.in_(UPHELD))
    if prepared_at is None:
        return _count(session, *upheld)
    return _count(session, *upheld, Objection.decided_at > prepared_at)


def unapplied_rows(
    session: Session, run_id: int, prepared_at: datetime | None, area_code: str, indicator: str
) -> Sequence[Objection]:
    """Those of one figure that were upheld and are not in the drafts yet."""
    return session.scalars(
        select(Objection).where(
            Objection.run_id == run_id,
            Objection.area_code == area_code,
            Objection.indicator == indicator,
            Objection.decision.in_(UPHELD),
            *((Objection.decided_at > prepared_at,) if prepared_at else ()),
        )
    ).all()


def adjustments(
    session: Session, *run_ids: int | None
) -> Mapping[str, Sequence[dict[str, object]]]:
    """What was granted as a documented adjustment in these runs, by unit, in their order."""
    rows = session.scalars(
        select(Objection)
        .where(
            Objection.run_id.in_([each for each in run_ids if each]),
            Objection.decision.in_(UPHELD),
            Objection.remedy == "adjust",
        )
        .order_by(Objection.decided_at, Objection.id)
    )
    found: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        found.setdefault(row.area_code, []).append(_adjustment(row))
    return found


def _adjustment(row: Objection) -> dict[str, object]:
    return {
        "objection": row.id,
        "indicator": row.indicator,
        "events": row.granted_numerator,
        "whole": row.granted_denominator,
        "reason": row.decision_reason or "",
        "decided_on": local(row.decided_at).date().isoformat() if row.decided_at else "",
    }


def _count(session: Session, *conditions: ColumnElement[bool]) -> int:
    asked = select(func.count()).select_from(Objection).where(*conditions)
    return session.scalar(asked) or 0
