"""What is known of a file; the file itself lies sealed in the folder of files."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Key, Moment, Reference, Words
from yuantou.database.session import Model


class Attachment(Model):
    """One file. `stored` names it in the folder, `digest` is of what was sent; a file that was
    withdrawn stays with who did it and why."""

    __tablename__ = "attachment"
    __table_args__ = (
        Index("ix_attachment_dispute", "dispute_id", "uploaded_at"),
        Index(
            "uq_attachment_standing",
            "dispute_id",
            "purpose",
            "digest",
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    purpose: Mapped[Code]
    kind: Mapped[Code]
    size: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    stored: Mapped[Code] = mapped_column(unique=True)
    note: Mapped[Words]
    uploaded_by: Mapped[Reference]
    uploaded_at: Mapped[Moment]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by: Mapped[Reference | None]
    withdrawn_reason: Mapped[Words | None]
