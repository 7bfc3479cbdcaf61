"""The same seed gives the same province; planted events are where the truth table says."""

from collections.abc import Callable
from datetime import date

import numpy as np
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.synth.conftest import KEYS, NOW, ORDER, Invented
from yuantou.synth.land import Land, Place
from yuantou.synth.plan import Wish, draw_plan, type_codes
from yuantou.synth.service import synthesise

SAID = """SELECT string_agg(concat_ws('|', number, state, title, summary, area_code, reported_at,
 concluded_at, next_due_at, flags, amount)
 || (SELECT string_agg(e.event || e.at, ',' ORDER BY at, id)
 FROM dispute_event e WHERE e.dispute_id = d.id), E'\\n' ORDER BY id) FROM dispute d"""


def _land() -> Land:
    province = Place("21", "某省", "某", "21/", "", 300_000, 0.5)
    counties = tuple(
        Place(f"2101{k:02d}", name, name, f"21/2101/2101{k:02d}/", city, 100_000, urban)
        for k, (name, city, urban) in enumerate(
            (("铁西", "a", 0.9), ("铁西", "b", 0.2), ("凌源", "b", 0.5))
        )
    )
    cities = (
        Place("a", "甲市", "甲", "21/a/", "21", 0, 1),
        Place("b", "乙市", "乙", "21/b/", "21", 0, 1),
    )
    towns = tuple(
        tuple(
            Place(
                f"{c.code}{k:03d}", f"第{k}镇", f"第{k}", f"{c.path}{c.code}{k:03d}/", c.code, 0, 0
            )
            for k in range(4)
        )
        for c in counties
    )
    return Land(province, cities, counties, towns, ())


def test_two_counties_of_one_name_number_apart() -> None:
    assert list(_land().series.values()) == ["甲铁西", "乙铁西", "凌源"]


def test_the_same_seed_draws_the_same_plan_and_another_does_not() -> None:
    plans = [draw_plan(_land(), Wish(3000, date(2023, 11, 20), NOW, seed)) for seed in (7, 7, 8)]
    for name in ("type", "township", "reported", "way", "number", "flags"):
        assert np.array_equal(getattr(plans[0], name), getattr(plans[1], name))
    assert not np.array_equal(plans[0].reported, plans[2].reported)


def test_the_same_seed_tells_the_same_stories(
    empty_land: Callable[[], Engine],
) -> None:
    told = []
    for _ in range(2):
        engine = empty_land()
        synthesise(engine, ORDER, KEYS, lambda _: None)
        with Session(engine) as session:
            told.append(session.scalar(text(SAID)))
    assert told[0] == told[1]


def test_seasons_show() -> None:
    plan = draw_plan(_land(), Wish(30_000, date(2023, 11, 20), NOW, 3))
    month = plan.reported.astype("datetime64[s]").astype("datetime64[M]").astype(int) % 12 + 1
    heating = month[plan.type == type_codes().index("property_management")]
    assert np.isin(heating, (11, 12, 1, 2, 3)).mean() > 0.5
    land = month[plan.type == type_codes().index("forest_land")]
    assert np.isin(land, (3, 4, 5)).mean() > 0.35


def test_weekends_are_quieter_and_reports_come_late() -> None:
    plan = draw_plan(_land(), Wish(30_000, date(2023, 11, 20), NOW, 3))
    weekday = (plan.reported // 86_400 + 3) % 7
    assert (weekday >= 5).mean() < 0.2
    delay = plan.reported // 86_400 - plan.occurred
    assert delay.min() >= 0
    assert 0.3 < (delay == 0).mean() < 0.6
    assert delay.max() > 30


def test_planted_disputes_are_of_the_told_type_place_and_days(
    invented: Invented, session: Session
) -> None:
    planted = invented.made.truth["planted"]
    assert planted
    for event in planted:
        rows = session.execute(
            text(
                "SELECT type, county_code, reported_at::date AS day FROM dispute WHERE id = ANY(:i)"
            ),
            {"i": event["dispute_ids"]},
        ).all()
        assert len(rows) == event["extra"] == len(event["dispute_ids"])
        assert {row.type for row in rows} == {event["type"]}
        assert {row.county_code for row in rows} <= set(event["areas"])
        assert all(str(row.day) <= event["last"] for row in rows)


def test_a_land_without_a_province_stands_on_its_city(empty_land: Callable[[], Engine]) -> None:
    engine = empty_land()
    with engine.begin() as connection:
        connection.execute(text("UPDATE area SET level = 'city' WHERE code = '210000'"))
    assert synthesise(engine, ORDER, KEYS, lambda _: None).disputes == ORDER.disputes
