"""The only writer of a dispute's state. Everything here is a step: the use case commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.calendar.stored import calendar_of
from yuantou.calendar.workdays import WorkCalendar
from yuantou.database.once import once
from yuantou.disputes import effects
from yuantou.disputes.codes import read
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.models import Dispute, DisputeEvent, Participation
from yuantou.disputes.signals import moved, opened
from yuantou.disputes.standing import actor_of, former_state, history, matter_of
from yuantou.disputes.workflow import BY_ACTION, DisputeState, check, step
from yuantou.territory.models import Area

CALENDAR = "working calendar"
_CALENDAR = text("""SELECT NULL AS version, day, worked, NULL AS body FROM calendar_day
UNION ALL SELECT version, valid_from, NULL, CAST(body AS text) FROM hours_version""")
COUNTY_PLACE = 3  # of a path: province, city, county
KEPT_OF_DRAFT = ("id", "version", "submission", "reporter_id", "reporting_agency_id", "demo")
SENT = "sent"  # in a session's info: which form its acts came from, kept with their events
FIRST_HANDLERS = ("committee", "industry_committee", "township_centre", "county_centre")


@dataclass(frozen=True)
class NewDispute:
    """What a report says. `submission` is drawn with the form, so that sending twice is once."""

    submission: str
    summary: str
    type: str
    source: str
    place: str
    area_code: str
    occurred_on: date
    involved: int
    title: str
    flags: tuple[str, ...] = ()
    amount: float | None = None
    position: tuple[float, float] | None = None
    position_normal: tuple[float, float] | None = None
    crs: str | None = None
    demo: bool = False
    named: tuple[int, ...] = field(default=())
    handler_agency_id: int | None = None


def open_dispute(
    session: Session, *, by: Viewer, draft: NewDispute, now: datetime | None = None
) -> Dispute:
    """Step: write a report in state REPORTED with its owner, participation and first event."""
    at = now or clock.now()
    dispute = _row(by, draft, _ground(session, draft.area_code), at)
    session.add(dispute)
    session.flush()
    if dispute.restricted:
        _name_handlers(session, by, dispute, draft.named)
    return _report(session, by, dispute, at)


def open_draft(
    session: Session, *, by: Viewer, submission: str, now: datetime | None = None
) -> Dispute:
    """Step: a row in state DRAFT that tells nothing yet; only its author's unit has it in sight."""
    at = now or clock.now()
    blank = NewDispute(
        submission=submission,
        summary="",
        type="",
        source="",
        place="",
        area_code=by.agency.area_code,
        occurred_on=clock.local(at).date(),
        involved=0,
        title="",
        demo=by.account.demo,
        handler_agency_id=by.agency.id,
    )
    dispute = _row(by, blank, _ground(session, blank.area_code), at)
    dispute.state = str(DisputeState.DRAFT)
    session.add(dispute)
    session.flush()
    event = note_event(session, dispute=dispute, event="draft_kept", by=by, at=at)
    event.to_state = dispute.state
    return dispute


def submit_draft(
    session: Session, *, by: Viewer, dispute_id: int, draft: NewDispute, now: datetime | None = None
) -> Dispute:
    """Step: a draft becomes the report that its author now sends; everything begins here."""
    at = now or clock.now()
    dispute = lock(session, dispute_id)
    matter = matter_of(dispute, (), working_calendar(session), at)
    refusal = check("submit", matter, actor_of(by, dispute), {})
    if refusal is not None:
        raise RefusedError(refusal)
    told = _row(by, draft, _ground(session, draft.area_code), at)
    told.id = dispute.id
    if told.restricted:
        _name_handlers(session, by, told, draft.named)
    for name in set(Dispute.__table__.columns.keys()).difference(KEPT_OF_DRAFT):
        setattr(dispute, name, getattr(told, name))
    return _report(session, by, dispute, at, str(DisputeState.DRAFT))


def _report(
    session: Session, by: Viewer, dispute: Dispute, at: datetime, before: str | None = None
) -> Dispute:
    """Participation, the first event of a report, and the news of it."""
    _take_part(session, dispute, by.agency.id, "reporting", at)
    if dispute.handler_agency_id != by.agency.id:
        _take_part(session, dispute, dispute.handler_agency_id, "handling", at)
    first = {"category": dispute.type, **({"risk": dispute.risk} if dispute.risk else {})}
    event = note_event(session, dispute=dispute, event="reported", by=by, at=at, facts=first)
    event.from_state, event.to_state = before, dispute.state
    session.flush()
    opened.send(dispute, session=session, event=event, by=by)
    return dispute


def move(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    action: str,
    facts: Mapping[str, Any] | None = None,
    note: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Step: carry out one act of the workflow table, or say why not.

    Raises NotVisibleError, StaleDisputeError (someone was faster) and RefusedError (the law, the
    duty or the form stands in the way). The row stays locked until the use case ends.
    """
    at, filled = now or clock.now(), dict(facts or {})
    dispute = lock(session, dispute_id, version)
    events = history(session, dispute.id)
    matter = matter_of(dispute, events, working_calendar(session), at)
    refusal = check(action, matter, actor_of(by, dispute), filled)
    if refusal is not None:
        raise RefusedError(refusal)
    return _carry_out(session, dispute, action, filled, note, by, at, former_state(events))


def lock(session: Session, dispute_id: int, version: int | None = None) -> Dispute:
    """Step: the dispute, locked for change; checks the version that the form was opened with."""
    dispute = _for_change(session, dispute_id)
    if dispute is None:
        raise NotVisibleError(dispute_id)
    if version is not None and dispute.version != version:
        raise StaleDisputeError(dispute.id, dispute.version)
    return dispute


def _for_change(session: Session, dispute_id: int) -> Dispute | None:
    """The row, locked, as it stands now; the page may have read an older one before it waited."""
    try:
        return session.get(Dispute, dispute_id, with_for_update=True, populate_existing=True)
    except StaleDataError:
        older = session.get_one(Dispute, dispute_id)
        session.refresh(older)
        return older


def note_event(
    session: Session,
    *,
    dispute: Dispute,
    event: str,
    by: Viewer | None,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> DisputeEvent:
    """Step: add to the history something that does not change the state."""
    row = DisputeEvent(
        dispute_id=dispute.id,
        at=at or clock.now(),
        event=event,
        from_state=None,
        to_state=None,
        actor_id=by.id if by else None,
        agency_id=by.agency.id if by else None,
        note=note,
        facts={**(facts or {}), **session.info.get(SENT, {})},
    )
    session.add(row)
    return row


def add_flag(session: Session, *, by: Viewer, dispute: Dispute, flag: str) -> None:
    """Step: a fact that came out later; what it restricts is for named handlers from now on."""
    codes = read()
    if not dispute.restricted and codes.restricts((flag,)):
        having = filter(None, (dispute.reporter_id, dispute.mediator_id))
        _name_handlers(session, by, dispute, tuple(having))
        dispute.restricted = True
    dispute.flags = [code for code in codes.flags if code in (*dispute.flags, flag)]


def working_calendar(session: Session) -> WorkCalendar:
    """The working calendar with the administrator's days and hours, read once a transaction."""
    return once(session, CALENDAR, lambda asked: calendar_of(asked.execute(_CALENDAR).all()))


def _carry_out(
    session: Session,
    dispute: Dispute,
    action: str,
    facts: dict[str, Any],
    note: str,
    by: Viewer,
    at: datetime,
    former: DisputeState | None,
) -> Dispute:
    row = BY_ACTION[action]
    before, holder = dispute.state, dispute.handler_agency_id
    after = step(DisputeState(before), action, former)
    effects.apply(action, dispute, facts, at)
    if action == "accept":
        dispute.number = _number(session, dispute, at)
    if action in ("return", "recall"):
        dispute.handler_agency_id = _sender(session, dispute.id) or holder
    if action == "escalate":
        dispute.handler_agency_id = _county_centre(session, dispute.county_code) or holder
    dispute.state = str(after)
    dispute.updated_at = at
    if dispute.handler_agency_id != holder:
        _hand_over(session, dispute, holder, at)
    event = note_event(
        session,
        dispute=dispute,
        event=row.event,
        by=by,
        note=note,
        facts=effects.kept(facts),
        at=at,
    )
    event.from_state, event.to_state = before, dispute.state
    session.flush()
    moved.send(dispute, session=session, event=event, by=by)
    return dispute


class _Ground(NamedTuple):
    """What a report stands on: its number in the table, its place, the centre of its county."""

    id: int
    area_path: str
    centre: int | None

    @property
    def county(self) -> str:
        return self.area_path.strip("/").split("/")[:3][-1]


def _ground(session: Session, area_code: str) -> _Ground:
    centre = (
        select(Agency.id)
        .where(
            Agency.kind == "county_centre",
            Agency.active,
            Agency.area_code == func.split_part(Area.path, "/", COUNTY_PLACE),
        )
        .scalar_subquery()
    )
    query = select(func.nextval("dispute_id_seq"), Area.path, centre).where(Area.code == area_code)
    return _Ground._make(session.execute(query).one())


def _row(by: Viewer, draft: NewDispute, ground: _Ground, at: datetime) -> Dispute:
    codes = read()
    risk = codes.least_risk(draft.flags) or None
    lng, lat = draft.position or (None, None)
    lng_normal, lat_normal = draft.position_normal or (None, None)
    first = by.agency.kind in FIRST_HANDLERS
    return Dispute(
        id=ground.id,
        submission=draft.submission,
        state=str(DisputeState.REPORTED),
        title=draft.title,
        summary=draft.summary,
        type=draft.type,
        source=draft.source,
        place=draft.place,
        area_code=draft.area_code,
        area_path=ground.area_path,
        county_code=ground.county,
        lng=lng,
        lat=lat,
        crs=draft.crs,
        lng_normal=lng_normal,
        lat_normal=lat_normal,
        occurred_on=draft.occurred_on,
        involved=draft.involved,
        amount=draft.amount,
        flags=list(draft.flags),
        risk=risk,
        restricted=codes.restricts(draft.flags),
        pressing=risk == "red",
        refused=False,
        returns=0,
        demo=draft.demo,
        reporting_agency_id=by.agency.id,
        reporter_id=by.id,
        handler_agency_id=draft.handler_agency_id
        or (by.agency.id if first else (ground.centre or by.agency.id)),
        reported_at=at,
        updated_at=at,
    )


def _name_handlers(session: Session, by: Viewer, dispute: Dispute, named: tuple[int, ...]) -> None:
    """Whoever restricts it, those he names, and the county centre's coordinators."""
    coordinators = session.scalars(
        select(Account.id)
        .join(Agency, Agency.id == Account.agency_id)
        .where(
            Agency.kind == "county_centre",
            Agency.area_code == dispute.county_code,
            Account.role == "coordinator",
            Account.disabled_at.is_(None),
        )
    )
    for account_id in dict.fromkeys((by.id, *named, *coordinators)):
        session.execute(select(func.name_handler(dispute.id, account_id)))


def _take_part(session: Session, dispute: Dispute, agency_id: int, part: str, at: datetime) -> None:
    session.add(
        Participation(dispute_id=dispute.id, agency_id=agency_id, part=part, since=at, until=None)
    )


def _hand_over(session: Session, dispute: Dispute, holder: int, at: datetime) -> None:
    for row in session.scalars(
        select(Participation).where(
            Participation.dispute_id == dispute.id,
            Participation.agency_id == holder,
            Participation.until.is_(None),
            Participation.part == "handling",
        )
    ):
        row.until = at
    _take_part(session, dispute, dispute.handler_agency_id, "handling", at)
    session.flush()


def _number(session: Session, dispute: Dispute, at: datetime) -> str:
    year = clock.local(at).year
    serial = session.scalar(select(func.next_number(dispute.county_code, year)))
    return f"{_series(session, dispute.county_code)}〔{year}〕第{serial:06d}号"


def _series(session: Session, county_code: str) -> str:
    """The county's short name, with its city's before it where two counties share one (铁西)."""
    county = session.get_one(Area, county_code)
    namesakes = select(func.count()).where(
        Area.level == "county", Area.short_name == county.short_name, Area.valid_to.is_(None)
    )
    shared = (session.scalar(namesakes) or 0) > 1
    city = session.get(Area, county.parent_code) if shared else None
    return f"{city.short_name if city else ''}{county.short_name}"


def _sender(session: Session, dispute_id: int) -> int | None:
    return session.scalar(
        select(DisputeEvent.agency_id)
        .where(
            DisputeEvent.dispute_id == dispute_id,
            DisputeEvent.event.in_(("dispatched", "designated")),
        )
        .order_by(DisputeEvent.id.desc())
        .limit(1)
    )


def _county_centre(session: Session, county_code: str) -> int | None:
    return session.scalar(
        select(Agency.id).where(
            Agency.kind == "county_centre", Agency.area_code == county_code, Agency.active
        )
    )
