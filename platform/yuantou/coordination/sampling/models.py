"""A round of call-backs: what it was drawn from, whom it asks, what was answered."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class SampleRound(Model):
    """One draw. `frame` lists [dispute, agency] of the whole population, so that it can be redrawn.

    `results` are the sums of the closed round: nobody's single answer.
    """

    __tablename__ = "sample_round"

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    area_path: Mapped[Path]
    name: Mapped[Name]
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    due_on: Mapped[Day]
    asked: Mapped[int]
    method: Mapped[Code]
    seed: Mapped[Name]
    frame: Mapped[list[list[int]]] = mapped_column(JSONB, deferred=True)
    frame_hash: Mapped[Name]
    frame_size: Mapped[int]
    drawn_by: Mapped[Reference]
    drawn_at: Mapped[Moment]
    closed_by: Mapped[Reference | None]
    closed_at: Mapped[Moment | None]
    results: Mapped[list[dict[str, int]] | None] = mapped_column(JSONB)


class SampleStratum(Model):
    """An agency's share of a round: how many matters it closed, how many of them were drawn."""

    __tablename__ = "sample_stratum"

    round_id: Mapped[Reference] = mapped_column(primary_key=True)
    agency_id: Mapped[Reference] = mapped_column(primary_key=True)
    drawer_agency_id: Mapped[Reference]
    population: Mapped[int]
    drawn: Mapped[int]


class SampleTask(Model):
    """One matter to call back about, and the unit that calls; never the unit that handled it."""

    __tablename__ = "sample_task"
    __table_args__ = (
        UniqueConstraint("round_id", "dispute_id"),
        CheckConstraint("caller_agency_id <> handler_agency_id", name="another_unit"),
    )

    id: Mapped[Key]
    round_id: Mapped[Reference] = mapped_column(index=True)
    dispute_id: Mapped[Reference]
    drawer_agency_id: Mapped[Reference]
    handler_agency_id: Mapped[Reference]
    caller_agency_id: Mapped[Reference | None] = mapped_column(index=True)
    answered_at: Mapped[Moment | None]


class SampleAnswer(Model):
    """What a party said on the call-back; the unit that handled the matter never reads it."""

    __tablename__ = "sample_answer"

    task_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    round_id: Mapped[Reference] = mapped_column(index=True)
    dispute_id: Mapped[Reference]
    drawer_agency_id: Mapped[Reference]
    handler_agency_id: Mapped[Reference]
    caller_agency_id: Mapped[Reference]
    reached: Mapped[bool]
    genuine: Mapped[Code | None]
    performed: Mapped[Code | None]
    satisfied: Mapped[Code | None]
    note: Mapped[Words]
    called_by: Mapped[Reference]
    called_at: Mapped[Moment]
