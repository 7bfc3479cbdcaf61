"""What a sealed report would say today, and who asked."""

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Moment, Path, Reference, Words
from yuantou.database.session import Model


class Restatement(Model):
    """The ledger of one sealed report: asked for, reckoned by the worker, or not yet."""

    __tablename__ = "restatement"

    report_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    area_code: Mapped[Code]
    area_path: Mapped[Path]
    asked_by: Mapped[Reference | None]
    asked_at: Mapped[Moment]
    reason: Mapped[Words]
    reckoned_at: Mapped[Moment | None]
    lines: Mapped[list[dict[str, object]] | None] = mapped_column(JSONB)
