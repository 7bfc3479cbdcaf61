"""Changing the master key: everything is readable before and after, by the newest key alone."""

import base64
import os

from flask import Flask
from sqlalchemy.orm import Session

from tests.conftest import Database
from yuantou.calendar.clock import now
from yuantou.cli import SEALED
from yuantou.crypto.keyring import KeyRing
from yuantou.database.migrating import metadata
from yuantou.disputes.models import DisputeKey
from yuantou.notices.models import AccountChannel


def wrapped_for(database: Database, ring: KeyRing, numbers: range) -> dict[int, bytes]:
    keys = {number: os.urandom(32) for number in numbers}
    with database.sessions("owner")() as session:
        for number, key in keys.items():
            wrapped, version = ring.wrap(key)
            session.add(DisputeKey(dispute_id=number, wrapped=wrapped, master_version=version))
        session.commit()
    return keys


def unwrapped(session: Session, ring: KeyRing) -> dict[int, bytes]:
    found = session.query(DisputeKey).all()
    return {one.dispute_id: ring.unwrap(one.wrapped, one.master_version) for one in found}


def test_data_keys_are_wrapped_by_the_newest_master_key(app: Flask, database: Database) -> None:
    old, new = os.urandom(32), os.urandom(32)
    keys = wrapped_for(database, KeyRing({1: old}, b""), range(1, 4))
    app.extensions["keyring"] = KeyRing({1: old, 2: new}, b"")
    done = app.test_cli_runner().invoke(args=["keys", "rewrap"])
    assert (done.exit_code, "3" in done.output) == (0, True)
    with database.sessions("owner")() as session:
        assert unwrapped(session, KeyRing({2: new}, b"")) == keys


def test_addresses_of_channels_follow_the_master_key(app: Flask, database: Database) -> None:
    old, new = os.urandom(32), os.urandom(32)
    sealed, version = KeyRing({1: old}, b"").wrap(b"mei@example.org")
    with database.sessions("owner")() as session:
        row = AccountChannel(account_id=1, channel="mail", active=True, address_enc=sealed,
                             master_version=version, address_mask="", muted=[], daily=False,
                             daily_sent_on=None, changed_at=now())  # fmt: skip
        session.add(row)
        session.commit()
        app.extensions["keyring"] = KeyRing({1: old, 2: new}, b"")
        assert app.test_cli_runner().invoke(args=["keys", "rewrap"]).exit_code == 0
        session.refresh(row)
        assert row.address_enc is not None
        assert KeyRing({2: new}, b"").unwrap(row.address_enc, 2) == b"mei@example.org"


def test_nothing_that_a_master_key_seals_is_forgotten() -> None:
    named = {"master_version", "file_key"}
    told = {(one.model.__tablename__, one.version.key) for one in SEALED}
    tables = metadata().tables.values()
    assert told == {(table.name, name) for table in tables for name in named & set(table.c.keys())}


def test_a_new_key_is_256_bits(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(args=["keys", "new"]).output.strip()
    assert len(base64.b64decode(shown)) == 32
