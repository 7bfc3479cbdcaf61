"""Where an agreement stands before a court, and what a court entrusted."""

from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import String

from yuantou.database.columns import Code, Day, Key, Moment, Name, Reference, Words
from yuantou.database.session import Model


class Confirmation(Model):
    """The judicial confirmation of one agreement; `state` is a ConfirmationState."""

    __tablename__ = "confirmation"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    agreement_id: Mapped[Reference] = mapped_column(unique=True)
    state: Mapped[Code]
    court_code: Mapped[Code | None]
    court_agency_id: Mapped[Reference | None]
    subjects: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    documents: Mapped[Words]
    applied_on: Mapped[Day | None]
    court_case: Mapped[Name | None]
    decided_on: Mapped[Day | None]
    execution_on: Mapped[Day | None]
    reason: Mapped[Words]
    updated_at: Mapped[Moment]


class Entrustment(Model):
    """A mediation entrusted by a court; `state` is an EntrustmentState."""

    __tablename__ = "entrustment"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    state: Mapped[Code]
    court_agency_id: Mapped[Reference]
    court_case: Mapped[Name]
    procedure: Mapped[Code]
    materials: Mapped[Words]
    sent_by: Mapped[Reference]
    sent_at: Mapped[Moment]
    received_at: Mapped[Moment | None]
    extended_on: Mapped[Day | None]
    outcome: Mapped[Code | None]
    reason: Mapped[Words]
    returned_at: Mapped[Moment | None]
    updated_at: Mapped[Moment]
