"""The rules as data: versions that are added, and a file that says what is wrong with it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.alerts.conftest import RAISED
from tests.coordination.matters import Door, report
from yuantou.alerts.levels import SHIPPED, WarningsMalformed, read_terms
from yuantou.alerts.models import Alert, RuleVersion
from yuantou.alerts.rulebook import BOOK, in_force, load_rules
from yuantou.alerts.rules import Rule, body, read, rule_of
from yuantou.database.migrating import scripts
from yuantou.database.once import forget

TODAY = date(2026, 11, 20)


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "warnings.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file


def test_a_rule_is_stored_and_read_back_alike() -> None:
    assert all(rule_of(body(rule)) == rule for rule in read(SHIPPED))


def agreed(tmp_path: Path, owner: Session) -> None:
    """Version 2 of W01 begins at twelve people, as two persons agreed today."""
    file = changed(tmp_path, "yellow = 10\nred = 30", "yellow = 12\nred = 30")
    load_rules(owner, read(file), TODAY)
    owner.flush()
    row = owner.query(RuleVersion).filter_by(code="W01", version=2).one()
    row.proposed_by, row.approved_by, row.approved_at = 1, 2, RAISED
    owner.flush()
    forget(owner, BOOK)


def test_what_a_newer_file_brings_waits_and_is_laid_down_once(
    tmp_path: Path, owner: Session
) -> None:
    assert load_rules(owner, read(SHIPPED), TODAY) == 0
    file = changed(tmp_path, "yellow = 10\nred = 30", "yellow = 12\nred = 30")
    assert load_rules(owner, read(file), TODAY) == 1
    owner.flush()
    assert load_rules(owner, read(file), TODAY) == 0
    rows = owner.query(RuleVersion).filter_by(code="W01").order_by(RuleVersion.version).all()
    assert [row.approved_at is None for row in rows] == [False, True]
    assert in_force(owner, TODAY)["W01"].number("yellow") == 10


def test_the_file_never_takes_back_what_two_persons_decided(tmp_path: Path, owner: Session) -> None:
    agreed(tmp_path, owner)
    assert load_rules(owner, read(SHIPPED), TODAY) == 0
    assert in_force(owner, TODAY)["W01"].number("yellow") == 12


def test_a_new_version_holds_from_its_day(tmp_path: Path, owner: Session) -> None:
    agreed(tmp_path, owner)
    before, since = in_force(owner, date(2026, 11, 19)), in_force(owner, TODAY)
    assert (before["W01"].number("yellow"), before["W01"].version) == (10, 1)
    assert (since["W01"].number("yellow"), since["W01"].version) == (12, 2)


def test_a_warning_says_by_which_version_it_was_raised(
    tmp_path: Path, owner: Session, door: Door
) -> None:
    agreed(tmp_path, owner)
    owner.commit()
    report(door, involved=11, now=RAISED)
    report(door, involved=12, now=RAISED)
    (alert,) = owner.query(Alert).all()
    assert (alert.rule_version, alert.facts["involved"]) == (2, 12)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('code = "W01"', 'code = "W99"', "W99"),
        ("failures = 2", "failures = 0", "W06"),
        ("failures = 2", 'failures = "two"', "W06"),
        ("failures = 2", "", "W06"),
        ("yellow = 10", "yellow = 2", "W01"),
        ("numbers = { yellow = 3 }", "numbers = { blue = 3 }", "W01"),
        ('when = "at_once"', 'when = "sometimes"', "W01"),
        ("active = true", "active = true\ncolour = 1", "colour"),
        ('code = "W02"', 'code = "W01"', "W01"),
        ("[[rule]]", "[[rule", "warnings.toml"),
    ],
)
def test_a_faulty_rule_is_refused_with_its_name(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(WarningsMalformed, match=said):
        read(changed(tmp_path, old, new))


@pytest.mark.parametrize(
    ("old", "new"), [("hours = 2\n", "hours = 0\n"), ('code = "red"', 'code = "purple"'),
                     ("days = 7 ", "daze = 7 ")],
)  # fmt: skip
def test_faulty_levels_are_refused(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(WarningsMalformed, match=r"warnings\.toml"):
        read_terms(changed(tmp_path, old, new))


def test_the_strictest_special_case_counts() -> None:
    rule: Rule = next(rule for rule in read(SHIPPED) if rule.code == "W01")
    assert rule.number("yellow", "migrant_wages", ("work_injury",)) == 3
    assert rule.number("red", "migrant_wages", ("work_injury",)) == 30


def test_config_load_reads_the_rules_too(app: Flask, owner: Session) -> None:
    owner.query(RuleVersion).delete()
    owner.commit()
    run: Callable[..., Result] = app.test_cli_runner().invoke
    answer = run(args=["config", "load"])
    assert answer.exit_code == 0, answer.output
    assert "预警规则" in answer.output
    assert owner.query(RuleVersion).count() == 12


def test_an_older_rule_about_data_is_read_after_the_migration(owner: Session) -> None:
    owner.execute(
        text(
            "UPDATE warning_rule_version SET body = body || "
            """'{"numbers": {}, "says_zh": "旧"}' WHERE code = 'W11'"""
        )
    )
    step = scripts().get_revision("0035").module.W11_GROWS
    owner.connection().exec_driver_sql(step)
    forget(owner, BOOK)
    assert in_force(owner, TODAY)["W11"].number("phones") == 5
    assert load_rules(owner, read(SHIPPED), TODAY) == 0
