"""What was asked of which unit and what it answered: counts of the unit, never of a person."""

from sqlalchemy import BigInteger, CheckConstraint, Float, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Path, Reference, Words
from yuantou.database.session import Model

WAITING = "state <> 'closed'"


class IntegrityRound(Model):
    """One quarter that was tested: how many tests, at which false discovery rate, what was missing.

    A quarter is tested once, so that asking again every night cannot make chance findings.
    """

    __tablename__ = "integrity_round"

    first_day: Mapped[Day] = mapped_column(primary_key=True)
    ran_at: Mapped[Moment]
    tests: Mapped[int]
    asked: Mapped[int]
    rate: Mapped[float] = mapped_column(Float)
    missing: Mapped[list[str]] = mapped_column(ARRAY(String(32)))


class IntegrityQuestion(Model):
    """One question to one unit about one quarter.

    `matters` are ids of disputes, no words of theirs. The office sees a question once it was
    answered or its limit passed (`lapsed_at`).
    """

    __tablename__ = "integrity_question"
    __table_args__ = (
        UniqueConstraint("agency_id", "kind", "first_day"),
        CheckConstraint("state IN ('open', 'answered', 'looked', 'closed')", name="state"),
        CheckConstraint(
            "outcome IN ('explained', 'corrected', 'review', 'nothing')", name="outcome"
        ),
        Index("ix_integrity_question_path", "area_path", "state"),
        Index("ix_integrity_question_office", "office_id", postgresql_where=text(WAITING)),
    )

    id: Mapped[Key]
    agency_id: Mapped[Reference]
    area_path: Mapped[Path]
    office_id: Mapped[Reference | None]
    kind: Mapped[Code]
    first_day: Mapped[Day]
    items: Mapped[int]
    hits: Mapped[int]
    expected: Mapped[float] = mapped_column(Float)
    ratio: Mapped[float] = mapped_column(Float)
    p: Mapped[float] = mapped_column(Float)
    q: Mapped[float] = mapped_column(Float)
    draws: Mapped[int]
    matters: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    state: Mapped[Code]
    asked_at: Mapped[Moment]
    due_on: Mapped[Day]
    lapsed_at: Mapped[Moment | None]
    answer: Mapped[Words]
    answered_by: Mapped[Reference | None]
    answered_at: Mapped[Moment | None]
    looked_by: Mapped[Reference | None]
    looked_at: Mapped[Moment | None]
    outcome: Mapped[Code | None]
    outcome_words: Mapped[Words]
    closed_by: Mapped[Reference | None]
    closed_at: Mapped[Moment | None]
