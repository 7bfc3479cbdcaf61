"""Which reminder of which deadline was dealt with."""

from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Moment, Reference
from yuantou.database.session import Model


class ReminderSent(Model):
    """A reminder that was sent, or passed over for a later one; the key lets each be sent once.

    A deadline that was extended has another day, and is reminded of anew.
    """

    __tablename__ = "reminder_sent"

    deadline_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[Code] = mapped_column(primary_key=True)
    due_on: Mapped[Day] = mapped_column(primary_key=True)
    told: Mapped[bool]
    at: Mapped[Moment]
