"""`flask --app wsgi backtest`: what the detectors would have said, held to a truth if given."""

import json
from datetime import date, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from yuantou.alerts.detection.backtest import Event
from yuantou.alerts.detection.models import BackTest
from yuantou.alerts.detection.service import keep_backtest
from yuantou.alerts.detection.terms import terms
from yuantou.alerts.detection.words import NAMES
from yuantou.calendar import clock
from yuantou.database.session import make_engine


def read_events(truth: Path) -> list[Event]:
    """The planted rises of a truth table: what added matters, not who fell silent."""
    told = json.loads(truth.read_text(encoding="utf-8"))
    return [
        Event(
            row["kind"], row["type"], tuple(row["areas"]),
            date.fromisoformat(row["first"]), date.fromisoformat(row["last"]),
        )
        for row in told["planted"]
        if row.get("extra")
    ]  # fmt: skip


@click.command("backtest")
@click.option(
    "--truth",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="植入事件的真值表；没有时只数会报多少。",
)
@with_appcontext
def backtest_command(truth: Path | None) -> None:
    """回测预警方法，结果存库。Back-test the detectors and keep the result."""
    engine = make_engine(current_app.extensions["connections"].need("worker"))
    events = read_events(truth) if truth else None
    last = clock.local(clock.now()).date() - timedelta(days=1)
    try:
        with Session(engine) as session, session.begin():
            made = keep_backtest(
                session, last, terms(), events=events, now=clock.now(), progress=_silent
            )
            _tell(made)
    finally:
        engine.dispose()


def _tell(made: BackTest) -> None:
    content = made.content
    click.echo(f"截至 {made.last}，{content['weeks']} 周，{content['county_months']} 县·月")
    detectors = content["detectors"]
    assert isinstance(detectors, dict)  # noqa: S101
    for code, one in detectors.items():
        true = "" if one["true"] is None else f"，对应已知事件 {one['true']}"
        click.echo(f"{NAMES[code]}：会报 {one['warnings']}{true}")
    events = content["events"]
    if isinstance(events, list):
        for each in events:
            by = "、".join(f"{code} 第 {days} 天" for code, days in each["after"].items())
            click.echo(
                f"{each['kind']} {each['type']} {each['first']}—{each['last']}：{by or '未发现'}"
            )


def _silent(_done: int, _all: int) -> None:
    """The command line waits for the end."""


COMMANDS = (backtest_command,)
