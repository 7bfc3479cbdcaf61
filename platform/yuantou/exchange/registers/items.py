"""GB/T 31000: one line per matter, every value as long as the standard lets it be."""

from collections.abc import Callable, Sequence

from yuantou.calendar.clock import local
from yuantou.disputes.codes import read
from yuantou.disputes.workflow import DisputeState
from yuantou.exchange.registers.columns import ItemColumn, Registers
from yuantou.exchange.registers.counting import ENDED, SETTLED
from yuantou.exchange.registers.queries import Item

Value = str | int | float
CUT = "…"
HIDDEN = "（限制知悉）"


def lines(registers: Registers, items: Sequence[Item]) -> list[list[Value]]:
    """The items in the order of the columns."""
    return [[_fitted(column, _value(registers, column, item)) for column in registers.items]
            for item in items]  # fmt: skip


def _value(registers: Registers, column: ItemColumn, item: Item) -> Value:
    if column.measure == "scale":
        return registers.scale_of(item.dispute.involved)
    if column.measure == "manner":
        return registers.manner["mediation" if item.dispute.mediation_at else "handling"]
    return _VALUES[column.measure](item)


def _fitted(column: ItemColumn, value: Value) -> Value:
    if not column.longest or not isinstance(value, str) or len(value) <= column.longest:
        return value
    return value[: column.longest - len(CUT)] + CUT


def _settled(item: Item) -> Value:
    outcome = item.dispute.outcome
    return ("1" if outcome in SETTLED else "0") if outcome in ENDED else ""


def _words(item: Item, words: str) -> str:
    """What was written of a restricted matter stays with its handlers."""
    return HIDDEN if item.dispute.restricted else words


_VALUES: dict[str, Callable[[Item], Value]] = {
    "title": lambda item: _words(item, item.dispute.title),
    "occurred_on": lambda item: item.dispute.occurred_on.isoformat(),
    "place": lambda item: _words(item, item.dispute.place),
    "category": lambda item: read().types[item.dispute.type].gb31000[0],
    "involved": lambda item: item.dispute.involved,
    "summary": lambda item: _words(item, item.dispute.summary),
    "organisation": lambda item: _words(item, item.organisation or ""),
    "party": lambda item: _words(item, item.party or ""),
    "due_on": lambda item: (
        f"{local(item.dispute.next_due_at):%Y-%m-%d}" if item.dispute.next_due_at else ""
    ),
    "agency": lambda item: item.agency,
    "mediator": lambda item: item.mediator or "",
    "settled": _settled,
    "outcome": lambda item: DisputeState(item.dispute.state).name_zh,
    "area_code": lambda item: item.dispute.area_code,
    "lng": lambda item: "" if item.dispute.restricted else item.dispute.lng_normal or "",
    "lat": lambda item: "" if item.dispute.restricted else item.dispute.lat_normal or "",
    "state": lambda item: DisputeState(item.dispute.state).name_zh,
}
