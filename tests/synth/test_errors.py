"""Planted slips of the pen are asked about, all of them and nothing else: the truth table says."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.synth.conftest import KEYS, NOW
from yuantou.alerts.levels import SHIPPED
from yuantou.alerts.models import Alert
from yuantou.alerts.nightly import judge_night
from yuantou.alerts.rulebook import load_rules
from yuantou.alerts.rules import read
from yuantou.synth.errors import EACH, KINDS
from yuantou.synth.service import Order, synthesise


def test_planted_slips_are_asked_of_their_units(empty_land: Callable[[], Engine]) -> None:
    engine = empty_land()
    made = synthesise(engine, Order(2_500, 1, 3, NOW, gaming=True), KEYS, lambda _: None)
    planted = {one["kind"]: one for one in made.truth["planted"] if one["kind"] in KINDS}
    assert set(planted) == set(KINDS)
    assert all(2 <= len(one["dispute_ids"]) <= EACH for one in planted.values())
    with Session(engine) as session:
        load_rules(session, read(SHIPPED), NOW.date())
        session.flush()
        judge_night(session, now=NOW, progress=lambda _done, _of: None)
        asked = session.scalars(select(Alert).where(Alert.key.like("W11:slips:%"))).all()
        found = {number for alert in asked for number in alert.facts["matters"]}  # type: ignore[attr-defined]
        assert found == {number for one in planted.values() for number in one["dispute_ids"]}
        for kind, fault in zip(KINDS, ("dates", "sums", "twice"), strict=True):
            counts: list[Any] = [alert.facts[fault] for alert in asked]
            assert sum(counts) == len(planted[kind]["dispute_ids"])
        units = text("SELECT DISTINCT handler_agency_id FROM dispute WHERE id = ANY(:ids)")
        for alert in asked:
            ids = {"ids": alert.facts["matters"]}
            assert session.scalars(units, ids).all() == [alert.owner_agency_id]


def test_a_province_as_it_should_be_has_no_slips(empty_land: Callable[[], Engine]) -> None:
    engine = empty_land()
    synthesise(engine, Order(2_500, 1, 3, NOW), KEYS, lambda _: None)
    with Session(engine) as session:
        load_rules(session, read(SHIPPED), NOW.date())
        session.flush()
        judge_night(session, now=NOW, progress=lambda _done, _of: None)
        assert not session.scalars(select(Alert).where(Alert.key.like("W11:slips:%"))).all()
