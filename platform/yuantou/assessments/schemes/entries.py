"""A scheme as a person reads and writes it, and what two versions differ in."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from yuantou.access.proposing import unreadable
from yuantou.assessments.rows import Row
from yuantou.assessments.scheme import Scheme, body, scheme

FIXED = ("code", "version", "valid_from")
_NUMBERS = {each.name for each in fields(Row) if "Decimal" in str(each.type)} | {"to", "score"}


def written(made: Scheme) -> str:
    """The scheme as config/schemes/*.toml would have it, without what the form asks apart."""
    told = body(made)
    rows = told.pop("score", [])
    head = [f"{key} = {_value(key, told[key])}" for key in told if key not in FIXED]
    return "\n".join([*head, *(line for row in rows for line in _row(row))])


def read(words: str, *, code: str, version: int, valid_from: date) -> Scheme:
    """The scheme that the words say; ValueError says what is wrong with them."""
    try:
        told = tomllib.loads(words, parse_float=str)
    except tomllib.TOMLDecodeError as fault:
        raise ValueError(unreadable(fault)) from fault
    return scheme({**told, "code": code, "version": version, "valid_from": valid_from})


def differences(old: Scheme | None, new: Scheme) -> Iterator[tuple[str, str, str]]:
    """Key, old and new value of everything that the new version changes; rows by their code."""
    before, after = _flat(old) if old else {}, _flat(new)
    for key in dict.fromkeys([*before, *after]):
        if key != "version" and before.get(key) != after.get(key):
            yield key, before.get(key, ""), after.get(key, "")


def _flat(made: Scheme) -> dict[str, str]:
    told = body(made)
    rows = {f"score {row['code']}": " · ".join(_row(row)[2:]) for row in told.pop("score", [])}
    return {key: _value(key, value) for key, value in told.items()} | rows


def _row(row: Mapping[str, Any]) -> list[str]:
    return ["[[score]]", *(f"{key} = {_value(key, value)}" for key, value in row.items())]


def _value(key: str, value: Any) -> str:
    if key == "bands":
        bands = (", ".join(f"{k} = {v}" for k, v in band.items()) for band in value)
        return f"[{', '.join(f'{{{band}}}' for band in bands)}]"
    if key in ("breaks", "valid_from") or key in _NUMBERS:
        return f"[{', '.join(value)}]" if isinstance(value, list) else str(value)
    return json.dumps(value, ensure_ascii=False)
