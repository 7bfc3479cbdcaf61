"""Naming a source, attaching matters to it, ending it, looking at an organisation's name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.coordination import parties
from yuantou.database.twins import twin_of
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.maps.sources.kinds import TYPED
from yuantou.maps.sources.models import CommonSource, CommonSourceMatter

APART = ("draft", "merged", "not_accepted")


class SourceRefusedError(Exception):
    """Why a source cannot be changed so; the words are for the page."""


@dataclass
class Outcome:
    """How many matters were attached, and which were not, with the reason."""

    added: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def mark(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    kind: str,
    name: str,
    now: datetime | None = None,
) -> CommonSource:
    """Name a project or policy of the viewer's area; the same submission is the same source."""
    if kind not in TYPED:
        raise SourceRefusedError(_("只能登记项目和政策；单位和案由由系统识别"))
    if held := twin_of(session, CommonSource, submission):
        return held
    source = CommonSource(
        origin="typed",
        kind=kind,
        name=name,
        area_code=by.agency.area_code,
        area_path=by.agency.area_path,
        type="",
        submission=submission,
        agency_id=by.agency.id,
        made_by=by.id,
        made_at=now or clock.now(),
        disputes=0,
        weeks=[],
        usual=[],
        state="few",
        observed=0,
    )
    session.add(source)
    session.flush()
    _finish(session, by, "source:mark", source, {"kind": kind})
    return source


def attach(
    session: Session,
    *,
    by: Viewer,
    source_id: int,
    disputes: Sequence[Dispute],
    now: datetime | None = None,
) -> Outcome:
    """Attach matters in scope; those that cannot be are left and said."""
    source, at = _own(session, by, source_id), now or clock.now()
    outcome = _attach(session, by, source, disputes, at)
    if not outcome.added:
        words = "；".join(f"{who}：{why}" for who, why in outcome.left)
        raise SourceRefusedError(words or _("范围内没有查到这些编号"))
    _finish(session, by, "source:attach", source, {"added": outcome.added})
    return outcome


def detach(
    session: Session,
    *,
    by: Viewer,
    source_id: int,
    dispute: Dispute,
    reason: str,
    now: datetime | None = None,
) -> None:
    """Take a matter out again."""
    source = _own(session, by, source_id)
    gone = session.execute(
        delete(CommonSourceMatter)
        .where(
            CommonSourceMatter.source_id == source.id, CommonSourceMatter.dispute_id == dispute.id
        )
        .returning(CommonSourceMatter.dispute_id)
    ).first()
    if gone is None:
        raise SourceRefusedError(_("这件事项已不在其中"))
    _note(session, by, dispute, "source_left", source, now or clock.now(), reason)
    _finish(session, by, "source:detach", source, {"dispute": dispute.id})


def end(
    session: Session, *, by: Viewer, source_id: int, now: datetime | None = None
) -> CommonSource:
    """A named source is over: it is scanned no more."""
    source = _own(session, by, source_id)
    source.ended_at = now or clock.now()
    _finish(session, by, "source:end", source, {})
    return source


def open_name(session: Session, *, by: Viewer, source_id: int, reason: str) -> str:
    """The organisation's name out of the newest matter that `by` may open, noted there."""
    row = session.execute(
        select(CommonSourceMatter.party_id)
        .join(Dispute, Dispute.id == CommonSourceMatter.dispute_id)
        .where(
            CommonSourceMatter.source_id == source_id,
            CommonSourceMatter.party_id.is_not(None),
            by.scope.opens(Dispute),
        )
        .order_by(Dispute.reported_at.desc(), Dispute.id.desc())
        .limit(1)
    ).first()
    if row is None:
        raise SourceRefusedError(_("您的范围内没有可以打开的事项，不能查看名称"))
    return parties.open_party(session, by=by, party_id=row.party_id, reason=reason).name


def _own(session: Session, by: Viewer, source_id: int) -> CommonSource:
    """A named source of the viewer's agency that goes on, locked."""
    source = session.get(CommonSource, source_id, with_for_update=True, populate_existing=True)
    if source is None or source.origin != "typed" or source.agency_id != by.agency.id:
        raise SourceRefusedError(_("由登记这个来源的单位维护"))
    if source.ended_at is not None:
        raise SourceRefusedError(_("这个来源已经结束"))
    return source


def _attach(
    session: Session, by: Viewer, source: CommonSource, disputes: Iterable[Dispute], at: datetime
) -> Outcome:
    outcome = Outcome()
    held = set(
        session.scalars(
            select(CommonSourceMatter.dispute_id).where(CommonSourceMatter.source_id == source.id)
        )
    )
    for dispute in disputes:
        why = _barred(dispute, held)
        if why:
            outcome.left.append((dispute.number or dispute.title, why))
            continue
        session.add(
            CommonSourceMatter(
                source_id=source.id,
                dispute_id=dispute.id,
                party_id=None,
                by_hand=True,
                added_by=by.id,
                added_at=at,
            )
        )
        held.add(dispute.id)
        _note(session, by, dispute, "source_joined", source, at)
        outcome.added += 1
    session.flush()
    return outcome


def _barred(dispute: Dispute, held: set[int]) -> str:
    if dispute.id in held:
        return _("已经在其中")
    if dispute.restricted:
        return _("限制知悉的事项不归入共同源头")
    return _("不再办理的事项不归入") if dispute.state in APART else ""


def _note(
    session: Session,
    by: Viewer,
    dispute: Dispute,
    event: str,
    source: CommonSource,
    at: datetime,
    note: str = "",
) -> None:
    facts = {"source_id": source.id, "source": source.name}
    note_event(session, dispute=dispute, event=event, by=by, note=note, facts=facts, at=at)


def _finish(
    session: Session, by: Viewer, action: str, source: CommonSource, facts: dict[str, Any]
) -> None:
    record(
        session,
        action=action,
        object_type="common_source",
        object_id=source.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
    session.commit()
