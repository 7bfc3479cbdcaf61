"""A night in the database: read in one pass, judged, kept compactly, raised once."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.alerts.detection.conftest import NIGHT, NOW, Flow
from tests.cast import (
    CITY,
    GONGYINGZI,
    HEPING,
    KAZUO,
    LINGYUAN,
    NANJIE,
    PROVINCE,
    WANYUANDIAN,
)
from tests.conftest import Database
from yuantou.agencies.models import Agency
from yuantou.alerts.detection import queries
from yuantou.alerts.detection.jobs import watch
from yuantou.alerts.detection.judging import ALARM, Verdict
from yuantou.alerts.detection.models import Signal, SignalNight, SmallestRise
from yuantou.alerts.detection.raising import raise_unusual
from yuantou.alerts.detection.service import (
    NIGHT_WEEKS,
    court_month_due,
    detect,
    keep_backtest,
    keep_rises,
)
from yuantou.alerts.detection.terms import terms
from yuantou.alerts.models import Alert, Sighting
from yuantou.calendar.clock import local
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Area

YEARS = 3 * 52 + 4


def weekly(mean: float, weeks: int = YEARS, *, last: int | None = None) -> list[int]:
    counts: list[int] = np.random.default_rng(4).poisson(mean, weeks).tolist()
    return [*counts[:-1], last] if last is not None else counts


def run(database: Database, night: date = NIGHT, month: date | None = None) -> Any:
    with database.sessions("worker")() as session:
        found = detect(
            session, night, terms(), month=month, now=NOW + (night - NIGHT),
            progress=lambda _done, _of: None,
        )  # fmt: skip
        session.commit()
    return found


@pytest.fixture
def burst(flow: Flow) -> None:
    """Three years of four a week, and thirty traffic matters in the last week."""
    flow(NANJIE, weekly(4, last=30), type="traffic")
    flow(WANYUANDIAN, weekly(3), type="neighborhood")


def test_a_burst_is_warned_of_once_with_its_reasons(
    database: Database, owner: Session, burst: None
) -> None:
    run(database)
    alert = owner.scalars(select(Alert)).one()
    assert (alert.area_code, alert.type_code, alert.level) == (NANJIE, "traffic", "yellow")
    assert alert.facts["observed"] == 30
    assert {"D_EARS", "D_FARRINGTON"} <= set(alert.facts["detectors"])  # type: ignore[call-overload]
    assert alert.reasons[0]["with"]["observed"] == "30"  # type: ignore[index]


def test_the_county_and_the_sum_belong_to_the_warning_of_the_place_and_type(
    database: Database, owner: Session, burst: None
) -> None:
    run(database)
    alert = owner.scalars(select(Alert)).one()
    kept = owner.scalars(select(Signal).where(Signal.state == "alarm")).all()
    assert {row.warning_id for row in kept} == {alert.id}
    assert {(row.area_code, row.type) for row in kept} >= {
        (NANJIE, "traffic"), (LINGYUAN, "traffic"), (LINGYUAN, ""), (NANJIE, ""),
    }  # fmt: skip


def test_the_same_night_again_changes_nothing(
    database: Database, owner: Session, burst: None
) -> None:
    def held() -> tuple[Any, ...]:
        owner.expire_all()
        rows = owner.execute(
            select(Signal.detector, Signal.area_code, Signal.type, Signal.state, Signal.warning_id)
        )
        return owner.scalar(select(func.count(Alert.id))), sorted(map(str, rows))

    run(database)
    before = held()
    assert run(database).unusual == 0
    assert held() == before


def test_a_later_night_belongs_to_the_warning_that_rests(
    database: Database, owner: Session, burst: None
) -> None:
    run(database)
    assert run(database, NIGHT + timedelta(days=1)).unusual == 0
    alert = owner.scalars(select(Alert)).one()
    linked = select(Signal.night).where(Signal.warning_id == alert.id).distinct()
    assert set(owner.scalars(linked)) == {NIGHT, NIGHT + timedelta(days=1)}
    again = owner.scalars(select(Sighting)).one()
    assert (again.warning_id, again.day) == (alert.id, local(NOW).date() + timedelta(days=1))
    assert again.facts["observed"] == 26


def test_a_cluster_over_counties_is_for_who_stands_over_them(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, weekly(4, last=9), type="traffic")
    flow(GONGYINGZI, weekly(4, last=8), type="traffic")
    made = raise_cluster(database, LINGYUAN, KAZUO)
    alert = owner.get_one(Alert, made)
    assert (alert.area_code, alert.facts["members"]) == (CITY, [LINGYUAN, KAZUO])
    codes = {row.id: row.code for row in owner.scalars(select(Agency))}
    assert codes[alert.owner_agency_id or 0] == "chaoyang"
    assert codes[alert.told_agency_id or 0] == "lingyuan-centre"


def test_a_cluster_over_cities_is_the_provinces(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, weekly(4, last=9), type="traffic")
    flow(HEPING, weekly(4, last=8), type="traffic")
    alert = owner.get_one(Alert, raise_cluster(database, LINGYUAN, HEPING))
    assert alert.area_code == PROVINCE
    assert owner.get_one(Agency, alert.owner_agency_id).code == "liaoning"


def raise_cluster(database: Database, *counties: str) -> int:
    """A night on which the scan found one cluster over these counties, strongest in the first."""
    with database.sessions("worker")() as session:
        places = queries.places(session)
        series = queries.series(session, places, NIGHT, NIGHT_WEEKS, terms().township_cases)
        keys = [(place.code, kind) for place, kind in zip(series.places, series.types, strict=True)]
        rows = tuple(keys.index((code, "traffic")) for code in counties)
        found = Verdict("D_SCAN", rows[0], ALARM, 17.0, 8.0, p=0.0001, q=0.001, members=rows)
        _made, warned = raise_unusual(session, series, [found], terms(), NOW)
        session.commit()
    return warned[rows[0]]


def test_of_earlier_nights_only_what_was_unusual_is_kept(
    database: Database, owner: Session, burst: None
) -> None:
    run(database)
    run(database, NIGHT + timedelta(days=1))
    assert owner.scalar(select(func.count(SignalNight.night))) == 2
    former = owner.scalars(select(Signal.state).where(Signal.night == NIGHT)).all()
    assert set(former) == {"alarm"}


def test_restricted_matters_count_in_their_county_alone(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, weekly(4, last=30), type="marriage_family", restricted=True)
    run(database)
    rows = owner.execute(
        select(Signal.area_code, Signal.observed).where(
            Signal.detector == "D_EARS", Signal.type == "marriage_family"
        )
    ).all()
    assert (LINGYUAN, 30.0) in {(row.area_code, row.observed) for row in rows}
    assert NANJIE not in {row.area_code for row in rows}


def test_with_short_history_only_ears_judges(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, weekly(4, 3 * 52 - 1, last=30), type="traffic")
    run(database)
    rows = owner.execute(
        select(Signal.detector, Signal.state, Signal.reason).where(
            Signal.area_code == LINGYUAN, Signal.type == "traffic"
        )
    ).all()
    said = {row.detector: (row.state, row.reason) for row in rows}
    assert said["D_EARS"] == ("alarm", "")
    assert said["D_FARRINGTON"] == said["D_CUSUM"] == ("skipped", "short_history")
    assert owner.scalars(select(SignalNight)).one().old == 0


def test_a_county_that_fell_silent_is_red_not_quiet(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, [*weekly(6, YEARS - 2), 0, 0], type="traffic")
    assert run(database).missing == 1
    alert = owner.scalars(select(Alert).where(Alert.rule == "MISSING")).one()
    assert (alert.level, alert.area_code) == ("red", LINGYUAN)
    state = select(Signal.state, Signal.reason).where(
        Signal.area_code == LINGYUAN, Signal.detector == "D_EARS", Signal.type == "traffic"
    )
    assert tuple(owner.execute(state).one()) == ("skipped", "gap")


def test_the_job_judges_up_to_yesterday(database: Database, owner: Session, burst: None) -> None:
    told: list[tuple[int, int]] = []
    with database.sessions("worker")() as session:
        watch(session, NOW, lambda done, whole: told.append((done, whole)))
        session.commit()
    kept = owner.scalars(select(SignalNight)).one()
    assert kept.night == NIGHT
    assert kept.counted["D_EARS"]["alarm"] >= 2
    assert told[-1][0] == told[-1][1]


def test_rises_and_backtest_are_kept(database: Database, owner: Session, burst: None) -> None:
    run(database)
    with database.sessions("worker")() as session:
        keep_rises(session, NIGHT, terms(), seed=1)
        made = keep_backtest(
            session, NIGHT, terms(), events=None, now=NOW, progress=lambda _done, _of: None
        )
        session.commit()
        assert made.content["detectors"]["D_EARS"]["warnings"] >= 1  # type: ignore[index]
    row = owner.get_one(SmallestRise, (LINGYUAN, "neighborhood"))
    assert row.usual == pytest.approx(3, abs=0.6)
    assert row.extra is not None
    assert 3 <= row.extra <= 30


@pytest.mark.parametrize(
    ("day", "month"),
    [
        ((2026, 11, 10), (2026, 9, 1)),
        ((2026, 11, 11), (2026, 10, 1)),
        ((2026, 1, 3), (2025, 11, 1)),
    ],
)
def test_a_court_has_until_some_days_after_the_closing_day(day: Any, month: Any) -> None:
    assert court_month_due(date(*day), 5, 5) == date(*month)


def test_a_night_reads_what_the_detectors_ask_for() -> None:
    assert NIGHT_WEEKS >= 5 * 52 + 3 + 27


def test_silence_never_becomes_usual(database: Database, owner: Session, flow: Flow) -> None:
    flow(NANJIE, [*weekly(6, 100), *[0] * 60], type="traffic")
    assert run(database).missing == 1
    alert = owner.scalars(select(Alert).where(Alert.rule == "MISSING")).one()
    assert (alert.level, alert.area_code) == ("red", LINGYUAN)
    assert alert.facts["expected"] > 300  # type: ignore[operator]


def test_a_county_of_one_matter_has_no_pace(database: Database, flow: Flow) -> None:
    flow(NANJIE, [1, *[0] * 30], type="traffic")
    assert run(database).missing == 0


def test_what_was_merged_is_not_counted_twice(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, weekly(4, last=4), type="traffic")
    flow(NANJIE, [0, 30], type="traffic", state="merged")
    run(database)
    seen = select(Signal.observed).where(
        Signal.detector == "D_EARS", Signal.area_code == LINGYUAN, Signal.type == "traffic"
    )
    assert owner.scalar(seen) == 4


def test_a_court_that_once_sent_is_missed_however_long_ago(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, weekly(4), type="traffic")
    for court, month, released in (
        ("lingyuan-court", date(2024, 3, 1), NOW),
        ("kazuo-court", date(2026, 10, 1), NOW),
        ("heping-court", date(2026, 9, 1), None),
    ):
        owner.add(
            CourtCount(
                batch_id=1, court_code=court, counts_to_code=LINGYUAN, demo=False,
                counts_to_path=f"{PROVINCE}/{CITY}/{LINGYUAN}/", month=month, revision=1,
                regime="2025", basis="incl", civil_first_new=40, admin_first_new=1,
                by_township={}, attribution="sued", content_hash=court, released_at=released,
            )
        )  # fmt: skip
    owner.commit()
    assert run(database, month=date(2026, 10, 1)).missing == 1
    alert = owner.scalars(select(Alert).where(Alert.rule == "MISSING")).one()
    assert (alert.level, alert.facts) == ("red", {"court": "lingyuan-court", "month": "2026-10"})
    assert run(database, NIGHT + timedelta(days=1), date(2026, 10, 1)).missing == 0
    assert owner.scalars(select(Sighting.warning_id)).all() == [alert.id]


def test_a_county_that_is_no_more_is_not_asked_for(
    database: Database, owner: Session, flow: Flow
) -> None:
    flow(NANJIE, [*weekly(6, YEARS - 2), 0, 0], type="traffic")
    owner.get_one(Area, LINGYUAN).valid_to = NIGHT - timedelta(days=30)
    owner.commit()
    assert run(database).missing == 0
