"""Reading analyses: what is in sight, their members as far as the matters are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.alerts.governance.analyses.models import Analysis, AnalysisDraft, AnalysisMember
from yuantou.alerts.governance.analyses.sharing import Taken
from yuantou.alerts.models import Alert
from yuantou.alerts.queries import clustered, placed, span
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.workflow import DisputeState
from yuantou.maps.sources.kinds import label
from yuantou.maps.sources.models import CommonSource, CommonSourceMatter
from yuantou.territory.models import Area

SHOWN = 200
MOST = 2000
LOOKED_BACK = timedelta(days=180)
APART = (DisputeState.DRAFT, DisputeState.MERGED, DisputeState.NOT_ACCEPTED)


@dataclass(frozen=True)
class Members:
    """Matters in sight, and how many of the frozen list are not."""

    rows: Sequence[Any]
    unseen: int


def listing(session: Session, viewer: Viewer, page: int, size: int) -> Sequence[Any]:
    """Analyses in sight, those that go on first; one more than a page where there are more."""
    asked: Any = (
        select(Analysis, Agency.name.label("agency"))
        .join(Agency, Agency.id == Analysis.agency_id)
        .order_by(Analysis.state != "draft", Analysis.id.desc())
    )
    found: Sequence[Any] = session.execute(asked.offset((page - 1) * size).limit(size + 1)).all()
    return found


def find(session: Session, analysis_id: int) -> Analysis | None:
    """An analysis in sight."""
    return session.get(Analysis, analysis_id)


def open_to(session: Session, viewer: Viewer, ids: Collection[int]) -> set[int]:
    """Those of these analyses whose matters lie in the viewer's full sight."""
    full = viewer.scope.full
    asked = select(Analysis.id).where(
        Analysis.id.in_(ids),
        or_(
            Analysis.agency_id == viewer.agency.id,
            and_(Analysis.area_path >= full.lo, Analysis.area_path < full.hi),
        ),
    )
    return set(session.scalars(asked))


def members(session: Session, viewer: Viewer, analysis: Analysis) -> Members:
    """Row by row those that the viewer may open; the others are only counted."""
    asked = (
        select(
            Dispute.id,
            Dispute.number,
            Dispute.title,
            Dispute.state,
            Dispute.type,
            Dispute.reported_at,
            Dispute.restricted,
        )
        .join(AnalysisMember, AnalysisMember.dispute_id == Dispute.id)
        .where(AnalysisMember.analysis_id == analysis.id, viewer.scope.opens(Dispute))
        .order_by(Dispute.reported_at.desc(), Dispute.id.desc())
    )
    rows = session.execute(asked).all()
    return Members(rows[:SHOWN], max(analysis.size - len(rows), 0))


def drafts(session: Session, analysis_id: int) -> Sequence[AnalysisDraft]:
    """Findings as they were saved, newest first."""
    asked = select(AnalysisDraft).where(AnalysisDraft.analysis_id == analysis_id)
    return session.scalars(asked.order_by(AnalysisDraft.id.desc()).limit(50)).all()


def of_matter(session: Session, dispute_id: int) -> Sequence[Analysis]:
    """The analyses that a matter belongs to."""
    asked = (
        select(Analysis)
        .join(AnalysisMember, AnalysisMember.analysis_id == Analysis.id)
        .where(AnalysisMember.dispute_id == dispute_id, Analysis.state != "dropped")
    )
    return session.scalars(asked.order_by(Analysis.id.desc()).limit(10)).all()


def warning(session: Session, warning_id: int | None) -> Alert | None:
    """The warning that led to it, while it is in sight."""
    return session.get(Alert, warning_id) if warning_id else None


def source_name(session: Session, source_id: int | None) -> str:
    """What a common source in sight is called: an organisation's has no name, but its number."""
    if not source_id:
        return ""
    held = session.get(CommonSource, source_id)
    return label(held.id, held.kind, held.name) if held else ""


def ids_of_warning(session: Session, viewer: Viewer, alert: Alert) -> list[int]:
    """The matters that a warning speaks of: listed in its facts, else of its class and place.

    Of a cluster all its places on its own days; of one place half a year, as a class needs.
    """
    listed = alert.facts.get("matters")
    if isinstance(listed, list):
        return [one for one in listed if isinstance(one, int)]
    if alert.dispute_id is not None:
        return [alert.dispute_id]
    days = span(alert) if clustered(alert) else None
    since, until = days or (alert.raised_at - LOOKED_BACK, alert.raised_at)
    asked = select(Dispute.id).where(
        viewer.scope.visible(Dispute),
        placed(session, alert),
        Dispute.reported_at >= since,
        Dispute.reported_at < until,
        Dispute.state.not_in(APART),
    )
    if alert.type_code:
        asked = asked.where(Dispute.type == alert.type_code)
    return list(session.scalars(asked.order_by(Dispute.id.desc()).limit(MOST)))


def ids_of_source(session: Session, source_id: int) -> list[int]:
    """The matters of a common source in sight."""
    asked = select(CommonSourceMatter.dispute_id).where(CommonSourceMatter.source_id == source_id)
    return list(session.scalars(asked.limit(MOST)))


def ids_of_numbers(session: Session, viewer: Viewer, numbers: Collection[str]) -> dict[str, int]:
    """Ids of matters in scope by their numbers."""
    asked = select(Dispute.number, Dispute.id).where(
        viewer.scope.opens(Dispute), Dispute.number.in_(numbers)
    )
    return {row.number: row.id for row in session.execute(asked)}


def take(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Taken]:
    """The matters of these ids that the viewer may open, with their organisations' names."""
    rows = session.execute(
        select(
            Dispute.id,
            Dispute.type,
            Dispute.area_code,
            Dispute.reported_at,
            Dispute.restricted,
            Dispute.involved,
            Dispute.amount,
        )
        .where(viewer.scope.opens(Dispute), Dispute.id.in_(ids), Dispute.state.not_in(APART))
        .order_by(Dispute.id)
    ).all()
    named = _organisations(session, [row.id for row in rows if not row.restricted])
    return [
        Taken(
            id=row.id,
            type=row.type,
            area=row.area_code,
            day=local(row.reported_at).date(),
            restricted=row.restricted,
            involved=row.involved,
            amount=row.amount or 0,
            organisations=frozenset(named.get(row.id, ())),
        )
        for row in rows
    ]


def matters(session: Session, ids: Collection[int]) -> Sequence[Dispute]:
    """The matters of these ids."""
    return session.scalars(select(Dispute).where(Dispute.id.in_(ids)).order_by(Dispute.id)).all()


def _organisations(session: Session, ids: Collection[int]) -> dict[int, set[str]]:
    rows = session.execute(
        select(Party.dispute_id, Party.name_mask).where(
            Party.dispute_id.in_(ids), Party.kind == "organisation"
        )
    )
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row.dispute_id, set()).add(row.name_mask)
    return found


def numbers(session: Session) -> dict[str, int]:
    """How many analyses are in sight by state."""
    asked = select(Analysis.state, func.count()).group_by(Analysis.state)
    return {row[0]: row[1] for row in session.execute(asked)}


def area_of(session: Session, code: str) -> Area | None:
    """An area by its code."""
    return session.get(Area, code)
