"""The limits that ship, and what a faulty catalogue is told."""

import json
from datetime import date
from pathlib import Path

import pytest

from yuantou.calendar.hours import EXAMPLE
from yuantou.calendar.workdays import day_end
from yuantou.disputes.codes import SHIPPED
from yuantou.disputes.tracks import TRACKS
from yuantou.disputes.workflow import TRANSITIONS
from yuantou.limits import catalogue
from yuantou.limits.rules import Unit

FILE = SHIPPED.with_name("limits.toml")
RULES = {rule.code: rule for rule in catalogue.read(FILE)}


@pytest.mark.parametrize(
    ("code", "amount", "unit"),
    [
        ("accept", 1, Unit.WORKING_DAY),
        ("triage", 1, Unit.WORKING_DAY),
        ("triage_red", 2, Unit.CLOCK_HOUR),
        ("triage_yellow", 4, Unit.CLOCK_HOUR),
        ("sign", 1, Unit.WORKING_DAY),
        ("sign_red", 2, Unit.CLOCK_HOUR),
        ("return", 2, Unit.WORKING_DAY),
        ("first_contact", 3, Unit.CALENDAR_DAY),
        ("finish_simple", 7, Unit.CALENDAR_DAY),
        ("finish", 30, Unit.CALENDAR_DAY),
        ("finish_complex", 60, Unit.CALENDAR_DAY),
        ("follow_up", 30, Unit.CALENDAR_DAY),
        ("mediation", 30, Unit.CALENDAR_DAY),
        ("mediation_medical", 30, Unit.WORKING_DAY),
        ("entrusted", 15, Unit.CALENDAR_DAY),
        ("entrusted_simplified", 7, Unit.CALENDAR_DAY),
        ("confirmation", 30, Unit.CALENDAR_DAY),
        ("judicial_advice_reply", 2, Unit.CALENDAR_MONTH),
    ],
)
def test_the_shipped_limits(code: str, amount: int, unit: Unit) -> None:
    assert (RULES[code].amount, RULES[code].unit) == (amount, unit)


def test_every_limit_has_a_source_and_working_defaults_are_examples() -> None:
    assert all(rule.source for rule in RULES.values())
    assert all(rule.example for rule in RULES.values() if rule.source.startswith("默认"))
    assert not RULES["confirmation"].example
    assert RULES["confirmation"].window


def test_limits_start_and_stop_with_events_that_happen() -> None:
    rows = [*TRANSITIONS, *(row for track in TRACKS for row in track.table)]
    happen = {row.event for row in rows} | {"transferred"}
    said = {
        event
        for rule in RULES.values()
        for event in (*rule.starts_with, *rule.ends_with, *rule.anew_with)
    }
    assert said <= happen


def test_a_rule_survives_being_stored() -> None:
    for rule in RULES.values():
        assert catalogue.limit_rule(json.loads(json.dumps(catalogue.body(rule)))) == rule


def test_reminders_come_before_and_supervision_after() -> None:
    due = day_end(date(2026, 12, 1))
    days = [each.day(due) for each in catalogue.read_reminders(FILE)]
    assert days == [date(2026, 11, 28), date(2026, 11, 30), date(2026, 12, 2)]


def test_working_hours_ship_as_the_example_and_survive_being_stored() -> None:
    hours = catalogue.read_hours(FILE)
    assert (hours.seasons, hours.example) == (EXAMPLE.openings[0].seasons, True)
    assert catalogue.working_hours(json.loads(json.dumps(catalogue.hours_body(hours)))) == hours


GOOD = FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('unit = "working_day"', 'unit = "fortnight"', "'fortnight' is not one of"),
        ("amount = 1\n", "", "missing key 'amount'"),
        ("amount = 1\n", "amount = 0\n", "accept: amount must be at least 1"),
        ("amount = 1\n", 'amount = "1"\n', "'amount' has the wrong type"),
        ("amount = 1\n", "amount = true\n", "'amount' has the wrong type"),
        ("amount = 1\n", "amount = 1\namout = 2\n", "unknown key 'amout'"),
        ('code = "sign"', 'code = "accept"', "code used twice: accept"),
        ('of = "triage"', 'of = "triace"', "'of' names no limit: 'triace'"),
        ("extension = 30", "extension = -3", "extension must not be negative"),
        ("[[limit]]", "[[limits]]", "no [[limit]]"),
        ("[[limit]]", "[[limit", "at line"),
    ],
)
def test_a_faulty_catalogue_names_its_fault(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in GOOD
    faulty = tmp_path / "limits.toml"
    faulty.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(catalogue.CatalogueError) as told:
        catalogue.read(faulty)
    assert complaint in str(told.value)
    assert str(faulty) in str(told.value)


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"rolls_over": True}, "cannot roll over"),
        ({"first_day_counts": True}, "only a limit in days"),
    ],
)
def test_hours_neither_roll_over_nor_count_a_first_day(
    changed: dict[str, bool], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        catalogue.limit_rule({**catalogue.body(RULES["sign_red"]), **changed})


@pytest.mark.parametrize(
    "said",
    [
        "",
        "seasons = []",
        'seasons = [{since = "01-01", spans = [["8 Uhr", "12:00"]]}]',
        'seasons = [{since = "02-30", spans = [["08:00", "12:00"]]}]',
        'seasons = [{since = "May", spans = [["08:00", "12:00"]]}]',
    ],
)
def test_faulty_working_hours_are_named(tmp_path: Path, said: str) -> None:
    faulty = tmp_path / "limits.toml"
    faulty.write_text(f"[working_hours]\n{said}\n", encoding="utf-8")
    with pytest.raises(catalogue.CatalogueError, match="working_hours"):
        catalogue.read_hours(faulty)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(catalogue.CatalogueError, match="nowhere"):
        catalogue.read(tmp_path / "nowhere.toml")
