"""`flask --app wsgi territory build|check|load`: base data as folders of plain files."""

import time
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from yuantou.calendar.clock import now
from yuantou.database.connections import ROOT
from yuantou.database.session import make_engine
from yuantou.territory.building import BuildFailed, build
from yuantou.territory.drawing import BoundaryRefused
from yuantou.territory.loading import Loaded, LoadRefused, load_territory
from yuantou.territory.validation import Report, check_folder

CONFIG = ROOT / "config" / "territories" / "liaoning"
BUILT = ROOT / "var" / "territories" / "liaoning"
FolderPath = click.Path(path_type=Path)

CHANGES = {
    "area": _l("新增区域"),
    "area corrected": _l("更正区域"),
    "boundary": _l("新增边界"),
    "boundary replaced": _l("其中替换旧边界"),
    "boundary corrected": _l("更正边界来源"),
    "population": _l("新增人口"),
    "population corrected": _l("更正人口"),
    "court": _l("新增法院"),
    "court corrected": _l("更正法院"),
}

territory = AppGroup("territory", help="区域基础数据：生成、检查、载入。")
COMMANDS = (territory,)


@territory.command("build")
@click.option("--from", "config", type=FolderPath, default=CONFIG, help="用哪个文件夹里的表。")
@click.option("--to", "target", type=FolderPath, default=BUILT, help="写到哪个文件夹。")
def build_command(config: Path, target: Path) -> None:
    """用随附的表和公开资料包生成区域文件夹（默认辽宁）。"""
    started = time.perf_counter()
    try:
        built = build(config, target)
    except (BuildFailed, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        _(
            "已生成 %(folder)s:区域 %(areas)s 个，边界 %(polygons)s 个(%(seconds)s 秒)",
            folder=str(built.folder),
            areas=built.areas,
            polygons=built.polygons,
            seconds=_seconds(started),
        )
    )


@territory.command("check")
@click.argument("folder", type=FolderPath, default=BUILT)
def check_command(folder: Path) -> None:
    """检查区域文件夹，一次列出全部错误。"""
    started = time.perf_counter()
    report = check_folder(folder)
    _print(report)
    _stop_at_faults(report)
    click.echo(_("没有错误(%(seconds)s 秒)", seconds=_seconds(started)))


@territory.command("load")
@click.argument("folder", type=FolderPath, default=BUILT)
def load_command(folder: Path) -> None:
    """检查区域文件夹并载入数据库；有一处错误就一行也不写。"""
    started = time.perf_counter()
    report = check_folder(folder)
    _print(report)
    _stop_at_faults(report)
    engine = make_engine(current_app.extensions["connections"].need("owner"))
    try:
        with Session(engine) as session, session.begin():
            loaded = load_territory(session, report, by=None, now=now())
    except (LoadRefused, BoundaryRefused) as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()
    _tell(loaded, _seconds(started))


def _print(report: Report) -> None:
    for note in report.notes:
        click.echo(_("提示 %(note)s", note=str(note)))
    for fault in report.faults:
        click.echo(_("错误 %(fault)s", fault=str(fault)))


def _stop_at_faults(report: Report) -> None:
    if report.faults:
        raise click.ClickException(_("共 %(n)s 处错误，没有写入任何数据", n=len(report.faults)))


def _tell(loaded: Loaded, seconds: str) -> None:
    if loaded.unchanged:
        click.echo(_("这个文件夹已载入过，没有改动(%(seconds)s 秒)", seconds=seconds))
        return
    words = "、".join(
        f"{CHANGES[kind]} {count}" for kind, count in loaded.changes.items() if kind in CHANGES
    )
    click.echo(_("已载入：%(words)s(%(seconds)s 秒)", words=words, seconds=seconds))
    if loaded.left_alone:
        click.echo(
            _(
                "库里有 %(n)s 个区域不在这个文件夹里，保持不变：%(codes)s",
                n=len(loaded.left_alone),
                codes="、".join(loaded.left_alone[:10]),
            )
        )


def _seconds(started: float) -> str:
    return f"{time.perf_counter() - started:.1f}"
