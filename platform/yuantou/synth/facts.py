"""What history keeps of each act, as JSON, a column of one kind of act at a time."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from yuantou.disputes.codes import read
from yuantou.synth import words
from yuantou.synth.days import DAY, Ints, day_texts, texts
from yuantou.synth.part import Part, symbols, table
from yuantou.synth.plan import COMPLEXITIES
from yuantou.synth.terms import RISKS

USUAL_DAYS = {"simple": 7, "ordinary": 30, "complex": 60}
SUSPENDED_DAYS = 20
Fill = Callable[[Part, Ints, Ints], Iterable[str]]


def facts_of(part: Part, row: Ints, place: Ints, actions: Any) -> list[str]:
    """The facts of each act; no value needs escaping."""
    made = np.full(len(row), "{}", dtype=object)
    for action, fill in FACTS.items():
        chosen = np.flatnonzero(actions == action)
        if len(chosen):
            made[chosen] = list(fill(part, row[chosen], place[chosen]))
    return list(made.tolist())


def promised_day(part: Part, name: str, row: Ints, place: Ints) -> Ints:
    """The day that parties or desk set themselves with an act."""
    day = part.moments[row, place] // DAY
    if name == "performance":
        agreed = part.moments[row, np.maximum(place - 1, 0)] // DAY
        return np.asarray(agreed + part.held.term[row])
    if name == "suspension":
        return np.asarray(day + SUSPENDED_DAYS)
    return np.asarray(day + np.array(list(USUAL_DAYS.values()))[part.complexity[row]])


def path_lists(part: Part, row: Ints) -> list[tuple[str, ...]]:
    """The other ways that the parties of each dispute are told of."""
    violence = 1 << tuple(read().flags).index("domestic_violence")
    hit = (part.flags[row] & violence > 0).tolist()
    return [_paths(part.types[k], v) for k, v in zip(row.tolist(), hit, strict=True)]


def _paths(kind: str, violence: bool) -> tuple[str, ...]:
    if violence:
        return ("police", "protection_order")
    if kind in ("migrant_wages", "other_labor"):
        return ("arbitration", "litigation", "labor_inspection")
    return ("litigation", "legal_aid")


def _on(name: str) -> Fill:
    def fill(part: Part, row: Ints, place: Ints) -> Iterable[str]:
        days = day_texts(part.moments[row, place] // DAY)
        return (f'{{"{name}": "{day}"}}' for day in days)

    return fill


def _until(name: str, promise: str) -> Fill:
    def fill(part: Part, row: Ints, place: Ints) -> Iterable[str]:
        days = day_texts(promised_day(part, promise, row, place))
        return (f'{{"{name}": "{day}"}}' for day in days)

    return fill


def _person(name: str, more: str = "") -> Fill:
    def fill(part: Part, row: Ints, place: Ints) -> Iterable[str]:
        _, account = part.who(row, symbols("actors")[part.ways[row], place])
        return (f'{{"{name}": {person}{more}}}' for person in account.tolist())

    return fill


def _agency(name: str, symbol: int, frame: str = "{}") -> Fill:
    def fill(part: Part, row: Ints, place: Ints) -> Iterable[str]:
        agencies = part.actors[0][row, symbol].tolist()
        return (f'{{"{name}": {frame.format(agency)}}}' for agency in agencies)

    return fill


def _triage(part: Part, row: Ints, place: Ints) -> Iterable[str]:
    levels = list(COMPLEXITIES)
    for k in row.tolist():
        risk, level = RISKS[part.graded[1][k]], levels[part.complexity[k]]
        yield (
            f'{{"category": "{part.types[k]}", "risk": "{risk}", '
            f'"path": "{part.pathways[k]}", "complexity": "{level}"}}'
        )


def _dispatch(part: Part, row: Ints, place: Ints) -> Iterable[str]:
    agency, _ = part.who(row, symbols("holders")[part.ways[row], place])
    days = day_texts(promised_day(part, "dispatch_term", row, place))
    for number, day in zip(agency.tolist(), days, strict=True):
        yield f'{{"handler_agency_id": {number}, "deadline": "{day}"}}'


def _agree(part: Part, row: Ints, place: Ints) -> Iterable[str]:
    at = part.moments[row, place] // DAY
    later = (table("actions")[part.ways[row], place + 1] == "begin_performance").tolist()
    columns = (part.written[row].tolist(), day_texts(at), day_texts(at + part.held.term[row]))
    for written, day, due, promised in zip(*columns, later, strict=True):
        form = '"written", "signature": "paper"' if written else '"oral"'
        term = f', "due_on": "{due}"' if promised else ""
        yield f'{{"agreement_form": {form}, "effective_on": "{day}"{term}}}'


def _told(part: Part, row: Ints, place: Ints) -> Iterable[str]:
    for paths in path_lists(part, row):
        listed = ", ".join(f'"{path}"' for path in paths)
        yield f'{{"path_options": [{listed}]}}'


def _merge(part: Part, row: Ints, place: Ints) -> Iterable[str]:
    return (f'{{"master_id": {part.masters[k]}}}' for k in row.tolist())


def _police(part: Part, row: Ints, place: Ints) -> Iterable[str]:
    moments = texts(part.moments[row, place])
    return (f'{{"reported_at": "{moment}+08:00"}}' for moment in moments)


def _found(part: Part, row: Ints, place: Ints) -> Iterable[str]:
    return [f'{{"found": "{words.FOUND}"}}'] * len(row)


FACTS: dict[str, Fill] = {
    "triage": _triage,
    "dispatch": _dispatch,
    "mediate": _person("mediator_id", ', "consent": true'),
    "handle": _person("officer_id"),
    "agree": _agree,
    "begin_performance": _until("due_on", "performance"),
    "perform": _on("performed_on"),
    "default": _on("defaulted_on"),
    "plan_follow_up": _on("planned_on"),
    "close": _found,
    "resume": _on("resumed_on"),
    "suspend": _until("until", "suspension"),
    "fail": _told,
    "terminate": _told,
    "decline": _told,
    "advise_path": _told,
    "merge": _merge,
    "return": _agency("suggested_owner", 2),
    "escalate": _agency("partners", 5, "[{}]"),
    "report_to_police": _police,
}
