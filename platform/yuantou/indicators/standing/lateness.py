"""Late entry of the courts' counts: how complete the months of late are, by the history of
corrections. A count stands from its first release; what later revisions added came late.

The shares are kept with the figures, by age: a page looks up which months are young by today.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from geo.delay import chain_ladder
from yuantou.calendar.clock import local
from yuantou.database.connections import ROOT
from yuantou.database.settings import read_settings
from yuantou.indicators.models import Lateness
from yuantou.indicators.periods import first_of, shift
from yuantou.judiciary.models import CourtCount

COURTS = "courts"
LONGEST = 12  # months after which a count is taken as final
_HISTORY = 36


class Release(NamedTuple):
    """One released revision of a court's month."""

    court: str
    month: date
    revision: int
    value: int
    released: date


@cache
def least_complete() -> float:
    """Months expected to be less complete are provisional."""
    settings = read_settings(ROOT / "config" / "settings.toml")
    return float(settings.of("standing", "complete_percent")) / 100


def read_releases(session: Session, today: date) -> list[Release]:
    """The released revisions of three years."""
    since = shift(first_of(today), -_HISTORY)
    rows = session.execute(
        select(
            CourtCount.court_code,
            CourtCount.month,
            CourtCount.revision,
            CourtCount.civil_first_new + CourtCount.admin_first_new,
            CourtCount.released_at,
        ).where(CourtCount.month >= since, CourtCount.released_at.is_not(None))
    )
    return [
        Release(court, month, revision, value, local(at).date())
        for court, month, revision, value, at in rows
        if at is not None
    ]


def keep_lateness(session: Session, now: datetime) -> None:
    """Step: what the courts' releases say by `now` of how complete a month of each age is."""
    today = local(now).date()
    rows = [
        {"source": COURTS, "age": age, "share": share, "computed_at": now}
        for age, share in shares(read_releases(session, today), today).items()
    ]
    session.execute(delete(Lateness).where(Lateness.source == COURTS))
    if rows:
        session.execute(insert(Lateness), rows)


def read_late(session: Session, source: str, today: date) -> dict[date, float]:
    """The provisional months of a source by its kept shares, with how complete they are."""
    rows = session.execute(select(Lateness.age, Lateness.share).where(Lateness.source == source))
    return provisional({row.age: row.share for row in rows}, today, least_complete())


def shares(releases: Iterable[Release], today: date) -> dict[int, float]:
    """Share of the final count that is known by each age of a month."""
    table = _by_age(releases, today)
    return completeness_by_age(table) if len(table) else {}


def provisional(share: Mapping[int, float], today: date, least: float) -> dict[date, float]:
    """Months that are expected to be less complete than `least`, with how complete they are."""
    months = (shift(first_of(today), -1 - age) for age in range(LONGEST))
    return {
        month: share[age] for age, month in enumerate(months) if age in share and share[age] < least
    }


def completeness_by_age(table: NDArray[np.float64]) -> dict[int, float]:
    """Share of the final count that is known at each age, by the chain ladder."""
    widest = int((~np.isnan(table)).sum(axis=1).max())
    if widest < 2 or not np.nansum(table[:, 0]):
        return {}
    factors = np.nan_to_num(chain_ladder(table[:, :widest]).factors, nan=1.0)
    later = np.cumprod(factors[::-1])[::-1]
    return {age: min(1.0, float(1 / more)) for age, more in enumerate(later) if more > 0}


def _by_age(releases: Iterable[Release], today: date) -> NDArray[np.float64]:
    """A row for every month: its count as known 0, 1, … months after its end.

    The courts of a month are watched equally long: their sum has the factors of them all.
    """
    held: dict[tuple[str, date], list[Release]] = {}
    for one in sorted(releases, key=lambda one: one.revision):
        held.setdefault((one.court, one.month), []).append(one)
    rows: dict[date, NDArray[np.float64]] = {}
    for (_court, month), found in held.items():
        known = _known(found, _age(month, today))
        rows[month] = rows[month] + known if month in rows else np.array(known)
    return np.array(list(rows.values()), dtype=np.float64).reshape(-1, LONGEST + 1)


def _known(found: list[Release], oldest: int) -> list[float]:
    """The count at each age; before its first release that one stands, the future is NaN."""
    return [
        float(
            next(
                (one.value for one in reversed(found) if _age(one.month, one.released) <= age),
                found[0].value,
            )
        )
        if age <= oldest
        else np.nan
        for age in range(LONGEST + 1)
    ]


def _age(month: date, day: date) -> int:
    """Whole months from the end of a month to a day."""
    return max((day.year - month.year) * 12 + day.month - month.month - 1, 0)


def late_words(found: Mapping[date, float]) -> str:
    """The months with how complete they are."""
    return "、".join(f"{month:%Y-%m}（{share:.0%}）" for month, share in sorted(found.items()))
