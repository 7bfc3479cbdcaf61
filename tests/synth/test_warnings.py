"""What the generator plants is warned of; who fell silent is missed. Found shares are printed."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from geo.rates import wilson_interval
from tests.synth.conftest import KEYS, NOW, Invented
from yuantou.alerts.detection.backtest import Event, backtest
from yuantou.alerts.detection.cli import read_events
from yuantou.alerts.detection.queries import silent_courts
from yuantou.alerts.detection.series import ALL, Place, Series, Tally, assemble
from yuantou.alerts.detection.service import detect
from yuantou.alerts.detection.terms import terms
from yuantou.alerts.models import Alert
from yuantou.judiciary.models import CourtCount
from yuantou.synth.days import DAY, day_number
from yuantou.synth.land import Land
from yuantou.synth.land import Place as LandPlace
from yuantou.synth.plan import Plan, Wish, draw_plan, type_codes
from yuantou.synth.service import Order, synthesise

NIGHT = NOW.date() - timedelta(days=1)
SIDE, CITIES = 6, 4  # counties lie on a square, cities are its stripes
WEEKS = 208
TOLD = replace(terms(), backtest_weeks=78, backtest_step=6, replications=99)


def land() -> Land:
    """Thirty-six counties of five townships each."""
    rng = np.random.default_rng(8)
    counties = tuple(
        LandPlace(f"{k:04}", f"第{k}县", f"第{k}", f"p/{k}/", f"c{k % CITIES}",
                  int(rng.lognormal(12.5, 0.4)), float(rng.uniform(0.3, 0.8)))
        for k in range(SIDE * SIDE)
    )  # fmt: skip
    townships = tuple(
        tuple(LandPlace(f"{c.code}{t}", f"{t}镇", f"{t}", f"{c.path}{t}/", c.code, 0, 0.5)
              for t in range(5))
        for c in counties
    )  # fmt: skip
    cities = tuple(LandPlace(f"c{k}", f"{k}市", f"{k}", f"p/c{k}/", "p", 0, 0.5)
                   for k in range(CITIES))  # fmt: skip
    return Land(LandPlace("p", "省", "省", "p/", "", 0, 0.5), cities, counties, townships, ())


def counted(plan: Plan, made: Land) -> Series:
    """The plan's matters as the night reads them, by county."""
    back = (day_number(NIGHT) - plan.reported // DAY) // 7
    places = {c.code: Place(c.code, c.path, "county", c.code, k % SIDE, k // SIDE)
              for k, c in enumerate(made.counties)}  # fmt: skip
    tallies = []
    for k, county in enumerate(made.counties):
        mine = (plan.county == k) & (back >= 0)
        for number, code in enumerate((*type_codes(), ALL)):
            held = back[mine & (plan.type == number)] if code != ALL else back[mine]
            weeks, times = np.unique(held, return_counts=True)
            tallies.append(Tally(county.code, code, weeks.tolist(), times.tolist()))
    return assemble(places, type_codes(), tallies, NIGHT, WEEKS)


def neighbours(made: Land) -> dict[str, list[str]]:
    codes = [county.code for county in made.counties]
    return {
        code: [codes[other] for other in range(len(codes)) if other != k
               and abs(other % SIDE - k % SIDE) + abs(other // SIDE - k // SIDE) == 1]
        for k, code in enumerate(codes)
    }  # fmt: skip


def found(seed: int, disputes: int) -> tuple[int, int, int, int]:
    """Planted events found, planted in the weeks looked at, warnings, and those that are true."""
    made = land()
    first = NOW.date() - timedelta(days=7 * WEEKS)
    plan = draw_plan(made, Wish(disputes, first, NOW, seed))
    events = [Event(one.kind, one.type, one.areas, one.first, one.last) for one in plan.events]
    content = backtest(counted(plan, made), neighbours(made), TOLD, events=events)
    begun = (NIGHT - timedelta(weeks=TOLD.backtest_weeks)).isoformat()
    new = [row for row in content["events"] if row["first"] > begun]
    hits = sum(bool(row["after"]) for row in new)
    both = content["together"]
    return hits, len(new), both["warnings"], both["true"]


def measure(seeds: range, disputes: int) -> tuple[float, float]:
    hits, planted, warnings, true = np.sum([found(seed, disputes) for seed in seeds], axis=0)
    for what, part, whole in (("planted found", hits, planted), ("warnings true", true, warnings)):
        low, high = wilson_interval([part], [whole])
        print(f"\n{what}: {part}/{whole} (95 % {low[0]:.0%} to {high[0]:.0%})")
    return float(hits / planted), float(true / warnings)


def test_what_the_generator_plants_is_found() -> None:
    planted, true = measure(range(1, 2), 300_000)
    assert planted >= 0.5
    assert true >= 0.25


@pytest.mark.soak
def test_what_the_generator_plants_is_found_for_long() -> None:
    planted, true = measure(range(10, 18), 300_000)
    assert planted >= 0.7
    assert true >= 0.5


def test_the_silent_county_is_missed_not_quiet(empty_land: Callable[[], Engine]) -> None:
    engine = empty_land()
    made = synthesise(engine, Order(4_000, 1, 5, NOW, gaming=True), KEYS, lambda _: None)
    planted = next(row for row in made.truth["planted"] if row["kind"] == "silent_county")
    with Session(engine) as session:
        detect(session, NIGHT, terms(), month=None, now=NOW, progress=lambda _done, _of: None)
        silent = session.scalars(select(Alert).where(Alert.rule == "MISSING")).all()
        assert [alert.area_code for alert in silent] == list(planted["areas"])
        before = date.fromisoformat(planted["first"]) - timedelta(days=5)
        assert before.isoformat() <= str(silent[0].facts["since"]) < planted["first"]


def test_a_court_that_sent_nothing_is_named(invented: Invented, session: Session) -> None:
    month = NOW.date().replace(month=NOW.month - 1, day=1)
    rows = invented.made.truth["planted"]
    truth = {row["court"] for row in rows if row["kind"] == "silent_court"}
    assert truth <= {row.code for row in silent_courts(session, month)}
    of_month = CourtCount.month == month
    court = session.scalars(select(CourtCount.court_code).where(of_month)).first()
    session.execute(delete(CourtCount).where(of_month, CourtCount.court_code == court))
    assert court in {row.code for row in silent_courts(session, month)}


def test_a_truth_table_gives_the_rises_alone(tmp_path: Path) -> None:
    rise = {"kind": "emerging", "type": "traffic", "areas": ["1"], "extra": 9,
            "first": "2026-10-01", "last": "2026-11-01"}  # fmt: skip
    file = tmp_path / "truth.json"
    rows = [rise, rise | {"kind": "silent_county", "extra": 0}]
    file.write_text(json.dumps({"planted": rows}), encoding="utf-8")
    assert [event.kind for event in read_events(file)] == ["emerging"]
