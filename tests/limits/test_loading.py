"""Loading the shipped limits: a version is made where something changed, and only there."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tests.conftest import Database
from yuantou.limits.catalogue import read
from yuantou.limits.service import load_limits

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 1, 5)


def test_loading_again_makes_no_new_versions(database: Database) -> None:
    rules = read(ROOT / "config" / "limits.toml")
    with database.sessions("owner")() as session:
        load_limits(session, rules, TODAY)
        session.commit()
        session.expire_all()
        assert load_limits(session, rules, TODAY) == 0


def test_a_changed_limit_gets_one_new_version(database: Database) -> None:
    rules = read(ROOT / "config" / "limits.toml")
    with database.sessions("owner")() as session:
        load_limits(session, rules, TODAY)
        session.commit()
        session.expire_all()
        changed = (replace(rules[0], amount=rules[0].amount + 1), *rules[1:])
        assert load_limits(session, changed, TODAY) == 1
