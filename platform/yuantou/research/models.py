"""A topic of research, the figures frozen for it, and its report."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary, String

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class ResearchTopic(Model):
    """Published reports stand in the library for all offices above and below."""

    __tablename__ = "research_topic"
    __table_args__ = (CheckConstraint("state IN ('open', 'published', 'dropped')", name="state"),)

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()
    title: Mapped[Name]
    question: Mapped[Words]
    keywords: Mapped[Name]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path] = mapped_column(index=True)
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    state: Mapped[Code]
    report: Mapped[Words]
    file: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    file_name: Mapped[Name]
    file_hash: Mapped[Name]
    opened_by: Mapped[Reference]
    opened_at: Mapped[Moment]
    published_by: Mapped[Reference | None]
    published_at: Mapped[Moment | None]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ResearchPull(Model):
    """Figures as they stood when they were taken: sums only, with their definitions' versions."""

    __tablename__ = "research_pull"

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    topic_id: Mapped[Reference] = mapped_column(ForeignKey("research_topic.id"), index=True)
    codes: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    areas: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    first: Mapped[Day]
    last: Mapped[Day]
    content: Mapped[dict[str, object]] = mapped_column(JSONB, deferred=True)
    digest: Mapped[Name]
    taken_by: Mapped[Reference]
    taken_at: Mapped[Moment]
