"""Where the database is: named by the environment, or the embedded server of this project."""

import atexit
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yuantou.database.embedded import EmbeddedServer, home_for_project
from yuantou.database.roles import APP, OWNER, WORKER

ROOT = Path(__file__).resolve().parents[3]


class UrlMissing(RuntimeError):
    """A command needs a role whose URL was not given."""


@dataclass(frozen=True)
class Connections:
    """URLs of the three roles; a role that was not named is empty."""

    app: str
    worker: str = ""
    owner: str = ""

    def need(self, role: str) -> str:
        """The URL of `role` ('worker' or 'owner'), or UrlMissing."""
        url = str(getattr(self, role))
        if not url:
            raise UrlMissing(f"此命令需要数据库角色 {role}:请设置 DATABASE_{role.upper()}_URL")
        return url


def find_connections(environment: Mapping[str, str] = os.environ) -> Connections:
    """DATABASE_URL, DATABASE_WORKER_URL and DATABASE_OWNER_URL, else the embedded server."""
    if environment.get("DATABASE_URL"):
        return Connections(
            environment["DATABASE_URL"],
            environment.get("DATABASE_WORKER_URL", ""),
            environment.get("DATABASE_OWNER_URL", ""),
        )
    server = EmbeddedServer(home_for_project(ROOT))
    server.start()
    atexit.register(server.stop)
    return Connections(server.url(APP), server.url(WORKER), server.url(OWNER))
