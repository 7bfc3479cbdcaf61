"""Demo data: one account per role, all or nothing, never beside real data, gone in one command."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.synth.conftest import KEYS, NOW, Invented
from yuantou.access.roles import ROLES
from yuantou.accounts.models import Account
from yuantou.accounts.passwords import matches
from yuantou.synth.removal import RealData
from yuantou.synth.service import AlreadyThere, Order, create_demo, remove_demo, synthesise

SMALL = Order(150, 1, 1, NOW)
EVERYTHING = ("dispute", "account", "agency", "court_count", "count_batch", "target")
HANGING = """SELECT relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attname = 'dispute_id' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
  AND relname <> 'stale_area'"""  # marks: the figures are to be made anew without what went


def _rows(engine: Engine) -> int:
    with Session(engine) as session:
        tables = (*session.scalars(text(HANGING)), *EVERYTHING)
        counts = [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in tables]
    return sum(count or 0 for count in counts)


def test_there_is_an_account_of_every_role_and_its_password_opens(
    invented: Invented, session: Session
) -> None:
    made = invented.made.accounts
    assert {account.login for account in made} == {*ROLES, "province_second"}
    for account in made:
        row = session.query(Account).filter_by(login=account.login).one()
        assert row.role == account.login.removesuffix("_second")
        assert row.password_hash.startswith("$argon2id$")
    assert matches(row.password_hash, account.password)


def test_invented_staff_cannot_sign_in(session: Session) -> None:
    rows = session.query(Account).filter(Account.login.like("demo-%")).all()
    assert rows
    assert {row.password_hash for row in rows} == {"!"}


def test_only_the_owner_can_read_the_accounts(invented: Invented) -> None:
    assert stat.S_IMODE(invented.accounts.stat().st_mode) == 0o600
    assert all(
        account.password in invented.accounts.read_text() for account in invented.made.accounts
    )


def test_the_demo_mediator_has_work_waiting(session: Session) -> None:
    waiting = session.scalar(
        text("""SELECT count(*) FROM dispute d JOIN account a ON a.agency_id = d.handler_agency_id
                WHERE a.login = 'mediator' AND d.closed_at IS NULL""")
    )
    assert waiting >= 3


def test_beside_real_people_it_is_refused_and_nothing_is_written(
    app: Flask, owner: Session
) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "create"])
    assert result.exit_code != 0
    assert "真实数据" in result.output
    assert owner.scalar(text("SELECT count(*) FROM agency WHERE demo")) == 0


def test_a_run_that_is_killed_leaves_nothing_and_can_be_repeated(
    empty_land: Callable[[], Engine], tmp_path: Path
) -> None:
    engine, file = empty_land(), tmp_path / "accounts.txt"

    def die(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        create_demo(engine, SMALL, KEYS, file, die)
    assert _rows(engine) == 0
    assert not file.exists()
    assert create_demo(engine, SMALL, KEYS, file, lambda _: None).disputes == 150


def test_what_stands_is_not_made_twice_and_goes_whole(
    empty_land: Callable[[], Engine], tmp_path: Path
) -> None:
    engine = empty_land()
    create_demo(engine, SMALL, KEYS, tmp_path / "accounts.txt", lambda _: None)
    with pytest.raises(AlreadyThere, match="demo remove"):
        create_demo(engine, SMALL, KEYS, tmp_path / "accounts.txt", lambda _: None)
    with pytest.raises(AlreadyThere, match="synth --remove"):
        synthesise(engine, SMALL, KEYS, lambda _: None)
    assert remove_demo(engine, everything=True) == 150
    assert _rows(engine) == 0


def test_a_real_dispute_survives_the_removal_and_bars_another_demo(
    empty_land: Callable[[], Engine], tmp_path: Path
) -> None:
    engine = empty_land()
    create_demo(engine, SMALL, KEYS, tmp_path / "accounts.txt", lambda _: None)
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET demo = false WHERE login = 'mediator'"))
        connection.execute(
            text("""UPDATE dispute SET demo = false, reporter_id =
                    (SELECT id FROM account WHERE login = 'mediator')
                    WHERE id = (SELECT min(id) FROM dispute)""")
        )
    remove_demo(engine, everything=False)
    with Session(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM dispute")) == 1
        assert session.scalar(text("SELECT count(*) FROM dispute_event")) > 0
    with pytest.raises(RealData, match="纠纷 1 件"):
        synthesise(engine, SMALL, KEYS, lambda _: None)
