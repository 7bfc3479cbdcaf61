"""Bulletins as they were made; none is changed afterwards."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Path, Words
from yuantou.database.session import Model


class Bulletin(Model):
    """The bulletin of one county and period. A provisional one may be followed by an edition."""

    __tablename__ = "bulletin"
    __table_args__ = (
        UniqueConstraint("area_code", "rhythm", "period_start", "edition"),
        Index("ix_bulletin_list", "area_path", "rhythm", "period_start"),
    )

    id: Mapped[Key]
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    rhythm: Mapped[Code]
    period_start: Mapped[Day]
    period_end: Mapped[Day]
    edition: Mapped[int]
    provisional: Mapped[bool]
    content: Mapped[dict[str, object]] = mapped_column(JSONB)
    audit_head: Mapped[Words]
    due_at: Mapped[Moment]
    made_at: Mapped[Moment]
