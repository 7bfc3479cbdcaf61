"""Erasures of personal data: asked for by one person, carried out by another."""

from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Reference, Words
from yuantou.database.session import Model


class Erasure(Model):
    """One request; `basis` retention or request, `verdict` erased or refused."""

    __tablename__ = "erasure"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    number: Mapped[Name]
    county_code: Mapped[Code]
    basis: Mapped[Code]
    reason: Mapped[Words]
    asked_by: Mapped[Reference]
    asked_at: Mapped[Moment]
    decided_by: Mapped[Reference | None]
    decided_at: Mapped[Moment | None]
    verdict: Mapped[Code | None]
    note: Mapped[Words]
