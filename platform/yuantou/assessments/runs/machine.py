"""The way of a run: which states it can take, who moves it, and what stands against it.

STEPS is the one table; buttons, refusals and the worker are driven by it. Nothing is published
that two persons of the office did not approve, in the very revision that is published.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class RunState(StrEnum):
    """Every state of a run."""

    PREPARING = "preparing"
    PREVIEW = "preview"
    APPROVED = "approved"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class RunKind(StrEnum):
    """What a run is for."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    AD_HOC = "ad_hoc"


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a run when an act is judged; `approvals` are of the newest revision."""

    state: RunState
    now: datetime
    preview_until: datetime | None = None
    undecided: int = 0
    unapplied: int = 0
    approvals: frozenset[int] = field(default_factory=frozenset)


Guard = Callable[[Standing, int | None], str | None]
APPROVALS = 2


def window_over(run: Standing, _by: int | None) -> str | None:
    """Counties are given the whole of their correction window."""
    return "window_open" if run.preview_until and run.now < run.preview_until else None


def all_decided(run: Standing, _by: int | None) -> str | None:
    """No objection is left without an answer."""
    return "undecided" if run.undecided else None


def all_applied(run: Standing, _by: int | None) -> str | None:
    """What was upheld must be in the drafts."""
    return "unapplied" if run.unapplied else None


def another_person(run: Standing, by: int | None) -> str | None:
    """The same person counts once."""
    return "same_person" if by in run.approvals else None


def two_persons(run: Standing, _by: int | None) -> str | None:
    """Publishing needs two persons' word."""
    return None if len(run.approvals) >= APPROVALS else "too_few"


_S = RunState
OFFICE, WORKER = "office", "worker"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table."""

    action: str
    sources: tuple[RunState, ...]
    target: RunState
    who: str
    guards: tuple[Guard, ...] = ()


STEPS = (
    Step("prepared", (_S.PREPARING,), _S.PREVIEW, WORKER),
    Step("prepare", (_S.PREVIEW, _S.FAILED), _S.PREPARING, OFFICE),
    Step(
        "approve",
        (_S.PREVIEW,),
        _S.APPROVED,
        OFFICE,
        (window_over, all_decided, all_applied, another_person),
    ),
    Step("publish", (_S.APPROVED,), _S.DONE, WORKER, (two_persons,)),
    Step("cancel", (_S.PREPARING, _S.PREVIEW, _S.APPROVED, _S.FAILED), _S.CANCELLED, OFFICE),
    Step("fail", (_S.PREPARING, _S.APPROVED), _S.FAILED, WORKER),
)
BY_ACTION = {step.action: step for step in STEPS}
ENDS = (_S.DONE, _S.CANCELLED)
WORK = (_S.PREPARING, _S.APPROVED)


def refusal(action: str, run: Standing, by: int | None) -> str | None:
    """Why an act cannot be done now, or None."""
    step = BY_ACTION[action]
    if run.state not in step.sources:
        return "not_now"
    return next((why for guard in step.guards if (why := guard(run, by))), None)


def after(action: str, run: Standing) -> RunState:
    """The state after an act; the first of two approvals leaves it where it is."""
    step = BY_ACTION[action]
    if action == "approve" and len(run.approvals) + 1 < APPROVALS:
        return run.state
    return step.target


def open_acts(run: Standing, by: int) -> dict[str, str | None]:
    """The office's acts that the state allows, each with what stands against it."""
    return {
        step.action: refusal(step.action, run, by)
        for step in STEPS
        if step.who == OFFICE and run.state in step.sources
    }
