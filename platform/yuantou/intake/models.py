"""Hints that a dispute may already be there."""

from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Path, Reference
from yuantou.database.session import Model


class DuplicateHint(Model):
    """A match outside the reporter's scope, for the county coordinator of `area_path` alone."""

    __tablename__ = "duplicate_hint"

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    other_id: Mapped[Reference]
    area_path: Mapped[Path]
    county_code: Mapped[Code] = mapped_column(index=True)
    matched_on: Mapped[Code]
    raised_at: Mapped[Moment]
    settled_at: Mapped[Moment | None]
    settled_by: Mapped[Reference | None]
    verdict: Mapped[Code | None]
