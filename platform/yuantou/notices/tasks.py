"""What waits for a viewer besides matters: rooms above bring their own questions to the inbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ScalarSelect
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, where, until when; `note` says of what room it is.

    `by_clock`: its limit runs day and night, so that what is left is said in hours.
    """

    title: str
    link: str
    note: str
    due_at: datetime | None = None
    level: str = ""
    by_clock: bool = False


@dataclass(frozen=True, slots=True)
class Tasks:
    """What one room brings.

    `number` is the question how many wait for the viewer, counted up to a bound; None where the
    room never has anything for him, so that it costs nothing. `read` gives as many of them.
    `entry`: the room's own entry of the menu, where its number stands as well.
    """

    number: Callable[[Viewer, datetime], ScalarSelect[int] | None]
    read: Callable[[Session, Viewer, datetime], Sequence[Task]]
    entry: str = ""


_brought: list[Tasks] = []


def bring(tasks: Tasks) -> None:
    """Let a room put what waits into the inbox; called when its receivers are imported."""
    if tasks not in _brought:
        _brought.append(tasks)


def numbers(viewer: Viewer, now: datetime) -> list[tuple[str, ScalarSelect[int]]]:
    """The questions of all rooms that may have something for this viewer, with their entries."""
    asked = ((tasks.entry, tasks.number(viewer, now)) for tasks in _brought)
    return [(entry, number) for entry, number in asked if number is not None]


def waiting_tasks(session: Session, viewer: Viewer, now: datetime) -> list[Task]:
    """What waits in all rooms, the earliest limit first."""
    found = [
        task
        for tasks in _brought
        if tasks.number(viewer, now) is not None
        for task in tasks.read(session, viewer, now)
    ]
    return sorted(found, key=lambda task: (task.due_at or _NEVER, task.link))
