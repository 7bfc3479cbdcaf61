"""A part of a matter's page that a room brings: a card with what it knows, doors to its acts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.disputes.models import Dispute, DisputeEvent


@dataclass(frozen=True)
class Asked:
    """Whose page, of which matter, when."""

    session: Session
    viewer: Viewer
    dispute: Dispute
    events: Sequence[DisputeEvent]
    now: datetime


class Door(TypedDict):
    """An act that is open; `icon` is a name of macros/icons.html, `key` a letter or ''."""

    action: str
    label: str
    note: str
    url: str
    icon: str
    key: str
    primary: NotRequired[bool]


def no_doors(_asked: Asked) -> list[Door]:
    """For a section that only tells."""
    return []


@dataclass(frozen=True)
class Section:
    """`words` go to `template` as `room`; None leaves the card out."""

    template: str
    words: Callable[[Asked], dict[str, Any] | None]
    doors: Callable[[Asked], list[Door]] = no_doors


_brought: list[Section] = []


def bring(section: Section) -> None:
    """Put a section on the page from a room that the page's own capability may not import."""
    if section not in _brought:
        _brought.append(section)


def brought() -> tuple[Section, ...]:
    """The sections that were brought when the program started."""
    return tuple(_brought)
