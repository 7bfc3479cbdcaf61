"""What supervision writes: how far it has gone on a matter, its letters, the agency's replies."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Name, Path, Reference, Small, Words
from yuantou.database.session import Model


class Supervision(Model):
    """One supervision of one matter, from the first urging to its clearing.

    At most one is open on a matter. `rank` is the level that leads it: 1 county, 2 city,
    3 province; `replied_at` stands while a reply waits for judgement.
    """

    __tablename__ = "supervision"
    __table_args__ = (
        Index(
            "ix_supervision_open",
            "dispute_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_supervision_path", "area_path", "state"),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    area_path: Mapped[Path]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    rank: Mapped[Small]
    state: Mapped[Code]
    due_at: Mapped[Moment | None]
    replied_at: Mapped[Moment | None]
    opened_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    closed_at: Mapped[Moment | None]


class SupervisionLetter(Model):
    """What was sent to the supervised agency; orders and listings carry a number and a limit.

    `issued_by` is empty where the system urged for the agency, because a limit had passed.
    """

    __tablename__ = "supervision_letter"
    __table_args__ = (UniqueConstraint("from_agency_id", "number"),)

    id: Mapped[Key]
    supervision_id: Mapped[Reference] = mapped_column(index=True)
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    kind: Mapped[Code]
    number: Mapped[Name | None]
    from_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    to_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    reason: Mapped[Words]
    demands: Mapped[Words]
    decided_by: Mapped[Words]
    due_at: Mapped[Moment | None]
    issued_by: Mapped[Reference | None]
    issued_at: Mapped[Moment]


class SupervisionCause(Model):
    """A limit that had passed and for which the system urged: each limit once."""

    __tablename__ = "supervision_cause"

    deadline_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    supervision_id: Mapped[Reference]
    at: Mapped[Moment]


class SupervisionReply(Model):
    """What the supervised agency answered, and how the supervisor judged it."""

    __tablename__ = "supervision_reply"

    id: Mapped[Key]
    supervision_id: Mapped[Reference] = mapped_column(index=True)
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    words: Mapped[Words]
    written_by: Mapped[Reference]
    written_at: Mapped[Moment]
    verdict: Mapped[Code | None]
    verdict_words: Mapped[Words]
    judged_by: Mapped[Reference | None]
    judged_at: Mapped[Moment | None]
