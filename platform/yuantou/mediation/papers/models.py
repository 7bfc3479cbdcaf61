"""Papers made of a matter, how they were signed, and an office's own Word forms."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Day, Key, Moment, Path, Reference, Words
from yuantou.database.session import Model


class Paper(Model):
    """One paper of a matter; `source_id` is the record, agreement, notice or call-back it tells
    of, 0 where it tells of the matter. What it says is drawn from the record each time."""

    __tablename__ = "paper"
    __table_args__ = (UniqueConstraint("dispute_id", "kind", "source_id"),)

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    kind: Mapped[Code]
    source_id: Mapped[Reference]
    copies: Mapped[int]
    made_at: Mapped[Moment | None]
    made_by: Mapped[Reference | None]


class PaperSignature(Model):
    """Who signed a paper, how and when; `attachment_id` is the scan of it. What was noted wrongly
    is struck with a reason and stays."""

    __tablename__ = "paper_signature"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    paper_id: Mapped[Reference]
    side: Mapped[Code]
    manner: Mapped[Code]
    signed_on: Mapped[Day]
    attachment_id: Mapped[Reference | None]
    noted_by: Mapped[Reference]
    noted_at: Mapped[Moment]
    struck_at: Mapped[Moment | None]
    struck_by: Mapped[Reference | None]
    struck_reason: Mapped[Words | None]


class PaperTemplate(Model):
    """A version of an area's own Word form; `until` ends it. None in force: the form shipped."""

    __tablename__ = "paper_template"
    __table_args__ = (
        UniqueConstraint("kind", "area_path", "version"),
        Index(
            "uq_paper_template_in_force",
            "kind",
            "area_path",
            unique=True,
            postgresql_where="until IS NULL",
        ),
    )

    id: Mapped[Key]
    kind: Mapped[Code]
    area_path: Mapped[Path]
    agency_id: Mapped[Reference]
    version: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[Words]
    uploaded_by: Mapped[Reference]
    uploaded_at: Mapped[Moment]
    until: Mapped[Moment | None]
    ended_by: Mapped[Reference | None]
