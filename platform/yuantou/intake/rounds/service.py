"""Opening rounds, reporting for a unit, linking what was found, reminding the silent."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.intake.rounds import queries
from yuantou.intake.rounds.models import (
    ScreeningFind,
    ScreeningReport,
    ScreeningRound,
    ScreeningUnit,
    SensitiveDate,
)
from yuantou.intake.rounds.naming import PlaceName
from yuantou.intake.rounds.seasons import Season
from yuantou.intake.service import Also
from yuantou.notices.service import notify
from yuantou.territory.models import Area


class RoundRefusedError(Exception):
    """What stands in the way, in words for the page."""


@dataclass(frozen=True)
class NewRound:
    """A round as its form tells of it."""

    submission: str
    kind: str
    title: str
    area_code: str
    starts_on: date
    ends_on: date
    themes: tuple[str, ...] = ()
    note: str = ""
    places: tuple[PlaceName, ...] = ()
    agencies: tuple[int, ...] = field(default=())


@dataclass(frozen=True)
class Told:
    """What a unit reports; nothing found is found = 0."""

    signed_by: str
    visited: int | None = None
    note: str = ""


def open_round(
    session: Session, *, by: Viewer, new: NewRound, now: datetime | None = None
) -> ScreeningRound:
    """Open a round with its units and tell who is to report; a second sending finds the first."""
    before = _opened_before(session, new.submission)
    if before is not None:
        return before
    try:
        return _open(session, by, new, now or clock.now())
    except IntegrityError:
        session.rollback()
        first = _opened_before(session, new.submission)
        if first is None:
            raise
        return first


def _open(session: Session, by: Viewer, new: NewRound, at: datetime) -> ScreeningRound:
    area = _own_area(session, by, new.area_code)
    opened = ScreeningRound(
        submission=new.submission,
        kind=new.kind,
        title=new.title,
        area_code=area.code,
        area_path=area.path,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        themes=list(new.themes),
        note=new.note,
        agency_id=by.agency.id,
        opened_by=by.id,
        opened_at=at,
    )
    session.add(opened)
    session.flush()
    added = _add_units(session, by, opened, new.places, new.agencies)
    if not added:
        raise RoundRefusedError(_("请至少写一个排查单元"))
    _tell(session, opened, added, _("请参加排查：%(title)s", title=opened.title), at)
    _audit(session, by, "screening:open", opened.id, units=len(added))
    session.commit()
    return opened


def add_units(
    session: Session,
    *,
    by: Viewer,
    round_id: int,
    places: Sequence[PlaceName] = (),
    agencies: Sequence[int] = (),
    now: datetime | None = None,
) -> int:
    """Units that were forgotten; returns how many are new."""
    opened = _own_round(session, by, round_id)
    added = _add_units(session, by, opened, places, agencies)
    title = _("请参加排查：%(title)s", title=opened.title)
    _tell(session, opened, added, title, now or clock.now())
    _audit(session, by, "screening:add_units", opened.id, units=len(added))
    session.commit()
    return len(added)


def prolong(session: Session, *, by: Viewer, round_id: int, ends_on: date) -> ScreeningRound:
    """Another last day; reports that came late stay marked as they came."""
    opened = _own_round(session, by, round_id)
    if ends_on < opened.starts_on:
        raise RoundRefusedError(_("止日不能早于起日"))
    before, opened.ends_on = opened.ends_on, ends_on
    _audit(session, by, "screening:prolong", opened.id, before=before, ends_on=ends_on)
    session.commit()
    return opened


def withdraw(
    session: Session, *, by: Viewer, round_id: int, now: datetime | None = None
) -> ScreeningRound:
    """Take back a round opened in error, as long as nobody has reported."""
    opened = _own_round(session, by, round_id)
    if queries.progress_of(session, [opened.id])[opened.id].reported:
        raise RoundRefusedError(_("已有单位上报，不能撤销"))
    opened.withdrawn_at = now or clock.now()
    _audit(session, by, "screening:withdraw", opened.id)
    session.commit()
    return opened


def report(
    session: Session, *, by: Viewer, unit_id: int, told: Told, now: datetime | None = None
) -> ScreeningReport:
    """Report for a unit; a later report corrects the earlier, which stays as history."""
    at = now or clock.now()
    unit, opened = _unit_to_report(session, by, unit_id)
    earlier = queries.reports_of(session, unit.id)
    if earlier and _says_the_same(earlier[0], unit, told):
        return earlier[0]
    made = ScreeningReport(
        unit_id=unit.id,
        at=at,
        late=clock.local(at).date() > opened.ends_on,
        visited=told.visited,
        found=unit.found,
        signed_by=told.signed_by,
        note=told.note,
        account_id=by.id,
        agency_id=by.agency.id,
    )
    session.add(made)
    session.flush()
    action = "screening:correct" if earlier else "screening:report"
    _audit(session, by, action, opened.id, unit=unit.id, found=made.found, late=made.late)
    session.commit()
    return made


def found_in(session: Session, *, by: Viewer, unit_id: int) -> Also:
    """What the intake does besides when a unit of a round logs what it found."""

    def link(dispute: Dispute, at: datetime) -> None:
        unit, opened = _unit_to_report(session, by, unit_id)
        unit.found += 1
        session.add(ScreeningFind(dispute_id=dispute.id, unit_id=unit.id, linked_at=at))
        note = f"{opened.title} · {unit.name}"
        facts = {"round_id": opened.id, "unit_id": unit.id}
        note_event(
            session,
            dispute=dispute,
            event="found_in_screening",
            by=by,
            note=note,
            facts=facts,
            at=at,
        )
        session.flush()

    return link


def remind(session: Session, *, by: Viewer, round_id: int, now: datetime | None = None) -> int:
    """Remind the units that have not reported; returns how many are silent. Once a day."""
    at = now or clock.now()
    opened = _own_round(session, by, round_id)
    silent = queries.silent_units(session, opened.id)
    if not remind_silent(session, opened, silent, at):
        session.rollback()
        return 0
    _audit(session, by, "screening:remind", opened.id, units=len(silent))
    session.commit()
    return len(silent)


def remind_silent(
    session: Session, opened: ScreeningRound, silent: Sequence[ScreeningUnit], at: datetime
) -> bool:
    """Step: a notice to whom silent units belong; False where sent today or none is."""
    today = clock.local(at).date()
    sent = opened.reminded_at is not None and clock.local(opened.reminded_at).date() == today
    if sent or not silent:
        return False
    session.execute(
        update(ScreeningRound).where(ScreeningRound.id == opened.id).values(reminded_at=at)
    )
    _tell(session, opened, silent, _("排查尚未上报：%(title)s", title=opened.title), at)
    return True


def keep_seasons(session: Session, *, by: Viewer, seasons: Sequence[Season]) -> None:
    """Write the agency's own list of sensitive times, whole."""
    session.execute(delete(SensitiveDate).where(SensitiveDate.agency_id == by.agency.id))
    session.add_all(
        SensitiveDate(
            agency_id=by.agency.id,
            position=place,
            name=season.name,
            first=season.first,
            last=season.last,
            themes=list(season.themes),
        )
        for place, season in enumerate(seasons, start=1)
    )
    _audit(session, by, "screening:keep_seasons", by.agency.id, seasons=len(seasons))
    session.commit()


def _opened_before(session: Session, submission: str) -> ScreeningRound | None:
    asked = select(ScreeningRound).where(ScreeningRound.submission == submission)
    return session.scalars(asked).first()


def _own_area(session: Session, by: Viewer, code: str) -> Area:
    area = session.get(Area, code)
    if area is None or not area.path.startswith(by.agency.area_path):
        raise RoundRefusedError(_("排查范围应在本单位辖区内"))
    return area


def _own_round(session: Session, by: Viewer, round_id: int) -> ScreeningRound:
    opened = session.get(ScreeningRound, round_id, with_for_update=True, populate_existing=True)
    if opened is None or opened.agency_id != by.agency.id or opened.withdrawn_at is not None:
        raise RoundRefusedError(_("只有发起单位能改这一轮排查"))
    return opened


def _unit_to_report(
    session: Session, by: Viewer, unit_id: int
) -> tuple[ScreeningUnit, ScreeningRound]:
    """The unit, locked, so that a report counts exactly what was found before it."""
    unit = session.get(ScreeningUnit, unit_id, with_for_update=True, populate_existing=True)
    opened = session.get(ScreeningRound, unit.round_id) if unit else None
    if unit is None or opened is None or opened.withdrawn_at is not None:
        raise RoundRefusedError(_("这一轮排查已撤销"))
    if not queries.may_report(by, unit):
        raise RoundRefusedError(_("这个单元由所在乡镇街道或者单位自己上报"))
    return unit, opened


def _add_units(
    session: Session,
    by: Viewer,
    opened: ScreeningRound,
    places: Sequence[PlaceName],
    agencies: Sequence[int],
) -> list[ScreeningUnit]:
    """Units that the round does not have yet."""
    codes = {place.area_code for place in places}
    areas = {
        area.code: area.path
        for area in session.scalars(select(Area).where(Area.code.in_(codes)))
        if area.path.startswith(opened.area_path)
    }
    rows = [
        _row(opened, "place", place.name, place.area_code, areas[place.area_code], None)
        for place in places
        if place.area_code in areas
    ]
    chosen = queries.agencies_below(session, by, opened.area_path) if agencies else ()
    rows += [
        _row(opened, "agency", one.name, one.area_code, one.area_path, one.id)
        for one in chosen
        if one.id in agencies
    ]
    if not rows:
        return []
    made = insert(ScreeningUnit).values(rows).on_conflict_do_nothing().returning(ScreeningUnit)
    return list(session.scalars(made))


def _row(
    opened: ScreeningRound, kind: str, name: str, code: str, path: str, agency: int | None
) -> dict[str, object]:
    return {
        "round_id": opened.id,
        "kind": kind,
        "name": name,
        "area_code": code,
        "area_path": path,
        "agency_id": agency,
        "found": 0,
    }


def _says_the_same(earlier: ScreeningReport, unit: ScreeningUnit, told: Told) -> bool:
    """A second press of the same button."""
    before = (earlier.visited, earlier.found, earlier.signed_by, earlier.note)
    return before == (told.visited, unit.found, told.signed_by, told.note)


def _tell(
    session: Session,
    opened: ScreeningRound,
    units: Sequence[ScreeningUnit],
    title: str,
    at: datetime,
) -> None:
    for agency_id, count in queries.agencies_asked(session, units).items():
        if agency_id == opened.agency_id:
            continue
        notify(
            session,
            agency_id=agency_id,
            kind="screening",
            title=title,
            body=_(
                "%(n)s 个单元，%(day)s前上报；没有发现的，零报告即可。",
                n=count,
                day=f"{opened.ends_on.month}月{opened.ends_on.day}日",
            ),
            link=f"/screening/{opened.id}",
            now=at,
        )


def _audit(session: Session, by: Viewer, action: str, number: int, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type="screening_round",
        object_id=number,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
