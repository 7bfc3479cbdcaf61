"""The example list: read with its faults named, written once, marked as an example."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.coordination.dispatching.examples import ExampleFault, read, write_examples
from yuantou.coordination.dispatching.models import Duty

DAY, NOW = date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)


def test_agencies_without_duties_get_examples_once(owner: Session) -> None:
    written = write_examples(owner, read(), on=DAY, now=NOW)
    found = owner.scalars(select(Duty)).all()
    assert written == len(found)
    assert {"migrant_wages", "property_management"} <= {duty.type for duty in found}
    assert all(duty.example and "示例" in duty.basis for duty in found)
    assert write_examples(owner, read(), on=DAY, now=NOW) == 0


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('kind = "department"\nname = "局"\ntypes = ["吵架"]\nbasis = "法"', "吵架"),
        ('kind = "衙门"\nname = "局"\ntypes = ["medical"]\nbasis = "法"', "衙门"),
        ('kind = "department"\nname = "局"\ntypes = ["medical"]', "basis"),
        ('kind = "police"\nname = "局"\ntypes = ["medical"]\nbasis = "法"\ngb31000 = "01"', "01"),
    ],
)
def test_a_faulty_row_is_named(tmp_path: Path, row: str, said: str) -> None:
    file = tmp_path / "duties.toml"
    file.write_text(f"[[duty]]\n{row}\n", encoding="utf-8")
    with pytest.raises(ExampleFault, match=said):
        read(file)


def test_the_command_says_how_many(app: Flask, owner: Session) -> None:
    done = app.test_cli_runner().invoke(args=["duties", "example"])
    assert done.exit_code == 0, done.output
    assert "条示例职责" in done.output
    assert owner.scalars(select(Duty)).all()
