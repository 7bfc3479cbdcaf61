"""Making bulletins: one for every county and period, told to its centre; none is changed later."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.audit.verification import head_of
from yuantou.bulletins import queries
from yuantou.bulletins.content import content, provisional
from yuantou.bulletins.gathering import Raw, counties, gather
from yuantou.bulletins.models import Bulletin
from yuantou.bulletins.periods import Period, Rhythm, before
from yuantou.bulletins.words import title
from yuantou.calendar.clock import local
from yuantou.indicators.keeping import keep_stale
from yuantou.notices.service import notify
from yuantou.territory.models import Area

Progress = Callable[[int, int], None]
REPORT_EVERY = 10


class NothingToReport(RuntimeError):
    """There is no county: a run without result must not look done."""


def publish(
    session: Session, *, rhythm: Rhythm, due: datetime, now: datetime, progress: Progress
) -> int:
    """Step: the bulletins of the period before `due` that are not there yet; returns how many."""
    period = before(rhythm, local(due).date())
    areas = counties(session, period.end)
    if not areas:
        raise NothingToReport("没有任何县区，无法生成通报（请先载入区划）")
    there = queries.editions(session, rhythm, period.start)
    wanted = [area for area in areas if area.code not in there]
    return _make(session, wanted, period, {}, due, now, progress) if wanted else 0


def complete(session: Session, *, now: datetime, progress: Progress) -> int:
    """Step: a further edition of monthly bulletins that lacked a court and lack it no more."""
    waiting = queries.provisional(session, Rhythm.MONTHLY, now)
    made = 0
    for start, rows in waiting.items():
        areas = [each for each in counties(session, start) if each.code in rows]
        period = before(Rhythm.MONTHLY, next(iter(rows.values())).period_end + timedelta(days=1))
        editions = {code: row.edition for code, row in rows.items()}
        made += _make(session, areas, period, editions, now, now, progress)
    return made


def note_export(session: Session, *, by: Viewer, bulletin: Bulletin) -> None:
    """Record that a bulletin was taken along as a file."""
    record(
        session,
        action="bulletin:export",
        object_type="bulletin",
        object_id=bulletin.id,
        account_id=by.id,
        agency_id=by.agency.id,
    )
    session.commit()


def _make(
    session: Session,
    areas: Sequence[Area],
    period: Period,
    editions: dict[str, int],
    due: datetime,
    now: datetime,
    progress: Progress,
) -> int:
    keep_stale(session, now=now)
    head = str(head_of(session)) if period.rhythm is Rhythm.DAILY else ""
    made = []
    for number, raw in enumerate(gather(session, areas, period, local(now)), start=1):
        row = _bulletin(raw, period, editions.get(raw.area.code, 0), head, due, local(now))
        if not (row.provisional and row.edition > 1):
            made.append(row)
        if number % REPORT_EVERY == 0:
            progress(number, len(areas))
    session.add_all(made)
    session.flush()
    _tell(session, made, now)
    progress(len(areas), len(areas))
    return len(made)


def _bulletin(
    raw: Raw, period: Period, edition: int, head: str, due: datetime, now: datetime
) -> Bulletin:
    said = content(raw, period, now)
    return Bulletin(
        area_code=raw.area.code,
        area_path=raw.area.path,
        rhythm=str(period.rhythm),
        period_start=period.start,
        period_end=period.end,
        edition=edition + 1,
        provisional=provisional(said, period, now),
        content=said,
        audit_head=head,
        due_at=due,
        made_at=now,
    )


def _tell(session: Session, made: Sequence[Bulletin], now: datetime) -> None:
    """Into the inbox of each county's centre."""
    centres = queries.county_centres(session)
    for row in made:
        if row.area_code in centres:
            notify(
                session,
                agency_id=centres[row.area_code],
                kind=f"bulletin_{row.rhythm}",
                title=title(row),
                link=f"/bulletins/{row.id}",
                now=now,
            )
