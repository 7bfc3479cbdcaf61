"""The shape that every state machine of a dispute shares: a table of transitions, and its judge."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from yuantou.disputes.guards import no_fee
from yuantou.disputes.matter import FIELD_NAMES, N_, Actor, Duty, Facts, Ground, Matter, Refusal

S = TypeVar("S", bound=StrEnum)
Guard = Callable[[Matter, Actor], Refusal | None]
Proof = Callable[[Matter, Facts], Refusal | None]


@dataclass(frozen=True)
class Transition(Generic[S]):
    """One row of a table. `target` None: the act is recorded and the state stays.

    `restores` names the states of which the one that was left last is taken up again.

    `guards` are judged before the form is opened, `proofs` on what the form holds; `event` is
    the past tense under which history keeps it; `law_zh` is the text behind the row.
    """

    action: str
    name_zh: str
    sources: tuple[S, ...]
    target: S | None
    event: str
    permission: str
    who: tuple[Duty, ...]
    requires: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    proofs: tuple[Proof, ...] = ()
    law_zh: str = ""
    restores: tuple[S, ...] = ()

    @property
    def leads_to(self) -> tuple[S, ...]:
        """Where the act may lead; empty where the state stays."""
        return (self.target,) if self.target is not None else self.restores


def open_doors(
    table: Iterable[Transition[S]], matter: Matter, actor: Actor
) -> Iterator[Transition[S]]:
    """The rows that this actor may take now."""
    return (row for row in _from_here(table, matter) if door_refusal(row, matter, actor) is None)


def closed_doors(
    table: Iterable[Transition[S]], matter: Matter, actor: Actor
) -> Iterator[tuple[Transition[S], Refusal]]:
    """The rows that leave this state but not for this actor or not now, each with its reason."""
    for row in _from_here(table, matter):
        refusal = door_refusal(row, matter, actor)
        if refusal is not None:
            yield row, refusal


def door_refusal(row: Transition[S], matter: Matter, actor: Actor) -> Refusal | None:
    """Why the form of this row may not be opened: law first, then duty."""
    if matter.state not in row.sources:
        return _wrong_state(row, matter)
    for guard in row.guards:
        refusal = guard(matter, actor)
        if refusal is not None:
            return refusal
    return _duty_refusal(row, actor)


def form_refusal(row: Transition[S], matter: Matter, facts: Facts) -> Refusal | None:
    """Why the filled form may not be taken."""
    for proof in (no_fee, *row.proofs):
        refusal = proof(matter, facts)
        if refusal is not None:
            return refusal
    return _blank_refusal(row, facts)


def draw(
    table: Iterable[Transition[S]],
    states: dict[S, str],
    starts: Iterable[S],
    ends: Iterable[S],
) -> str:
    """The table as a Mermaid stateDiagram-v2."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{name}" as {state}' for state, name in states.items()]
    lines += [f"    [*] --> {state}" for state in starts]
    for row in table:
        lines += [
            f"    {source} --> {target}: {row.name_zh}"
            for target in row.leads_to
            for source in row.sources
        ]
    lines += [f"    {state} --> [*]" for state in ends]
    return "\n".join(lines) + "\n"


def _from_here(table: Iterable[Transition[S]], matter: Matter) -> Iterator[Transition[S]]:
    return (row for row in table if matter.state in row.sources)


def _wrong_state(row: Transition[S], matter: Matter) -> Refusal:
    name = getattr(matter.state, "name_zh", str(matter.state))
    text = N_("这件事项现在是“%(state)s”，不能“%(act)s”。可能已有人先办，请刷新后再看。")
    values = {"state": name, "act": row.name_zh}
    return Refusal("wrong_state", text, row.law_zh, Ground.STATE, values=values)


def _duty_refusal(row: Transition[S], actor: Actor) -> Refusal | None:
    if not actor.duties.intersection(row.who):
        text = N_("由%(holders)s办理“%(act)s”。")
        holders = tuple(duty.name_zh for duty in row.who)
        values = {"holders": holders, "act": row.name_zh}
        return Refusal("not_your_duty", text, row.law_zh, Ground.DUTY, values=values)
    if row.permission not in actor.permissions and Duty.SYSTEM not in actor.duties:
        text = N_("您的岗位没有“%(act)s”的权限，请联系本单位管理员。")
        return Refusal("no_permission", text, "", Ground.DUTY, values={"act": row.name_zh})
    return None


def _blank_refusal(row: Transition[S], facts: Facts) -> Refusal | None:
    for field in row.requires:
        value = facts.get(field)
        if value is None or value == "" or value == () or value == []:
            text, values = N_("请填写%(what)s。"), {"what": FIELD_NAMES[field]}
            return Refusal("field_missing", text, row.law_zh, Ground.FORM, field, values)
    return None
