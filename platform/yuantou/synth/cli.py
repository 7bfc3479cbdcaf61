"""`flask --app wsgi synth` and `demo create|remove`: an invented province, marked as such."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import Engine
from tqdm import tqdm  # type: ignore[import-untyped]

from yuantou.calendar.clock import now
from yuantou.database.connections import ROOT
from yuantou.database.session import make_engine
from yuantou.synth.accounts import table_of
from yuantou.synth.land import LandMissing
from yuantou.synth.measures import table_of as compared
from yuantou.synth.removal import RealData
from yuantou.synth.service import (
    AlreadyThere,
    Made,
    Order,
    create_demo,
    remove_demo,
    synthesise,
    write_truth,
)

ACCOUNTS = ROOT / "var" / "demo-accounts.txt"
TRUTH = ROOT / "var" / "synth-truth.json"
MOST = 5_000_000
FilePath = click.Path(path_type=Path, dir_okay=False)

demo = AppGroup("demo", help="演示数据:生成、删除。Demo data.")


@click.command("synth")
@click.option("--disputes", type=click.IntRange(1, MOST), default=5000, help="纠纷件数。")
@click.option("--years", type=click.IntRange(1, 10), default=3, help="跨越的年数,到今天为止。")
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, help="随机种子。")
@click.option("--truth", type=FilePath, default=TRUTH, help="植入事件的真值表写到哪里。")
@click.option(
    "--gaming",
    is_flag=True,
    help="植入数据失真的单位和写错、重复的登记。",
)
@click.option("--remove", is_flag=True, help="删除合成的纠纷和法院数据。")
def synth(disputes: int, years: int, seed: int, truth: Path, *, gaming: bool, remove: bool) -> None:
    """按真实区划合成一省的纠纷。A synthetic province on the real land."""
    started = time.perf_counter()
    with _owner() as engine:
        if remove:
            gone = remove_demo(engine, everything=False)
            click.echo(f"已删除合成纠纷 {gone} 件。")
            return
        order = Order(disputes, years, seed, now().replace(microsecond=0), gaming)
        with _bar(disputes) as bar:
            made = synthesise(engine, order, current_app.extensions["keyring"], bar.update)
    write_truth(made.truth, truth)
    _tell(made, started)


@demo.command("create")
@click.option("--disputes", type=click.IntRange(100, MOST), default=5000, help="纠纷件数。")
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, help="随机种子。")
@click.option("--accounts", type=FilePath, default=ACCOUNTS, help="账号写到哪个文件。")
@click.option("--truth", type=FilePath, default=TRUTH, help="植入事件的真值表写到哪里。")
def create_command(disputes: int, seed: int, accounts: Path, truth: Path) -> None:
    """生成演示单位、账号、纠纷和法院数据。Make demo data."""
    started = time.perf_counter()
    order = Order(disputes, 3, seed, now().replace(microsecond=0))
    with _owner() as engine, _bar(disputes) as bar:
        ring = current_app.extensions["keyring"]
        made = create_demo(engine, order, ring, accounts, bar.update)
    write_truth(made.truth, truth)
    _tell(made, started)
    click.echo(f"演示账号(只显示这一次,也保存在 {accounts},仅本人可读):")
    click.echo(table_of(made.accounts), nl=False)


@demo.command("remove")
def remove_command() -> None:
    """删除全部演示数据:单位、账号、纠纷、法院数据。Remove demo data."""
    with _owner() as engine:
        gone = remove_demo(engine, everything=True)
    for file in (ACCOUNTS, TRUTH):
        file.unlink(missing_ok=True)
    click.echo(f"已删除全部演示数据,其中纠纷 {gone} 件。")


@contextmanager
def _owner() -> Iterator[Engine]:
    engine = make_engine(current_app.extensions["connections"].need("owner"))
    try:
        yield engine
    except (RealData, AlreadyThere, LandMissing) as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()


def _bar(total: int) -> Any:
    return tqdm(total=total, unit="件", desc="合成纠纷", mininterval=0.3)


def _tell(made: Made, started: float) -> None:
    seconds = time.perf_counter() - started
    click.echo(
        f"已生成演示数据:纠纷 {made.disputes} 件、法院月度数据 {made.counts} 行、"
        f"目标 {made.targets} 条({seconds:.1f} 秒)"
    )
    click.echo(compared(made.measured), nl=False)


COMMANDS = (synth, demo)
