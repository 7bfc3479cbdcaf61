"""The matters behind durable success: which came back, by what, and which are watched or lasted.

They come from the same spells that the kept counts are summed from, with the viewer's scope on
top. Which were sued on is told to those who handle them alone: to others such a matter stands among
those without a return, and the list says that it does not know of suits.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Date, Integer, String, and_, func, select, text
from sqlalchemy.orm import Session
from sqlalchemy.types import BigInteger

from yuantou.access.scope import Scope
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute
from yuantou.indicators.disclosure import small
from yuantou.indicators.standing.lasting import AGREED, LONG, SPELLS, read_days, together
from yuantou.territory.models import Area

BACK, LASTED, WATCHED = "back", "lasted", "watched"
KINDS = {
    BACK: _l("180 天内反复的"),
    LASTED: _l("满 180 天没有反复的"),
    WATCHED: _l("还在观察，没有反复的"),
}
ENDED = {
    "reopened": _l("重启"),
    "again": _l("同一当事人同类再次上报"),
    "sued": _l("起诉"),
    None: _l("没有反复"),
}
PAGE = 50
_FOUND = text(f"""{SPELLS}
    SELECT s.id, s.day, e.back, e.why FROM stood s
    LEFT JOIN ended e ON e.id = s.id AND e.day = s.day""")  # noqa: S608 — from constants


@dataclass(frozen=True, slots=True)
class Settled:
    """One settlement: the day it was closed, how long it lasted so far, and what ended it."""

    id: int
    number: str | None
    title: str
    day: date
    days: int
    why: str | None
    own: bool


@dataclass(frozen=True, slots=True)
class Members:
    """A page of settlements; `outside` are those of the kind that the viewer may not see.

    None where their number would tell how few came back.
    """

    rows: tuple[Settled, ...]
    inside: int
    outside: int | None


def members(
    session: Session, scope: Scope, area: Area, year: int, which: str, now: datetime, page: int
) -> Members | None:
    """Settlements of a county closed in a year; None of larger areas, which have too many."""
    if area.level != "county":
        return None
    today = local(now).date()
    spell = (
        _FOUND.bindparams(counties=[area.code], agreed=AGREED, now=now, today=today)
        .columns(id=BigInteger, day=Date, back=Date, why=String)
        .subquery("settled")
    )
    days = (func.coalesce(spell.c.back, today) - spell.c.day).cast(Integer)
    returned = and_(spell.c.back.is_not(None), spell.c.back - spell.c.day <= LONG)
    wanted: dict[str, ColumnElement[bool]] = {
        BACK: returned,
        LASTED: and_(~func.coalesce(returned, False), today - spell.c.day > LONG),
        WATCHED: and_(~func.coalesce(returned, False), today - spell.c.day <= LONG),
    }
    rows = session.execute(
        select(
            Dispute.id,
            Dispute.number,
            Dispute.title,
            spell.c.day,
            days,
            spell.c.why,
            (Dispute.handler_agency_id == scope.agency_id).label("own"),
            func.count().over(),
        )
        .join(spell, spell.c.id == Dispute.id)
        .where(
            spell.c.day.between(date(year, 1, 1), date(year, 12, 31)),
            wanted.get(which, wanted[BACK]),
            scope.visible(Dispute),
        )
        .order_by(spell.c.day, Dispute.id)
        .limit(PAGE)
        .offset(PAGE * (page - 1))
    ).all()
    inside = rows[0][-1] if rows else 0
    found = tuple(_settled(row, which) for row in rows)
    sums = _sums(session, area, year)
    outside = max(sums[which if which in sums else BACK] - inside, 0)
    return Members(found, inside, None if outside and small(sums[BACK]) else outside)


def _settled(row: Any, which: str) -> Settled:
    number, name, title, day, days, why, own, _all = row
    return Settled(number, name, title, day, days, why if which == BACK else None, own)


def _sums(session: Session, area: Area, year: int) -> dict[str, int]:
    """How many there are of each kind, by the kept counts."""
    span = date(year, 1, 1), date(year, 12, 1)
    held = together(list(read_days(session, area, *span).values()))
    return {
        BACK: sum(back for back, _still in held.values()),
        LASTED: sum(still for day, (_back, still) in held.items() if day > LONG),
        WATCHED: sum(still for day, (_back, still) in held.items() if day <= LONG),
    }
