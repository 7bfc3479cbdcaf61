"""Commands that need more than one capability: `flask backup`, `flask restore`."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Engine, func, make_url, select, text
from sqlalchemy.orm import Session

from yuantou.assessments.objections.models import Objection
from yuantou.assessments.schemes.models import ScoreEvent
from yuantou.audit.cli import describe
from yuantou.audit.service import record
from yuantou.audit.verification import head_of, sealed_heads, verify
from yuantou.crypto.keyring import KeyMissing, KeyRing, new_key
from yuantou.database import backup
from yuantou.database.connections import Connections
from yuantou.database.migrating import upgrade
from yuantou.database.session import make_engine
from yuantou.disputes.models import DisputeKey
from yuantou.disputes.phones import index_phones
from yuantou.exchange.imports.models import ImportBatch
from yuantou.mediation.attachments.keeping import beside, copy_missing, count_lost
from yuantou.mediation.attachments.store import files
from yuantou.notices.models import AccountChannel

REWRAP = 1000  # rows in one transaction


class Sealed(NamedTuple):
    """What a master key seals directly: the column, and the column that names the key."""

    name_zh: str
    model: Any
    content: Any
    version: Any


SEALED = (
    Sealed("事项的数据密钥", DisputeKey, DisputeKey.wrapped, DisputeKey.master_version),
    Sealed("导入批次的密钥", ImportBatch, ImportBatch.wrapped, ImportBatch.master_version),
    Sealed("通知地址", AccountChannel, AccountChannel.address_enc, AccountChannel.master_version),
    Sealed("异议的证据", Objection, Objection.file, Objection.file_key),
    Sealed("加减分的证据", ScoreEvent, ScoreEvent.file, ScoreEvent.file_key),
)
KEYS_APART = (
    "注意：备份不含密钥。没有密钥，备份中的当事人信息无法读出；"
    "请把 var/secrets.toml(或环境变量中的密钥)另行保存在别处。"
)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """备份整个数据库到 FILE(不含密钥)。Back up the database; keys are not part of it."""
    began = time.monotonic()
    with _owner() as (engine, url):
        with Session(engine) as session:
            head = head_of(session)
        try:
            size = backup.back_up(url, file)
        except backup.BackupFailed as error:
            raise click.ClickException(str(error)) from None
    _copy_files(file)
    took = time.monotonic() - began
    click.echo(f"已备份到 {file}({size / 1_000_000:.1f} MB,用时 {took:.1f} 秒，权限 0600)")
    click.echo(f"备份开始时的审计链头 {head}")
    click.echo(KEYS_APART)


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="替换数据库中现有的全部数据（须输入数据库名确认）。")
@with_appcontext
def restore_command(file: Path, replace: bool) -> None:
    """从 FILE 恢复到空数据库，然后校验审计链。Restore into an empty database and verify."""
    current_app.extensions["engine"].dispose()
    with _owner() as (engine, url):
        try:
            revision = backup.revision_of(file)
            backup.require_room(engine, replace=replace)
            if replace:
                _confirm(make_url(url).database or "")
            engine.dispose()
            click.echo("正在恢复……")
            backup.restore(url, file, replace=replace)
        except backup.BackupFailed as error:
            raise click.ClickException(str(error)) from None
        upgrade(url)
        click.echo(f"已恢复(备份的结构版本 {revision})。")
        copied = copy_missing(beside(file), files())
        click.echo(f"附件：从 {beside(file).root} 放回 {copied} 份")
        _report(engine)


def _copy_files(file: Path) -> None:
    """Files come after the rows, so that no row of the back-up is without its file."""
    target = beside(file)
    try:
        copied = copy_missing(files(), target)
    except OSError as error:
        words = (
            f"数据库已备份到 {file},附件没有备份完整：{target.root}:{os.strerror(error.errno or 0)}"
        )
        raise click.ClickException(words) from None
    click.echo(f"新增附件 {copied} 份，已复制到 {target.root}(加密保存，与各次备份共用)")


def _confirm(name: str) -> None:
    words = f"数据库 {name} 中现有的全部数据将被替换，无法撤回。请输入数据库名 {name} 以确认"
    if click.prompt(words, default="", show_default=False) != name:
        raise click.ClickException("没有确认，数据库未改动")


def _report(engine: Engine) -> None:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE"))
    for table, rows in backup.count_rows(engine).items():
        click.echo(f"  {table:<24}{rows:>12,}")
    with Session(engine) as session:
        sealed = sealed_heads(session)
        result = verify(session, sealed)
        unfit = _unfit_keys(session, current_app.extensions["keyring"])
        known, lost = count_lost(session, files())
    click.echo(describe(result, compared=len(sealed)))
    if lost:
        click.echo(f"警告：{known} 份附件中有 {lost} 份的文件不在 {files().root},请从备份放回")
    for reason in unfit:
        click.echo(f"警告：{reason};请放回备份时的密钥")
    click.echo(KEYS_APART)
    if not result.sound:
        raise click.exceptions.Exit(1)


@click.group("keys", cls=AppGroup)
def keys() -> None:
    """密钥的更换。Change of keys."""


@keys.command("new")
def new_key_command() -> None:
    """生成一把新密钥（只显示，不保存）。Print a new key; it is not kept."""
    click.echo(new_key())


@keys.command("rewrap")
def rewrap_command() -> None:
    """凡由主密钥封存的，改由最新版主密钥封存。Seal by the newest master key whatever one seals."""
    ring: KeyRing = current_app.extensions["keyring"]
    with _owner() as (engine, _url):
        for kind in SEALED:
            total = sum(iter(partial(_rewrap, engine, ring, kind), 0))
            click.echo(f"  {kind.name_zh:<12}{total:>10,}")
    click.echo(f"已改由第 {ring.current} 版主密钥封存。旧版主密钥须留存，")
    click.echo("直到最后一份用它封存的备份也被销毁。")


def _rewrap(engine: Engine, ring: KeyRing, kind: Sealed) -> int:
    """One batch, one transaction, one audit row; 0 when all are of the newest version."""
    older = select(kind.model).where(kind.version < ring.current, kind.content.is_not(None))
    with Session(engine) as session:
        found = session.scalars(older.limit(REWRAP).with_for_update(skip_locked=True)).all()
        for row in found:
            plain = ring.unwrap(getattr(row, kind.content.key), getattr(row, kind.version.key))
            sealed, version = ring.wrap(plain)
            setattr(row, kind.content.key, sealed)
            setattr(row, kind.version.key, version)
        if found:
            facts = {"table": kind.model.__tablename__, "rows": len(found), "version": ring.current}
            record(session, action="keys:rewrap", object_type="key", object_id=ring.current,
                   account_id=None, facts=facts)  # fmt: skip
        session.commit()
    return len(found)


@keys.command("phones")
def phones_command() -> None:
    """给没有电话索引的当事人补上。Give parties of before their index of the telephone."""
    ring: KeyRing = current_app.extensions["keyring"]
    with _owner() as (engine, _url), Session(engine) as session:
        done, after = 0, 0
        while found := index_phones(session, ring, after=after, most=REWRAP):
            done, after = done + found.indexed, found.last
            session.commit()
    click.echo(f"已补电话索引 {done:,} 个")


def _unfit_keys(session: Session, ring: KeyRing) -> list[str]:
    """Why data keys of the database do not open by our master keys, one try for each version."""
    one_of_each = select(func.min(DisputeKey.dispute_id)).group_by(DisputeKey.master_version)
    tried = select(DisputeKey).where(DisputeKey.dispute_id.in_(one_of_each))
    reasons = []
    for key in session.scalars(tried.order_by(DisputeKey.master_version)):
        try:
            ring.unwrap(key.wrapped, key.master_version)
        except KeyMissing as error:
            reasons.append(str(error))
    return reasons


@contextmanager
def _owner() -> Iterator[tuple[Engine, str]]:
    connections: Connections = current_app.extensions["connections"]
    url = connections.need("owner")
    engine = make_engine(url)
    try:
        yield engine, url
    finally:
        engine.dispose()


COMMANDS: tuple[click.Command, ...] = (backup_command, restore_command, keys)
