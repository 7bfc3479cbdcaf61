"""A recommendation to a responsible department, from its draft to the archive."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model

STATES = (
    *("draft", "signed", "sent", "received"),
    *("replied", "accepted", "archived", "withdrawn"),
)


class Recommendation(Model):
    """`number` is given when it is signed; the addressee sees it from `sent_at` on."""

    __tablename__ = "recommendation"
    __table_args__ = (
        UniqueConstraint("agency_id", "kind", "year", "serial"),
        CheckConstraint("kind IN ('judicial', 'procuratorial', 'risk')", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_recommendation_due", "due_on", postgresql_where="state IN ('sent', 'received')"),
    )

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()
    kind: Mapped[Code]
    year: Mapped[int | None]
    serial: Mapped[int | None]
    number: Mapped[Name | None]
    analysis_id: Mapped[Reference | None] = mapped_column(ForeignKey("analysis.id"), index=True)
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path] = mapped_column(index=True)
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    addressee_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    title: Mapped[Name]
    problem: Mapped[Words]
    basis: Mapped[Words]
    advice: Mapped[Words]
    state: Mapped[Code]
    drafted_by: Mapped[Reference]
    drafted_at: Mapped[Moment]
    signed_by: Mapped[Reference | None]
    signed_name: Mapped[Name]
    signed_at: Mapped[Moment | None]
    sent_at: Mapped[Moment | None]
    due_on: Mapped[Day | None]
    received_by: Mapped[Reference | None]
    received_at: Mapped[Moment | None]
    reply: Mapped[Words]
    replied_by: Mapped[Reference | None]
    replied_at: Mapped[Moment | None]
    verdict: Mapped[Words]
    judged_by: Mapped[Reference | None]
    judged_at: Mapped[Moment | None]
    told: Mapped[Code]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
