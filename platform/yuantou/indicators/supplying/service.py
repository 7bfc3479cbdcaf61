"""Supplying counts and taking them back: nothing is overwritten, every change is a revision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.indicators.models import SuppliedCount
from yuantou.indicators.supplying.queries import Key, duty_of, earlier, saved_at, standing
from yuantou.indicators.supplying.reading import Told
from yuantou.territory.models import Area

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('supplied_count'))")


class SupplyRefused(Exception):
    """Nothing was written; the message says why."""


@dataclass
class Preview:
    """What supplying would do: new numbers, corrections (with what stands there), no change."""

    fresh: list[Told] = field(default_factory=list)
    corrections: list[tuple[Told, SuppliedCount]] = field(default_factory=list)
    unchanged: list[Told] = field(default_factory=list)

    @property
    def writes(self) -> list[Told]:
        """What would be written."""
        return [*self.fresh, *(told for told, _before in self.corrections)]


def preview(session: Session, told: Sequence[Told]) -> Preview:
    """What is new, corrected, the same; writes nothing."""
    made, held = Preview(), _held(session, told)
    for each in told:
        before = held.get((each.component, each.area_code, each.month))
        if before is None or before.value is None:
            made.fresh.append(each)
        elif before.value == each.value:
            made.unchanged.append(each)
        else:
            made.corrections.append((each, before))
    return made


def supply(
    session: Session,
    *,
    by: Viewer,
    told: Sequence[Told],
    source: str,
    reason: str = "",
    now: datetime | None = None,
) -> int:
    """Append what is new or corrected; returns how many. A correction needs its reason."""
    _refuse_others(session, by, told)
    session.execute(_ONE_AT_A_TIME)
    found = preview(session, told)
    if found.corrections and not reason.strip():
        session.rollback()
        raise SupplyRefused(_("改动已经报过的数，要写更正说明"))
    words = _("%(source)s；更正：%(why)s", source=source, why=reason.strip())
    written = words if found.corrections else source
    _append(session, by, found.writes, written, now or clock.now())
    if found.writes:
        _noted(session, by, "supply:enter", len(found.writes))
    session.commit()
    return len(found.writes)


def undo(
    session: Session, *, by: Viewer, at: datetime, reason: str, now: datetime | None = None
) -> int:
    """Put back, as new revisions, what stood before one saving; returns how many numbers."""
    if not reason.strip():
        raise SupplyRefused(_("请写明撤销的原因"))
    session.execute(_ONE_AT_A_TIME)
    rows = saved_at(session, by, at)
    held = _held(session, rows)
    newest = [row for row in rows if held[row.component, row.area_code, row.month].id == row.id]
    if not newest:
        session.rollback()
        raise SupplyRefused(_("这一次报的数已经被后来的更正取代，没有可撤的"))
    moment = now or clock.now()
    for row in newest:
        session.add(
            _row(
                by,
                row,
                row.area_path,
                row.revision + 1,
                earlier(session, row),
                _("撤销：%(why)s", why=reason.strip()),
                moment,
            )
        )
    _noted(session, by, "supply:undo", len(newest))
    session.commit()
    return len(newest)


def _refuse_others(session: Session, by: Viewer, told: Sequence[Told]) -> None:
    duty = duty_of(session, by)
    areas = {each.code for each in duty.areas}
    if any(one.component not in duty.components or one.area_code not in areas for one in told):
        raise SupplyRefused(_("不是本单位提供的数，或者不是本单位的地区"))


def _held(session: Session, told: Iterable[Told | SuppliedCount]) -> dict[Key, SuppliedCount]:
    every = list(told)
    if not every:
        return {}
    return standing(
        session,
        {each.component for each in every},
        {each.area_code for each in every},
        min(each.month for each in every),
        max(each.month for each in every),
    )


def _append(session: Session, by: Viewer, told: Sequence[Told], source: str, at: datetime) -> None:
    held = _held(session, told)
    for each in told:
        before = held.get((each.component, each.area_code, each.month))
        path = session.get_one(Area, each.area_code).path
        revision = before.revision + 1 if before else 1
        session.add(_row(by, each, path, revision, each.value, source, at))
    session.flush()


def _row(
    by: Viewer,
    of: Told | SuppliedCount,
    path: str,
    revision: int,
    value: int | None,
    source: str,
    at: datetime,
) -> SuppliedCount:
    return SuppliedCount(
        component=of.component,
        area_code=of.area_code,
        area_path=path,
        month=of.month,
        revision=revision,
        value=value,
        source=source,
        agency_id=by.agency.id,
        entered_by=by.id,
        entered_at=at,
        demo=by.agency.demo,
    )


def _noted(session: Session, by: Viewer, action: str, rows: int) -> None:
    record(
        session,
        action=action,
        object_type="supplied_count",
        object_id=by.agency.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"rows": rows},
    )
