"""Reading counts. Row-level security keeps viewers to their courts; drafts are for courts only."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, defer

from yuantou.access.permissions import Permission
from yuantou.access.scope import within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.judiciary.counting import Place, folded
from yuantou.judiciary.models import CountBatch, CourtCount
from yuantou.territory.models import Area, Court

Key = tuple[str, date]


@dataclass(frozen=True)
class Submission:
    """Where one court's month stands: released, pending, waiting (not yet due) or overdue.

    `correcting` says that a correction of what was released waits for the second person.
    """

    court: Court
    month: date
    state: str
    count: CourtCount | None = None
    correcting: bool = False

    @property
    def sign(self) -> str:
        """Under which mark it stands in a table of months."""
        return "correcting" if self.correcting else self.state


@dataclass(frozen=True)
class BatchLine:
    """One batch in a list, with its number of rows and the people behind it."""

    batch: CountBatch
    rows: int
    people: Mapping[int, str]


def in_reach(by: Viewer) -> ColumnElement[bool]:
    """Condition on courts whose counts the viewer may see."""
    return or_(within(Court.counts_to_path, by.scope.courts), Court.code == by.scope.court)


def courts_of(session: Session, by: Viewer) -> list[Court]:
    """Courts in the viewer's reach that exist now, by area."""
    query = select(Court).where(in_reach(by), Court.valid_to.is_(None))
    return list(session.scalars(query.order_by(Court.counts_to_path, Court.code)))


def places_of(session: Session, by: Viewer, *, townships: bool) -> dict[str, Place]:
    """Every court by folded name and code; those out of reach are known but not reportable."""
    mine = {court.code for court in courts_of(session, by)}
    found: dict[str, Place] = {}
    for court in session.scalars(select(Court).where(Court.valid_to.is_(None))):
        names = _townships(session, court) if townships and court.code in mine else {}
        place = Place(court.code, court.name, court.code in mine, names)
        found[folded(court.code)] = found[folded(court.name)] = place
    return found


def latest(
    session: Session, courts: Collection[str], months: Collection[date], *, lean: bool = False
) -> dict[Key, CourtCount]:
    """The released row with the highest revision of each court and month; `lean`: without what is
    told by cause and township, of which a page of all courts says nothing."""
    return _newest(session, courts, months, CourtCount.released_at.is_not(None), lean=lean)


def pending(
    session: Session, courts: Collection[str], months: Collection[date]
) -> dict[Key, CourtCount]:
    """Rows that wait for the second person."""
    waiting = select(CountBatch.id).where(
        CountBatch.released_at.is_(None), CountBatch.withdrawn_at.is_(None)
    )
    return _newest(session, courts, months, CourtCount.batch_id.in_(waiting))


def last_revisions(
    session: Session, courts: Collection[str], months: Collection[date]
) -> dict[Key, int]:
    """The highest revision ever given, drafts that were sent back included."""
    rows = _newest(session, courts, months, CourtCount.revision > 0)
    return {key: row.revision for key, row in rows.items()}


def revisions(session: Session, by: Viewer, court: str, month: date) -> list[CourtCount]:
    """All revisions of a court's month, newest first; drafts only for people of the courts."""
    query = select(CourtCount).where(CourtCount.court_code == court, CourtCount.month == month)
    if not sees_drafts(by):
        query = query.where(CourtCount.released_at.is_not(None))
    return list(session.scalars(query.order_by(CourtCount.revision.desc())))


def submissions(
    session: Session, by: Viewer, months: list[date], *, closing_day: int, today: date
) -> list[list[Submission]]:
    """One list per court in reach, one entry per month; also what is missing."""
    courts = courts_of(session, by)
    codes = [court.code for court in courts]
    released = latest(session, codes, months, lean=True)
    waiting = pending(session, codes, months)
    return [
        [_submission(court, month, released, waiting, closing_day, today) for month in months]
        for court in courts
    ]


def batches(session: Session, by: Viewer, *, limit: int = 50) -> list[BatchLine]:
    """Latest batches in the viewer's reach; whoever sees no drafts sees released ones."""
    query = select(CountBatch).order_by(CountBatch.id.desc()).limit(limit)
    if not sees_drafts(by):
        query = query.where(CountBatch.released_at.is_not(None))
    return _batch_lines(session, list(session.scalars(query)))


def waiting(session: Session, by: Viewer) -> list[BatchLine]:
    """Batches that wait for the second person, oldest first; for people of the courts."""
    if not sees_drafts(by):
        return []
    query = select(CountBatch).where(
        CountBatch.released_at.is_(None), CountBatch.withdrawn_at.is_(None)
    )
    return _batch_lines(session, list(session.scalars(query.order_by(CountBatch.id))))


def batch_rows(session: Session, batch_id: int) -> list[CourtCount]:
    """Rows of a batch, by court and month."""
    query = select(CourtCount).where(CourtCount.batch_id == batch_id)
    return list(session.scalars(query.order_by(CourtCount.court_code, CourtCount.month)))


def earlier(session: Session, rows: Collection[CourtCount]) -> dict[int, CourtCount]:
    """For each row (by id) the released revision just before it, where there is one."""
    query = select(CourtCount).where(
        CourtCount.court_code.in_({row.court_code for row in rows}),
        CourtCount.month.in_({row.month for row in rows}),
        CourtCount.released_at.is_not(None),
    )
    known: dict[Key, list[CourtCount]] = {}
    for one in session.scalars(query.order_by(CourtCount.revision)):
        known.setdefault((one.court_code, one.month), []).append(one)
    return {
        row.id: old
        for row in rows
        for old in known.get((row.court_code, row.month), [])
        if old.revision < row.revision
    }


def names_of(session: Session, ids: Iterable[int | None]) -> dict[int, str]:
    """Names of accounts."""
    wanted = {one for one in ids if one}
    query = select(Account.id, Account.display_name).where(Account.id.in_(wanted))
    return {row.id: row.display_name for row in session.execute(query)}


def sees_drafts(by: Viewer) -> bool:
    """Whether rows that nobody released yet are this viewer's business."""
    return by.may(Permission.COUNTS_ENTER) or by.may(Permission.COUNTS_RELEASE)


def previous_month(month: date) -> date:
    """The month before."""
    return (month - timedelta(days=1)).replace(day=1)


def next_month(month: date) -> date:
    """The month after."""
    return (month + timedelta(days=31)).replace(day=1)


def closing_date(month: date, closing_day: int) -> date:
    """The last day on which a month's counts are in time."""
    return next_month(month) + timedelta(days=closing_day - 1)


def _submission(
    court: Court,
    month: date,
    released: Mapping[Key, CourtCount],
    waiting: Mapping[Key, CourtCount],
    closing_day: int,
    today: date,
) -> Submission:
    key = (court.code, month)
    if key in released:
        return Submission(court, month, "released", released[key], key in waiting)
    if key in waiting:
        return Submission(court, month, "pending")
    over = today > closing_date(month, closing_day)
    return Submission(court, month, "overdue" if over else "waiting")


def _newest(
    session: Session,
    courts: Collection[str],
    months: Collection[date],
    condition: ColumnElement[bool],
    *,
    lean: bool = False,
) -> dict[Key, CourtCount]:
    query = (
        select(CourtCount)
        .where(CourtCount.court_code.in_(courts), CourtCount.month.in_(months), condition)
        .ext(distinct_on(CourtCount.court_code, CourtCount.month))
        .order_by(CourtCount.court_code, CourtCount.month, CourtCount.revision.desc())
        .options(*((defer(CourtCount.by_cause), defer(CourtCount.by_township)) if lean else ()))
    )
    return {(row.court_code, row.month): row for row in session.scalars(query)}


def _townships(session: Session, court: Court) -> dict[str, str]:
    query = select(Area).where(Area.path.startswith(court.counts_to_path), Area.level == "township")
    names: dict[str, str] = {}
    for area in session.scalars(query):
        for name in (area.code, area.name, area.short_name):
            names[folded(name)] = area.code
    return names


def _batch_lines(session: Session, found: list[CountBatch]) -> list[BatchLine]:
    counted = (
        select(CourtCount.batch_id, func.count().label("rows"))
        .where(CourtCount.batch_id.in_([batch.id for batch in found]))
        .group_by(CourtCount.batch_id)
    )
    rows = {row.batch_id: row.rows for row in session.execute(counted)}
    people = names_of(session, [one for b in found for one in (b.entered_by, b.released_by)])
    return [BatchLine(batch, rows.get(batch.id, 0), people) for batch in found]
