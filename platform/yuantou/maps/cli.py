"""`flask maps draw`: the base map from the boundaries that were loaded."""

import click
from flask import current_app
from flask.cli import AppGroup

from yuantou.calendar.clock import now
from yuantou.database.connections import Connections
from yuantou.database.session import make_engine, make_sessions
from yuantou.maps.drawing import NothingToDrawError, draw

maps = AppGroup("maps", help="地图。Maps.")
COMMANDS = (maps,)


@maps.command("draw")
def draw_command() -> None:
    """按现行边界绘制底图。Draw the base map."""
    connections: Connections = current_app.extensions["connections"]
    engine = make_engine(connections.need("owner"))
    try:
        with make_sessions(engine)() as session:
            made = draw(session, now=now())
            session.commit()
    except NothingToDrawError as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()
    click.echo(f"底图 {made.hash},{len(made.topology):,} 字节。")
