"""Reads of objections. Row-level security bounds them to the viewer's areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, func, literal, select
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.units import AGENCY_MARK
from yuantou.calendar.clock import local
from yuantou.territory.models import Area

UPHELD = ("upheld", "partly")


@dataclass(frozen=True, slots=True)
class Row:
    """One objection with the name of its unit and of the two persons."""

    objection: Objection
    unit: str
    raised: str
    decided: str | None


def of_run(session: Session, run_id: int, area_code: str | None = None) -> list[Row]:
    """The objections of a run, those without answer first, then by limit."""
    decider = Account.__table__.alias()
    agency = literal(AGENCY_MARK) + cast(Agency.id, String)
    named = func.coalesce(Area.name, Agency.name)
    asked = (
        select(Objection, named, Account.display_name, decider.c.display_name)
        .outerjoin(Area, Area.code == Objection.area_code)
        .outerjoin(Agency, agency == Objection.area_code)
        .join(Account, Account.id == Objection.raised_by)
        .outerjoin(decider, decider.c.id == Objection.decided_by)
        .where(Objection.run_id == run_id)
        .order_by(Objection.decided_at.is_not(None), Objection.due_at, Objection.id)
    )
    if area_code:
        asked = asked.where(Objection.area_code == area_code)
    return [Row(*row) for row in session.execute(asked)]


def find(session: Session, objection_id: int) -> Row | None:
    """One objection, None when there is none or the viewer may not see it."""
    found = session.get(Objection, objection_id)
    rows = of_run(session, found.run_id, found.area_code) if found else []
    return next((row for row in rows if row.objection.id == objection_id), None)


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


def _count(session: Session, *conditions: object) -> int:
    asked = select(func.count()).select_from(Objection).where(*conditions)  # type: ignore[arg-type]
    return session.scalar(asked) or 0
