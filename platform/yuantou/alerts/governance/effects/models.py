"""The measured effect of a recommendation or a meeting, made anew every night."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Reference, Small
from yuantou.database.session import Model


class EffectMeasure(Model):
    """Of one act (`kind`, `object_id`) over so many days since; sums only.

    `state` is measured, running (the days are not over), short (too little before) or sparse.
    """

    __tablename__ = "effect_measure"
    __table_args__ = (UniqueConstraint("kind", "object_id", "horizon"),)

    id: Mapped[Key]
    kind: Mapped[Code]
    object_id: Mapped[Reference]
    analysis_id: Mapped[Reference] = mapped_column(index=True)
    since: Mapped[Day]
    horizon: Mapped[Small]
    state: Mapped[Code]
    content: Mapped[dict[str, object]] = mapped_column(JSONB)
    computed_at: Mapped[Moment]
