"""Reading what a paper tells of, which papers a matter has, and which Word form is in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, literal, select, text
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.disputes.models import Dispute, DisputeEvent, Party
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.models import Agreement, FollowUp, MediationRecord, PathNotice
from yuantou.mediation.papers.models import Paper, PaperSignature, PaperTemplate
from yuantou.mediation.queries import account_names, papers_of
from yuantou.territory.models import Area

_SHELF = text("""
    SELECT 'record' AS what, id AS source, held_at AS at, '' AS word, '' AS who, 0 AS copies
      FROM mediation_record WHERE dispute_id = :dispute
    UNION ALL SELECT 'agreement', id, written_at, form, '', 0
      FROM agreement WHERE dispute_id = :dispute AND superseded_at IS NULL
    UNION ALL SELECT 'notice', id, told_at, '', '', 0
      FROM path_notice WHERE dispute_id = :dispute
    UNION ALL SELECT 'follow_up', id, called_at, '', '', 0
      FROM follow_up WHERE dispute_id = :dispute
    UNION ALL SELECT 'paper', p.source_id, p.made_at, p.kind, a.display_name, p.copies
      FROM paper p LEFT JOIN account a ON a.id = p.made_by WHERE p.dispute_id = :dispute
    UNION ALL SELECT 'signed', p.source_id, s.noted_at, p.kind, s.side,
                     CASE WHEN f.id IS NOT NULL THEN 1 WHEN s.manner = 'electronic' THEN 2
                          ELSE 0 END
      FROM paper_signature s JOIN paper p ON p.id = s.paper_id
      LEFT JOIN attachment f ON f.id = s.attachment_id AND f.withdrawn_at IS NULL
      WHERE s.dispute_id = :dispute AND s.struck_at IS NULL
    UNION ALL SELECT 'held', 0, max(uploaded_at), purpose, '', count(*)::int
      FROM attachment WHERE dispute_id = :dispute AND withdrawn_at IS NULL GROUP BY purpose
    ORDER BY at, source""")


@dataclass(frozen=True)
class Entry:
    """One line of what a matter's file holds: `what` names its kind."""

    what: str
    source: int
    at: datetime | None
    word: str
    who: str
    copies: int


@dataclass(frozen=True)
class Signed:
    """One side's signature, as the page of a paper tells of it."""

    row: PaperSignature
    who: str
    scanned: bool


@dataclass(frozen=True)
class Record:
    """All that the papers of a matter tell of, and the row that one of them is about."""

    dispute: Dispute
    area: str
    handler: str
    names: Mapping[int, str]
    sessions: Sequence[MediationRecord]
    agreement: Agreement | None
    performance: str
    session: MediationRecord | None = None
    notice: PathNotice | None = None
    call: FollowUp | None = None
    parties: Sequence[Party] = field(default=())

    def person(self, account: int | None) -> str:
        """Name of a colleague."""
        return self.names.get(account or 0, "")


def shelf(session: Session, dispute_id: int) -> list[Entry]:
    """Everything of a matter's file in one question."""
    return [
        Entry(row.what, row.source, row.at, row.word, row.who or "", row.copies)
        for row in session.execute(_SHELF, {"dispute": dispute_id})
    ]


def record_of(session: Session, dispute: Dispute, source: str, source_id: int) -> Record | None:
    """What the papers tell; None where the row asked for is not one of this matter's."""
    papers = papers_of(session, dispute)
    asked: dict[str, Sequence[MediationRecord | PathNotice | FollowUp | Agreement]] = {
        "record": papers.records,
        "notice": papers.notices,
        "follow_up": papers.follow_ups,
        "agreement": papers.agreements,
    }
    known = {row.id: row for row in asked.get(source, ())}
    if source_id and source_id not in known:
        return None
    row = known.get(source_id)
    people = {dispute.reporter_id, dispute.mediator_id or 0} - papers.authors.keys()
    performances = [one.result for one in papers.performances]
    calls = list(papers.follow_ups)
    return Record(
        dispute,
        session.scalar(select(Area.name).where(Area.code == dispute.area_code)) or "",
        session.scalar(select(Agency.name).where(Agency.id == dispute.handler_agency_id)) or "",
        {**papers.authors, **account_names(session, people)},
        papers.records,
        row if isinstance(row, Agreement) else papers.agreement,
        performances[-1] if performances else "",
        session=row if isinstance(row, MediationRecord) else None,
        notice=row if isinstance(row, PathNotice) else None,
        call=row if isinstance(row, FollowUp) else _last(calls, source),
    )


def parties_of(session: Session, dispute_id: int) -> Sequence[Party]:
    """The parties in their order."""
    return session.scalars(
        select(Party).where(Party.dispute_id == dispute_id).order_by(Party.position)
    ).all()


def paper_of(session: Session, dispute_id: int, kind: str, source_id: int) -> Paper | None:
    """The paper, where it was made or signed before."""
    return session.scalars(
        select(Paper).filter_by(dispute_id=dispute_id, kind=kind, source_id=source_id)
    ).first()


def signatures_of(session: Session, paper: Paper) -> list[Signed]:
    """How a paper was signed, who noted it, and whether a scan is there; what was struck is not."""
    rows = session.execute(
        select(PaperSignature, Account.display_name, Attachment.id)
        .outerjoin(Account, Account.id == PaperSignature.noted_by)
        .outerjoin(
            Attachment,
            and_(Attachment.id == PaperSignature.attachment_id, Attachment.withdrawn_at.is_(None)),
        )
        .where(PaperSignature.paper_id == paper.id, PaperSignature.struck_at.is_(None))
        .order_by(PaperSignature.id)
    ).all()
    return [Signed(row, name or "", scan is not None) for row, name, scan in rows]


def signature_of(session: Session, dispute_id: int, signature_id: int) -> PaperSignature | None:
    """One signature on a paper of that matter."""
    return session.scalars(
        select(PaperSignature).filter_by(id=signature_id, dispute_id=dispute_id)
    ).first()


def settled_subjects(session: Session, dispute_id: int) -> frozenset[str]:
    """What the last agreement was said to settle where the law treats it apart."""
    facts = session.scalars(
        select(DisputeEvent.facts)
        .where(DisputeEvent.dispute_id == dispute_id, DisputeEvent.event == "agreed")
        .order_by(DisputeEvent.id.desc())
        .limit(1)
    ).first()
    told = (facts or {}).get("subjects")
    return frozenset(map(str, told)) if isinstance(told, list) else frozenset()


def form_for(session: Session, kind: str, area_path: str) -> PaperTemplate | None:
    """The Word form in force for a place: the nearest area above it that has its own."""
    return session.scalars(
        select(PaperTemplate)
        .where(
            PaperTemplate.kind == kind,
            PaperTemplate.until.is_(None),
            literal(area_path).startswith(PaperTemplate.area_path, autoescape=False),
        )
        .order_by(func.length(PaperTemplate.area_path).desc())
        .limit(1)
    ).first()


def forms_of(session: Session, viewer: Viewer) -> list[tuple[PaperTemplate, str]]:
    """Every version that the viewer's area had, newest first, and who brought it."""
    rows = session.execute(
        select(PaperTemplate, Account.display_name)
        .outerjoin(Account, Account.id == PaperTemplate.uploaded_by)
        .where(PaperTemplate.area_path == viewer.agency.area_path)
        .order_by(PaperTemplate.kind, PaperTemplate.version.desc())
    ).all()
    return [(row, name or "") for row, name in rows]


def _last(calls: list[FollowUp], source: str) -> FollowUp | None:
    """A report on the whole matter tells of its last call-back."""
    return calls[-1] if calls and source == "" else None
