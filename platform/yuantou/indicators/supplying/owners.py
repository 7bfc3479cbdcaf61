"""Which kinds of agency own which counts, as config/owners.toml says."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from yuantou.agencies.models import AgencyKind

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "owners.toml"


class OwnersFault(ValueError):
    """A table of owners that cannot be used; the message says where and what."""


@cache
def read(path: Path = SHIPPED) -> Mapping[str, tuple[AgencyKind, ...]]:
    """The kinds of agency of every owner."""
    try:
        owners = tomllib.loads(path.read_text(encoding="utf-8"))["owners"]
        return {code: tuple(AgencyKind(kind) for kind in kinds) for code, kinds in owners.items()}
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as fault:
        raise OwnersFault(f"{path}: {fault}") from fault


def owned_by(kind: str) -> tuple[str, ...]:
    """The owners that an agency of this kind speaks for."""
    return tuple(code for code, kinds in read().items() if kind in kinds)
