"""A process that serves pages or runs jobs does not carry what only commands and drawings need."""

import os
import subprocess
import sys

from tests.conftest import Database

HEAVY = ("alembic", "folium", "geopandas", "pandas", "pyogrio", "scipy.optimize", "scipy.stats")
PROGRAM = f"""
import sys
from yuantou.app import create_app
from yuantou.database.connections import Connections
app = create_app(Connections(*sys.argv[1:]), testing=True)
assert app.cli.get_command(None, "scheduler")
print(*(name for name in {HEAVY} if name in sys.modules))
app.cli.get_command(None, "database")
print(*(name for name in {HEAVY} if name in sys.modules))
"""


def test_what_weighs_much_is_not_imported_at_the_start(database: Database) -> None:
    urls = database.connections
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(urls.app), str(urls.worker), str(urls.owner)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr
    at_start, for_commands = done.stdout.split("\n")[:2]
    assert at_start == ""
    assert "geopandas" in for_commands
