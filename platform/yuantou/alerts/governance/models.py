"""What happened to an analysis, a meeting, a task, a recommendation or an appraisal."""

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Reference, Words
from yuantou.database.session import Model


class GovernanceEvent(Model):
    """One step; rows are only added. Whoever may see the object may see its story."""

    __tablename__ = "governance_event"
    __table_args__ = (Index("ix_governance_event_object", "kind", "object_id", "id"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    object_id: Mapped[Reference]
    at: Mapped[Moment]
    event: Mapped[Code]
    actor_id: Mapped[Reference | None]
    agency_id: Mapped[Reference | None]
    note: Mapped[Words]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)
