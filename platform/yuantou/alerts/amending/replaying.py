"""Trying levels and rest on the past: the warnings of half a year, raised again by both versions.

What really was raised says what a longer rest would have left out, who would have heard of it and
what would have been late; what was seen again while it rested, what a shorter one would have let
through. A warning that was not raised in truth is taken to have been dealt with at once.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.alerts.amending.trying import NO_FINDING, WEEK, WEEKS, key_as_tried
from yuantou.alerts.levels import HANDLER, ORDER, Former, Terms, rests
from yuantou.alerts.models import Alert, AlertEvent, Sighting
from yuantou.alerts.rules import NUMBERS
from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.models import Dispute

NIGHT = time(5)  # sightings are noted by the jobs of the night
NOBODY = ""
OWN_HOURS = [code for code, numbers in NUMBERS.items() if "hours" in numbers]


@dataclass(frozen=True, slots=True)
class Sign:
    """What a rule had to say of a key; `outcome` and `closed_at` of what really was raised."""

    key: str
    level: str
    at: datetime
    of_matter: bool
    real: bool = False
    outcome: str | None = None
    closed_at: datetime | None = None

    def former(self, at: datetime) -> Former:
        """It as the next of its key finds it at a moment."""
        open_ = self.real and (self.closed_at is None or self.closed_at > at)
        ended = self.closed_at or self.at
        state = "open" if open_ else "closed"
        return Former(self.level, state, self.outcome, ended, self.of_matter)


def tried(session: Session, old: Terms, new: Terms, now: datetime) -> dict[str, Any]:
    """The past half year by the version in force and by the new one."""
    start = now - WEEKS * WEEK
    rows = _raised(session, start)
    signs = [*map(_sign, rows), *_seen_again(session, start)]
    signs.sort(key=lambda one: (one.at, not one.real, one.key))
    by_old, by_new = heard(signs, old), heard(signs, new)
    real = {place for place, sign in enumerate(signs) if sign.real}
    return {
        "start": local(start).date().isoformat(),
        "end": local(now).date().isoformat(),
        "sighted": _sighted(session),
        "past": True,
        "old": _by_level(signs, by_old),
        "new": _by_level(signs, by_new),
        "gained": len(by_new - by_old),
        "lost": len(by_old - by_new),
        "ended": {
            "kept": _outcomes(signs, real & by_new),
            "lost": _outcomes(signs, real & by_old - by_new),
            "unknown": len(by_new - real),
        },
        "late": {code: [_late(rows, code, each, now) for each in (old, new)] for code in ORDER},
        "receivers": _moved(session, rows, old, new),
    }


def heard(signs: Sequence[Sign], terms: Terms) -> set[int]:
    """The places of the signs, in the order of time, of which the terms let a warning come."""
    last: dict[str, Sign] = {}
    found = set()
    for place, sign in enumerate(signs):
        before = last.get(sign.key)
        news = sign.at if sign.real else None  # what woke a matter in truth was news of it
        if before is None or not rests(before.former(sign.at), sign.level, sign.at, terms, news):
            last[sign.key] = sign
            found.add(place)
    return found


def _raised(session: Session, start: datetime) -> Sequence[Row[Any]]:
    """What really was raised, with the last moment from which its limit ran."""
    ran = func.max(AlertEvent.at).filter(AlertEvent.event.in_(("raised", "lifted", "escalated")))
    asked: Any = (
        select(
            Alert.id,
            Alert.rule,
            Alert.key,
            Alert.area_code,
            Alert.area_path,
            Alert.facts,
            Alert.level,
            Alert.raised_level,
            Alert.raised_at,
            Alert.dispute_id,
            Alert.outcome,
            Alert.state,
            Alert.acknowledged_at,
            Alert.closed_at,
            func.coalesce(Dispute.restricted, False).label("restricted"),
            func.coalesce(ran, Alert.raised_at).label("since"),
        )
        .outerjoin(AlertEvent, AlertEvent.warning_id == Alert.id)
        .outerjoin(Dispute, Dispute.id == Alert.dispute_id)
        .where(Alert.raised_at >= start)
        .group_by(Alert.id, Dispute.restricted)
    )
    rows: Sequence[Row[Any]] = session.execute(asked.order_by(Alert.raised_at, Alert.id)).all()
    return rows


def _sign(row: Row[Any]) -> Sign:
    return Sign(
        _key(row),
        _highest(row),
        row.raised_at,
        row.dispute_id is not None,
        real=True,
        outcome=row.outcome,
        closed_at=row.closed_at,
    )


def _key(row: Row[Any]) -> str:
    return key_as_tried(row.rule, row.key, row.area_code, row.facts)


def _highest(row: Row[Any]) -> str:
    highest: str = max(row.level, row.raised_level, key=ORDER.index)
    return highest


def _seen_again(session: Session, start: datetime) -> Iterator[Sign]:
    """What was found again on a later day while it rested."""
    asked: Any = (
        select(
            Sighting.day,
            Alert.rule,
            Alert.key,
            Alert.area_code,
            Alert.facts,
            Alert.level,
            Alert.raised_level,
            Alert.dispute_id,
        )
        .join(Alert, Alert.id == Sighting.warning_id)
        .where(Sighting.day >= local(start).date())
    )
    for row in session.execute(asked):
        at = datetime.combine(row.day, NIGHT, ZONE)
        yield Sign(_key(row), _highest(row), at, row.dispute_id is not None)


def _sighted(session: Session) -> str | None:
    """The first day of which the record of sightings tells."""
    first = session.scalar(select(func.min(Sighting.day)))
    return first.isoformat() if first else None


def _by_level(signs: Sequence[Sign], places: Iterable[int]) -> dict[str, int]:
    counted = Counter(signs[place].level for place in places)
    return {code: counted[code] for code in ORDER}


def _outcomes(signs: Sequence[Sign], places: Iterable[int]) -> dict[str, int]:
    return dict(Counter(signs[place].outcome or NO_FINDING for place in places))


def _late(rows: Iterable[Row[Any]], code: str, terms: Terms, now: datetime) -> int:
    """How many of a level were not acknowledged in the hours of the terms."""
    level = terms.levels[code]
    return sum(
        (row.acknowledged_at or row.closed_at or now) > level.due(row.since)
        for row in rows
        if row.level == code and row.rule not in OWN_HOURS
    )


def _moved(
    session: Session, rows: Iterable[Row[Any]], old: Terms, new: Terms
) -> list[tuple[str, str, int]]:
    """Of how many warnings another kind of office would have heard: from whom, to whom."""
    if {code: one.owners for code, one in old.levels.items()} == {
        code: one.owners for code, one in new.levels.items()
    }:
        return []
    standing = {
        (row.area_code, row.kind)
        for row in session.execute(select(Agency.area_code, Agency.kind).where(Agency.active))
    }
    counted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        before, after = (_receiver(row, each, standing) for each in (old, new))
        if before != after:
            counted[before, after] += 1
    return [(before, after, n) for (before, after), n in sorted(counted.items())]


def _receiver(row: Row[Any], terms: Terms, standing: set[tuple[str, str]]) -> str:
    owners, above = terms.levels[row.level].owners, row.area_path.strip("/").split("/")
    if row.dispute_id is not None and not row.restricted and HANDLER in owners:
        return HANDLER
    apart = (HANDLER, "township_centre") if row.restricted else (HANDLER,)
    kinds = (kind for kind in owners if kind not in apart)
    return next((kind for kind in kinds if any((code, kind) in standing for code in above)), NOBODY)
