"""Reading what is known of the files of a matter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.mediation.attachments.kinds import KINDS
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.attachments.purposes import PURPOSES


@dataclass(frozen=True)
class Shown:
    """A file as the page tells of it."""

    row: Attachment
    who: str

    @property
    def purpose(self) -> str:
        """What it is for."""
        known = PURPOSES.get(self.row.purpose)
        return _(known.name_zh) if known else self.row.purpose

    @property
    def kind(self) -> str:
        """What it is."""
        return _(KINDS[self.row.kind].name_zh)

    @property
    def size(self) -> str:
        """How large it is."""
        return size_words(self.row.size)


def shown(session: Session, dispute_id: int) -> list[Shown]:
    """All files of a matter, withdrawn ones included, in the order they came."""
    found: Sequence[Any] = session.execute(
        select(Attachment, Account.display_name)
        .outerjoin(Account, Account.id == Attachment.uploaded_by)
        .where(Attachment.dispute_id == dispute_id)
        .order_by(Attachment.uploaded_at, Attachment.id)
    ).all()
    return [Shown(row, name or "") for row, name in found]


def find(session: Session, dispute_id: int, attachment_id: int) -> Attachment | None:
    """One file of that matter."""
    return session.scalars(
        select(Attachment).where(
            Attachment.id == attachment_id, Attachment.dispute_id == dispute_id
        )
    ).first()


def size_words(size: int) -> str:
    """A size as people read it."""
    if size >= 1 << 20:
        return f"{size / (1 << 20):.1f} MB"
    return f"{max(1, round(size / 1024))} KB"
