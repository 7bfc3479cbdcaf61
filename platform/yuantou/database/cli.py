"""`flask database upgrade`: run the migrations."""

import click
from flask import current_app
from flask.cli import AppGroup

from yuantou.database.connections import Connections
from yuantou.database.migrating import upgrade

database = AppGroup("database", help="数据库结构。Database schema.")
COMMANDS = (database,)


@database.command("upgrade")
def upgrade_command() -> None:
    """升级到最新结构。Bring the schema up to date."""
    connections: Connections = current_app.extensions["connections"]
    upgrade(connections.need("owner"))
    click.echo("数据库结构已是最新。")
