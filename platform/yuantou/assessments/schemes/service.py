"""Writing schemes and events: one person proposes, a second person puts them in force."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zlib import crc32

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access import second_person
from yuantou.access.second_person import Refused
from yuantou.access.viewer import Viewer
from yuantou.assessments.models import SchemeVersion
from yuantou.assessments.rows import Row
from yuantou.assessments.scheme import Scheme, body, scheme
from yuantou.assessments.schemes import queries
from yuantou.assessments.schemes.checks import refuse_unfit
from yuantou.assessments.schemes.models import SchemeTrial, ScoreEvent
from yuantou.assessments.schemes.trying import Progress, tried, years
from yuantou.assessments.sealing import digest
from yuantou.assessments.units import Whom
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.crypto.keyring import KeyRing
from yuantou.indicators.queries import definitions
from yuantou.mediation.attachments.service import Clean


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What is put down for or against a unit."""

    scheme: str
    row: str
    happened_on: date
    points: Decimal | None
    reason: str
    evidence: str
    file: Clean | None = None


def propose(session: Session, *, by: Viewer, made: Scheme, reason: str) -> SchemeVersion:
    """Lay a version before the office, with a trial of last year; it counts nothing until then.

    Raises SchemeFault where it weighs what may not be weighed.
    """
    refuse_unfit(made, definitions(session))
    _refuse_unfit_version(session, made)
    at = clock_now()
    row = SchemeVersion(
        code=made.code,
        version=made.version,
        valid_from=made.valid_from,
        body=body(made),
        reason=reason,
        proposed_by=by.id,
        proposed_at=at,
    )
    session.add(row)
    _ask(session, by, row, years(local(at).date())[0], at)
    _note(session, by, row, "propose")
    session.commit()
    return row


def adopt(session: Session, *, by: Viewer, row: SchemeVersion, reason: str) -> None:
    """Propose a version that came with the product: it needs two persons like any other."""
    at = clock_now()
    second_person.adopt(row, by=by, reason=reason, at=at)
    if not queries.trials(session, row.code, row.version):
        _ask(session, by, row, years(local(at).date())[0], at)
    _note(session, by, row, "propose")
    session.commit()


def approve(session: Session, *, by: Viewer, row: SchemeVersion) -> None:
    """Put a version in force as the second person, who has its trial before him."""
    tried_ = any(each.result for each in queries.trials(session, row.code, row.version))
    second_person.approve(row, by=by, at=clock_now(), tried=tried_)
    _note(session, by, row, "approve")
    session.commit()


def reject(session: Session, *, by: Viewer, row: SchemeVersion) -> None:
    """End a proposal; its number is not used again."""
    second_person.reject(row, at=clock_now())
    _note(session, by, row, "reject")
    session.commit()


def ask_trial(session: Session, *, by: Viewer, row: SchemeVersion, year: int) -> SchemeTrial:
    """Ask the worker to reckon a year by a version; twice at once is refused."""
    waiting = [each for each in queries.trials(session, row.code, row.version) if not each.ended_at]
    if any(each.year == year for each in waiting):
        raise Refused("trying")
    made = _ask(session, by, row, year, clock_now())
    _note(session, by, row, "try", year=year)
    session.commit()
    return made


def try_waiting(session: Session, progress: Progress, now: datetime | None = None) -> int:
    """Step (worker): reckon every trial that waits; returns how many."""
    at = now or clock_now()
    waiting = session.scalars(
        select(SchemeTrial).where(SchemeTrial.ended_at.is_(None)).order_by(SchemeTrial.id)
    ).all()
    for trial in waiting:
        row = session.get_one(SchemeVersion, (trial.code, trial.version))
        made = scheme(row.body)
        trial.result = tried(session, made, trial.year, trial.seed, local(at).date(), progress)
        trial.ended_at = clock_now()
    return len(waiting)


def next_version(session: Session, code: str) -> int:
    """The number that a new version of a scheme gets."""
    newest = session.scalar(
        select(func.max(SchemeVersion.version)).where(SchemeVersion.code == code)
    )
    return (newest or 0) + 1


def put_down(
    session: Session,
    *,
    by: Viewer,
    event: NewEvent,
    whom: Whom | None,
    keyring: KeyRing | None = None,
) -> ScoreEvent:
    """Propose a bonus, a malus or a veto of a unit; it counts once a second person approves.

    What it is written on may be a file: it is sealed, and its hash stands in the words.
    """
    level, row = _row_of(session, event)
    if whom is None or not whom.path.startswith(by.agency.area_path):
        raise Refused("event_area")
    if whom.level != level:
        raise Refused("event_level")
    if (row.method == "veto") != (event.points is None):
        raise Refused("event_points")
    if event.points is not None and not 0 < event.points <= row.weight:
        raise Refused("event_points")
    file = event.file
    sealed, key = keyring.wrap(file.data) if file and keyring else (None, None)
    made = ScoreEvent(
        scheme=event.scheme,
        row_code=event.row,
        area_code=whom.code,
        area_path=whom.path,
        happened_on=event.happened_on,
        points=event.points,
        reason=event.reason,
        evidence=_evidence(event),
        file=sealed,
        file_key=key,
        file_kind=file.kind.code if file and sealed else None,
        proposed_by=by.id,
        proposed_at=clock_now(),
        demo=False,
    )
    session.add(made)
    session.flush()
    _note_event(session, by, made, "propose")
    session.commit()
    return made


def _evidence(event: NewEvent) -> str:
    """The words, and the hash of the file, so that a sealed report names both."""
    mark = f"附件，SM3 {digest(event.file.data)[:16]}" if event.file else ""
    return "；".join(each for each in (event.evidence, mark) if each)


def note_opening(session: Session, *, by: Viewer, event: ScoreEvent) -> None:
    """Write down that the evidence was opened."""
    _note_event(session, by, event, "open")
    session.commit()


def approve_event(session: Session, *, by: Viewer, event: ScoreEvent) -> None:
    """Let an event count, as the second person."""
    second_person.approve(event, by=by, at=clock_now())
    _note_event(session, by, event, "approve")
    session.commit()


def reject_event(session: Session, *, by: Viewer, event: ScoreEvent) -> None:
    """End an event that was not approved; its proposer may take it back."""
    second_person.reject(event, at=clock_now())
    event.rejected_by = by.id
    _note_event(session, by, event, "reject")
    session.commit()


def _ask(session: Session, by: Viewer, row: SchemeVersion, year: int, at: datetime) -> SchemeTrial:
    """A trial to be made; its seed follows from what is asked, so that it can be made again."""
    seed = hash_of(row.code, row.version, year)
    made = SchemeTrial(
        code=row.code, version=row.version, year=year, seed=seed, asked_by=by.id, asked_at=at
    )
    session.add(made)
    return made


def hash_of(code: str, version: int, year: int) -> int:
    """A seed that is the same wherever the same is asked."""
    return crc32(f"{code}/{version}/{year}".encode())


def _row_of(session: Session, event: NewEvent) -> tuple[str, Row]:
    """Whom the scheme judges, and its row."""
    made = queries.newest_in_force(session, event.scheme)
    rows = made.score if made else ()
    found = next((row for row in rows if row.code == event.row and not row.of_figure), None)
    if made is None or found is None:
        raise Refused("event_row")
    return made.level, found


def _refuse_unfit_version(session: Session, made: Scheme) -> None:
    rows = session.scalars(select(SchemeVersion).where(SchemeVersion.code == made.code)).all()
    if any(not row.approved_at and not row.rejected_at for row in rows):
        raise Refused("waiting")
    newest = queries.newest_in_force(session, made.code)
    if newest and made.valid_from <= newest.valid_from:
        raise Refused("too_early")
    if newest and _same(newest, made):
        raise Refused("unchanged")


def _same(old: Scheme, new: Scheme) -> bool:
    skip: dict[str, object] = {"version": 0, "valid_from": ""}
    return {**body(old), **skip} == {**body(new), **skip}


def _note(session: Session, by: Viewer, row: SchemeVersion, what: str, **facts: object) -> None:
    record(
        session,
        action=f"scheme:{what}",
        object_type="scheme_version",
        object_id=f"{row.code}/{row.version}",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"valid_from": row.valid_from, "reason": row.reason, **facts},
    )


def _note_event(session: Session, by: Viewer, event: ScoreEvent, what: str) -> None:
    record(
        session,
        action=f"merit:{what}",
        object_type="score_event",
        object_id=event.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"scheme": event.scheme, "row": event.row_code, "area": event.area_code},
    )
