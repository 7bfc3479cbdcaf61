"""Founding, renaming and closing agencies. Each use case is one transaction and one audit row."""

from dataclasses import dataclass
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.agencies.kinds import levels_of
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.agencies.queries import agency_by_code, areas_meant
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.territory.models import Area, Court


class Actor(Protocol):
    """Who acts; a viewer is one."""

    @property
    def id(self) -> int:
        """Id of the account."""

    @property
    def agency(self) -> Agency:
        """The agency in which he acts."""


class AgencyRefused(Exception):
    """An agency cannot be made or changed so; `field` names what is wrong."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


@dataclass(frozen=True)
class NewAgency:
    """What a new agency says; `area` is a code or a name that only one area bears."""

    code: str
    name: str
    kind: str
    area: str
    parent: str = ""
    court: str = ""


def found_agency(session: Session, *, by: Actor, new: NewAgency) -> Agency:
    """Make an agency over an area, under its superior."""
    if agency_by_code(session, new.code):
        raise AgencyRefused("code", _("这个代码已经有单位用了"))
    area = _area(session, new)
    agency = Agency(
        code=new.code,
        name=new.name,
        kind=new.kind,
        area_code=area.code,
        area_path=area.path,
        parent_id=_superior(session, new.parent, area.path),
        court_code=_court(session, new),
        active=True,
        demo=False,
        created_at=clock.now(),
    )
    session.add(agency)
    session.flush()
    _record(session, by, "agency:found", agency, kind=new.kind, area=area.code)
    session.commit()
    return agency


def change_agency(session: Session, *, by: Actor, agency_id: int, name: str, parent: str) -> Agency:
    """Rename an agency or put it under another superior."""
    agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
    superior = _superior(session, parent, agency.area_path)
    if superior == agency.id:
        raise AgencyRefused("parent", _("上级不能是本单位自己"))
    agency.name, agency.parent_id = name, superior
    _record(session, by, "agency:change", agency, parent=superior)
    session.commit()
    return agency


def set_active(session: Session, *, by: Actor, agency_id: int, active: bool) -> Agency:
    """Close an agency, or open it again."""
    agency = session.get_one(Agency, agency_id, with_for_update=True, populate_existing=True)
    agency.active = active
    _record(session, by, "agency:open" if active else "agency:close", agency)
    session.commit()
    return agency


def _area(session: Session, new: NewAgency) -> Area:
    meant = areas_meant(session, new.area)
    if not meant:
        raise AgencyRefused("area", _("没有这个区划，请填代码或全称"))
    fitting = [area for area in meant if area.level in levels_of(new.kind)]
    if not fitting:
        raise AgencyRefused("area", _("这类单位不设在这一级区划"))
    if len(fitting) > 1:
        codes = "、".join(f"{area.code} {area.name}" for area in fitting[:5])
        raise AgencyRefused("area", _("同名的不止一个，请填代码：%(codes)s", codes=codes))
    return fitting[0]


def _superior(session: Session, code: str, path: str) -> int | None:
    if not code:
        return None
    superior = agency_by_code(session, code)
    if superior is None or not superior.active:
        raise AgencyRefused("parent", _("没有这个单位，或已停用"))
    if not path.startswith(superior.area_path):
        raise AgencyRefused("parent", _("上级单位的辖区须包含本单位"))
    return superior.id


def _court(session: Session, new: NewAgency) -> str | None:
    if new.kind != AgencyKind.COURT:
        return None
    if not new.court or session.get(Court, new.court) is None:
        raise AgencyRefused("court", _("法院单位须填法院代码，见法院表"))
    return new.court


def _record(session: Session, by: Actor, action: str, agency: Agency, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type="agency",
        object_id=agency.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
