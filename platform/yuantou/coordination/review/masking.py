"""A file for a stranger's eyes: the parties' names are starred wherever they are written."""

import base64
import re
from collections.abc import Mapping
from typing import Any

from yuantou.crypto.fields import FieldCipher
from yuantou.crypto.keyring import KeyRing

SEALED = ("key", "sealed")


def masked(file: Mapping[str, Any], ring: KeyRing) -> dict[str, Any]:
    """The file without keys and sealed names, every name in its texts replaced by its mask."""
    stars = _stars(file, ring)
    longest = sorted(stars, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest))) if longest else None
    made: dict[str, Any] = _without_names(dict(file), pattern, stars)
    return made


def _stars(file: Mapping[str, Any], ring: KeyRing) -> dict[str, str]:
    """Each person's name with its mask; none where the key was destroyed."""
    if not file.get("key"):
        return {}
    held = file["key"]
    cipher = FieldCipher(ring.unwrap(_bytes(held["wrapped"]), held["version"]))
    names = {
        cipher.open(_bytes(party["sealed"]), "name"): party["mask"] for party in file["parties"]
    }
    return {name: mask for name, mask in names.items() if name and name != mask}


def _without_names(value: Any, pattern: re.Pattern[str] | None, stars: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_names(one, pattern, stars)
            for name, one in value.items()
            if name not in SEALED
        }
    if isinstance(value, list):
        return [_without_names(one, pattern, stars) for one in value]
    if isinstance(value, str) and pattern is not None:
        return pattern.sub(lambda found: stars[found[0]], value)
    return value


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
