"""A plausible duty list to begin with (示例): config/duties.toml applied to the agencies."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency, AgencyKind
from yuantou.coordination.dispatching.models import Duty
from yuantou.disputes.codes import read as read_codes

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "duties.toml"


class ExampleFault(ValueError):
    """A row of the file that cannot be used; the message says where and what."""


@dataclass(frozen=True)
class Example:
    """Agencies of this kind whose name ends so usually own these types, by this rule."""

    kind: str
    name: str
    types: tuple[str, ...]
    basis: str
    gb31000: str | None = None


def read(path: Path = SHIPPED) -> list[Example]:
    """The rows of the file; a faulty file raises ExampleFault."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["duty"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as fault:
        raise ExampleFault(f"{path}: {fault}") from fault
    return [_example(path, number, row) for number, row in enumerate(rows, start=1)]


def write_examples(
    at: Session | Connection, examples: Iterable[Example], *, on: date, now: datetime
) -> int:
    """Step: duties of all active agencies that have none yet; returns how many were written."""
    free = select(Agency.id, Agency.name, Agency.kind, Agency.area_code, Agency.area_path).where(
        Agency.active, ~select(Duty.id).where(Duty.agency_id == Agency.id).exists()
    )
    agencies = at.execute(free).all()
    rows = [
        _row(agency, example, kind, on, now)
        for example in examples
        for agency in agencies
        if agency.kind == example.kind and agency.name.endswith(example.name)
        for kind in example.types
    ]
    if rows:
        at.execute(insert(Duty.__table__), rows)  # type: ignore[arg-type]
    return len(rows)


def _row(agency: Any, example: Example, kind: str, on: date, now: datetime) -> dict[str, Any]:
    return {
        "agency_id": agency.id,
        "area_code": agency.area_code,
        "area_path": agency.area_path,
        "type": kind,
        "gb31000": example.gb31000,
        "basis": example.basis,
        "valid_from": on,
        "valid_to": None,
        "example": True,
        "entered_by": None,
        "entered_at": now,
    }


def _example(path: Path, number: int, row: dict[str, Any]) -> Example:
    try:
        made = Example(**row | {"types": tuple(row["types"])})
    except (KeyError, TypeError) as fault:
        raise ExampleFault(f"{path}: [[duty]] {number}: {fault}") from fault
    known = read_codes().types
    unknown = [kind for kind in made.types if kind not in known]
    if unknown or made.kind not in set(AgencyKind):
        raise ExampleFault(f"{path}: [[duty]] {number}: unknown {unknown or made.kind}")
    if made.gb31000 and any(made.gb31000 not in known[kind].gb31000 for kind in made.types):
        raise ExampleFault(f"{path}: [[duty]] {number}: {made.gb31000} is not of {made.types}")
    return made
