"""The limits as they ship: read from TOML with errors that name file, row and key."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, asdict, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from yuantou.calendar.hours import Opening, seasons_body, seasons_of
from yuantou.limits.rules import LimitRule, Reminder, Unit, WorkingHours

_KINDS: dict[str, type] = {
    "amount": int,
    "offset_days": int,
    "extension": int,
    "first_day_counts": bool,
    "rolls_over": bool,
    "example": bool,
    "window": bool,
}
_LISTS = ("variants", "starts_with", "ends_with", "extends_with", "anew_with")
UNBOUNDED = "unbounded"
T = TypeVar("T")


class CatalogueError(ValueError):
    """A row of the catalogue that cannot be used; the message says where and what."""


def read(path: Path) -> tuple[LimitRule, ...]:
    """All limits of the file; a faulty file raises CatalogueError."""
    rules = tuple(_read_rows(path, "limit", limit_rule))
    _refuse_twins(path, [rule.code for rule in rules])
    known = {rule.code for rule in rules}
    for rule in rules:
        if rule.of and rule.of not in known:
            raise CatalogueError(f"{path}: {rule.code}: 'of' names no limit: {rule.of!r}")
    return rules


def read_reminders(path: Path) -> tuple[Reminder, ...]:
    """The reminders of the file, in the order of their days."""
    found = _read_rows(path, "reminder", reminder)
    _refuse_twins(path, [each.code for each in found])
    return tuple(sorted(found, key=lambda each: each.offset_days))


def read_hours(path: Path) -> WorkingHours:
    """The working hours of the file."""
    try:
        return working_hours(_document(path)["working_hours"])
    except (KeyError, TypeError, ValueError) as fault:
        raise CatalogueError(f"{path}: working_hours: {fault}") from fault


def working_hours(row: Mapping[str, Any]) -> WorkingHours:
    """Working hours from the file or from the stored body of their version."""
    seasons = Opening(date.min, seasons_of(row["seasons"])).seasons
    return WorkingHours(seasons, str(row["source"]), bool(row["example"]))


def hours_body(hours: WorkingHours) -> dict[str, Any]:
    """The hours as they are stored; `working_hours` reads them."""
    seasons = seasons_body(hours.seasons)
    return {"seasons": seasons, "source": hours.source, "example": hours.example}


def limit_rule(row: Mapping[str, Any]) -> LimitRule:
    """A rule from a row of the file or from the stored body of its version."""
    values = _checked(row, LimitRule)
    if values.get("extension") == UNBOUNDED:
        values["extension"] = None
    for key in _LISTS:
        values[key] = tuple(values.get(key, ()))
    return LimitRule(**{**values, "unit": _unit(values["unit"])})


def body(rule: LimitRule) -> dict[str, Any]:
    """The rule as it is stored, equal to what JSON gives back; `limit_rule` reads it."""
    bound = UNBOUNDED if rule.extension is None else rule.extension
    values = {**asdict(rule), "unit": str(rule.unit), "extension": bound}
    return {name: list(one) if isinstance(one, tuple) else one for name, one in values.items()}


def reminder(row: Mapping[str, Any]) -> Reminder:
    """A reminder from a row of the file."""
    return Reminder(**_checked(row, Reminder))


def _document(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CatalogueError(f"{path}: {fault}") from fault


def _read_rows(path: Path, table: str, make: Callable[[Mapping[str, Any]], T]) -> list[T]:
    rows = _document(path).get(table, [])
    if not isinstance(rows, list) or not rows:
        raise CatalogueError(f"{path}: no [[{table}]]")
    made = []
    for number, row in enumerate(rows, start=1):
        try:
            made.append(make(row))
        except ValueError as fault:
            raise CatalogueError(f"{path}: [[{table}]] {number}: {fault}") from fault
    return made


def _checked(row: Mapping[str, Any], kind: type[LimitRule] | type[Reminder]) -> dict[str, Any]:
    """The row, if it has every key that `kind` needs, none that it does not know, all typed."""
    name = row.get("code", "a row without code")
    known = {each.name: each for each in fields(kind)}
    faults = [f"unknown key {key!r}" for key in row.keys() - known.keys()]
    faults += [
        f"missing key {key!r}"
        for key, each in known.items()
        if each.default is MISSING and key not in row
    ]
    faults += [
        f"{key!r} has the wrong type"
        for key in row.keys() & known.keys()
        if not _fits(key, row[key])
    ]
    if faults:
        raise ValueError(f"{name}: {', '.join(sorted(faults))}")
    return dict(row)


def _fits(key: str, value: object) -> bool:
    if key == "extension" and value == UNBOUNDED:
        return True
    if key in _LISTS:
        return isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
    return type(value) is _KINDS.get(key, str)


def _unit(code: str) -> Unit:
    try:
        return Unit(code)
    except ValueError as fault:
        known = ", ".join(Unit)
        raise ValueError(f"unit {code!r} is not one of {known}") from fault


def _refuse_twins(path: Path, codes: list[str]) -> None:
    twins = sorted({code for code in codes if codes.count(code) > 1})
    if twins:
        raise CatalogueError(f"{path}: code used twice: {', '.join(twins)}")
