"""Who is present at a centre on a day, and who is on call for red matters."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference
from yuantou.database.session import Model


class RosterEntry(Model):
    """A department's person at the centre `centre_id` on one day; `agency_id` where it is known."""

    __tablename__ = "roster_entry"
    __table_args__ = (
        UniqueConstraint("centre_id", "day", "agency_name", "person"),
        Index("ix_roster_entry_day", "day", "area_path"),
    )

    id: Mapped[Key]
    centre_id: Mapped[Reference]
    area_path: Mapped[Path]
    day: Mapped[Day]
    agency_id: Mapped[Reference | None]
    agency_name: Mapped[Name]
    mode: Mapped[Code]
    account_id: Mapped[Reference | None]
    person: Mapped[Name]
    window_no: Mapped[Name]
    phone: Mapped[Name]
    noted_by: Mapped[Reference]
    noted_at: Mapped[Moment]


class RedDuty(Model):
    """Who is on call for red matters of a centre on one day."""

    __tablename__ = "red_duty"
    __table_args__ = (
        UniqueConstraint("centre_id", "day"),
        Index("ix_red_duty_day", "day", "area_path"),
    )

    id: Mapped[Key]
    centre_id: Mapped[Reference]
    area_path: Mapped[Path]
    day: Mapped[Day]
    account_id: Mapped[Reference | None]
    person: Mapped[Name]
    phone: Mapped[Name]
    noted_by: Mapped[Reference]
    noted_at: Mapped[Moment]
