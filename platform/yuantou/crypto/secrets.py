"""Secrets from the environment, or from a file that only the owner can read."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from yuantou.crypto.keyring import KeyRing, new_key, read_keyring

NAMES = ("YUANTOU_SECRET_KEY", "YUANTOU_MASTER_KEYS", "YUANTOU_INDEX_KEY")


class SecretMissing(RuntimeError):
    """A secret is not configured although this is production."""


@dataclass(frozen=True)
class Secrets:
    """Signing key of the session cookie and the key ring."""

    signing: str
    keyring: KeyRing


def load_secrets(file: Path, *, production: bool = False) -> Secrets:
    """Read the secrets; outside production a missing file is made (0600) on first use."""
    values = {name: os.environ[name] for name in NAMES if os.environ.get(name)}
    missing = [name for name in NAMES if name not in values]
    if missing and production:
        raise SecretMissing(f"生产环境须由环境变量提供：{'、'.join(missing)}")
    if missing:
        values = _from_file(file) | values
    return Secrets(values[NAMES[0]], read_keyring(values[NAMES[1]], values[NAMES[2]]))


def _from_file(file: Path) -> dict[str, str]:
    if not file.exists():
        fresh = {NAMES[0]: new_key(), NAMES[1]: f"1:{new_key()}", NAMES[2]: new_key()}
        file.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.writelines(f'{name} = "{value}"\n' for name, value in fresh.items())
    with file.open("rb") as stream:
        return {str(name): str(value) for name, value in tomllib.load(stream).items()}
