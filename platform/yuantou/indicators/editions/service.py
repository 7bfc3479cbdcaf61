"""Writing versions: one person proposes, the worker tries it, a second person puts it in force."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access import second_person
from yuantou.access.second_person import Refused
from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar.clock import now as clock_now
from yuantou.indicators.catalogue import Definition, body, definition
from yuantou.indicators.definitions import in_force, versions
from yuantou.indicators.editions.trying import tried
from yuantou.indicators.models import DefinitionVersion


def propose(session: Session, *, by: Viewer, made: Definition, reason: str) -> DefinitionVersion:
    """Lay a new version before the office; it counts nothing until a second person approves it."""
    _refuse_unfit(session, made)
    row = DefinitionVersion(
        code=made.code,
        version=made.version,
        valid_from=made.valid_from,
        body=body(made),
        reason=reason,
        proposed_by=by.id,
        proposed_at=clock_now(),
    )
    session.add(row)
    _note(session, by, row, "propose")
    session.commit()
    return row


def adopt(session: Session, *, by: Viewer, row: DefinitionVersion, reason: str) -> None:
    """Propose a version that came with the product: it needs two persons like any other."""
    second_person.adopt(row, by=by, reason=reason, at=clock_now())
    _note(session, by, row, "propose")
    session.commit()


def approve(session: Session, *, by: Viewer, row: DefinitionVersion) -> None:
    """Put a version in force as the second person, who has its preview before him."""
    second_person.approve(row, by=by, at=clock_now(), tried=row.previewed_at is not None)
    _note(session, by, row, "approve")
    session.commit()


def reject(session: Session, *, by: Viewer, row: DefinitionVersion) -> None:
    """End a proposal; its number is not used again."""
    second_person.reject(row, at=clock_now())
    _note(session, by, row, "reject")
    session.commit()


def preview_waiting(session: Session, now: datetime | None = None) -> int:
    """Step (worker): try every undecided version that was not tried yet; returns how many."""
    at = now or clock_now()
    waiting = session.scalars(
        select(DefinitionVersion).where(
            *second_person.undecided(DefinitionVersion), DefinitionVersion.previewed_at.is_(None)
        )
    ).all()
    held = versions(session)
    for row in waiting:
        old = in_force(held.get(row.code, ()), at.date())
        row.preview, row.previewed_at = tried(session, old, definition(row.body), at), at
    return len(waiting)


def next_version(session: Session, code: str) -> int:
    """The number that a new version of an indicator gets."""
    numbers = session.scalars(
        select(DefinitionVersion.version).where(DefinitionVersion.code == code)
    )
    return max(numbers, default=0) + 1


def _refuse_unfit(session: Session, made: Definition) -> None:
    waiting = session.scalar(
        select(DefinitionVersion.version).where(
            DefinitionVersion.code == made.code, *second_person.undecided(DefinitionVersion)
        )
    )
    if waiting is not None:
        raise Refused("waiting")
    newest = versions(session).get(made.code, [])
    if newest and made.valid_from <= newest[-1].valid_from:
        raise Refused("too_early")
    if newest and _same(newest[-1], made):
        raise Refused("unchanged")


def _same(old: Definition, new: Definition) -> bool:
    skip: dict[str, object] = {"version": 0, "valid_from": date.min}
    return {**body(old), **skip} == {**body(new), **skip}


def _note(session: Session, by: Viewer, row: DefinitionVersion, what: str) -> None:
    record(
        session,
        action=f"indicator:{what}",
        object_type="definition_version",
        object_id=f"{row.code}/{row.version}",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"valid_from": row.valid_from, "reason": row.reason},
    )
