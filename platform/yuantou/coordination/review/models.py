"""A round of cross-review: its checklist as it stood, the files assigned, findings and answers."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class ReviewRound(Model):
    """One round. `items` is the checklist in force when it was opened."""

    __tablename__ = "review_round"

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    area_path: Mapped[Path]
    name: Mapped[Name]
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    due_on: Mapped[Day]
    per_area: Mapped[int]
    method: Mapped[Code]
    seed: Mapped[Name]
    frame: Mapped[list[list[int]]] = mapped_column(JSONB, deferred=True)
    frame_hash: Mapped[Name]
    frame_size: Mapped[int]
    items: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    opened_by: Mapped[Reference]
    opened_at: Mapped[Moment]
    closed_by: Mapped[Reference | None]
    closed_at: Mapped[Moment | None]


class ReviewFile(Model):
    """One closed file before one reviewer of another area; open to him `until` then, or until sent.

    `findings` are {item: {"verdict": ok | flaw | none, "note": …}}.
    """

    __tablename__ = "review_file"
    __table_args__ = (UniqueConstraint("round_id", "dispute_id"),)

    id: Mapped[Key]
    round_id: Mapped[Reference] = mapped_column(index=True)
    dispute_id: Mapped[Reference]
    organiser_agency_id: Mapped[Reference]
    reviewed_agency_id: Mapped[Reference] = mapped_column(index=True)
    area_code: Mapped[Code]
    reviewer_agency_id: Mapped[Reference]
    reviewer_id: Mapped[Reference] = mapped_column(index=True)
    assigned_at: Mapped[Moment]
    until: Mapped[Moment]
    opened_at: Mapped[Moment | None]
    submitted_at: Mapped[Moment | None]
    findings: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB)
    opinion: Mapped[Words]
    reply: Mapped[Words | None]
    replied_by: Mapped[Reference | None]
    replied_at: Mapped[Moment | None]
