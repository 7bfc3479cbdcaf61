"""Parties of before get the index of their telephone; broken off, it goes on."""

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.coordination.conftest import door
from tests.coordination.matters import Door, report
from yuantou.audit.models import AuditEvent
from yuantou.crypto.fields import blind_index
from yuantou.disputes.models import Party
from yuantou.disputes.parties import NewParty
from yuantou.disputes.phones import index_phones

__all__ = ["door"]
NUMBERS = [f"1380000{place:04d}" for place in range(5)]


@pytest.fixture
def old(door: Door, owner: Session) -> list[bytes | None]:
    """Five parties with a telephone and one without, as before; their indexes of today."""
    people = [NewParty("applicant", "person", "王某丙", phone=number) for number in NUMBERS]
    report(door, parties=(*people, NewParty("respondent", "person", "李某乙")))
    kept = indexes(owner)
    owner.execute(text("UPDATE party SET phone_index = NULL"))
    owner.commit()
    return kept


def indexes(owner: Session) -> list[bytes | None]:
    owner.expire_all()
    return [party.phone_index for party in owner.query(Party).order_by(Party.id)]


def test_every_telephone_gets_the_index_that_it_would_get_today(
    app: Flask, owner: Session, old: list[bytes | None]
) -> None:
    done = app.test_cli_runner().invoke(args=["keys", "phones"])
    assert (done.exit_code, "5 个" in done.output) == (0, True), done.output
    assert indexes(owner) == old
    ring = app.extensions["keyring"]
    assert old[0] == blind_index(ring.index_key, "phone", NUMBERS[0])
    assert old[-1] is None
    again = app.test_cli_runner().invoke(args=["keys", "phones"])
    assert "0 个" in again.output


def test_it_goes_on_where_it_was_broken_off(
    app: Flask, owner: Session, old: list[bytes | None]
) -> None:
    ring = app.extensions["keyring"]
    first = index_phones(owner, ring, after=0, most=2)
    owner.commit()
    assert first is not None
    second = index_phones(owner, ring, after=first.last, most=2)
    assert second is not None
    owner.rollback()  # killed in the middle of a batch
    assert sum(one is not None for one in indexes(owner)) == 2
    app.test_cli_runner().invoke(args=["keys", "phones"])
    assert indexes(owner) == old


def test_what_does_not_open_is_passed_over_and_nothing_is_told(
    app: Flask, owner: Session, old: list[bytes | None], caplog: pytest.LogCaptureFixture
) -> None:
    owner.execute(text("UPDATE party SET phone_enc = '\\x00112233445566778899aabbccddeeff00'"
                       " WHERE position = 2"))  # fmt: skip
    owner.commit()
    done = app.test_cli_runner().invoke(args=["keys", "phones"])
    assert (done.exit_code, "4 个" in done.output) == (0, True)
    facts = [row.facts for row in owner.query(AuditEvent).filter_by(action="keys:phones")]
    assert facts == [{"rows": 5, "indexed": 4}]
    told = done.output + caplog.text + str(facts)
    assert not any(number in told for number in NUMBERS)
