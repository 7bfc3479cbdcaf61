"""What was typed so far of a dispute that is not yet reported."""

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Moment, Reference
from yuantou.database.session import Model


class Draft(Model):
    """The answers of an intake form, sealed whole under the dispute's own key.

    The dispute's row tells nothing while it is a draft. `saves` counts the writings, so that two
    tabs do not overwrite each other unseen.
    """

    __tablename__ = "draft"

    dispute_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    account_id: Mapped[Reference]
    agency_id: Mapped[Reference] = mapped_column(index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    saves: Mapped[int]
    saved_at: Mapped[Moment]
    discarded_at: Mapped[Moment | None]
