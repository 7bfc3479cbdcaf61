"""The secrets of an installation: from the environment, else from a file only its owner reads."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import tomli_w

from yuantou.crypto.keyring import new_key

SECRETS = ("YUANTOU_SECRET_KEY", "YUANTOU_MASTER_KEYS", "YUANTOU_INDEX_KEY")


def keep_secrets(environment: Mapping[str, str], path: Path) -> dict[str, str]:
    """Return all secrets; those that the environment does not give are kept in `path`."""
    given = {name: environment[name] for name in SECRETS if environment.get(name)}
    if len(given) == len(SECRETS):
        return given
    if not path.exists():
        _write(path, _new_secrets())
    kept = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: given.get(name) or str(kept[name]) for name in SECRETS}


def _new_secrets() -> dict[str, str]:
    return {
        "YUANTOU_SECRET_KEY": new_key(),
        "YUANTOU_MASTER_KEYS": f"1:{new_key()}",
        "YUANTOU_INDEX_KEY": new_key(),
    }


def _write(path: Path, secrets: Mapping[str, str]) -> None:
    """Write whole or not at all: half a key file would lock the personal data for ever."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        tomli_w.dump(secrets, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # unlike a rename, never replaces keys that another process made
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
