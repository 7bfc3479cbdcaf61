"""`flask audit verify`: whether the chain of the audit holds."""

import time

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from yuantou.audit.verification import Head, Verification, read_head, sealed_heads, verify
from yuantou.database.connections import Connections
from yuantou.database.session import make_engine

audit = AppGroup("audit", help="审计链。The audit chain.")
COMMANDS = (audit,)


class _HeadWords(click.ParamType[Head]):
    name = "N:HASH"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Head:
        try:
            return read_head(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


@audit.command("verify")
@click.option("--head", "heads", type=_HeadWords(), multiple=True, help="以前印出的链头，可多次。")
def verify_command(heads: tuple[Head, ...]) -> None:
    """校验整条审计链，并与封存报告中的链头核对。Verify the whole chain."""
    connections: Connections = current_app.extensions["connections"]
    engine = make_engine(connections.need("worker"))
    began = time.monotonic()
    try:
        with Session(engine) as session:
            sealed = sealed_heads(session)
            result = verify(session, [*sealed, *heads])
    finally:
        engine.dispose()
    click.echo(describe(result, compared=len(sealed) + len(heads)))
    click.echo(f"用时 {time.monotonic() - began:.1f} 秒")
    if not result.sound:
        raise click.exceptions.Exit(1)


def describe(result: Verification, *, compared: int) -> str:
    """The result in words, the head last."""
    if result.found:
        words = f"审计链在第 {result.found.seq} 行断裂：{result.found.reason}"
    else:
        words = f"审计链完好：{result.links} 行逐行相接，与 {compared} 个已印出的链头相符"
    return f"{words}\n当前链头 {result.head}"
