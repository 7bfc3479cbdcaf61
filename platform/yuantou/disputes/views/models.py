"""What a person keeps of his questions to the desk."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Key, Moment, Name, Reference
from yuantou.database.session import Model


class SavedView(Model):
    """A question under a name; `asked` are the filters as they stand in an address.

    `shared` shows it to the unit; `standard` is the one that the desk begins with.
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[Key]
    account_id: Mapped[Reference]
    agency_id: Mapped[Reference] = mapped_column(index=True)
    name: Mapped[Name]
    asked: Mapped[dict[str, object]] = mapped_column(JSONB)
    shared: Mapped[bool]
    standard: Mapped[bool]
    made_at: Mapped[Moment]
