"""Taking in at the window, and keeping the roster and the duty for red matters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty
from yuantou.disputes.service import NewDispute, move, note_event
from yuantou.intake.service import Logged, log_dispute
from yuantou.intake.window.models import RedDuty, RosterEntry
from yuantou.intake.window.queries import known_account, known_agency
from yuantou.intake.window.roster import WEEK, DutyLine, NewEntry, days_of_week

_SEAT = ("centre_id", "day", "agency_name", "person")


@dataclass
class Receipt:
    """What the window took in; `refusal` says why it was not accepted at once."""

    logged: Logged
    refusal: Refusal | None = None


def take_in(
    session: Session,
    *,
    by: Viewer,
    draft: NewDispute,
    parties: Sequence[NewParty],
    papers: str = "",
    accept: bool = False,
    now: datetime | None = None,
) -> Receipt:
    """Log a dispute at the window with all its parties, and accept it at once where asked."""
    refusals: list[Refusal] = []

    def also(dispute: Dispute, at: datetime) -> None:
        facts = {"parties": len(parties)}
        note_event(
            session,
            dispute=dispute,
            event="received_at_window",
            by=by,
            note=papers,
            facts=facts,
            at=at,
        )
        if accept:
            _accept(session, by, dispute, at, refusals)

    logged = log_dispute(session, by=by, draft=draft, parties=parties, also=also, now=now)
    return Receipt(logged, refusals[0] if refusals else None)


def seat(session: Session, *, by: Viewer, entry: NewEntry, now: datetime | None = None) -> int:
    """Note a person on several days; returns how many days are new."""
    centre, at = by.agency, now or clock.now()
    agency = known_agency(session, centre, entry.agency_name)
    rows: list[dict[str, object]] = [
        {
            "centre_id": centre.id,
            "area_path": centre.area_path,
            "day": day,
            "agency_id": agency,
            "agency_name": entry.agency_name,
            "mode": entry.mode,
            "account_id": known_account(session, agency, entry.person),
            "person": entry.person,
            "window_no": entry.window_no,
            "phone": entry.phone,
            "noted_by": by.id,
            "noted_at": at,
        }
        for day in entry.days
    ]
    added = _insert(session, rows)
    _audit(session, by, "roster:seat", days=added)
    session.commit()
    return added


def unseat(
    session: Session, *, by: Viewer, agency_name: str, person: str, days: Sequence[date]
) -> int:
    """Take a person off the roster on some days; returns on how many he stood."""
    gone = session.scalars(
        delete(RosterEntry)
        .where(
            RosterEntry.centre_id == by.agency.id,
            RosterEntry.agency_name == agency_name,
            RosterEntry.person == person,
            RosterEntry.day.in_(days),
        )
        .returning(RosterEntry.id)
    ).all()
    _audit(session, by, "roster:unseat", days=len(gone))
    session.commit()
    return len(gone)


def copy_week(session: Session, *, by: Viewer, day: date, now: datetime | None = None) -> int:
    """Seat in the week of `day` who sat in the week before; who stands there already stays."""
    at, before = now or clock.now(), days_of_week(day - timedelta(days=WEEK))
    held = session.scalars(
        select(RosterEntry).where(
            RosterEntry.centre_id == by.agency.id, RosterEntry.day.between(before[0], before[-1])
        )
    ).all()
    kept = ("centre_id", "area_path", "agency_id", "agency_name", "mode", "account_id")
    rows = [
        {name: getattr(one, name) for name in (*kept, "person", "window_no", "phone")}
        | {"day": one.day + timedelta(days=WEEK), "noted_by": by.id, "noted_at": at}
        for one in held
    ]
    added = _insert(session, rows)
    _audit(session, by, "roster:copy", days=added, week=days_of_week(day)[0])
    session.commit()
    return added


def keep_duties(
    session: Session, *, by: Viewer, lines: Sequence[DutyLine], now: datetime | None = None
) -> None:
    """Write who is on call for red matters on these days; an empty name clears a day."""
    at = now or clock.now()
    days = [line.day for line in lines]
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("duty", by.agency.id))))
    session.execute(delete(RedDuty).where(RedDuty.centre_id == by.agency.id, RedDuty.day.in_(days)))
    session.add_all(
        RedDuty(
            centre_id=by.agency.id,
            area_path=by.agency.area_path,
            day=line.day,
            account_id=known_account(session, by.agency.id, line.person),
            person=line.person,
            phone=line.phone,
            noted_by=by.id,
            noted_at=at,
        )
        for line in lines
        if line.person
    )
    _audit(session, by, "roster:keep_duty", days=sum(bool(line.person) for line in lines))
    session.commit()


def _accept(
    session: Session, by: Viewer, dispute: Dispute, at: datetime, refusals: list[Refusal]
) -> None:
    """Step: a window that may not accept still has logged what it took in."""
    try:
        move(session, by=by, dispute_id=dispute.id, action="accept", now=at)
    except RefusedError as refused:
        refusals.append(refused.refusal)


def _insert(session: Session, rows: list[dict[str, object]]) -> int:
    if not rows:
        return 0
    made = insert(RosterEntry).values(rows).on_conflict_do_nothing(index_elements=_SEAT)
    return len(session.scalars(made.returning(RosterEntry.id)).all())


def _audit(session: Session, by: Viewer, action: str, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type="agency",
        object_id=by.agency.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
