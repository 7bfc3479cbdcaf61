"""The four tabs of the inbox: what my unit must do now, what is due soon, overdue, and told.

What is due is reckoned where the desk reckons it (disputes/conditions.py); what waits besides
matters is brought by its rooms (tasks.py) and counts as to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ScalarSelect, column, func, literal, select, table
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.scope import NOWHERE
from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.disputes.conditions import conditions
from yuantou.disputes.filters import Filters
from yuantou.disputes.models import Dispute
from yuantou.notices import tasks
from yuantou.notices.queries import unread_of

TODO, SOON, OVER, TOLD = "todo", "soon", "over", "told"
MATTERS = (TODO, SOON, OVER)
MOST = 999
ENTRY = "notices.index"
# Intake owns this table, and intake stands above: only what is asked is named here.
_DRAFT = table("draft", column("agency_id"), column("account_id"), column("discarded_at"))


@dataclass(frozen=True)
class Waiting:
    """How many matters and notices wait, each counted up to a bound.

    `rooms`: by entry of the menu, what waits in rooms that have one of their own.
    """

    todo: int
    soon: int
    over: int
    told: int
    rooms: Mapping[str, int] = field(default_factory=dict)

    def of(self, tab: str) -> int:
        """The number on a tab."""
        return int(getattr(self, tab))

    def first(self, tabs: Sequence[str]) -> str:
        """The first of the tabs where something waits; the first of all where nothing does."""
        return next((tab for tab in tabs if self.of(tab)), tabs[0])

    def in_menu(self) -> dict[str, int]:
        """What the menu says, by its entries: here what is to do and what was not read."""
        return {**self.rooms, ENTRY: self.todo + self.told}


def tabs_of(viewer: Viewer) -> tuple[str, ...]:
    """Who handles nothing has nothing to do; who may read no matter is only told."""
    to_do = (TODO,) if acts(viewer) or tasks.numbers(viewer, clock.now()) else ()
    if not viewer.may(Permission.DISPUTE_READ):
        return (*to_do, TOLD)
    return (*to_do, SOON, OVER, TOLD)


def acts(viewer: Viewer) -> bool:
    """Whether matters can lie with the viewer's unit."""
    return viewer.may(Permission.DISPUTE_HANDLE)


def oversees(viewer: Viewer) -> bool:
    """Whether the viewer also answers for matters of other units."""
    wide = viewer.scope.full != NOWHERE or viewer.scope.pressing != NOWHERE
    return viewer.may(Permission.DISPUTE_SUPERVISE) and wide


def filters(viewer: Viewer, tab: str, *, own: bool) -> Filters:
    """What the desk is asked for a tab; what is to do names the unit itself."""
    held = viewer.agency.id if own and tab != TODO else None
    return Filters(view=tab, agency=held)


def waiting(session: Session, viewer: Viewer, *, own: bool, now: datetime) -> Waiting:
    """The numbers of all tabs in one question."""
    tabs = tabs_of(viewer)
    return _counted(session, viewer, [tab for tab in tabs if tab != TODO or acts(viewer)], own, now)


def drafts(session: Session, viewer: Viewer) -> int:
    """How many drafts the viewer has not yet submitted; no figure and no tab counts them."""
    if not viewer.may(Permission.DISPUTE_LOG):
        return 0
    mine = select(func.count()).where(
        _DRAFT.c.agency_id == viewer.agency.id,
        _DRAFT.c.account_id == viewer.id,
        _DRAFT.c.discarded_at.is_(None),
    )
    return session.scalar(mine) or 0


def in_menu(session: Session, viewer: Viewer, *, now: datetime) -> dict[str, int]:
    """What the menu says, by its entries."""
    return _counted(session, viewer, [TODO] if acts(viewer) else [], True, now).in_menu()


def _counted(
    session: Session, viewer: Viewer, shown: Sequence[str], own: bool, now: datetime
) -> Waiting:
    numbers = [_number(viewer, tab, own, now) if tab in shown else literal(0) for tab in MATTERS]
    brought = tasks.numbers(viewer, now)
    asked = select(
        *numbers, unread_of(viewer).scalar_subquery(), *(number for _entry, number in brought)
    )
    todo, soon, over, told, *more = map(int, session.execute(asked).one())
    rooms = {entry: n for (entry, _asked), n in zip(brought, more, strict=True) if entry}
    return Waiting(todo + sum(more), soon, over, told, rooms)


def _number(viewer: Viewer, tab: str, own: bool, now: datetime) -> ScalarSelect[int]:
    asked = select(Dispute.id).where(*conditions(viewer, filters(viewer, tab, own=own), now))
    return select(func.count()).select_from(asked.limit(MOST).subquery()).scalar_subquery()
