"""A batch and what became of each of its matters."""

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Reference, Words
from yuantou.database.session import Model


class Batch(Model):
    """One act on many matters. `submission` is drawn with the form: sending twice is once.

    `total` is what was asked for; `done` and `refused` are what its steps have counted so far.
    `attended_at` is when its own page last asked for a step.
    """

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_account", "account_id", "made_at"),
        Index("ix_batch_waiting", "attended_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    kind: Mapped[Code]
    state: Mapped[Code]
    account_id: Mapped[Reference]
    agency_id: Mapped[Reference]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)
    total: Mapped[int]
    done: Mapped[int]
    refused: Mapped[int]
    undoes_id: Mapped[Reference | None]
    made_at: Mapped[Moment]
    attended_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]


class BatchItem(Model):
    """One matter of a batch: waiting, done or refused with the reason; `cells` of an export."""

    __tablename__ = "batch_item"
    __table_args__ = (Index("ix_batch_item_batch", "batch_id", "state", "position"),)

    id: Mapped[Key]
    batch_id: Mapped[Reference]
    dispute_id: Mapped[Reference]
    position: Mapped[int]
    state: Mapped[Code]
    reason: Mapped[Words]
    cells: Mapped[list[object] | None] = mapped_column(JSONB(none_as_null=True))
    at: Mapped[Moment | None]
