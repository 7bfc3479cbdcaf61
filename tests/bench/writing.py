"""Disputes logged at eight clients, beside two bare rows committed on the same database."""

import re
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from multiprocessing import get_context
from typing import Any

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.bench.browsing import Visitor, closed_loop
from yuantou.access.viewer import enter
from yuantou.accounts.models import Account
from yuantou.app import create_app
from yuantou.calendar.clock import now
from yuantou.database.connections import Connections
from yuantou.disputes.parties import NewParty
from yuantou.disputes.service import NewDispute
from yuantou.intake.service import log_dispute

Work = Callable[[Connections, float], "Timed"]
PROCESSES, THREADS = 2, 4
SCRATCH = """CREATE TABLE bench_one (id bigserial PRIMARY KEY, at timestamptz, words text);
CREATE TABLE bench_two (id bigserial PRIMARY KEY, one bigint, words text);
GRANT ALL ON bench_one, bench_two, bench_one_id_seq, bench_two_id_seq TO yuantou_app"""
STOPWATCH = """
CREATE UNLOGGED TABLE bench_wait (seconds float8);
CREATE FUNCTION bench_start() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('bench.start', extract(epoch FROM clock_timestamp())::text, true);
  RETURN NULL; END $$;
CREATE FUNCTION bench_stop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
  INSERT INTO bench_wait SELECT extract(epoch FROM clock_timestamp())
    - current_setting('bench.start')::float8;
  RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER a_bench AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION bench_start();
CREATE CONSTRAINT TRIGGER z_bench AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION bench_stop()"""
WORDS = "院墙滴水和排水沟走向争执,双方都愿意调解。"


@dataclass
class Timed:
    """How long it went, the time of each, of each commit, and of each joining of the chain."""

    span: float = 0.0
    times: list[float] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    rate: float = 0.0


def logged(connections: Connections, seconds: float) -> Timed:
    """Disputes through the use case, two parties each; the database itself times the chain."""
    with psycopg.connect(_plain(connections.owner), autocommit=True) as owner:
        owner.execute(STOPWATCH)
        whole = _crowd(_log_for, connections, seconds)
        whole.waits = [row[0] for row in owner.execute("SELECT seconds FROM bench_wait")]
    return whole


def bare(connections: Connections, seconds: float) -> Timed:
    """Transactions of two bare rows."""
    with psycopg.connect(_plain(connections.owner)) as owner:
        owner.execute(SCRATCH)
    return _crowd(_bare_for, connections, seconds)


def posted(visitor: Visitor, seconds: float) -> list[float]:
    """Times of disputes sent through the form by 8 clients, without parties."""
    status, body, _ = visitor.ask("/intake/")
    if status != HTTPStatus.OK:
        raise RuntimeError(f"/intake/ answered {status}")
    form = {
        "csrf_token": visitor.token("/intake/"), "type": "neighborhood", "source": "application",
        "area": _first_township(body.decode()), "place": "东村", "summary": WORDS, "involved": "2",
        "apart": "yes", "occurred_on": (now().date() - timedelta(days=1)).isoformat(),
    }  # fmt: skip

    def send() -> None:
        answer, _, _ = visitor.ask("/intake/", {**form, "submission": uuid.uuid4().hex})
        if answer not in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER):
            raise RuntimeError(f"the form was answered {answer}")

    return closed_loop(send, PROCESSES * THREADS, seconds)


def _first_township(page: str) -> str:
    """The first place that the form offers."""
    found = re.search(r'name="area".*?value="(\d{6,12})"', page, re.DOTALL)
    if found is None:
        raise RuntimeError("the form offers no township")
    return found[1]


def _crowd(work: Work, connections: Connections, seconds: float) -> Timed:
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        waiting = [pool.submit(work, connections, seconds) for _ in range(PROCESSES)]
        parts = [one.result() for one in waiting]
    whole = Timed(max(part.span for part in parts))
    for part in parts:
        whole.times += part.times
        whole.commits += part.commits
        whole.rate += len(part.times) / part.span
    return whole


def _log_for(connections: Connections, seconds: float) -> Timed:
    app = create_app(connections, testing=True)
    sessions = app.extensions["sessions"]
    commits = _watch_commits(app.extensions["engine"])
    with sessions() as session:
        account_id = session.query(Account.id).filter_by(login="mediator").scalar()

    def client(_: int) -> list[float]:
        with app.app_context(), sessions() as session:
            _one(session, account_id)
            times, end = [], time.perf_counter() + seconds
            while (started := time.perf_counter()) < end:
                _one(session, account_id)
                times.append(time.perf_counter() - started)
            return times

    timed = _timed(client)
    timed.commits = commits
    return timed


def _watch_commits(engine: Engine) -> list[float]:
    """Times of the commits that follow an audit row, the way back to the program included."""
    times: list[float] = []
    begun = threading.local()

    @event.listens_for(engine, "after_cursor_execute")
    def note(_line: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        begun.audited = "audit_append" in statement

    @event.listens_for(engine, "commit")
    def begin(_line: Any) -> None:
        begun.at = time.perf_counter()

    @event.listens_for(engine, "checkin")
    def end(*_all: Any) -> None:
        if getattr(begun, "audited", False):
            times.append(time.perf_counter() - begun.at)
            begun.audited = False

    return times


def _one(session: Session, account_id: int) -> None:
    """What a request does: find who it is, log, commit."""
    session.expunge_all()
    viewer = enter(session, session.get_one(Account, account_id))
    draft = NewDispute(
        submission=uuid.uuid4().hex, summary=WORDS, type="neighborhood", source="application",
        place="东村", area_code=viewer.agency.area_code, involved=2, title="邻里纠纷",
        occurred_on=now().date() - timedelta(days=1), demo=True,
    )  # fmt: skip
    phone = f"12{uuid.uuid4().int % 10**9:09d}"
    parties = [
        NewParty("applicant", "person", "王某甲", phone=phone),
        NewParty("respondent", "person", "李某乙", phone=phone[::-1]),
    ]
    log_dispute(session, by=viewer, draft=draft, parties=parties)


def _bare_for(connections: Connections, seconds: float) -> Timed:
    def client(_: int) -> list[float]:
        with psycopg.connect(_plain(connections.app)) as line:
            times, end = [], time.perf_counter() + seconds
            while (started := time.perf_counter()) < end:
                line.execute("INSERT INTO bench_one (at, words) VALUES (now(), %s)", [WORDS])
                line.execute("INSERT INTO bench_two (one, words) VALUES (1, %s)", [WORDS])
                line.commit()
                times.append(time.perf_counter() - started)
            return times

    return _timed(client)


def _timed(client: Callable[[int], list[float]]) -> Timed:
    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as crowd:
        parts = list(crowd.map(client, range(THREADS)))
    return Timed(time.perf_counter() - started, [each for part in parts for each in part])


def _plain(url: str) -> str:
    """The address as psycopg itself takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")
