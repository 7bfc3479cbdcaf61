"""Planted units, whose figures are made, are asked about: the truth table says which."""

from collections.abc import Callable

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.synth.conftest import KEYS, NOW
from yuantou.indicators.integrity.asking import Terms, ask
from yuantou.indicators.integrity.gathering import quarter_due
from yuantou.indicators.integrity.models import IntegrityQuestion
from yuantou.synth.gaming import EXTRA, WAIT_DAYS
from yuantou.synth.service import Order, synthesise

TERMS = Terms(0.05, 10, (999, 9_999))
MORE_TOWNSHIPS = """INSERT INTO area (code, name, short_name, level, parent_code, path, valid_from,
  source) SELECT '2113822' || lpad(k::text, 2, '0'), '第' || k || '乡', '第' || k, 'township',
  '211382', '210000/211300/211382/2113822' || lpad(k::text, 2, '0') || '/', '2020-11-01', 'test'
FROM generate_series(1, 24) k"""


def test_planted_units_are_asked_and_others_are_left_alone(
    empty_land: Callable[[], Engine],
) -> None:
    engine = empty_land()
    with engine.begin() as connection:
        connection.execute(text(MORE_TOWNSHIPS))
    made = synthesise(engine, Order(4_000, 1, 3, NOW, gaming=True), KEYS, lambda _: None)
    planted = {one["kind"]: one for one in made.truth["planted"] if one["kind"] in EXTRA}
    assert set(planted) == set(EXTRA)
    with Session(engine) as session:
        quarter = quarter_due(NOW.date(), WAIT_DAYS)
        ask(session, quarter, TERMS, now=NOW, progress=lambda _done, _of: None)
        found = session.scalars(select(IntegrityQuestion)).all()
        truth = {
            (kind, session.scalar(
                text("SELECT handler_agency_id FROM dispute WHERE id = ANY(:ids) GROUP BY 1 "
                     "ORDER BY count(*) DESC LIMIT 1"), {"ids": one["dispute_ids"]}))
            for kind, one in planted.items()
        }  # fmt: skip
    asked = {(one.kind, one.agency_id) for one in found}
    assert asked == truth
