"""The monthly sheet: matters whose mediation ended in the month, counted by mediating body."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from yuantou.exchange.registers.columns import MonthlyColumn, Registers

SETTLED = {"agreed_oral": "oral", "agreed_written": "written"}
ENDED = (*SETTLED, "failed", "terminated")

Cell = int | float | str
Measure = Callable[[MonthlyColumn, Sequence["Mediated"]], Cell]


class Mediated(NamedTuple):
    """Matters of one kind whose mediation ended; `body` is the code of the mediating body.

    `involved` and `amount` are those of all of them, `number` is how many they are.
    """

    agency: str
    body: str
    type: str
    source: str
    involved: int
    amount: float | None
    complexity: str | None
    outcome: str
    number: int = 1


def fill(registers: Registers, matters: Iterable[Mediated], total: str) -> list[list[Cell]]:
    """One row per agency in the order of first appearance, and a last one of all together."""
    by_agency: dict[str, list[Mediated]] = {}
    for matter in matters:
        by_agency.setdefault(matter.agency, []).append(matter)
    rows = [
        [_cell(column, serial, agency, held) for column in registers.monthly]
        for serial, (agency, held) in enumerate(by_agency.items(), start=1)
    ]
    everything = [matter for held in by_agency.values() for matter in held]
    return [*rows, [_cell(column, "", total, everything) for column in registers.monthly]]


def _cell(column: MonthlyColumn, serial: Cell, agency: str, held: Sequence[Mediated]) -> Cell:
    if column.measure == "serial":
        return serial
    return agency if column.measure == "unit" else _MEASURES[column.measure](column, held)


def _amount(_column: MonthlyColumn, held: Sequence[Mediated]) -> Cell:
    whole = round(sum(each.amount or 0 for each in held), 2)
    return int(whole) if whole == int(whole) else whole


def _number(held: Sequence[Mediated], which: Callable[[Mediated], bool]) -> int:
    return sum(each.number for each in held if which(each))


_MEASURES: dict[str, Measure] = {
    "cases": lambda _, held: sum(each.number for each in held),
    "persons": lambda _, held: sum(each.involved for each in held),
    "settled": lambda _, held: _number(held, lambda each: each.outcome in SETTLED),
    "complex": lambda _, held: _number(held, lambda each: each.complexity == "complex"),
    "amount": _amount,
    "body": lambda column, held: _number(held, lambda each: each.body in column.values),
    "source": lambda column, held: _number(held, lambda each: each.source in column.values),
    "type": lambda column, held: _number(held, lambda each: each.type in column.values),
    "form": lambda column, held: _number(
        held, lambda each: SETTLED.get(each.outcome) in column.values
    ),
}
