"""Grouping matters of one kind: made, widened, narrowed, renamed, ended; each member knows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.coordination.series import queries
from yuantou.coordination.series.models import Series, SeriesMember
from yuantou.database.twins import twin_of
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.notices.service import notify


class SeriesRefusedError(Exception):
    """Why a series cannot be changed so; the words are for the page."""


@dataclass
class Outcome:
    """What came of adding matters: the series, and who stayed outside with the reason."""

    series: Series
    added: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def make(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    name: str,
    cause: str,
    dispute_ids: Sequence[int],
    lead_agency_id: int,
    respondent: str = "",
    now: datetime | None = None,
) -> Outcome:
    """Group matters under a name and a lead; the same submission again is the same series."""
    if known := twin_of(session, Series, submission):
        return Outcome(known)
    at, found = now or clock.now(), queries.matters(session, by, dispute_ids)
    if respondent and respondent not in queries.organisations(session, [one.id for one in found]):
        raise SeriesRefusedError(_("共同的对方只能是这些事项里登记的单位"))
    series = Series(
        submission=submission,
        name=name,
        cause=cause,
        respondent=respondent or None,
        area_code=by.agency.area_code,
        area_path=by.agency.area_path,
        agency_id=by.agency.id,
        lead_agency_id=lead_agency_id,
        lead_dispute_id=None,
        size=0,
        made_by=by.id,
        made_at=at,
        ended_at=None,
    )
    session.add(series)
    session.flush()
    outcome = _add(session, by, series, found, at)
    if not outcome.added:
        raise SeriesRefusedError(_refused(outcome))
    _tell(session, by, series)
    _finish(session, by, "series:make", series, {"added": outcome.added})
    return outcome


def add(
    session: Session,
    *,
    by: Viewer,
    series_id: int,
    dispute_ids: Sequence[int],
    now: datetime | None = None,
) -> Outcome:
    """Put more matters into a series; those that cannot be are left and said."""
    series = _locked(session, by, series_id)
    found = queries.matters(session, by, dispute_ids)
    outcome = _add(session, by, series, found, now or clock.now())
    if not outcome.added:
        raise SeriesRefusedError(_refused(outcome))
    _finish(session, by, "series:add", series, {"added": outcome.added})
    return outcome


def remove(
    session: Session,
    *,
    by: Viewer,
    series_id: int,
    dispute_id: int,
    reason: str,
    now: datetime | None = None,
) -> Series:
    """Take one matter out again; it goes on by itself."""
    series, at = _locked(session, by, series_id), now or clock.now()
    row = session.scalars(
        select(SeriesMember).where(
            SeriesMember.series_id == series.id,
            SeriesMember.dispute_id == dispute_id,
            SeriesMember.removed_at.is_(None),
        )
    ).first()
    dispute = session.get(Dispute, dispute_id)
    if row is None or dispute is None:
        raise SeriesRefusedError(_("这件事项已不在系列里"))
    row.removed_at, row.removed_by, row.reason = at, by.id, reason
    series.size -= 1
    if series.lead_dispute_id == dispute_id:
        series.lead_dispute_id = None
    _note(session, by, dispute, "series_left", series, at, reason)
    _finish(session, by, "series:remove", series, {"dispute": dispute_id})
    return series


def change(
    session: Session,
    *,
    by: Viewer,
    series_id: int,
    name: str,
    cause: str,
    lead_agency_id: int,
    lead_dispute_id: int | None,
) -> Series:
    """Another name, lead agency or lead matter; the lead matter is a member in sight."""
    series = _locked(session, by, series_id)
    shown = {row.id for row in queries.members_of(session, by, series).rows}
    if lead_dispute_id and lead_dispute_id not in shown:
        raise SeriesRefusedError(_("牵头事项要在系列之中"))
    led = series.lead_agency_id
    series.name, series.cause = name, cause
    series.lead_agency_id, series.lead_dispute_id = lead_agency_id, lead_dispute_id
    if led != lead_agency_id:
        _tell(session, by, series)
    _finish(session, by, "series:change", series, {"lead_agency": lead_agency_id})
    return series


def end(session: Session, *, by: Viewer, series_id: int) -> Series:
    """The series is over; its members keep their place in it for the record."""
    series = _locked(session, by, series_id)
    series.ended_at = clock.now()
    _finish(session, by, "series:end", series, {"size": series.size})
    return series


def _locked(session: Session, by: Viewer, series_id: int) -> Series:
    series = session.get(Series, series_id, with_for_update=True, populate_existing=True)
    if series is None:
        raise SeriesRefusedError(_("范围内没有这个系列"))
    if not queries.may_manage(by, series):
        raise SeriesRefusedError(_("由系列所在地的综治中心或牵头单位维护；已结束的不再改动"))
    return series


def _add(
    session: Session, by: Viewer, series: Series, found: Iterable[Dispute], at: datetime
) -> Outcome:
    outcome = Outcome(series)
    for dispute in found:
        why = _barred(session, dispute, series)
        if why:
            outcome.left.append((dispute.number or dispute.title, why))
            continue
        session.add(
            SeriesMember(
                series_id=series.id,
                dispute_id=dispute.id,
                added_by=by.id,
                added_at=at,
                removed_at=None,
                removed_by=None,
                reason="",
            )
        )
        session.flush()
        _note(session, by, dispute, "series_joined", series, at)
        outcome.added += 1
    series.size += outcome.added
    session.flush()
    return outcome


def _barred(session: Session, dispute: Dispute, series: Series) -> str:
    """Why a matter does not go into the series; '' when it may."""
    if dispute.restricted:
        return _("限制知悉的事项不归入系列案")
    if dispute.state in queries.APART:
        return _("已并入另一件，请归入那一件")
    held = queries.series_of(session, dispute.id)
    if held is None:
        return ""
    same = held.Series.id == series.id
    return _("已在这个系列里") if same else _("已在系列“%(name)s”里", name=held.Series.name)


def _refused(outcome: Outcome) -> str:
    words = [f"{who}：{why}" for who, why in outcome.left]
    return "；".join(words) or _("范围内没有这些事项")


def _note(
    session: Session,
    by: Viewer,
    dispute: Dispute,
    event: str,
    series: Series,
    at: datetime,
    words: str = "",
) -> None:
    note = "：".join(filter(None, (series.name, words)))
    facts = {"series_id": series.id}
    note_event(session, dispute=dispute, event=event, by=by, note=note, facts=facts, at=at)


def _tell(session: Session, by: Viewer, series: Series) -> None:
    if series.lead_agency_id != by.agency.id:
        notify(
            session,
            agency_id=series.lead_agency_id,
            kind="series_led",
            title=_("请牵头办理系列案 %(n)s", n=series.id),
            link=f"/series/{series.id}",
        )


def _finish(
    session: Session, by: Viewer, action: str, series: Series, facts: dict[str, Any]
) -> None:
    record(
        session,
        action=action,
        object_type="series",
        object_id=series.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
    session.commit()
