"""The night: counts read once, judged, kept, and what is unusual or missing raised as warnings."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from yuantou.alerts.detection import queries, raising
from yuantou.alerts.detection.apart import Reckon, here
from yuantou.alerts.detection.backtest import Event, backtest
from yuantou.alerts.detection.judging import (
    ALARM,
    SKIPPED,
    Progress,
    Verdict,
    judge,
    known,
    old_enough,
)
from yuantou.alerts.detection.models import BackTest, Signal, SignalNight, SmallestRise
from yuantou.alerts.detection.queries import Silence, SilentCourt
from yuantou.alerts.detection.series import ALL, Series
from yuantou.alerts.detection.smallest import smallest_rises
from yuantou.alerts.detection.terms import Terms
from yuantou.audit.service import record

LOCK = 0x59544454
NIGHT_WEEKS = 5 * 52 + 3 + 27  # what Farrington asks for, and the weeks it is compared with

Signed = tuple[str, str, str]


class NothingToWatch(RuntimeError):
    """There are no areas: the territory was not loaded."""


@dataclass(frozen=True)
class Raised:
    """What a night raised: unusual places and types, and who sent nothing."""

    unusual: int
    missing: int


def detect(
    session: Session,
    night: date,
    terms: Terms,
    *,
    month: date | None,
    now: datetime,
    progress: Progress,
    reckon: Reckon = here,
) -> Raised:
    """Use case of the worker: judge the week that ended on `night`; doing it again adds nothing.

    `month` is the court month that must have come by now, None before any must. `reckon` says
    in which process the judging is done.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    places = queries.places(session)
    if not places:
        raise NothingToWatch("没有区域数据，无法发现异常：请先载入区域。")
    silent = queries.silent_counties(session, night, terms.missing_expected)
    courts = queries.silent_courts(session, month) if month else []
    series = queries.series(session, places, night, NIGHT_WEEKS, terms.township_cases)
    series = _without(series, {each.code for each in silent})
    given = (series, queries.neighbours(session), terms)
    verdicts: list[Verdict] = reckon(judge, *given, progress=progress)
    unusual, warned = raising.raise_unusual(session, series, verdicts, terms, now)
    missing = raising.raise_silent(session, silent, terms, now)
    missing += raising.raise_courts(session, courts, terms, now)
    _keep(session, series, verdicts, warned, terms, night)
    _keep_night(session, series, verdicts, silent, courts, terms, night, now)
    raised = Raised(unusual, missing)
    record(
        session, action="alert:detect", object_type="signal_night",
        object_id=night.isoformat(), account_id=None,
        facts={"judged": sum(each.state != SKIPPED for each in verdicts),
               "warnings": raised.unusual, "missing": raised.missing},
    )  # fmt: skip
    return raised


def keep_rises(session: Session, night: date, terms: Terms, *, seed: int) -> int:
    """Use case of the worker: simulate anew what would be noticed in each county and type."""
    places = queries.places(session)
    series = queries.series(session, places, night, NIGHT_WEEKS, terms.township_cases)
    rises = smallest_rises(series, terms, _tests(session), seed)
    rows = [
        {
            "area_code": place.code, "type": series.types[row], "area_path": place.path,
            "night": night, "usual": float(rises.usual[row]),
            "extra": None if np.isnan(rises.extra[row]) else int(rises.extra[row]),
            "detector": rises.detector[row],
        }
        for row, place in enumerate(series.places)
        if series.of_counties[row] and not np.isnan(rises.usual[row])
    ]  # fmt: skip
    session.execute(delete(SmallestRise))
    if rows:
        session.execute(insert(SmallestRise), rows)
    return len(rows)


def keep_backtest(
    session: Session,
    last: date,
    terms: Terms,
    *,
    events: Sequence[Event] | None,
    now: datetime,
    progress: Progress,
    reckon: Reckon = here,
) -> BackTest:
    """Use case of the worker: what the detectors would have said over the past weeks, kept."""
    weeks = NIGHT_WEEKS + terms.backtest_weeks
    found = queries.series(session, queries.places(session), last, weeks, terms.township_cases)
    work = partial(backtest, events=events)
    given = (found, queries.neighbours(session), terms)
    content: dict[str, Any] = reckon(work, *given, progress=progress)
    made = BackTest(
        ran_at=now, last=last, weeks=content["weeks"], seed=last.toordinal(),
        version=terms.version, content=content,
    )  # fmt: skip
    session.add(made)
    session.flush()
    record(
        session, action="alert:backtest", object_type="backtest", object_id=made.id,
        account_id=None, facts={"last": last.isoformat(), "version": terms.version},
    )  # fmt: skip
    return made


def _tests(session: Session) -> int:
    """How many series the newest night judged."""
    night = session.scalars(select(SignalNight).order_by(SignalNight.night.desc()).limit(1)).first()
    if night is None:
        return 0
    return sum(each["alarm"] + each["quiet"] for each in night.counted.values())


def _without(series: Series, silent: set[str]) -> Series:
    """Blank the last week of counties that sent nothing: their zero is no zero."""
    counts = series.counts.copy()
    rows = [row for row, place in enumerate(series.places) if place.county in silent]
    counts[rows, -1] = np.nan
    return replace(series, counts=counts)


def _keep(
    session: Session,
    series: Series,
    verdicts: Sequence[Verdict],
    warned: Mapping[int, int],
    terms: Terms,
    night: date,
) -> None:
    """The night's rows in place of an earlier try, and of earlier nights only what was unusual."""
    former = _former(session, night)
    session.execute(delete(Signal).where(Signal.night == night))
    session.execute(delete(Signal).where(Signal.state != ALARM, Signal.night < night))
    rows = [_row(series, verdict, warned, former, terms, night) for verdict in verdicts]
    if rows:
        session.execute(insert(Signal), rows)


def _former(session: Session, night: date) -> dict[Signed, int]:
    """Warnings that the signals of this night, from an earlier try, already belong to."""
    rows = session.execute(
        select(Signal.detector, Signal.area_code, Signal.type, Signal.warning_id).where(
            Signal.night == night, Signal.warning_id.is_not(None)
        )
    )
    return {(row.detector, row.area_code, row.type): row.warning_id or 0 for row in rows}


def _row(
    series: Series,
    verdict: Verdict,
    warned: Mapping[int, int],
    former: Mapping[Signed, int],
    terms: Terms,
    night: date,
) -> dict[str, Any]:
    place, type_ = series.places[verdict.row], series.types[verdict.row]
    signed = (verdict.detector, place.code, type_)
    return {
        "night": night, "detector": verdict.detector, "version": terms.version,
        "area_code": place.code, "area_path": place.path, "type": type_,
        "state": verdict.state, "reason": verdict.reason, "weeks": verdict.weeks,
        "observed": known(verdict.observed), "expected": known(verdict.expected),
        "upper": known(verdict.upper), "p": known(verdict.p), "q": known(verdict.q),
        "members": [series.places[row].code for row in verdict.members],
        "warning_id": (warned.get(verdict.row) or former.get(signed))
        if verdict.state == ALARM else None,
    }  # fmt: skip


def _keep_night(
    session: Session,
    series: Series,
    verdicts: Sequence[Verdict],
    silent: Sequence[Silence],
    courts: Sequence[SilentCourt],
    terms: Terms,
    night: date,
    now: datetime,
) -> None:
    counted: dict[str, Counter[str]] = {}
    for verdict in verdicts:
        kind = verdict.reason if verdict.state == SKIPPED else verdict.state
        counted.setdefault(verdict.detector, Counter(alarm=0, quiet=0))[kind] += 1
    whole = series.rows_of(ALL)
    session.execute(delete(SignalNight).where(SignalNight.night == night))
    session.add(
        SignalNight(
            night=night, ran_at=now, version=terms.version,
            matters=int(np.nansum(series.counts[whole])), counties=len(whole),
            old=int(old_enough(series, terms)[whole].sum()), rate=terms.rate,
            counted={code: dict(each) for code, each in counted.items()},
            missing=sorted({each.code for each in silent} | {each.area for each in courts}),
        )
    )  # fmt: skip
    session.flush()


def court_month_due(day: date, closing_day: int, grace_days: int) -> date:
    """The newest month whose counts must have come by `day`."""
    first = day.replace(day=1)
    back = 1 if day.day > closing_day + grace_days else 2
    for _ in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
