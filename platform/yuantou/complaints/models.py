"""What somebody complains of or suggests, and what he was answered."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Reference, Words
from yuantou.database.session import Model


class Complaint(Model):
    """One complaint or suggestion. Only its writer and the office that answers it see it, and
    that office is never the one complained of."""

    __tablename__ = "complaint"
    __table_args__ = (
        Index("ix_complaint_writer", "writer_id", "id"),
        Index("ix_complaint_office", "to_agency_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    about: Mapped[Code]
    about_agency_id: Mapped[Reference | None]
    dispute_id: Mapped[Reference | None]
    writer_id: Mapped[Reference | None]
    to_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    page: Mapped[Words]
    text: Mapped[Words]
    at: Mapped[Moment]
    due_at: Mapped[Moment]
    answer: Mapped[Words | None]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[Reference | None]
