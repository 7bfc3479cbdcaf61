"""The folder of files: sealed bytes under random names, whole or not at all.

YUANTOU_FILES names the folder; unset, it is var/files of the project.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from yuantou.database.connections import ROOT

NAME = re.compile(r"[0-9a-f]{32}")
ENDING = ".sealed"


@dataclass(frozen=True)
class Store:
    """Files below `root`, spread over 256 folders."""

    root: Path

    def put(self, sealed: bytes) -> str:
        """Write `sealed` under a new name; it stands whole on the disk when this returns."""
        name = secrets.token_hex(16)
        place = self._place(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(sealed)
                stream.flush()
                os.fsync(stream.fileno())
            part.rename(place)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return name

    def read(self, name: str) -> bytes:
        """What `put` wrote; FileNotFoundError when it is gone."""
        return self._place(name).read_bytes()

    def remove(self, name: str) -> None:
        """Forget a file; one that is gone already is no fault."""
        with suppress(FileNotFoundError):
            self._place(name).unlink()

    def standing(self) -> Iterator[Path]:
        """Every whole file."""
        return self.root.glob(f"??/*{ENDING}")

    def written_before(self, moment: datetime) -> Iterator[Path]:
        """Every file, half-written ones included, that was last touched before `moment`."""
        if not self.root.is_dir():
            return
        for path in self.root.glob("??/*"):
            with suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment:
                    yield path

    def _place(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(f"not the name of a file: {name!r}")
        return self.root / name[:2] / f"{name}{ENDING}"


def files() -> Store:
    """The folder of this installation."""
    return Store(Path(os.environ.get("YUANTOU_FILES") or ROOT / "var" / "files"))
