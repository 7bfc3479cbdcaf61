"""Agencies: who they are, over which area, under whom."""

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Path, Reference
from yuantou.database.session import Model


class AgencyKind(StrEnum):
    """What an agency is; its reach follows from this and its area (access/scope.py)."""

    COMMITTEE = "committee"
    TOWNSHIP_CENTRE = "township_centre"
    INDUSTRY_COMMITTEE = "industry_committee"
    COUNTY_CENTRE = "county_centre"
    DEPARTMENT = "department"
    GOVERNMENT = "government"
    CITY_COORDINATION = "city_coordination"
    PROVINCE_COORDINATION = "province_coordination"
    COURT = "court"
    PROCURATORATE = "procuratorate"
    POLICE = "police"
    PETITION = "petition"
    JUSTICE = "justice"
    ASSOCIATION = "association"
    CONGRESS = "congress"
    ADMINISTRATION = "administration"


class Agency(Model):
    """One agency. `area_path` is the path of the area it serves."""

    __tablename__ = "agency"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[Code]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path] = mapped_column(index=True)
    parent_id: Mapped[Reference | None] = mapped_column(ForeignKey("agency.id"))
    court_code: Mapped[Code | None] = mapped_column(ForeignKey("court.code"))
    active: Mapped[bool]
    demo: Mapped[bool]
    created_at: Mapped[Moment]
