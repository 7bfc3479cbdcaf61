"""Use cases on papers: made from the record, signed by the parties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes import parties
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.guards import signature_refusal
from yuantou.disputes.matter import Ground, Refusal
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.parties import OpenedParty
from yuantou.disputes.service import lock, note_event
from yuantou.mediation.attachments.purposes import SIGNED
from yuantou.mediation.attachments.rules import closed_to
from yuantou.mediation.attachments.service import Clean, keep
from yuantou.mediation.papers import printing, wordforms
from yuantou.mediation.papers.catalogue import Form, read
from yuantou.mediation.papers.filled import Filled
from yuantou.mediation.papers.filling import Making, file_no, fill
from yuantou.mediation.papers.models import Paper, PaperSignature
from yuantou.mediation.papers.queries import (
    form_for,
    paper_of,
    parties_of,
    record_of,
    settled_subjects,
    signature_of,
)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
REASON = "制作文书"  # kept in the history, in the words of the record
SHAPES = {"pdf": "PDF", "word": "Word"}
ENDINGS = {"pdf": ("pdf", "application/pdf"), "word": ("docx", WORD)}


@dataclass(frozen=True)
class Asked:
    """One paper of one matter; `source_id` 0 where it tells of the matter itself."""

    dispute_id: int
    form: Form
    source_id: int = 0


@dataclass(frozen=True)
class Made:
    """A paper to hand out."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Signing:
    """Who signed, how and when; `manner` paper or electronic, `scan` the signed paper."""

    sides: tuple[str, ...]
    manner: str
    signed_on: date
    subjects: tuple[str, ...] = ()
    scan: Clean | None = None


def make(
    session: Session,
    *,
    by: Viewer,
    asked: Asked,
    shape: str,
    clear: bool,
    now: datetime | None = None,
) -> Made:
    """A paper filled from the record as `shape` pdf or word; names in clear are logged openings."""
    at = now or clock.now()
    dispute = _allowed(session, by, asked.dispute_id)
    told = record_of(session, dispute, asked.form.source, asked.source_id)
    if told is None:
        raise NotVisibleError(asked.source_id)
    people = parties_of(session, dispute.id)
    opened = _opened(session, by, people) if clear else {}
    making = Making(by.display_name, by.agency_name, at)
    filled = fill(session, told, people, opened, making)
    data, version = _drawn(session, dispute, asked.form, filled, shape)
    paper = _noted(session, asked)
    paper.copies, paper.made_at, paper.made_by = paper.copies + 1, at, by.id
    _tell_making(session, by, dispute, asked, shape, version, sorted(opened), at)
    session.commit()
    ending, mime = ENDINGS[shape]
    name = f"{file_no(dispute.number) or dispute.id}-{asked.form.short_zh}.{ending}"
    return Made(name, mime, data)


def sign(
    session: Session, *, by: Viewer, asked: Asked, told: Signing, now: datetime | None = None
) -> None:
    """Note who signed a paper; an electronic signature is refused where the law excludes it.

    What is noted already is not noted twice.
    """
    at = now or clock.now()
    dispute = _allowed(session, by, lock(session, asked.dispute_id).id)
    _demand_manner(session, dispute, told)
    if record_of(session, dispute, asked.form.source, asked.source_id) is None:
        raise NotVisibleError(asked.source_id)
    paper = _noted(session, asked)
    scan = None
    if told.scan:
        scan = keep(session, by=by, dispute=dispute, purpose=SIGNED, one=told.scan, at=at)
    held = scan.id if scan else None
    fresh = [side for side in told.sides if not _stands(session, paper, side, told, held)]
    if fresh:
        session.add_all(_signature(by, paper, side, told, held, at) for side in fresh)
        _tell_signing(session, by, dispute, asked, told.manner, fresh, at)
    session.commit()


def strike(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    signature_id: int,
    reason: str,
    now: datetime | None = None,
) -> None:
    """A signature that was noted wrongly no longer counts; that it was noted stays."""
    at = now or clock.now()
    dispute = _allowed(session, by, lock(session, dispute_id).id)
    row = signature_of(session, dispute.id, signature_id)
    if row is None:
        raise NotVisibleError(signature_id)
    if row.struck_at is not None:
        return
    row.struck_at, row.struck_by, row.struck_reason = at, by.id, reason
    facts = {"signature_id": row.id, "sides": [row.side]}
    words = f"{read().sides.get(row.side, row.side)}：{reason}"
    note_event(
        session, dispute=dispute, event="signature_struck", by=by, note=words, facts=facts, at=at
    )
    _audit(session, by, "paper:strike", dispute.id, facts)
    session.commit()


def may_clear(by: Viewer) -> bool:
    """Whether `by` may write the parties in clear."""
    return by.may(Permission.PARTY_OPEN)


def _allowed(session: Session, by: Viewer, dispute_id: int) -> Dispute:
    dispute = session.get(Dispute, dispute_id)
    if dispute is None:
        raise NotVisibleError(dispute_id)
    refusal = closed_to(session, dispute, by)
    if refusal is not None:
        raise RefusedError(refusal)
    return dispute


def _opened(session: Session, by: Viewer, people: Sequence[Party]) -> dict[int, OpenedParty]:
    if not may_clear(by):
        words = _("没有查看当事人资料的权限，只能制作隐去姓名的文书")
        raise RefusedError(Refusal("no_permission", words, "", Ground.DUTY, "clear"))
    return {
        one.id: parties.open_party(session, by=by, party_id=one.id, reason=REASON) for one in people
    }


def _drawn(
    session: Session, dispute: Dispute, form: Form, filled: Filled, shape: str
) -> tuple[bytes, int]:
    """The paper, and the version of the office's own form; 0 is the one shipped."""
    if shape == "pdf":
        return printing.draw(form, filled), 0
    own = form_for(session, form.code, dispute.area_path)
    content = own.content if own else wordforms.shipped(form.code)
    return wordforms.fill(content, filled), own.id if own else 0


def _noted(session: Session, asked: Asked) -> Paper:
    """The row of a paper; the matter is locked, so that two makers write one."""
    lock(session, asked.dispute_id)
    found = paper_of(session, asked.dispute_id, asked.form.code, asked.source_id)
    if found is None:
        found = Paper(
            dispute_id=asked.dispute_id,
            kind=asked.form.code,
            source_id=asked.source_id,
            copies=0,
            made_at=None,
            made_by=None,
        )
        session.add(found)
        session.flush()
    return found


def _demand_manner(session: Session, dispute: Dispute, told: Signing) -> None:
    subjects = frozenset(told.subjects) | settled_subjects(session, dispute.id)
    refusal = signature_refusal(dispute.type, told.manner, subjects)
    if refusal is not None:
        raise RefusedError(refusal)


def _stands(session: Session, paper: Paper, side: str, told: Signing, scan_id: int | None) -> bool:
    same = select(PaperSignature.id).filter_by(
        paper_id=paper.id,
        side=side,
        manner=told.manner,
        signed_on=told.signed_on,
        attachment_id=scan_id,
        struck_at=None,
    )
    return session.scalars(same.limit(1)).first() is not None


def _signature(
    by: Viewer, paper: Paper, side: str, told: Signing, scan_id: int | None, at: datetime
) -> PaperSignature:
    return PaperSignature(
        dispute_id=paper.dispute_id,
        paper_id=paper.id,
        side=side,
        manner=told.manner,
        signed_on=told.signed_on,
        attachment_id=scan_id,
        noted_by=by.id,
        noted_at=at,
    )


def _tell_making(
    session: Session,
    by: Viewer,
    dispute: Dispute,
    asked: Asked,
    shape: str,
    version: int,
    opened: list[int],
    at: datetime,
) -> None:
    """The history says what was made; the audit also whose particulars were opened for it."""
    facts = {
        "paper": asked.form.code,
        "source_id": asked.source_id,
        "shape": shape,
        "template": version,
        "clear": bool(opened),
    }
    words = f"{asked.form.short_zh}（{SHAPES[shape]}）"
    note_event(session, dispute=dispute, event="paper_made", by=by, note=words, facts=facts, at=at)
    _audit(session, by, "paper:make", dispute.id, facts | {"parties": opened})


def _tell_signing(
    session: Session,
    by: Viewer,
    dispute: Dispute,
    asked: Asked,
    manner: str,
    sides: list[str],
    at: datetime,
) -> None:
    facts = {
        "paper": asked.form.code,
        "source_id": asked.source_id,
        "sides": sides,
        "signature": manner,
    }
    words = f"{asked.form.short_zh}：{'、'.join(read().sides[side] for side in sides)}"
    note_event(
        session, dispute=dispute, event="paper_signed", by=by, note=words, facts=facts, at=at
    )
    _audit(session, by, "paper:sign", dispute.id, facts)


def _audit(
    session: Session, by: Viewer, action: str, dispute_id: int, facts: Mapping[str, Any]
) -> None:
    record(
        session,
        action=action,
        object_type="dispute",
        object_id=dispute_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
