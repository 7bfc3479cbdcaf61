"""Effects: what is measured, what is said not to be known, and who sees it."""

from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.alerts.governance.stories import analysed, sent, step, wages
from tests.cast import GONGYINGZI, KAZUO, LINGYUAN
from tests.conftest import Database
from tests.coordination.conftest import door
from tests.coordination.matters import Door
from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.effects import counting
from yuantou.alerts.governance.effects.models import EffectMeasure
from yuantou.alerts.governance.effects.reckoning import measure
from yuantou.alerts.governance.effects.service import remeasure
from yuantou.alerts.governance.terms import read
from yuantou.calendar import clock
from yuantou.maps.sources.models import CommonSource, CommonSourceMatter
from yuantou.territory.models import Area

__all__ = ["door"]
TERMS = read().effects
STEADY = [20, 22, 18, 21, 19, 20, 23, 17, 20, 21, 19, 20, 22, 18]


def test_a_fall_is_said_with_its_interval() -> None:
    found = measure(STEADY, [9, 11, 10], 90, TERMS)
    told = found.content
    assert found.state == "measured"
    assert 0.4 < float(str(told["ratio"])) < 0.6
    assert float(str(told["lower"])) < 0.5 < float(str(told["upper"])) < 1


def test_no_change_is_not_claimed() -> None:
    told = measure(STEADY, [20, 19, 21], 90, TERMS).content
    assert float(str(told["lower"])) < 1 < float(str(told["upper"]))


@pytest.mark.parametrize(
    ("before", "after", "state"),
    [
        (STEADY[:11], [1, 1, 1], "short"),
        ([1] * 14, [0, 0, 0], "sparse"),
        (STEADY, [9], "running"),
        (STEADY, [], "running"),
        (STEADY, [9, 9, 9], "measured"),
    ],
)
def test_what_is_too_little_is_said_to_be(before: list[int], after: list[int], state: str) -> None:
    assert measure(before, after, 90, TERMS).state == state


def test_what_fell_everywhere_is_no_effect() -> None:
    told = measure(STEADY, [10, 11, 9], 90, TERMS, (STEADY, [10, 9, 11])).content
    against = told["against"]
    assert isinstance(against, dict)
    assert float(against["lower"]) < 1 < float(against["upper"])


def test_periods_before_the_first_of_the_class_make_no_rise() -> None:
    late, plain = (
        measure(one, [9, 11, 10], 90, TERMS).content for one in ([0] * 9 + STEADY, STEADY)
    )
    assert late["before"] == plain["before"] == STEADY
    assert late["ratio"] == plain["ratio"]


def test_nothing_afterwards_is_zero_with_an_upper_limit() -> None:
    told = measure(STEADY, [0, 0, 0], 90, TERMS).content
    assert (told["ratio"], told["lower"]) == ("0.00", "0.00")
    assert 0 < float(str(told["upper"])) < 0.2


def planted(owner: Session, model: int, before: int, after: int, periods: int = 20) -> None:
    """Copies of a matter: `before` in each thirty days up to ninety days ago, then `after`."""
    columns = [row[0] for row in owner.execute(text(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'dispute' "
        "AND column_name NOT IN ('id', 'submission', 'number', 'reported_at')"))]  # fmt: skip
    names = ", ".join(columns)
    act = clock.now() - timedelta(days=95)
    draw = np.random.default_rng(3)
    number = 100_000
    for place in range(-periods, 3):
        for _turn in range(int(draw.poisson(before if place < 0 else after))):
            number += 1
            at = act + timedelta(days=30 * place + int(draw.integers(0, 29)), hours=1)
            owner.execute(
                text(f"INSERT INTO dispute (id, submission, number, reported_at, {names}) "
                     f"SELECT :id, :mark, :mark, :at, {names} FROM dispute WHERE id = :model"),
                {"id": number, "mark": uuid4().hex, "at": at, "model": model},
            )  # fmt: skip
    owner.commit()


def test_a_letter_is_measured_at_night_and_shown(
    door: Door, owner: Session, database: Database, client_of: Client
) -> None:
    matters = wages(door, 2)
    planted(owner, matters[0], before=12, after=2)
    analysis = analysed(door, matters)
    letter = sent(door, analysis, at=clock.now() - timedelta(days=95))
    with database.sessions("worker")() as session:
        assert remeasure(session, clock.now(), lambda _done, _all: None) == 1
        assert remeasure(session, clock.now(), lambda _done, _all: None) == 1
        session.commit()
    rows = owner.scalars(select(EffectMeasure).order_by(EffectMeasure.horizon)).all()
    assert [(row.horizon, row.state) for row in rows] == [(90, "measured"), (180, "running")]
    assert float(str(rows[0].content["upper"])) < 1
    page = client_of("gao").get(f"/sources/letters/{letter}").text
    assert "少于没有采取措施时的预期" in page
    assert "还没有到期" in page
    reader = client_of("ren").get("/sources/effects/").text
    assert reader.count("少于没有采取措施时的预期") == 1
    assert ("逐期件数不列" in reader, "逐期件数不列" in page) == (True, False)
    assert "少于没有采取措施时的预期" not in client_of("ke").get("/sources/effects/").text


def test_what_was_withdrawn_is_measured_no_more(
    door: Door, owner: Session, database: Database
) -> None:
    letter = sent(door, analysed(door, wages(door, 2)))
    with database.sessions("worker")() as session:
        remeasure(session, clock.now(), lambda _done, _all: None)
        session.commit()
    step(door, "gao", letter, "withdraw", "发错了")
    with database.sessions("worker")() as session:
        assert remeasure(session, clock.now(), lambda _done, _all: None) == 0
        session.commit()
    assert owner.scalars(select(EffectMeasure)).all() == []


def test_a_common_source_is_analysed_and_measured_by_its_own_matters(
    door: Door, owner: Session, database: Database
) -> None:
    matters = wages(door, 3)
    number = source_of(owner, matters[:2])
    analysis = analysed(door, [], source_id=number, type_code=None)
    held = owner.get_one(Analysis, analysis)
    assert (held.size, held.type_code) == (2, None)
    sent(door, analysis, at=clock.now() + timedelta(days=1))
    with database.sessions("worker")() as session:
        assert remeasure(session, clock.now() + timedelta(days=1), lambda _done, _all: None) == 1
        session.commit()
    assert {row.state for row in owner.scalars(select(EffectMeasure))} == {"short"}


def test_what_is_yet_to_come_has_no_effect_yet(door: Door, database: Database) -> None:
    sent(door, analysed(door, wages(door, 2)), at=clock.now() + timedelta(days=2))
    with database.sessions("worker")() as session:
        assert remeasure(session, clock.now(), lambda _done, _all: None) == 0


def source_of(owner: Session, matters: list[int]) -> int:
    """An employer that these matters share, as the night's scan keeps it."""
    place = owner.get_one(Area, LINGYUAN)
    made = CommonSource(
        origin="party", kind="employer", name=None, area_code=place.code, area_path=place.path,
        type="migrant_wages", made_at=clock.now(), disputes=len(matters), weeks=[], usual=[],
        state="few", observed=len(matters),
    )  # fmt: skip
    owner.add(made)
    owner.flush()
    owner.add_all(CommonSourceMatter(source_id=made.id, dispute_id=one, by_hand=False,
                         added_at=clock.now())
                  for one in matters)  # fmt: skip
    owner.commit()
    return made.id


def test_the_rest_of_the_city_is_the_comparison(
    door: Door, owner: Session, database: Database
) -> None:
    matters = wages(door, 1)
    planted(owner, matters[0], before=2, after=2)
    away = owner.get_one(Area, GONGYINGZI)
    moved = text("UPDATE dispute SET area_code = :code, area_path = :path, county_code = :county "
                 "WHERE id > 100000 AND id % 2 = 0")  # fmt: skip
    owner.execute(moved, {"code": away.code, "path": away.path, "county": KAZUO})
    owner.commit()
    analysis = owner.get_one(Analysis, analysed(door, matters))
    day = (clock.now() - timedelta(days=95)).date()
    asked = (analysis, day, 90, clock.today(), TERMS)
    with database.sessions("worker")() as session:
        own, others = counting.here(session, *asked), counting.beside(session, *asked)
    assert others is not None
    total = owner.scalar(text("SELECT count(*) FROM dispute WHERE id > 100000"))
    counted = sum(map(sum, (own.before, own.after, others.before, others.after)))
    assert counted >= 0.9 * (total or 0)
    assert abs(sum(others.before) - sum(own.before)) <= 3
    assert (len(own.after), len(others.after)) == (3, 3)
