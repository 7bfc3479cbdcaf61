"""What came after a warning."""

from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Day, Path, Reference
from yuantou.database.session import Model


class WarningLead(Model):
    """When the first suit came and when the matters peaked, of a warning of a place and a type.

    Both are days; NULL where nothing came or it is too early to say.
    """

    __tablename__ = "warning_lead"

    warning_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    area_path: Mapped[Path]
    first_suit: Mapped[Day | None]
    peak: Mapped[Day | None]
    reckoned_on: Mapped[Day]
