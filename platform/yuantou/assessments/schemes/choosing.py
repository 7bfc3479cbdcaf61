"""Which scheme judges a level in a year: chosen by one person, put in force by another."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access import second_person
from yuantou.access.second_person import Refused
from yuantou.access.viewer import Viewer
from yuantou.assessments.scheme import LEVELS
from yuantou.assessments.schemes.models import SchemeChoice
from yuantou.assessments.schemes.queries import newest_in_force
from yuantou.assessments.units import COUNTY
from yuantou.audit.service import record
from yuantou.calendar.clock import now as clock_now

DEFAULT = "example"


@dataclass(frozen=True, slots=True)
class NewChoice:
    """What somebody would have a level judged by, from a year on."""

    level: str
    year: int
    scheme: str
    reason: str


def scheme_of(session: Session, level: str, year: int) -> str | None:
    """The scheme that judges a level in a year: the newest choice in force; counties always one."""
    found = session.scalar(
        select(SchemeChoice.scheme)
        .where(
            SchemeChoice.level == level,
            SchemeChoice.year <= year,
            SchemeChoice.approved_at.is_not(None),
        )
        .order_by(SchemeChoice.year.desc(), SchemeChoice.id.desc())
        .limit(1)
    )
    return found or (DEFAULT if level == COUNTY else None)


def choices(session: Session) -> Sequence[SchemeChoice]:
    """All that was chosen, the newest first."""
    return session.scalars(select(SchemeChoice).order_by(SchemeChoice.id.desc())).all()


def in_use(session: Session, year: int) -> dict[str, str | None]:
    """The scheme of every level in a year."""
    return {level: scheme_of(session, level, year) for level in LEVELS}


def choose(session: Session, *, by: Viewer, choice: NewChoice) -> SchemeChoice:
    """Propose a scheme for a level; it must be in force itself and judge that level."""
    made = newest_in_force(session, choice.scheme)
    if made is None or made.level != choice.level or made.valid_from.year > choice.year:
        raise Refused("choice_unfit")
    if scheme_of(session, choice.level, choice.year) == choice.scheme:
        raise Refused("choice_same")
    if any(_waits(each) and each.level == choice.level for each in choices(session)):
        raise Refused("choice_waiting")
    row = SchemeChoice(
        level=choice.level,
        year=choice.year,
        scheme=choice.scheme,
        reason=choice.reason,
        proposed_by=by.id,
        proposed_at=clock_now(),
    )
    session.add(row)
    session.flush()
    _note(session, by, row, "propose")
    session.commit()
    return row


def approve(session: Session, *, by: Viewer, row: SchemeChoice) -> None:
    """Let a choice count from its year on, as the second person."""
    second_person.approve(row, by=by, at=clock_now())
    _note(session, by, row, "approve")
    session.commit()


def reject(session: Session, *, by: Viewer, row: SchemeChoice) -> None:
    """End a choice that was not approved."""
    second_person.reject(row, at=clock_now())
    _note(session, by, row, "reject")
    session.commit()


def _waits(row: SchemeChoice) -> bool:
    return row.approved_at is None and row.rejected_at is None


def _note(session: Session, by: Viewer, row: SchemeChoice, what: str) -> None:
    record(
        session,
        action=f"scheme_choice:{what}",
        object_type="scheme_choice",
        object_id=row.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"level": row.level, "year": row.year, "scheme": row.scheme},
    )
