"""The use cases: make a demo, make disputes alone, take them away. Each is one transaction."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from yuantou.audit.service import record
from yuantou.coordination.dispatching.examples import read as read_duties
from yuantou.coordination.dispatching.examples import write_examples
from yuantou.crypto.keyring import KeyRing
from yuantou.database.connections import ROOT
from yuantou.indicators.definitions import definitions
from yuantou.indicators.keeping import keep_all
from yuantou.limits.catalogue import read
from yuantou.limits.queries import rules_in_force
from yuantou.synth.accounts import DemoAccount, focus_county, keep, make_accounts
from yuantou.synth.counts import draw_counts, write_counts
from yuantou.synth.errors import spoil
from yuantou.synth.faults import silent_courts
from yuantou.synth.filling import fill, numbered
from yuantou.synth.gaming import make_up
from yuantou.synth.land import Land, read_land
from yuantou.synth.measures import Measured, measure
from yuantou.synth.part import Province
from yuantou.synth.plan import Plan, Wish, draw_plan
from yuantou.synth.positions import write_positions
from yuantou.synth.removal import refuse_beside_real, remove_all, remove_disputes
from yuantou.synth.staff import Staff, read_staff, settle
from yuantou.synth.supplies import write_supplies
from yuantou.synth.targets import write_targets
from yuantou.synth.terms import Rules
from yuantou.synth.window import write_window

LIMITS = ROOT / "config" / "limits.toml"
ANALYZED = (
    "dispute", "dispute_event", "party", "participation", "deadline", "agreement",
    "court_count", "account", "agency", "named_handler", "mediation_record", "performance",
    "path_notice", "follow_up", "dispute_key",
)  # fmt: skip


class AlreadyThere(RuntimeError):
    """Demo data stand already; the message says how to remove them."""


@dataclass(frozen=True)
class Order:
    """What to make: how many disputes over how many years, from which seed, as of when.

    `gaming` plants units whose figures are made, their rows contradicting their histories on
    purpose, slips of the pen, and a county that fell silent.
    """

    disputes: int
    years: int
    seed: int
    now: datetime
    gaming: bool = False

    @property
    def first(self) -> date:
        """The first day of report."""
        day = self.now.date()
        return day - timedelta(days=round(365.25 * self.years))


def _wish(order: Order, focus: str) -> Wish:
    return Wish(order.disputes, order.first, order.now, order.seed, focus, order.gaming)


@dataclass
class Made:
    """What was made."""

    disputes: int = 0
    counts: int = 0
    targets: int = 0
    accounts: list[DemoAccount] = field(default_factory=list)
    truth: dict[str, Any] = field(default_factory=dict)
    measured: list[Measured] = field(default_factory=list)


Report = Callable[[int], None]


def create_demo(
    engine: Engine, order: Order, keyring: KeyRing, accounts: Path, report: Report
) -> Made:
    """Agencies, one account per role, disputes, counts and targets: all of it or nothing."""
    with _transaction(engine) as (connection, raw):
        refuse_beside_real(raw)
        if read_staff_exists(raw):
            raise AlreadyThere("演示数据已经在库里。要重做,先运行:flask --app wsgi demo remove")
        land = read_land(raw)
        staff = settle(raw, land, order.now)
        write_examples(connection, read_duties(), on=order.first, now=order.now)
        made = Made(accounts=make_accounts(raw, land, staff, order.now))
        write_window(connection, land.counties[focus_county(land)].code, order.now)
        _make(connection, raw, order, keyring, land, staff, made, report)
        write_positions(connection, land.counties[focus_county(land)].code, order.now, order.seed)
        write_supplies(raw, land.counties[focus_county(land)].code, order.now)
        _record(connection, "demo:create", order)
        keep(made.accounts, accounts)
    _finish(engine, made, order.now)
    return made


def synthesise(engine: Engine, order: Order, keyring: KeyRing, report: Report) -> Made:
    """Disputes, counts and targets; agencies are made where none are."""
    made = Made()
    with _transaction(engine) as (connection, raw):
        refuse_beside_real(raw)
        land = read_land(raw)
        staff = read_staff(raw, land) or settle(raw, land, order.now)
        if raw.execute("SELECT EXISTS (SELECT FROM dispute WHERE demo)").fetchone() != (False,):
            raise AlreadyThere(
                "合成的纠纷已经在库里。要重做,先运行:flask --app wsgi synth --remove"
            )
        _make(connection, raw, order, keyring, land, staff, made, report)
        _record(connection, "synth:create", order)
    _finish(engine, made, order.now)
    return made


def remove_demo(engine: Engine, *, everything: bool) -> int:
    """Take the synthetic disputes away, or every demo row; returns how many disputes there were."""
    with _transaction(engine) as (connection, raw):
        gone = remove_all(raw) if everything else remove_disputes(raw)
        _log(connection, "demo:remove" if everything else "synth:remove", {"disputes": gone})
    analyze(engine)
    return gone


def analyze(engine: Engine) -> None:
    """Tell the planner what the tables hold now."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in ANALYZED:
            connection.exec_driver_sql(f"ANALYZE {table}")


def _finish(engine: Engine, made: Made, now: datetime) -> None:
    """Once the rows stand: statistics for the planner, the kept figures, and what came out."""
    analyze(engine)
    with Session(engine) as session, session.begin():
        if definitions(session, now.date()):
            keep_all(session, now=now)
    with _transaction(engine) as (_, raw):
        made.measured = measure(raw)


def read_staff_exists(raw: psycopg.Connection[Any]) -> bool:
    """Whether demo agencies are there."""
    return raw.execute("SELECT EXISTS (SELECT FROM agency WHERE demo)").fetchone() == (True,)


def rules_of(session: Session, day: date) -> Rules:
    """The limits in force; the shipped ones where none were loaded."""
    return rules_in_force(session, day) or {rule.code: (rule, 1) for rule in read(LIMITS)}


def write_truth(truth: dict[str, Any], file: Path) -> None:
    """Keep the planted events where a detector's test can find them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")


def _make(
    connection: Connection, raw: psycopg.Connection[Any], order: Order, keyring: KeyRing,
    land: Land, staff: Staff, made: Made, report: Report,
) -> None:  # fmt: skip
    focus = land.counties[focus_county(land)].code if made.accounts else ""
    plan = draw_plan(land, _wish(order, focus))
    with Session(connection) as session:
        rules = rules_of(session, order.now.date())
    first, agreement = numbered(raw, plan.count)
    fill(raw, Province(plan, land, staff, rules, keyring, first, agreement), report)
    counts = draw_counts(land, order.first.replace(month=1, day=1), order.now, order.seed)
    made.disputes = plan.count
    made.counts = write_counts(raw, counts, staff)
    made.targets = write_targets(
        raw, land, counts, staff, order.now.date(), order.now.isoformat(), order.seed
    )
    made.truth = truth_of(plan, order, first)
    make_up(raw, made.truth["planted"], order.now.isoformat())
    if order.gaming:
        made.truth["planted"] += spoil(
            raw, made.truth["planted"], plan.count, order.now.date(), order.seed
        )
    month = order.first.replace(day=1)
    made.truth["planted"] += silent_courts(land, counts, month, order.now.date())


def truth_of(plan: Plan, order: Order, first: int) -> dict[str, Any]:
    """The planted events with the numbers of their disputes."""
    rows = [(plan.planted == number).nonzero()[0] + first for number in range(len(plan.events))]
    return {
        "seed": order.seed,
        "disputes": plan.count,
        "first": order.first.isoformat(),
        "last": order.now.date().isoformat(),
        "planted": [
            event.told() | {"dispute_ids": ids.tolist()}
            for event, ids in zip(plan.events, rows, strict=True)
        ],
    }


@contextmanager
def _transaction(engine: Engine) -> Iterator[tuple[Connection, psycopg.Connection[Any]]]:
    with engine.begin() as connection:
        raw = connection.connection.driver_connection
        if not isinstance(raw, psycopg.Connection):
            raise TypeError(f"COPY needs psycopg, not {type(raw).__name__}")
        connection.exec_driver_sql("SET LOCAL timezone = 'Asia/Shanghai'")
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        yield connection, raw


def _record(connection: Connection, action: str, order: Order) -> None:
    _log(connection, action, {"disputes": order.disputes, "seed": order.seed})


def _log(connection: Connection, action: str, facts: dict[str, Any]) -> None:
    with Session(connection) as session:
        record(session, action=action, object_type="demo", object_id=action,
               account_id=None, facts=facts)  # fmt: skip
        session.flush()
        session.commit()
