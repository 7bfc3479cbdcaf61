"""Use cases on the files of a matter: added, opened with a reason, withdrawn with a reason."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.crypto.fields import FieldCipher
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import Dispute, DisputeKey
from yuantou.disputes.parties import cipher_of
from yuantou.disputes.service import lock, note_event
from yuantou.mediation.attachments.bounds import bounds
from yuantou.mediation.attachments.kinds import KINDS, Kind, judge
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.attachments.pictures import drawn_anew
from yuantou.mediation.attachments.rules import closed_to
from yuantou.mediation.attachments.store import files


class FileGoneError(LookupError):
    """The file was erased with the matter's key, or is missing from the folder."""


@dataclass(frozen=True)
class Clean:
    """A file that may be kept: what it is, what is left of it, and the mark of what was sent."""

    kind: Kind
    data: bytes
    digest: bytes


@dataclass(frozen=True)
class OpenedFile:
    """A file in clear, for the eyes that asked."""

    attachment: Attachment
    kind: Kind
    data: bytes


def cleaned(data: bytes) -> Clean:
    """Judge a file and take out what a camera wrote into it; FileRefusedError says why not."""
    limits = bounds()
    kind = judge(data, largest=limits.file, largest_unpacked=limits.unpacked)
    kept = drawn_anew(data, kind, most_pixels=limits.pixels) if kind.picture else data
    return Clean(kind, kept, hashlib.sha256(data).digest())


def attach(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    purpose: str,
    told: Sequence[Clean],
    note: str = "",
    now: datetime | None = None,
) -> list[Attachment]:
    """Add files to the file of a matter; one that stands there already is not added again."""
    dispute = lock(session, dispute_id)
    refusal = closed_to(session, dispute, by)
    if refusal is not None:
        raise RefusedError(refusal)
    at = now or clock.now()
    kept = [
        keep(session, by=by, dispute=dispute, purpose=purpose, one=one, note=note, at=at)
        for one in told
    ]
    references = {"dispute_id": dispute.id, "purpose": purpose, "files": [one.id for one in kept]}
    _audit(session, by, "attachment:add", dispute.id, references)
    session.commit()
    return kept


def keep(
    session: Session,
    *,
    by: Viewer,
    dispute: Dispute,
    purpose: str,
    one: Clean,
    note: str = "",
    at: datetime,
) -> Attachment:
    """Step: seal one file, lay it into the folder, then write its row; the dispute is locked."""
    standing = session.scalars(
        select(Attachment).where(
            Attachment.dispute_id == dispute.id,
            Attachment.purpose == purpose,
            Attachment.digest == one.digest,
            Attachment.withdrawn_at.is_(None),
        )
    ).first()
    if standing is not None:
        return standing
    cipher = cipher_of(session, dispute.id)
    made = Attachment(
        dispute_id=dispute.id,
        purpose=purpose,
        kind=one.kind.code,
        size=len(one.data),
        digest=one.digest,
        stored=files().put(cipher.seal_bytes(one.data, _context(dispute.id))),
        note=note,
        uploaded_by=by.id,
        uploaded_at=at,
    )
    session.add(made)
    session.flush()
    facts = {"attachment_id": made.id, "purpose": purpose}
    note_event(session, dispute=dispute, event="attached", by=by, facts=facts, at=at)
    return made


def open_file(
    session: Session, *, by: Viewer, dispute_id: int, attachment_id: int, reason: str
) -> OpenedFile:
    """Show a file in clear; who, when and why stays in the history and in the audit."""
    attachment, dispute = _found(session, dispute_id, attachment_id)
    data = _unsealed(session, attachment)
    note_event(
        session,
        dispute=dispute,
        event="attachment_opened",
        by=by,
        note=reason,
        facts={"attachment_id": attachment.id, "purpose": attachment.purpose},
    )
    _audit(session, by, "attachment:open", attachment.id, {"dispute_id": dispute.id})
    session.commit()
    return OpenedFile(attachment, KINDS[attachment.kind], data)


def withdraw(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    attachment_id: int,
    reason: str,
    now: datetime | None = None,
) -> Attachment:
    """Take a file out of the list; it is kept as long as the matter's papers are."""
    dispute = lock(session, dispute_id)
    attachment, _same = _found(session, dispute_id, attachment_id)
    refusal = closed_to(session, dispute, by)
    if refusal is not None:
        raise RefusedError(refusal)
    if attachment.withdrawn_at is not None:
        return attachment
    at = now or clock.now()
    attachment.withdrawn_at, attachment.withdrawn_by = at, by.id
    attachment.withdrawn_reason = reason
    note_event(
        session,
        dispute=dispute,
        event="attachment_withdrawn",
        by=by,
        note=reason,
        facts={"attachment_id": attachment.id, "purpose": attachment.purpose},
        at=at,
    )
    _audit(session, by, "attachment:withdraw", attachment.id, {"dispute_id": dispute.id})
    session.commit()
    return attachment


def _found(session: Session, dispute_id: int, attachment_id: int) -> tuple[Attachment, Dispute]:
    attachment = session.get(Attachment, attachment_id, populate_existing=True)
    dispute = session.get(Dispute, dispute_id)
    if attachment is None or dispute is None or attachment.dispute_id != dispute.id:
        raise NotVisibleError(attachment_id)
    return attachment, dispute


def _unsealed(session: Session, attachment: Attachment) -> bytes:
    if session.get(DisputeKey, attachment.dispute_id) is None:
        raise FileGoneError(attachment.id)
    cipher: FieldCipher = cipher_of(session, attachment.dispute_id)
    try:
        return cipher.open_bytes(files().read(attachment.stored), _context(attachment.dispute_id))
    except (FileNotFoundError, InvalidTag) as error:
        raise FileGoneError(attachment.id) from error


def _context(dispute_id: int) -> str:
    return f"attachment of {dispute_id}"


def _audit(
    session: Session, by: Viewer, action: str, object_id: int, facts: Mapping[str, Any]
) -> None:
    record(
        session,
        action=action,
        object_type="dispute" if action == "attachment:add" else "attachment",
        object_id=object_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
