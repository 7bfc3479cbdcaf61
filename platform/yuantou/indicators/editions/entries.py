"""An entry of the catalogue as a person reads and writes it, and what two versions differ in."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from yuantou.access.proposing import unreadable
from yuantou.indicators.catalogue import Definition, definition

FIXED = ("code", "version", "valid_from")
_DEFAULTS = {each.name: each.default for each in fields(Definition)}


def written(made: Definition) -> str:
    """The entry as config/indicators.toml would have it, without what the form asks apart."""
    return "\n".join(
        f"{name} = {_value(getattr(made, name))}"
        for name in _DEFAULTS
        if name not in FIXED and getattr(made, name) != _DEFAULTS[name]
    )


def read(words: str, *, code: str, version: int, valid_from: date) -> Definition:
    """The definition that the words say; ValueError says what is wrong with them."""
    try:
        told = tomllib.loads(words)
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(unreadable(fault)) from fault
    return definition({**told, "code": code, "version": version, "valid_from": valid_from})


def differences(old: Definition | None, new: Definition) -> Iterator[tuple[str, str, str]]:
    """Key, old and new value of everything that the new version changes."""
    for name in _DEFAULTS:
        before = getattr(old, name) if old else MISSING
        if name != "version" and before != getattr(new, name):
            yield name, "" if old is None else _value(before), _value(getattr(new, name))


def _value(value: Any) -> str:
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
