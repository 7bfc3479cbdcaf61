"""The desk as its page shows it: lines, groups by deadline, and the numbers beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar
from yuantou.disputes.chips import ORDER_NAMES
from yuantou.disputes.codes import read
from yuantou.disputes.conditions import end_of_day, end_of_week
from yuantou.disputes.filters import Filters
from yuantou.disputes.queries import Counts, Page
from yuantou.disputes.words import DueWords, day_words, due_words, held_words, money_words
from yuantou.disputes.workflow import ENDS, DisputeState

_S = DisputeState
STAGES = (
    _S.REPORTED,
    _S.ACCEPTED,
    _S.TRIAGED,
    _S.DISPATCHED,
    _S.RETURNED,
    _S.SIGNED,
    _S.IN_HANDLING,
    _S.IN_MEDIATION,
    _S.SUSPENDED,
    _S.ESCALATED,
    _S.AGREED,
    _S.PERFORMING,
    _S.DEFAULTED,
    _S.PERFORMED,
    _S.FAILED,
    _S.TERMINATED,
    _S.PATH_ADVISED,
    _S.REPLIED,
    _S.FOLLOW_UP,
    _S.REOPENED,
)
VIEW_NAMES = {
    "mine": _l("待我处理"),
    "open": _l("全部在办"),
    "today": _l("今日到期"),
    "over": _l("已超期"),
    "red": _l("红色事项"),
    "done": _l("已办结"),
    "all": _l("全部事项"),
}
_ICONS = {"mine": "inbox", "open": "list", "today": "clock", "over": "bell", "red": "alert"}


@dataclass(frozen=True)
class Line:
    """One matter in the list."""

    id: int
    number: str
    title: str
    type: str
    risk: str
    state: str
    mark: str
    area: str
    handler: str
    person: str
    people: str
    amount: str
    held: str
    due: DueWords
    rule: str
    restricted: bool
    reported: str
    go: str


@dataclass(frozen=True)
class Group:
    """Lines under one heading."""

    label: str
    note: str
    lines: Sequence[Line]


_NEXT = {
    _S.REPORTED: _l("去受理"),
    _S.ACCEPTED: _l("去研判"),
    _S.RETURNED: _l("去研判"),
    _S.REOPENED: _l("去研判"),
    _S.TRIAGED: _l("去办理"),
    _S.DISPATCHED: _l("去签收"),
    _S.SIGNED: _l("去指派"),
    _S.IN_HANDLING: _l("去答复"),
    _S.IN_MEDIATION: _l("写记录"),
    _S.PERFORMING: _l("记履行"),
    _S.FOLLOW_UP: _l("去回访"),
}


def default_view(viewer: Viewer) -> str:
    """Who handles matters begins with his own; who only watches, with all that are open."""
    return "mine" if viewer.may(Permission.DISPUTE_HANDLE) else "open"


def lines(page: Page, viewer: Viewer, calendar: WorkCalendar, now: datetime) -> list[Line]:
    """The rows of a page in words."""
    return [_line(row, page, viewer, calendar, now) for row in page.rows]


def groups(
    page: Page,
    filters: Filters,
    viewer: Viewer,
    calendar: WorkCalendar,
    now: datetime,
    *,
    whole: bool,
) -> list[Group]:
    """Lines under 已超期, 今日到期, 本周, 以后, 没有期限; `whole` says that no page is missing."""
    if not filters.by_deadline:
        found = lines(page, viewer, calendar, now)
        return [Group("", "", found)] if found else []
    made = []
    shown = sorted(page.rows, key=lambda row: _order(_due(row, page))) if page.owed else page.rows
    for label, rows in groupby(shown, lambda row: _heading(_due(row, page), now)):
        members = [_line(row, page, viewer, calendar, now) for row in rows]
        made.append(Group(label, _("%(n)s 件", n=len(members)) if whole else "", members))
    return made


def side_entries(
    found: Counts, filters: Filters, link: Any, *, own: bool, more: Sequence[dict[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Groups of the side navigation; `link(**filters)` makes an address."""
    numbers = {
        "mine": found.mine,
        "open": found.open,
        "today": found.today,
        "over": found.over,
        "red": found.red,
    }
    first = [
        {
            "label": VIEW_NAMES[view],
            "url": link(view=view),
            "count": number,
            "icon": _ICONS[view],
            "active": filters.view == view and not filters.states,
        }
        for view, number in numbers.items()
        if own or view != "mine"
    ]
    for key, entry in enumerate(first, start=1):
        entry["key"] = str(key)
    stages = [
        {
            "label": _(state.name_zh),
            "url": link(view="open", state=state.value),
            "count": found.states[state],
            "active": filters.state == state,
        }
        for state in STAGES
        if found.states.get(state)
    ]
    ended = {
        "label": VIEW_NAMES["done"],
        "url": link(view="done"),
        "active": filters.view == "done",
    }
    return [
        {"title": "", "entries": first},
        {"title": _("按环节"), "entries": stages},
        {"title": _("其他"), "entries": [*more, ended]},
    ]


def pills(found: Counts, filters: Filters, link: Any, *, own: bool) -> list[dict[str, Any]]:
    """The few ways of looking that a phone offers."""
    numbers: dict[str, int | None] = {
        "mine": found.mine,
        "open": found.open,
        "over": found.over,
        "today": found.today,
        "done": None,
    }
    made = [
        {
            "label": VIEW_NAMES[view],
            "url": link(view=view),
            "count": number,
            "active": filters.view == view and not filters.states,
        }
        for view, number in numbers.items()
        if own or view != "mine"
    ]
    waiting = found.states.get(_S.FOLLOW_UP, 0)
    made.insert(
        -1,
        {
            "label": _(_S.FOLLOW_UP.name_zh),
            "url": link(view="open", state=_S.FOLLOW_UP.value),
            "count": waiting,
            "active": filters.state == _S.FOLLOW_UP,
        },
    )
    return made


def choices(
    areas: Sequence[tuple[str, str]], agencies: Sequence[tuple[int, str]]
) -> Mapping[str, list[tuple[Any, Any]]]:
    """What each filter offers; the empty value asks for nothing."""
    codes = read()
    every = ("", _("全部"))
    return {
        "state": [(state.value, _(state.name_zh)) for state in (*STAGES, *ENDS)],
        "type": [every, *((each.code, _(each.name_zh)) for each in codes.types.values())],
        "risk": [every, *((each.code, _(each.name_zh)) for each in codes.risks.values())],
        "source": [every, *((each.code, _(each.name_zh)) for each in codes.sources.values())],
        "area": [every, *areas],
        "agency": [every, *agencies],
        "recent": [every, *((days, _("近 %(n)s 天登记", n=days)) for days in (7, 30, 90))],
        "returned": [every, *((n, _("%(n)s 次以上", n=n)) for n in (1, 2, 3))],
        "order": [("", _("照常")), *ORDER_NAMES.items()],
    }


def _heading(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return _("没有期限")
    if due_at < now:
        return _("已超期")
    if due_at <= end_of_day(now):
        return _("今日到期")
    return _("本周") if due_at <= end_of_week(now) else _("以后")


def _line(row: Row[Any], page: Page, viewer: Viewer, calendar: WorkCalendar, now: datetime) -> Line:
    state = DisputeState(row.state)
    people = _("%(n)s 人", n=row.involved)
    own = row.handler_agency_id == viewer.agency.id
    owed = page.owed.get(row.id)
    return Line(
        id=row.id,
        number=_short(row.number, now) if row.number else _("未编号"),
        title=row.title,
        type=_(read().types[row.type].short_zh),
        risk=row.risk or "",
        state=_(state.name_zh),
        mark=str(state.mark),
        area=row.area_name,
        handler=row.handler_name.removeprefix(row.county_name or ""),
        person=page.mediators.get(row.mediator_id, ""),
        people=people,
        amount=money_words(row.amount),
        held="—" if state in ENDS else held_words(page.held_since.get(row.id), calendar, now),
        due=due_words(_due(row, page), row.state, calendar, now),
        rule=owed.rule if owed else row.next_due_rule or "",
        restricted=row.restricted,
        reported=day_words(row.reported_at, now),
        go=_("去答复") if owed else str(_NEXT.get(state, _("打开")) if own else _("打开")),
    )


def _due(row: Row[Any], page: Page) -> datetime | None:
    """The matter's own deadline, or that of the answer which the viewer's unit owes in it."""
    owed = page.owed.get(row.id)
    at: datetime | None = owed.due_at if owed else row.next_due_at
    return at


def _order(at: datetime | None) -> tuple[bool, float]:
    return at is None, at.timestamp() if at else 0.0


def _short(number: str, now: datetime) -> str:
    """A number of this year without county and year; older ones in full."""
    head, _bracket, tail = number.partition(f"〔{local(now).year}〕")
    return tail if head and tail else number
