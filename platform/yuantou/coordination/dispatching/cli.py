"""`flask --app wsgi duties example`: begin the duty list with a plausible one, marked 示例."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from yuantou.audit.service import record
from yuantou.calendar.clock import now, today
from yuantou.coordination.dispatching.examples import (
    SHIPPED,
    ExampleFault,
    read,
    write_examples,
)
from yuantou.database.session import make_engine

duties = AppGroup("duties", help="职责清单：写入示例，供各县核定。")
COMMANDS = (duties,)


@duties.command("example")
@click.option("--from", "path", type=click.Path(path_type=Path), default=SHIPPED)
def example_command(path: Path) -> None:
    """给还没有职责的单位写入示例职责；已有职责的单位不动。"""
    engine = make_engine(current_app.extensions["connections"].need("owner"))
    try:
        with Session(engine) as session, session.begin():
            written = write_examples(session, read(path), on=today(), now=now())
            record(
                session,
                action="duty:example",
                object_type="duty",
                object_id="",
                account_id=None,
                facts={"written": written},
            )
    except ExampleFault as fault:
        raise click.ClickException(str(fault)) from fault
    finally:
        engine.dispose()
    click.echo(f"写入 {written} 条示例职责。请在“职责清单”页核定。")
