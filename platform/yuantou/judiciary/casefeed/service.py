"""Taking a feed in, laying it before the second person, releasing, taking back, opening."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.judiciary.casefeed import queries
from yuantou.judiciary.casefeed.models import FeedBatch, FeedParty, FeedSuit, SuitFeedMonth
from yuantou.judiciary.casefeed.reading import Suit
from yuantou.judiciary.queries import next_month
from yuantou.notices.service import notify
from yuantou.territory.models import Court

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('case_feed'))")


class FeedRefused(Exception):
    """This may not be done now; the message says why."""


class NoSuchFeed(Exception):
    """There is no such batch in this viewer's court."""


def enter(
    session: Session,
    *,
    by: Viewer,
    court: Court,
    first: date,
    last: date,
    suits: Sequence[Suit],
    origin: str,
    file_name: str | None = None,
    now: datetime | None = None,
) -> FeedBatch:
    """Keep what was checked as a draft of its clerk; the same content leads to what is there."""
    session.execute(_ONE_AT_A_TIME)
    content = _content(court, first, last, suits)
    again = _standing(session, court, content)
    if again is not None:
        session.rollback()
        return again
    known = queries.known_keys(session, court.code, [each.key for each in suits])
    batch = FeedBatch(
        court_code=court.code,
        counts_to_path=court.counts_to_path,
        first_month=first,
        last_month=last,
        origin=origin,
        file_name=file_name,
        content_hash=content,
        unchanged=len(known),
        entered_by=by.id,
        entered_at=now or clock.now(),
        demo=by.agency.demo,
    )
    session.add(batch)
    session.flush()
    _write(session, batch, [each for each in suits if each.key not in known])
    _noted(session, by, batch, "casefeed:enter", {"rows": len(suits) - len(known)})
    return batch


def submit(
    session: Session, *, by: Viewer, batch_id: int, now: datetime | None = None
) -> FeedBatch:
    """Lay a draft before the second person."""
    batch = _held(session, batch_id)
    if batch.entered_by != by.id:
        raise FeedRefused(_("由录入的人提交"))
    if batch.submitted_at is None:
        batch.submitted_at = now or clock.now()
        notify(
            session,
            agency_id=by.agency.id,
            kind="counts",
            title=_("案件级数据待审核：%(month)s 起", month=f"{batch.first_month:%Y-%m}"),
            link=f"/judiciary/casefeed/{batch.id}",
            now=now,
        )
        _noted(session, by, batch, "casefeed:submit", {})
    return batch


def release(
    session: Session, *, by: Viewer, batch_id: int, now: datetime | None = None
) -> FeedBatch:
    """The second person releases: its months are covered, and its suits are compared."""
    batch = _held(session, batch_id)
    if batch.submitted_at is None:
        raise FeedRefused(_("还没有提交审核"))
    if batch.entered_by == by.id:
        raise FeedRefused(_("录入和审核必须是两个人：这一批是您录入的，请由本院审核人发布"))
    if batch.released_at is not None:
        raise FeedRefused(_("这一批已经发布"))
    at = now or clock.now()
    month = batch.first_month
    while month <= batch.last_month:
        session.add(
            SuitFeedMonth(
                court_code=batch.court_code, month=month, batch_id=batch.id, released_at=at
            )
        )
        month = next_month(month)
    batch.released_at, batch.released_by = at, by.id
    _noted(session, by, batch, "casefeed:release", {})
    return batch


def take_back(
    session: Session, *, by: Viewer, batch_id: int, reason: str, now: datetime | None = None
) -> FeedBatch:
    """Delete the rows of a batch and what they covered; that it stood there remains."""
    if not reason.strip():
        raise FeedRefused(_("请写明退回或撤回的原因"))
    batch = _held(session, batch_id)
    session.execute(delete(FeedSuit).where(FeedSuit.batch_id == batch.id))
    session.execute(delete(SuitFeedMonth).where(SuitFeedMonth.batch_id == batch.id))
    batch.withdrawn_at, batch.withdrawn_by = now or clock.now(), by.id
    batch.withdrawn_reason = reason.strip()
    _noted(session, by, batch, "casefeed:take_back", {})
    return batch


def opened(session: Session, *, by: Viewer, batch_id: int, reason: str) -> list[queries.Line]:
    """The rows of a batch; that they were looked at, and why, is kept."""
    batch = _held(session, batch_id)
    found = queries.lines(session, batch.id)
    _noted(session, by, batch, "casefeed:open", {"rows": len(found), "reason": reason})
    return found


def _content(court: Court, first: date, last: date, suits: Sequence[Suit]) -> str:
    made = hashlib.sha256(f"{court.code}\x1f{first}\x1f{last}".encode())
    for each in sorted(suits, key=lambda one: one.key):
        told = f"{each.cause}\x1f{each.filed_on}\x1f{each.area_code}".encode()
        made.update(each.key + told + b"".join(each.parties))
    return made.hexdigest()


def _standing(session: Session, court: Court, content: str) -> FeedBatch | None:
    query = select(FeedBatch).where(
        FeedBatch.court_code == court.code,
        FeedBatch.content_hash == content,
        FeedBatch.withdrawn_at.is_(None),
    )
    return session.scalars(query.limit(1)).first()


def _write(session: Session, batch: FeedBatch, suits: Sequence[Suit]) -> None:
    rows = [
        FeedSuit(
            batch_id=batch.id,
            court_code=batch.court_code,
            suit_key=each.key,
            case_hash=each.case_hash,
            cause=each.cause,
            type=each.type,
            filed_on=each.filed_on,
            area_code=each.area_code,
        )
        for each in suits
    ]
    session.add_all(rows)
    session.flush()
    session.add_all(
        FeedParty(suit_id=row.id, id_index=index)
        for row, each in zip(rows, suits, strict=True)
        for index in each.parties
    )
    session.flush()


def _held(session: Session, batch_id: int) -> FeedBatch:
    batch = session.get(FeedBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NoSuchFeed
    if batch.withdrawn_at is not None:
        raise FeedRefused(_("这一批已经撤回，请重新报送"))
    return batch


def _noted(
    session: Session, by: Viewer, batch: FeedBatch, action: str, facts: Mapping[str, object]
) -> None:
    record(
        session,
        action=action,
        object_type="feed_batch",
        object_id=batch.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
    session.commit()
