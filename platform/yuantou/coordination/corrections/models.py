"""What was logged and what it was corrected to, field by field."""

from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Key, Name, Reference
from yuantou.database.session import Model


class Correction(Model):
    """One field of one correction. Words are sealed under the dispute's key, codes stand plain."""

    __tablename__ = "correction"

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    event_id: Mapped[Reference]
    field: Mapped[Code]
    before: Mapped[Name | None]
    after: Mapped[Name | None]
    before_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    after_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
