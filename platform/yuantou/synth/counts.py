"""Courts' monthly counts, drawn around the published national figures.

2024 (SPC): about 18.0 million civil and 0.3 million administrative filings and 12.0 million
successes of mediation before filing on 140.8 million people times ten: 130 filed, 215 brought per
10,000. 2025: 20 million without and 4.323 million successes of mediation after filing, of which
65.4 % succeed; before, 66.1 % of mediations before filing did.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg

from yuantou.judiciary.columns import (
    COURT_AREA,
    EXAMPLE_CAUSES,
    EXCLUDED,
    FILE_FIRST,
    INCLUDED,
    NOT_ASKED,
    regime_of,
)
from yuantou.judiciary.counting import Count, batch_hash
from yuantou.synth.copying import NULL, copy_columns, reserve
from yuantou.synth.land import CourtPlace, Land
from yuantou.synth.staff import Staff

CIVIL_2024 = 126.4
GROWTH = {2022: 0.93, 2023: 0.965, 2024: 1.0, 2025: 1.111, 2026: 1.09}
ADMIN = 2.2
ADMIN_GROWTH = {2025: 1.1, 2026: 1.12}
PRELIT_SUCCESS = 12.0 / 18.3  # successes before filing for each filing, to 2024
PRELIT_RATE = 782.2 / 1183.4
FIRST_SUCCESS = 4.323 / 20.0  # successes after filing for each case without them, from 2025
FIRST_RATE = 312.8 / 478.2
MONTHS = (0.82, 0.74, 1.08, 1.06, 1.05, 1.07, 1.10, 1.08, 1.06, 0.94, 1.06, 0.94)
CAUSES = (0.075, 0.20, 0.13, 0.13, 0.075, 0.05, 0.34)
CITY_SHARE, PROVINCE_SHARE = 0.011, 0.0006  # of their area's first instances, elsewhere than below
SILENT, LATE, SENT_TWICE = 0.05, 0.06, 0.02
CLOSING_DAY = 10


@dataclass
class Counts:
    """Counts with when they were entered and released (None: not yet) and by which court."""

    court: list[CourtPlace] = field(default_factory=list)
    count: list[Count] = field(default_factory=list)
    revision: list[int] = field(default_factory=list)
    entered: list[datetime] = field(default_factory=list)
    released: list[datetime | None] = field(default_factory=list)


def months_until(first: date, last: date) -> Iterator[date]:
    """First days of the months from `first` to the last month that has ended by `last`."""
    month = first.replace(day=1)
    while month < last.replace(day=1):
        yield month
        month = (month + timedelta(days=32)).replace(day=1)


def draw_counts(land: Land, first: date, now: datetime, seed: int) -> Counts:
    """Every court's months; some courts are late with the last one, some silent."""
    rng = np.random.default_rng([seed, 11])
    months = list(months_until(first, now.date()))
    drawn = Counts()
    courts_of: dict[str, int] = {}
    for court in land.courts:
        courts_of[court.counts_to_code] = courts_of.get(court.counts_to_code, 0) + 1
    people_of = [_people(land, court) / courts_of[court.counts_to_code] for court in land.courts]
    levels = rng.lognormal(0, 0.2, len(people_of))
    levels *= sum(people_of) / float(np.dot(levels, people_of)) if any(people_of) else 1.0
    for court, people, level in zip(land.courts, people_of, levels.tolist(), strict=True):
        basis = INCLUDED if rng.random() < 0.3 else EXCLUDED
        silent, late = rng.random() < SILENT, rng.random() < LATE
        for month in months:
            last = month == months[-1]
            if last and silent:
                continue
            count = _draw(court, month, people * level, basis, rng)
            _enter(drawn, court, count, now, late=last and late, rng=rng)
    return drawn


def _people(land: Land, court: CourtPlace) -> float:
    """Persons, in 10,000, that a court's first instances come from."""
    persons = land.people.get(court.counts_to_code, 0) / 10_000
    return persons * {"city": CITY_SHARE, "province": PROVINCE_SHARE}.get(court.counts_to, 1.0)


def _draw(court: CourtPlace, month: date, people: float, basis: str, rng: Any) -> Count:
    share = MONTHS[month.month - 1] / sum(MONTHS)
    grown = GROWTH.get(month.year, GROWTH[max(GROWTH)] if month.year > 2026 else GROWTH[2022])
    excluding = int(rng.poisson(people * CIVIL_2024 * grown * share * rng.gamma(90, 1 / 90)))
    admin = int(rng.poisson(people * ADMIN * ADMIN_GROWTH.get(month.year, 1.0) * share))
    numbers: dict[str, int | None] = dict.fromkeys(
        ("first_mediation", "first_mediation_success", "prelit", "prelit_success")
    )
    regime = regime_of(month)
    success_of, rate = (
        (FIRST_SUCCESS, FIRST_RATE) if regime == FILE_FIRST else (PRELIT_SUCCESS, PRELIT_RATE)
    )
    success = int(rng.poisson(excluding * success_of))
    tried = success + int(rng.poisson(success * (1 - rate) / rate))
    names = ("first_mediation", "first_mediation_success")
    if regime != FILE_FIRST:
        names = ("prelit", "prelit_success")
    numbers |= dict(zip(names, (tried, success), strict=True))
    included = regime == FILE_FIRST and basis == INCLUDED
    civil = excluding + (success if included else 0)
    causes = rng.multinomial(civil, CAUSES)
    ordered = {
        "civil_first_new": civil,
        "admin_first_new": admin,
        **numbers,
        "withdrawn": int(rng.binomial(civil, 0.21)),
        "dismissed": int(rng.binomial(civil, 0.012)),
        "special_procedure": int(rng.poisson(civil * 0.05)),
    }
    return Count(
        court.code, month, regime, basis if regime == FILE_FIRST else NOT_ASKED, ordered,
        {name: int(n) for name, n in zip(EXAMPLE_CAUSES, causes, strict=True)} if civil else None,
        None, COURT_AREA,
    )  # fmt: skip


def _enter(
    drawn: Counts, court: CourtPlace, count: Count, now: datetime, *, late: bool, rng: Any
) -> None:
    """Entered and released in the days after the month; late ones wait for their release."""
    end = (count.month + timedelta(days=32)).replace(day=1)
    day = int(rng.integers(1, CLOSING_DAY - 1)) if not late else int(rng.integers(12, 20))
    entered = datetime(end.year, end.month, 1, 10, 0, tzinfo=now.tzinfo) + timedelta(days=day)
    released = entered + timedelta(hours=int(rng.integers(2, 26)))
    entered = min(entered, now - timedelta(minutes=1))
    _add(drawn, court, count, 1, entered, None if released > now else released)
    if not late and rng.random() < SENT_TWICE and released + timedelta(days=20) < now:
        numbers = dict(count.numbers)
        withdrawn = numbers["withdrawn"] or 0
        numbers["withdrawn"] = max(0, withdrawn - 1)
        again = Count(
            count.court, count.month, count.regime, count.basis, numbers, count.by_cause, None,
            COURT_AREA, "复核后更正撤诉件数",
        )  # fmt: skip
        _add(drawn, court, again, 2, entered + timedelta(days=18), released + timedelta(days=19))


def _add(
    drawn: Counts, court: CourtPlace, count: Count, revision: int, entered: datetime,
    released: datetime | None,
) -> None:  # fmt: skip
    drawn.court.append(court)
    drawn.count.append(count)
    drawn.revision.append(revision)
    drawn.entered.append(entered)
    drawn.released.append(released)


def write_counts(connection: psycopg.Connection[Any], drawn: Counts, staff: Staff) -> int:
    """Write the counts, each with its batch; returns how many."""
    total = len(drawn.count)
    if not total:
        return 0
    first = reserve(connection, "count_batch", total)
    ids = [str(first + k) for k in range(total)]
    released = [moment.isoformat() if moment else NULL for moment in drawn.released]
    clerks = [staff.account[f"demo-court-{court.code}-a"] for court in drawn.court]
    reviewers = [staff.account[f"demo-court-{court.code}-b"] for court in drawn.court]
    copy_columns(connection, "count_batch", {
        "id": ids, "origin": ["form"] * total,
        "content_hash": [batch_hash([count]) for count in drawn.count],
        "area_path": [court.area_path for court in drawn.court],
        "entered_by": [str(person) for person in clerks],
        "entered_at": [moment.isoformat() for moment in drawn.entered],
        "released_by": [
            NULL if moment == NULL else str(person)
            for moment, person in zip(released, reviewers, strict=True)
        ],
        "released_at": released,
    })  # fmt: skip
    numbers = list(drawn.count[0].numbers)
    copy_columns(connection, "court_count", {
        "batch_id": ids,
        "court_code": [court.code for court in drawn.court],
        "counts_to_code": [court.counts_to_code for court in drawn.court],
        "counts_to_path": [court.counts_to_path for court in drawn.court],
        "month": [count.month.isoformat() for count in drawn.count],
        "revision": [str(number) for number in drawn.revision],
        "regime": [count.regime for count in drawn.count],
        "basis": [count.basis for count in drawn.count],
        **{name: [_number(count.numbers[name]) for count in drawn.count] for name in numbers},
        "by_cause": [
            json.dumps(count.by_cause, ensure_ascii=False) if count.by_cause else NULL
            for count in drawn.count
        ],
        "attribution": [count.attribution for count in drawn.count],
        "reason": [count.reason or NULL for count in drawn.count],
        "content_hash": [count.content_hash for count in drawn.count],
        "released_at": released,
        "demo": ["t"] * total,
    })  # fmt: skip
    return total


def _number(value: int | None) -> str:
    return NULL if value is None else str(value)
