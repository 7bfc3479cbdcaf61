"""A restriction that was wrong, lifted by two persons."""

from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Key, Moment, Reference, Words
from yuantou.database.session import Model


class RestrictionLift(Model):
    """Asked by the county's coordinator, decided by a second person; `verdict` lifted, refused."""

    __tablename__ = "restriction_lift"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    reason: Mapped[Words]
    asked_by: Mapped[Reference]
    asked_at: Mapped[Moment]
    decided_by: Mapped[Reference | None]
    decided_at: Mapped[Moment | None]
    verdict: Mapped[Code | None]
    note: Mapped[Words]
