"""Reading the papers of a dispute, and what happened to it since somebody looked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.database.session import Model
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.workflow import TRANSITIONS
from yuantou.mediation.models import (
    Agreement,
    FollowUp,
    MediationRecord,
    PathNotice,
    Performance,
)

Paper = TypeVar("Paper", bound=Model)
EVENT_NAMES = {row.event: row.name_zh for row in TRANSITIONS}


@dataclass(frozen=True)
class Papers:
    """All papers of a dispute, oldest first; `authors` names who wrote them."""

    records: Sequence[MediationRecord]
    agreements: Sequence[Agreement]
    performances: Sequence[Performance]
    notices: Sequence[PathNotice]
    follow_ups: Sequence[FollowUp]
    authors: Mapping[int, str]

    @property
    def agreement(self) -> Agreement | None:
        """The agreement in force."""
        valid = [each for each in self.agreements if each.superseded_at is None]
        return valid[-1] if valid else None


@dataclass(frozen=True)
class Change:
    """One thing that happened in the meantime."""

    at: datetime
    what: str
    who: str


def find_dispute(session: Session, viewer: Viewer, dispute_id: int) -> Dispute | None:
    """The dispute, where the viewer may see it."""
    return session.scalars(
        select(Dispute).where(Dispute.id == dispute_id, viewer.scope.visible(Dispute))
    ).first()


def papers_of(session: Session, dispute: Dispute) -> Papers:
    """Records, agreements, performances, notices and call-backs of one dispute."""
    records = _of(session, MediationRecord, MediationRecord.held_at, dispute)
    agreements = _of(session, Agreement, Agreement.written_at, dispute)
    performances = _of(session, Performance, Performance.found_on, dispute)
    notices = _of(session, PathNotice, PathNotice.told_at, dispute)
    follow_ups = _of(session, FollowUp, FollowUp.called_at, dispute)
    written: list[Any] = [*records, *agreements, *performances, *notices, *follow_ups]
    names = account_names(session, (paper.written_by for paper in written))
    return Papers(records, agreements, performances, notices, follow_ups, names)


def last_event(session: Session, dispute: Dispute) -> int:
    """Id of the newest event of a dispute."""
    newest = session.scalars(
        select(DisputeEvent.id)
        .where(DisputeEvent.dispute_id == dispute.id)
        .order_by(DisputeEvent.id.desc())
        .limit(1)
    ).first()
    return newest or 0


def changes_since(session: Session, dispute: Dispute, event_id: int) -> list[Change]:
    """What happened after that event, oldest first."""
    rows = session.execute(
        select(DisputeEvent, Account.display_name, Agency.name)
        .outerjoin(Account, Account.id == DisputeEvent.actor_id)
        .outerjoin(Agency, Agency.id == DisputeEvent.agency_id)
        .where(DisputeEvent.dispute_id == dispute.id, DisputeEvent.id > event_id)
        .order_by(DisputeEvent.id)
    ).all()
    return [
        Change(event.at, event_name(event.event), " · ".join(filter(None, (person, agency))))
        for event, person, agency in rows
    ]


def event_name(event: str) -> str:
    """An event as the screens say it."""
    own = {
        "mediation_recorded": _("调解记录"),
        "partly_performed": _("部分履行"),
        "followed_up": _("回访"),
        "party_opened": _("查看当事人"),
        "supplemented": _("补充情况"),
        "oral_agreement_noted": _("记下口头协议"),
        "duplicate_settled": _("核对重复登记"),
    }
    return own.get(event) or _(EVENT_NAMES.get(event, "其他登记"))


def account_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Names of people by account."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = session.execute(
        select(Account.id, Account.display_name).where(Account.id.in_(wanted))
    ).all()
    return {row.id: row.display_name for row in rows}


def _of(
    session: Session,
    kind: type[Paper],
    order: InstrumentedAttribute[Any],
    dispute: Dispute,
) -> Sequence[Paper]:
    column: Any = kind.__table__.c.dispute_id
    return session.scalars(select(kind).where(column == dispute.id).order_by(order)).all()
