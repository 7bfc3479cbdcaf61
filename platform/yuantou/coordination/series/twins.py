"""Possible same matters: by a party's blind index or by place and words, never by a name.

Bounded by time and by type or township, and only inside the scope; nothing personal is read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from difflib import SequenceMatcher

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.coordination.series.models import TwinVerdict
from yuantou.disputes.conditions import scope_of
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.service import note_event
from yuantou.disputes.workflow import DisputeState

MOST = 10
MOST_COMPARED = 300
PLACE_ALIKE, WORDS_ALIKE = 0.6, 0.7  # of the characters
CLOSE = timedelta(days=30)  # for those who share no party
APART = (DisputeState.DRAFT, DisputeState.MERGED)


@dataclass(frozen=True)
class Twin:
    """A matter that may be the same, and what speaks for it."""

    dispute: Dispute
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class _Shared:
    """Ids of matters that share a party with the one in question."""

    ids: frozenset[int]
    contacts: frozenset[int]


def twins_of(session: Session, viewer: Viewer, dispute: Dispute, *, days: int) -> list[Twin]:
    """Those in scope that may be the same matter, those with a shared party first."""
    if dispute.restricted:
        return []
    shared = _shared(session, dispute)
    near = _near(dispute, shared, timedelta(days=days))
    asked = select(Dispute).where(
        *scope_of(viewer),
        Dispute.id != dispute.id,
        not_(Dispute.restricted),
        Dispute.state.not_in(APART),
        Dispute.id.not_in(_told_apart(session, dispute.id)),
        near,
    )
    rows = session.scalars(asked.order_by(Dispute.reported_at.desc()).limit(MOST_COMPARED))
    found = [Twin(row, _reasons(dispute, row, shared)) for row in rows]
    kept = [twin for twin in found if twin.reasons]
    return sorted(kept, key=lambda twin: (-len(twin.reasons), twin.dispute.id))[:MOST]


def tell_apart(
    session: Session, *, by: Viewer, dispute: Dispute, other: Dispute, note: str
) -> None:
    """They were compared and are different: not suggested again, said in both histories."""
    low, high = sorted((dispute, other), key=lambda one: one.id)
    if high.id not in _told_apart(session, low.id):
        at = clock.now()
        session.add(
            TwinVerdict(dispute_id=low.id, other_id=high.id, account_id=by.id, at=at, note=note)
        )
        for one, twin in ((low, high), (high, low)):
            facts = {"dispute_id": twin.id}
            words = "：".join(filter(None, (twin.number or _("未编号"), note)))
            note_event(session, dispute=one, event="told_apart", by=by, note=words, facts=facts)
    record(
        session,
        action="twins:apart",
        object_type="dispute",
        object_id=low.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"other": high.id},
    )
    session.commit()


def _shared(session: Session, dispute: Dispute) -> _Shared:
    own = session.execute(
        select(Party.id_index, Party.contact_index).where(Party.dispute_id == dispute.id)
    ).all()
    ids = [row.id_index for row in own if row.id_index]
    contacts = [row.contact_index for row in own if row.contact_index]
    return _Shared(
        _with(session, Party.id_index.in_(ids)) if ids else frozenset(),
        _with(session, Party.contact_index.in_(contacts)) if contacts else frozenset(),
    )


def _with(session: Session, condition: ColumnElement[bool]) -> frozenset[int]:
    return frozenset(session.scalars(select(Party.dispute_id).where(condition)))


def _near(dispute: Dispute, shared: _Shared, window: timedelta) -> ColumnElement[bool]:
    """A shared party with the same type or township, or the same of both within days."""
    akin = or_(Dispute.type == dispute.type, Dispute.area_code == dispute.area_code)
    close = and_(Dispute.type == dispute.type, Dispute.area_code == dispute.area_code)
    at = dispute.reported_at
    return or_(
        and_(
            Dispute.id.in_(shared.ids | shared.contacts),
            akin,
            Dispute.reported_at.between(at - window, at + window),
        ),
        and_(close, Dispute.reported_at.between(at - CLOSE, at + CLOSE)),
    )


def _reasons(dispute: Dispute, other: Dispute, shared: _Shared) -> tuple[str, ...]:
    """What speaks for it; place and type alone do not."""
    same = other.id in shared.ids, other.id in shared.contacts
    alike = _alike(dispute, other)
    if not (any(same) or alike):
        return ()
    said = (
        (same[0], _("同一证件号")),
        (same[1], _("同一姓名和电话")),
        (alike, _("地点和事由相近")),
        (other.area_code == dispute.area_code, _("同一乡镇街道")),
        (other.type == dispute.type, _("同一类型")),
        (other.occurred_on == dispute.occurred_on, _("同一天发生")),
    )
    return tuple(words for holds, words in said if holds)


def _alike(dispute: Dispute, other: Dispute) -> bool:
    """Both the place and the words: stock phrases and large places alone say nothing."""
    places = _ratio(dispute.place, other.place, PLACE_ALIKE)
    return places and _ratio(dispute.summary, other.summary, WORDS_ALIKE)


def _ratio(one: str, two: str, least: float) -> bool:
    match = SequenceMatcher(None, one, two, autojunk=False)
    bounds = (match.real_quick_ratio, match.quick_ratio, match.ratio)
    return all(bound() >= least for bound in bounds)


def _told_apart(session: Session, dispute_id: int) -> Sequence[int]:
    asked = select(TwinVerdict.dispute_id, TwinVerdict.other_id).where(
        or_(TwinVerdict.dispute_id == dispute_id, TwinVerdict.other_id == dispute_id)
    )
    return list(_others(session.execute(asked), dispute_id))


def _others(pairs: Iterable[tuple[int, int]], own: int) -> Iterable[int]:
    for low, high in pairs:
        yield high if low == own else low
