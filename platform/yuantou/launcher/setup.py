"""The set-up: a short list of commands, in one process because each start of Python costs."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass

import click
from flask.cli import ScriptInfo
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from yuantou.app import create_app
from yuantou.crypto.keyring import KeyMalformed
from yuantou.crypto.secrets import SecretMissing
from yuantou.database.roles import PrivilegedRole
from yuantou.launcher.words import complain, say


@dataclass(frozen=True)
class Step:
    """A command of `flask --app wsgi`, skipped when the SQL question `unless` says so."""

    chinese: str
    english: str
    command: str
    unless: str = "false"


TERRITORY_LOADED = "EXISTS (SELECT FROM territory)"
MAP_DRAWN = "EXISTS (SELECT FROM map_drawing)"
ACCOUNTS_EXIST = "EXISTS (SELECT FROM account)"
ANY_RUN = "EXISTS (SELECT FROM assessment_run)"

ALWAYS = (
    Step("更新数据库结构", "Upgrading the database", "database upgrade"),
    Step("生成辽宁区划数据", "Making Liaoning's territory", "territory build", TERRITORY_LOADED),
    Step("载入区划", "Loading the territory", "territory load", TERRITORY_LOADED),
    Step("绘制底图", "Drawing the base map", "maps draw", MAP_DRAWN),
    Step("载入配置", "Loading the configuration", "config load"),
)
WITH_DEMO = (
    Step("生成演示数据", "Making demo data", "demo create", ACCOUNTS_EXIST),
    Step("封存演示评估", "Publishing demo assessments", "assessments demo", ANY_RUN),
)
WITHOUT_DEMO = (
    Step("创建首位管理员", "First administrator", "accounts first-administrator", ACCOUNTS_EXIST),
)


def steps(*, demo: bool) -> tuple[Step, ...]:
    """Return all steps, in order."""
    return ALWAYS + (WITH_DEMO if demo else WITHOUT_DEMO)


def set_up(chosen: Iterable[Step], owner_url: str) -> None:
    """Run the steps that have something left to do."""
    for step in chosen:
        if not _holds(owner_url, step.unless):
            say(f"… {step.chinese}", step.english)
            script = ScriptInfo(create_app=create_app)
            commands = script.load_app().cli
            commands.main(step.command.split(), "flask", standalone_mode=False, obj=script)


def _holds(owner_url: str, question: str) -> bool:
    engine = create_engine(owner_url)
    try:
        with engine.connect() as connection:
            return bool(connection.execute(text(f"SELECT {question}")).scalar_one())
    finally:
        engine.dispose()


def main() -> int:
    """Set up the database that the environment names."""
    try:
        set_up(steps(demo=sys.argv[1:] == ["demo"]), os.environ["DATABASE_OWNER_URL"])
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except OperationalError as error:
        complain(f"数据库连接不上或中途断开：{error.orig}\n  The database is not within reach.")
        return 1
    except (PrivilegedRole, SecretMissing, KeyMalformed) as error:
        complain(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
