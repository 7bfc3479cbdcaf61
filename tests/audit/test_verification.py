"""Whoever changes the audit afterwards, even as the owner, is found out at the first row."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from tests.conftest import Database
from yuantou.audit.jobs import ChainBroken, verify_chain
from yuantou.audit.models import AuditEvent
from yuantou.audit.service import record
from yuantou.audit.verification import Head, read_head, verify
from yuantou.calendar.clock import now
from yuantou.database.session import make_engine

LINKS = 7
FORBIDDEN = (
    "UPDATE audit_event SET facts = '{}'",
    "DELETE FROM audit_event",
    "TRUNCATE audit_event",
    "INSERT INTO audit_event SELECT * FROM audit_event",
    "UPDATE audit_head SET seq = 0",
    "DELETE FROM audit_head",
    "INSERT INTO audit_entry (action, object_type, object_id, facts) VALUES ('x', 'x', 'x', '{}')",
    "DELETE FROM audit_entry",
)
APPEND = text("SELECT audit_append(NULL, NULL, 'test:do', 'test', :id, '{}')")


@pytest.fixture
def chain(database: Database) -> Iterator[Connection]:
    """A chain of seven rows, and the owner's hand on it."""
    with database.sessions("app")() as session:
        for number in range(LINKS):
            add(session, f"旧事{number}")
            session.commit()
    engine = make_engine(database.connections.owner).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def add(session: Session, object_id: str) -> None:
    record(
        session,
        action="test:do",
        object_type="test",
        object_id=object_id,
        account_id=None,
        facts={"编号": object_id, "n": 1.50},
    )


def broken_at(chain: Connection, printed: tuple[Head, ...] = (), batch: int = 2) -> int | None:
    with Session(chain) as session:
        found = verify(session, printed, batch=batch).found
    return found.seq if found else None


def head(chain: Connection) -> Head:
    with Session(chain) as session:
        return verify(session).head


def test_an_untouched_chain_is_sound(chain: Connection) -> None:
    assert broken_at(chain, (head(chain),)) is None
    assert head(chain).seq == LINKS


@pytest.mark.usefixtures("app")
def test_an_empty_chain_is_sound(database: Database) -> None:
    with database.sessions("worker")() as session:
        assert verify(session).sound


@pytest.mark.parametrize(
    ("tampering", "seq"),
    [
        ("UPDATE audit_event SET facts = '{}' WHERE seq = 3", 3),
        ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE seq = 5", 5),
        ("UPDATE audit_event SET account_id = 1 WHERE seq = 1", 1),
        ("UPDATE audit_event SET object_id = object_id || ' ' WHERE seq = 7", 7),
        ("UPDATE audit_event SET hash = sha256('x') WHERE seq = 4", 4),
        ("DELETE FROM audit_event WHERE seq = 3", 3),
        ("DELETE FROM audit_event WHERE seq = 1", 1),
        ("DELETE FROM audit_event WHERE seq >= 6", 6),
        ("DELETE FROM audit_event", 1),
        ("UPDATE audit_event SET seq = 0 WHERE seq = 1", 0),
        ("UPDATE audit_head SET hash = sha256('x')", 7),
    ],
)
def test_tampering_is_found_at_its_first_row(chain: Connection, tampering: str, seq: int) -> None:
    chain.execute(text(tampering))
    assert broken_at(chain) == seq


def test_two_rows_that_changed_places_are_found(chain: Connection) -> None:
    for before, after in ((3, 1000), (4, 3), (1000, 4)):
        move = text("UPDATE audit_event SET seq = :after WHERE seq = :before")
        chain.execute(move, {"before": before, "after": after})
    assert broken_at(chain) == 3


def test_a_row_rewritten_with_its_own_hash_breaks_the_next(chain: Connection) -> None:
    forge = "UPDATE audit_event SET facts = '{}', hash = audit_hash(previous, seq, at, account_id, "
    forge += "agency_id, action, object_type, object_id, '{}') WHERE seq = 3"
    chain.execute(text(forge))
    assert broken_at(chain) == 4


def test_a_cut_tail_with_a_forged_head_shows_against_a_printed_head(chain: Connection) -> None:
    printed = read_head(str(head(chain)))
    chain.execute(text("DELETE FROM audit_event WHERE seq > 5"))
    chain.execute(
        text(
            "UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_event WHERE seq = 5)"
        )
    )
    assert broken_at(chain) is None  # inside the chain nothing shows
    assert broken_at(chain, (printed,)) == 6


def test_a_chain_rewritten_from_a_row_on_shows_against_a_printed_head(chain: Connection) -> None:
    printed = head(chain)
    chain.execute(text("DELETE FROM audit_event WHERE seq > 6"))
    chain.execute(
        text(
            "UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_event WHERE seq = 6)"
        )
    )
    chain.execute(text("SELECT audit_append(NULL, NULL, 'other', 'test', 'x', '{}')"))
    assert broken_at(chain) is None
    assert broken_at(chain, (printed,)) == 7


@pytest.mark.parametrize("role", ["app", "worker"])
@pytest.mark.usefixtures("chain")
def test_the_roles_that_write_the_chain_cannot_change_it(database: Database, role: str) -> None:
    for statement in FORBIDDEN:
        with (
            database.sessions(role)() as session,
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            session.execute(text(statement))


def test_transactions_at_the_same_time_chain_one_after_the_other(
    database: Database, chain: Connection
) -> None:
    def write(sessions: list[Session]) -> None:
        for session in sessions:
            session.commit()

    both = [[database.sessions("app")() for _ in range(6)] for _ in range(2)]
    for sessions in both:
        for session in sessions:
            session.execute(text("SELECT 1"))  # begun before the others commit
            add(session, "同时")
    threads = [threading.Thread(target=write, args=(sessions,)) for sessions in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (broken_at(chain), head(chain).seq) == (None, LINKS + 12)
    for session in both[0] + both[1]:
        session.close()


def test_nobody_waits_for_a_writer_who_has_not_committed_yet(
    database: Database, chain: Connection
) -> None:
    with database.sessions("app")() as slow, database.sessions("app")() as quick:
        slow.execute(APPEND, {"id": "慢"})
        quick.execute(text("SET LOCAL lock_timeout = '2s'"))
        quick.execute(APPEND, {"id": "快"})
        quick.commit()
        slow.commit()
    rows = chain.execute(text("SELECT object_id FROM audit_event WHERE seq > 7 ORDER BY seq"))
    assert (rows.scalars().all(), broken_at(chain)) == (["快", "慢"], None)


def test_moments_never_go_back_along_the_chain(database: Database, chain: Connection) -> None:
    with database.sessions("app")() as first, database.sessions("app")() as second:
        first.execute(APPEND, {"id": "先开始"})
        second.execute(APPEND, {"id": "先提交"})
        second.commit()
        first.commit()
    moments = chain.execute(text("SELECT at FROM audit_event ORDER BY seq")).scalars().all()
    assert list(moments) == sorted(moments)


def test_rows_of_one_transaction_join_in_their_order_and_leave_no_entry(
    database: Database, chain: Connection
) -> None:
    with database.sessions("app")() as session:
        for name in ("甲", "乙", "丙"):
            add(session, name)
        session.commit()
    rows = chain.execute(text("SELECT object_id FROM audit_event WHERE seq > 7 ORDER BY seq"))
    assert rows.scalars().all() == ["甲", "乙", "丙"]
    assert chain.execute(text("SELECT count(*) FROM audit_entry")).scalar_one() == 0


def test_a_writer_who_links_at_once_breaks_nothing(database: Database, chain: Connection) -> None:
    with database.sessions("app")() as session:
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.execute(APPEND, {"id": "立即"})
        session.commit()
    assert (broken_at(chain), head(chain).seq) == (None, LINKS + 1)


def test_a_row_kept_out_of_the_chain_is_found(database: Database, chain: Connection) -> None:
    chain.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER link"))
    with database.sessions("app")() as session:
        add(session, "瞒下")
        session.commit()
    chain.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER link"))
    assert broken_at(chain) == LINKS + 1


def test_a_transaction_that_is_rolled_back_leaves_no_row(
    database: Database, chain: Connection
) -> None:
    with database.sessions("app")() as session:
        session.execute(text("SELECT 1"))
        add(session, "未成")
        session.rollback()
        session.execute(text("SELECT 1"))
        session.commit()
    assert head(chain).seq == LINKS


def test_a_batch_with_savepoints_is_one_row_written_last(
    database: Database, chain: Connection
) -> None:
    with database.sessions("app")() as session:
        add(session, "批次")
        for _ in range(3):
            with session.begin_nested():
                session.execute(text("SELECT 1"))
            assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0
        session.commit()
    assert head(chain).seq == LINKS + 1


def test_the_command_prints_the_head_and_fails_on_a_break(app: Flask, chain: Connection) -> None:
    runner = app.test_cli_runner()
    sound = runner.invoke(args=["audit", "verify"])
    assert (sound.exit_code, str(head(chain)) in sound.output) == (0, True)
    future = runner.invoke(args=["audit", "verify", "--head", f"99:{'0' * 64}"])
    assert (future.exit_code, "链尾被截去" in future.output) == (1, True)
    chain.execute(text("UPDATE audit_event SET action = 'x' WHERE seq = 2"))
    assert "第 2 行断裂" in runner.invoke(args=["audit", "verify"]).output
    assert "不是链头" in runner.invoke(args=["audit", "verify", "--head", "7"]).output


def test_the_nightly_job_logs_the_head_to_be_kept_elsewhere(
    database: Database, chain: Connection
) -> None:
    with database.sessions("worker")() as session, capture_logs() as logged:
        verify_chain(session, now(), lambda _done, _total: None)
    assert [line["audit_head"] for line in logged] == [str(head(chain))]


def test_the_nightly_job_fails_on_a_break(database: Database, chain: Connection) -> None:
    with database.sessions("worker")() as session:
        verify_chain(session, now(), lambda _done, _total: None)
        chain.execute(text("DELETE FROM audit_event WHERE seq = 4"))
        with pytest.raises(ChainBroken, match="第 4 行"):
            verify_chain(session, now(), lambda _done, _total: None)
