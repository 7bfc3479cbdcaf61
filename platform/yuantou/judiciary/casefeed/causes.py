"""Causes of action by the type of dispute that they go on from, as config/causes.toml says."""

import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from yuantou.disputes.codes import read as read_codes

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "causes.toml"


class CausesFault(ValueError):
    """A table of causes that cannot be used; the message says where and what."""


@cache
def read(path: Path = SHIPPED) -> Mapping[str, str]:
    """The type of dispute for each cause, by its folded name."""
    try:
        families = tomllib.loads(path.read_text(encoding="utf-8"))["families"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError) as fault:
        raise CausesFault(f"{path}: {fault}") from fault
    strange = sorted(set(families) - set(read_codes().types))
    if strange:
        raise CausesFault(f"{path}: no such type of dispute: {', '.join(strange)}")
    found: dict[str, str] = {}
    for kind, names in families.items():
        for name in names:
            if found.setdefault(folded(name), kind) != kind:
                raise CausesFault(f"{path}: {name} is in two families")
    return found


def folded(name: str) -> str:
    """A cause without width, spaces and list commas, as courts write it in many ways."""
    plain = unicodedata.normalize("NFKC", name).replace("、", "").replace(",", "")
    return "".join(plain.split())
