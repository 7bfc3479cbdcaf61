"""Entering, releasing and sending back counts: one use case, one transaction, one audit row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.access.scope import NOWHERE, Scope
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.judiciary import queries
from yuantou.judiciary.columns import TOWNSHIP
from yuantou.judiciary.counting import Count, Entry, Fault, batch_hash, change_percent, check
from yuantou.judiciary.files import counts_workbook
from yuantou.judiciary.models import CountBatch, CourtCount
from yuantou.notices.service import notify
from yuantou.territory.models import Court

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('court_count'))")


class CountsRefused(Exception):
    """Nothing was written; `faults` say what to mend."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = list(faults)


class ReleaseRefused(Exception):
    """The second person may not do this now; the message says why."""


class NoSuchBatch(Exception):
    """There is no such batch in this viewer's reach."""


@dataclass(frozen=True)
class Item:
    """A court's month as the warnings look at it."""

    court: str
    month: date
    civil: int
    line: int | None = None


@dataclass(frozen=True)
class Correction:
    """A count that replaces a released one."""

    count: Count
    before: CourtCount
    reason: str

    @property
    def changed(self) -> list[tuple[str, int | None, int | None]]:
        """Numbers that differ: key, before, after."""
        pairs = [(key, getattr(self.before, key), now) for key, now in self.count.numbers.items()]
        return [pair for pair in pairs if pair[1] != pair[2]]


@dataclass
class Preview:
    """What entering would do: new rows, corrections, rows that change nothing, faults, warnings."""

    fresh: list[Count] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    unchanged: list[Count] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    @property
    def writes(self) -> list[Count]:
        """The rows that would be written."""
        return [*self.fresh, *(one.count for one in self.corrections)]


def preview(
    session: Session,
    *,
    by: Viewer,
    entries: Sequence[Entry],
    warn_percent: int,
    reason: str = "",
    now: datetime | None = None,
) -> Preview:
    """Everything that is wrong, strange or new in `entries`; writes nothing."""
    today = clock.local(now or clock.now()).date()
    with_townships = any(key.startswith(TOWNSHIP) for one in entries for key in one.texts)
    places = queries.places_of(session, by, townships=with_townships)
    counts, faults = check(entries, places, today)
    made = Preview(faults=faults)
    courts, months = {one.court for one in counts}, {one.month for one in counts}
    released = queries.latest(session, courts, months)
    waiting = queries.pending(session, courts, months)
    for count in counts:
        _sort_in(made, count, released, waiting, reason)
    items = [
        Item(one.court, one.month, one.numbers["civil_first_new"] or 0, one.line)
        for one in made.writes
    ]
    made.warnings = warnings_on(session, items, warn_percent=warn_percent, today=today)
    return made


def warnings_on(
    session: Session, items: Sequence[Item], *, warn_percent: int, today: date
) -> list[Fault]:
    """What the second person should look at: jumps from month to month, months not over."""
    months = {queries.previous_month(one.month) for one in items}
    released = queries.latest(session, {one.court for one in items}, months)
    known = {key: row.civil_first_new for key, row in released.items()}
    known |= {(one.court, one.month): one.civil for one in items}
    found = [_jump(one, known, warn_percent) for one in items]
    found += [_unfinished(one, today) for one in items]
    return [one for one in found if one]


def enter(
    session: Session,
    *,
    by: Viewer,
    entries: Sequence[Entry],
    origin: str,
    file_name: str | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> CountBatch | None:
    """Write the rows that are new or corrected, unreleased; None when nothing changes."""
    now = now or clock.now()
    session.execute(_ONE_AT_A_TIME)
    found = preview(session, by=by, entries=entries, warn_percent=100, reason=reason, now=now)
    if found.faults or not found.writes:
        session.rollback()  # lets the next clerk in
    if found.faults:
        raise CountsRefused(found.faults)
    if not found.writes:
        return None
    batch = _write(session, by, found.writes, origin, file_name, reason, now)
    title = _("法院收案月报待审核：%(n)s 行", n=len(found.writes))
    _tell(session, batch, agency_id=by.agency.id, title=title, now=now)
    record(
        session,
        action="counts:enter",
        object_type="count_batch",
        object_id=batch.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"rows": len(found.writes), "origin": origin, "content": batch.content_hash},
    )
    session.commit()
    return batch


def release(
    session: Session, *, by: Viewer, batch_id: int, now: datetime | None = None
) -> CountBatch:
    """The second person releases a batch: from now on its rows count."""
    now = now or clock.now()
    batch = _waiting_batch(session, by, batch_id)
    if batch.entered_by == by.id:
        raise ReleaseRefused(_("录入和审核必须是两个人：这一批是您录入的，请由本院审核人发布"))
    batch.released_by, batch.released_at = by.id, now
    rows = queries.batch_rows(session, batch.id)
    for row in rows:
        row.released_at = now
    _noted(session, by, batch, "counts:release", {"rows": len(rows)})
    return batch


def send_back(
    session: Session, *, by: Viewer, batch_id: int, reason: str, now: datetime | None = None
) -> CountBatch:
    """The reviewer sends a batch back, or who entered it takes it back: it will never count."""
    if not reason.strip():
        raise ReleaseRefused(_("请写明退回或撤回的原因"))
    batch = _waiting_batch(session, by, batch_id)
    batch.withdrawn_at, batch.withdrawn_by = now or clock.now(), by.id
    batch.withdrawn_reason = reason.strip()
    clerk = session.get_one(Account, batch.entered_by)
    if clerk.id != by.id:
        title = _("法院收案月报被退回，请看原因")
        unit = clerk.agency_id
        _tell(session, batch, agency_id=unit, account_id=clerk.id, title=title, now=now)
    _noted(session, by, batch, "counts:send_back", {})
    return batch


def export(session: Session, *, by: Viewer, court: Court, months: Sequence[date]) -> bytes:
    """Released counts of one court as a workbook, newest first; taking away is audited."""
    released = queries.latest(session, [court.code], months)
    record(
        session,
        action="counts:export",
        object_type="court",
        object_id=court.code,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"rows": len(released)},
    )
    rows = [released[key] for key in sorted(released, reverse=True)]
    made = counts_workbook(court, rows)
    session.commit()
    return made


def may_decide(session: Session, by: Viewer, batch: CountBatch) -> bool:
    """Colleagues of who entered it see the whole batch; so does a court above all of it."""
    scope: Scope = by.scope
    entered_by = session.get_one(Account, batch.entered_by)
    above = scope.courts != NOWHERE and scope.courts.lo <= batch.area_path < scope.courts.hi
    return above or entered_by.agency_id == by.agency.id


def _waiting_batch(session: Session, by: Viewer, batch_id: int) -> CountBatch:
    batch = session.get(CountBatch, batch_id, with_for_update=True, populate_existing=True)
    if batch is None:
        raise NoSuchBatch
    if not may_decide(session, by, batch):
        raise ReleaseRefused(_("这一批由其他法院录入，请由录入法院或其上级法院审核"))
    if batch.released_at:
        raise ReleaseRefused(_("这一批已经发布，没有再改动；要更正请重新报送，写明更正说明"))
    if batch.withdrawn_at:
        raise ReleaseRefused(_("这一批已经退回，请重新报送"))
    return batch


def _tell(
    session: Session,
    batch: CountBatch,
    *,
    agency_id: int,
    title: str,
    now: datetime | None,
    account_id: int | None = None,
) -> None:
    notify(
        session,
        agency_id=agency_id,
        account_id=account_id,
        kind="counts",
        title=title,
        link=f"/judiciary/batches/{batch.id}",
        now=now,
    )


def _noted(
    session: Session, by: Viewer, batch: CountBatch, action: str, facts: Mapping[str, object]
) -> None:
    record(
        session,
        action=action,
        object_type="count_batch",
        object_id=batch.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
    session.commit()


def _sort_in(
    made: Preview,
    count: Count,
    released: Mapping[queries.Key, CourtCount],
    waiting: Mapping[queries.Key, CourtCount],
    reason: str,
) -> None:
    key = (count.court, count.month)
    held, before = waiting.get(key), released.get(key)
    if (held or before) and (held or before).content_hash == count.content_hash:  # type: ignore[union-attr]
        made.unchanged.append(count)
    elif held:
        message = _("%(month)s 已有另一批在待审核，请先撤回那一批", month=f"{count.month:%Y-%m}")
        made.faults.append(Fault(message, "month", count.line))
    elif before is None:
        made.fresh.append(count)
    elif count.reason or reason.strip():
        made.corrections.append(Correction(count, before, count.reason or reason.strip()))
    else:
        message = _("%(month)s 已发布过，改动要写更正说明", month=f"{count.month:%Y-%m}")
        made.faults.append(Fault(message, "reason", count.line))


def _jump(item: Item, known: Mapping[queries.Key, int], percent: int) -> Fault | None:
    before = known.get((item.court, queries.previous_month(item.month)))
    change = None if before is None else change_percent(item.civil, before)
    if change is None or abs(change) <= percent:
        return None
    message = _(
        "%(month)s 民事一审新收 %(now)s 件，上月 %(before)s 件，变动 %(change)s%%，请核对",
        month=f"{item.month:%Y-%m}",
        now=item.civil,
        before=before,
        change=f"{change:+d}".replace("-", "−"),
    )
    return Fault(message, "civil_first_new", item.line)


def _unfinished(item: Item, today: date) -> Fault | None:
    if item.month != today.replace(day=1):
        return None
    message = _("%(month)s 还没有结束，确认是整月的数再报", month=f"{item.month:%Y-%m}")
    return Fault(message, "month", item.line)


def _write(
    session: Session,
    by: Viewer,
    counts: Sequence[Count],
    origin: str,
    file_name: str | None,
    reason: str,
    now: datetime,
) -> CountBatch:
    codes, months = {one.court for one in counts}, {one.month for one in counts}
    courts = {code: session.get_one(Court, code) for code in codes}
    revisions = queries.last_revisions(session, codes, months)
    batch = CountBatch(
        origin=origin,
        file_name=file_name[:200] if file_name else None,
        content_hash=batch_hash(counts),
        area_path=_common_path([court.counts_to_path for court in courts.values()]),
        entered_by=by.id,
        entered_at=now,
    )
    session.add(batch)
    session.flush()
    for count in counts:
        revision = revisions.get((count.court, count.month), 0) + 1
        row = _row(count, courts[count.court], batch.id, revision, count.reason or reason.strip())
        row.demo = by.agency.demo
        session.add(row)
    session.flush()
    return batch


def _row(count: Count, court: Court, batch_id: int, revision: int, reason: str) -> CourtCount:
    return CourtCount(
        batch_id=batch_id,
        court_code=court.code,
        counts_to_code=court.counts_to_code,
        counts_to_path=court.counts_to_path,
        month=count.month,
        revision=revision,
        regime=count.regime,
        basis=count.basis,
        **count.numbers,
        by_cause=dict(count.by_cause) if count.by_cause else None,
        by_township=dict(count.by_township) if count.by_township else None,
        attribution=count.attribution,
        reason=reason or None,
        content_hash=count.content_hash,
        released_at=None,
    )


def _common_path(paths: Collection[str]) -> str:
    parts = [path.rstrip("/").split("/") for path in paths]
    shared = []
    for names in zip(*parts, strict=False):
        if len(set(names)) > 1:
            break
        shared.append(names[0])
    return "".join(f"{name}/" for name in shared)
