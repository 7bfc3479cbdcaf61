"""Reads of schemes, their trials, and what was put down for or against an area."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from yuantou.access import second_person
from yuantou.assessments.models import SchemeVersion
from yuantou.assessments.scheme import Scheme, scheme
from yuantou.assessments.schemes.models import SchemeTrial, ScoreEvent
from yuantou.database.paging import Sheet


def held(session: Session) -> list[tuple[SchemeVersion, Scheme]]:
    """Every version of every scheme, the newest first."""
    rows = session.scalars(
        select(SchemeVersion).order_by(SchemeVersion.code, SchemeVersion.version.desc())
    )
    return [(row, scheme(row.body)) for row in rows]


def newest_in_force(session: Session, code: str) -> Scheme | None:
    """The newest version of a scheme that was put in force."""
    row = session.scalar(
        select(SchemeVersion)
        .where(SchemeVersion.code == code, SchemeVersion.approved_at.is_not(None))
        .order_by(SchemeVersion.version.desc())
        .limit(1)
    )
    return scheme(row.body) if row else None


def trials(session: Session, code: str, version: int) -> Sequence[SchemeTrial]:
    """The trials of a version, the newest first."""
    return session.scalars(
        select(SchemeTrial)
        .where(SchemeTrial.code == code, SchemeTrial.version == version)
        .order_by(SchemeTrial.id.desc())
    ).all()


def events(session: Session, page: int) -> tuple[Sequence[ScoreEvent], Sheet]:
    """A page of what was put down: what waits first, then the newest."""
    sheet = Sheet.of(session.scalar(select(func.count()).select_from(ScoreEvent)) or 0, page)
    waits = and_(*second_person.undecided(ScoreEvent))
    asked = select(ScoreEvent).order_by(waits.desc(), ScoreEvent.id.desc())
    return session.scalars(asked.limit(sheet.size).offset(sheet.start)).all(), sheet


def merits(
    session: Session, made: Scheme, start: date, end: date
) -> dict[str, list[dict[str, Any]]]:
    """What a second person approved and the period holds, by area, as it goes into inputs."""
    rows = session.scalars(
        select(ScoreEvent)
        .where(
            ScoreEvent.scheme == made.code,
            ScoreEvent.happened_on.between(start, end),
            ScoreEvent.approved_at.is_not(None),
        )
        .order_by(ScoreEvent.id)
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows if made.score else ():
        found[row.area_code].append(
            {
                "id": row.id,
                "row": row.row_code,
                "points": None if row.points is None else f"{row.points:f}",
                "reason": row.reason,
                "evidence": row.evidence,
                "on": row.happened_on.isoformat(),
                "proposed_by": row.proposed_by,
                "approved_by": row.approved_by,
            }
        )
    return found
