"""The duty list: which agency owns which type of dispute in which area, and by which rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.coordination.dispatching import owners
from yuantou.coordination.dispatching.models import Duty
from yuantou.coordination.queries import HANDLING_KINDS
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.territory.models import Area

PAGE = 100
IN_TOWNSHIPS = (AgencyKind.COMMITTEE, AgencyKind.TOWNSHIP_CENTRE)
COUNTY_PLACE = 3  # of a path: province, city, county


class DutyRefused(Exception):
    """A duty cannot be written so; `field` names what is wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


@dataclass(frozen=True)
class NewDuty:
    """What a new line of the list says."""

    agency_id: int
    area_code: str
    type: str
    gb31000: str | None
    basis: str
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Asked:
    """What of the list is asked for; empty means all."""

    type: str = ""
    agency: int | None = None
    ended: bool = False


def county_of(path: str) -> str:
    """The path of the county of `path`; a wider path stays as it is."""
    return "/".join(path.split("/")[:COUNTY_PLACE]).rstrip("/") + "/"


def sight(viewer: Viewer) -> Range:
    """What of the list a viewer reads: his county's, or all below a wider area."""
    return Range.below(county_of(viewer.agency.area_path))


def may_edit(viewer: Viewer, area_path: str) -> bool:
    """Administrators of agencies everywhere, a county's coordinator in his county."""
    if viewer.may(Permission.AGENCY_MANAGE):
        return True
    full = viewer.scope.full
    return viewer.may(Permission.DUTY_EDIT) and full.lo <= area_path < full.hi


def listed(
    session: Session, viewer: Viewer, asked: Asked, page: int = 1
) -> tuple[Sequence[Any], int]:
    """A page of the list, and how many lines there are in all."""
    found = _joined().where(*_conditions(viewer, asked))
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    order = (Duty.area_path, Duty.type, Duty.gb31000.nulls_first(), Agency.name, Duty.id)
    rows = session.execute(found.order_by(*order).limit(PAGE).offset(PAGE * (page - 1))).all()
    return rows, total


def all_listed(session: Session, viewer: Viewer, asked: Asked) -> Sequence[Any]:
    """The whole list, for the file."""
    order = (Duty.area_path, Duty.type, Agency.name, Duty.id)
    return session.execute(_joined().where(*_conditions(viewer, asked)).order_by(*order)).all()


def owners_of(
    session: Session,
    dispute: Dispute,
    events: Sequence[DisputeEvent],
    on: date | None = None,
    kind: str | None = None,
) -> list[owners.Owner]:
    """The agencies that the duty list names for a matter; who has it now is left out.

    `kind` is the type that somebody is about to judge it to be.
    """
    day, type_ = on or clock.today(), kind or dispute.type
    rows = session.execute(
        _joined().where(
            literal(dispute.area_path).startswith(Duty.area_path),
            Duty.type == type_,
            *_in_force(day),
            Agency.active,
            Agency.kind.in_(HANDLING_KINDS),
            Agency.id != dispute.handler_agency_id,
        )
    )
    back = [event for event in events if event.event == "returned"]
    return owners.rank(
        [_row(row) for row in rows],
        kinds=read().types[type_].gb31000,
        returned={event.agency_id for event in back if event.agency_id},
        suggested=_suggested(back),
    )


def agencies_to_name(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """Agencies whose duties the viewer may write; of a wider area than a county without its
    thousands of townships and committees, which a table can name."""
    seen = sight(viewer)
    asked = select(Agency.id, Agency.name).where(
        within(Agency.area_path, seen), Agency.kind.in_(HANDLING_KINDS), Agency.active
    )
    if viewer.agency.area_path.count("/") < COUNTY_PLACE:
        asked = asked.where(Agency.kind.not_in(IN_TOWNSHIPS))
    rows = session.execute(asked.order_by(Agency.area_path, Agency.kind, Agency.id))
    return [(row.id, row.name) for row in rows]


def areas_to_name(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Areas in which the viewer may write duties, his county first."""
    seen = sight(viewer)
    asked = select(Area.code, Area.name).where(within(Area.path, seen), Area.valid_to.is_(None))
    return [(row.code, row.name) for row in session.execute(asked.order_by(Area.path))]


def write(session: Session, *, by: Viewer, news: Sequence[NewDuty]) -> list[Duty]:
    """Write new lines, all or none; DutyRefused says what is wrong with one of them."""
    made = [_made(session, by, new) for new in news]
    session.flush()
    _record(session, by, "duty:write", made[0].id, duties=[duty.id for duty in made])
    session.commit()
    return made


def end(session: Session, *, by: Viewer, duty_id: int, last_day: date) -> Duty | None:
    """A duty ends with a day; the line stays for the record. None: no such line to edit."""
    duty = session.get(Duty, duty_id, with_for_update=True, populate_existing=True)
    if duty is None or not may_edit(by, duty.area_path):
        return None
    if last_day < duty.valid_from - timedelta(days=1):
        raise DutyRefused("last_day", _("不能早于生效日期的前一天"))
    duty.valid_to = last_day
    _record(session, by, "duty:end", duty.id, last_day=last_day)
    session.commit()
    return duty


def stands_already(session: Session, new: NewDuty) -> bool:
    """Whether the list names this agency for this already, at the same time."""
    same = select(Duty.valid_from, Duty.valid_to).where(
        Duty.agency_id == new.agency_id,
        Duty.area_code == new.area_code,
        Duty.type == new.type,
        func.coalesce(Duty.gb31000, "") == (new.gb31000 or ""),
    )
    spans = [(row.valid_from, row.valid_to) for row in session.execute(same)]
    return owners.overlap((new.valid_from, new.valid_to), spans)


def _made(session: Session, by: Viewer, new: NewDuty) -> Duty:
    area, agency = session.get(Area, new.area_code), session.get(Agency, new.agency_id)
    if area is None or not may_edit(by, area.path):
        raise DutyRefused("area_code", _("没有这个区划，或不归您管理"))
    if agency is None or not agency.active or not may_edit(by, agency.area_path):
        raise DutyRefused("agency_id", _("没有这个单位，或不归您管理，或已停用"))
    if stands_already(session, new):
        raise DutyRefused("type", _("清单里已有这一条，有效期重叠"))
    duty = Duty(
        agency_id=agency.id,
        area_code=area.code,
        area_path=area.path,
        type=new.type,
        gb31000=new.gb31000,
        basis=new.basis,
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        example=False,
        entered_by=by.id,
        entered_at=clock.now(),
    )
    session.add(duty)
    session.flush()
    return duty


def _joined() -> Any:
    return (
        select(
            Duty.id,
            Duty.agency_id,
            Agency.name.label("agency"),
            Agency.code.label("agency_code"),
            Duty.area_code,
            Area.name.label("area"),
            Duty.area_path,
            Duty.type,
            Duty.gb31000,
            Duty.basis,
            Duty.valid_from,
            Duty.valid_to,
            Duty.example,
        )
        .join(Agency, Agency.id == Duty.agency_id)
        .join(Area, Area.code == Duty.area_code)
    )


def _conditions(viewer: Viewer, asked: Asked) -> list[ColumnElement[bool]]:
    own = viewer.agency.area_path
    above = literal(own).startswith(Duty.area_path)
    found: list[ColumnElement[bool]] = [or_(within(Duty.area_path, sight(viewer)), above)]
    if asked.type:
        found.append(Duty.type == asked.type)
    if asked.agency:
        found.append(Duty.agency_id == asked.agency)
    if not asked.ended:
        found.append(or_(Duty.valid_to.is_(None), Duty.valid_to >= clock.today()))
    return found


def _in_force(day: date) -> tuple[ColumnElement[bool], ...]:
    return Duty.valid_from <= day, or_(Duty.valid_to.is_(None), Duty.valid_to >= day)


def _row(row: Any) -> owners.Row:
    return owners.Row(
        agency_id=row.agency_id,
        agency=row.agency,
        area=row.area,
        area_path=row.area_path,
        type=row.type,
        gb31000=row.gb31000 or "",
        basis=row.basis,
        valid_from=row.valid_from,
        example=row.example,
    )


def _suggested(back: Sequence[DisputeEvent]) -> int | None:
    named = back[-1].facts.get("suggested_owner") if back else None
    return int(str(named)) if named else None


def _record(session: Session, by: Viewer, action: str, number: int, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type="duty",
        object_id=number,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
