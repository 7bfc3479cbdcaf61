"""A night of rules: gather, judge, raise. Each rule alone, so that one can be switched off."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import Session

from yuantou.alerts import gathering, night_rules
from yuantou.alerts.doubts import doubts
from yuantou.alerts.findings import Finding
from yuantou.alerts.missing import MISSING, missing_suits
from yuantou.alerts.models import Alert
from yuantou.alerts.night_rules import Pair
from yuantou.alerts.owners import department_of
from yuantou.alerts.raising import raise_finding, said
from yuantou.alerts.rulebook import in_force
from yuantou.alerts.rules import Rule
from yuantou.alerts.surges import surge
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.database.jobs import Progress
from yuantou.disputes.models import Dispute
from yuantou.territory.models import Area

SUITS = "W10"
DETECTED = "detect"  # the detectors' keys begin so: of the same place and type one rests the other
# The map keeps common sources and stands beside: only what is asked is named here.
_MATTERS = table("common_source_matter", column("source_id"), column("dispute_id"))
_SOURCES = table("common_source", column("id"), column("origin"))
Night = Callable[[Session, Rule, datetime], int]


def judge_night(session: Session, *, now: datetime, progress: Progress) -> dict[str, int]:
    """Use case of the worker: what every active rule of the night raises; how many by rule."""
    rules, raised = in_force(session, local(now).date()), {}
    for place, (code, night) in enumerate(NIGHTS.items(), start=1):
        if code in rules:
            raised[code] = night(session, rules[code], now)
        progress(place, len(NIGHTS))
    if SUITS in rules:
        raised[MISSING] = missing_suits(session, rules[SUITS], now)
    if any(raised.values()):
        record(
            session,
            action="alert:night",
            object_type="warning_rule_version",
            object_id=local(now).date().isoformat(),
            account_id=None,
            facts={"raised": raised},
        )
    return raised


def _pairs(session: Session, rule: Rule, now: datetime) -> int:
    raised, held = 0, dict[str, Pair]()
    for pair in sorted(gathering.pairs(session, rule, now), key=lambda one: len(one.matters)):
        held[_pair_key(session, rule, pair)] = pair  # of a key the most matters, told once
    for key, pair in held.items():
        last = session.get_one(Dispute, pair.matters[-1])
        finding = night_rules.repeated(rule, pair)
        raised += _of_matter(session, last, finding, key, now, news_at=last.reported_at)
    return raised


def _pair_key(session: Session, rule: Rule, pair: Pair) -> str:
    """That of the last warning of these two sides, else a new one: the window moves, they stay."""
    asked = select(Alert.key).where(Alert.rule == rule.code, Alert.dispute_id.in_(pair.matters))
    known = session.scalar(asked.order_by(Alert.raised_at.desc(), Alert.id.desc()).limit(1))
    return known or f"{rule.code}:{min(pair.matters)}"


def _respondents(session: Session, rule: Rule, now: datetime) -> int:
    raised = 0
    for county, found in gathering.respondents(session, rule, now):
        finding = night_rules.common_respondent(rule, found)
        kind = _usual_type(session, found.matters)
        source = _source(session, found.matters)
        key = f"source:{source}" if source else f"{rule.code}:{county}:{found.mark}"
        raised += raise_finding(
            session, finding, now, area=county, type_code=kind, key=key, source_id=source,
            told_agency_id=department_of(session, county, kind, local(now).date()),
        )  # fmt: skip
    return raised


def surging(session: Session, rule: Rule, now: datetime) -> dict[tuple[str, str], Finding]:
    """Places and types that stand out; of a county and its townships the smallest place speaks."""
    found = {
        (place.area_code, place.type): finding
        for place in gathering.places(session, rule, now)
        if (finding := surge(rule, place.courses)) is not None
    }
    above = dict(
        session.execute(
            select(Area.code, Area.parent_code).where(Area.code.in_({area for area, _ in found}))
        ).all()
    )
    said = {(above[area], kind) for area, kind in found}
    return {place: finding for place, finding in found.items() if place not in said}


def _surges(session: Session, rule: Rule, now: datetime) -> int:
    """The key is the detectors' too."""
    return sum(
        raise_finding(
            session, finding, now, area=area, type_code=kind, key=surge_key(area, kind),
            window={"until": now.isoformat()},
        )
        for (area, kind), finding in surging(session, rule, now).items()
    )  # fmt: skip


def surge_key(area: str, kind: str) -> str:
    """What rests where a place and type were warned of."""
    return f"{DETECTED}:{area}:{kind}"


def _overdue(session: Session, rule: Rule, now: datetime) -> int:
    units: dict[tuple[int, str], list[Any]] = defaultdict(list)
    raised = 0
    for row in gathering.overdue(session, now):
        days = (now - row.next_due_at).days
        if row.risk == "red":
            matter = session.get_one(Dispute, row.id)
            finding = night_rules.overdue_red(rule, days)
            raised += _of_matter(session, matter, finding, f"{rule.code}:{row.id}", now)
        else:
            units[row.handler_agency_id, row.county_code].append((days, row))
    least = int(rule.number("days"))
    for (agency, county), late in sorted(units.items()):
        listed = [row.id for days, row in late if days > least and not row.restricted]
        finding_of_unit = night_rules.overdue_unit(rule, listed, [days for days, _ in late])
        key = f"{rule.code}:{county}:{agency}"
        raised += raise_finding(session, finding_of_unit, now, area=county, key=key, agency=agency)
    return raised


def _agreements(session: Session, rule: Rule, now: datetime) -> int:
    raised, today = 0, local(now).date()
    for row in gathering.owed(session, rule, now):
        matter = session.get_one(Dispute, row.id)
        finding = night_rules.agreement(rule, row.due, today)
        key = f"{rule.code}:{row.id}:{row.due}"
        raised += _of_matter(session, matter, finding, key, now)
    return raised


def _suits(session: Session, rule: Rule, now: datetime) -> int:
    raised = 0
    for found in gathering.suit_courses(session, rule, now):
        finding = night_rules.suits(rule, found.course)
        key = suit_key(rule, found)
        if finding is not None and not said(session, key):
            raised += raise_finding(
                session, finding, now, area=found.area_code, type_code=found.type, key=key,
                cause=found.cause,
                told_agency_id=department_of(
                    session, found.area_code, found.type, local(now).date()
                ),
            )  # fmt: skip
    return raised


def suit_key(rule: Rule, found: gathering.Suits) -> str:
    """A place and cause in one month, of which is told once."""
    return f"{rule.code}:{found.area_code}:{found.cause}:{found.course.month:%Y-%m}"


NIGHTS: Mapping[str, Night] = {
    "W02": _pairs,
    "W03": _respondents,
    "W04": _surges,
    "W08": _overdue,
    "W09": _agreements,
    "W10": _suits,
    "W11": doubts,
}


def _of_matter(
    session: Session,
    matter: Dispute,
    finding: Finding | None,
    key: str,
    now: datetime,
    news_at: datetime | None = None,
) -> int:
    return raise_finding(
        session, finding, now, area=matter.area_code, type_code=matter.type,
        dispute_id=matter.id, key=key, news_at=news_at,
    )  # fmt: skip


def _source(session: Session, matters: tuple[int, ...]) -> int | None:
    """The organisation that all these matters hang on, if the map's scan found it.

    They may also share a project or a cause of action, which is not whom they are against.
    """
    asked = (
        select(_MATTERS.c.source_id)
        .join(_SOURCES, _SOURCES.c.id == _MATTERS.c.source_id)
        .where(_MATTERS.c.dispute_id.in_(matters), _SOURCES.c.origin == "party")
        .group_by(_MATTERS.c.source_id)
        .having(func.count() == len(matters))
    )
    return session.scalar(asked.order_by(_MATTERS.c.source_id).limit(1))


def _usual_type(session: Session, matters: tuple[int, ...]) -> str | None:
    kinds = list(session.scalars(select(Dispute.type).where(Dispute.id.in_(matters))))
    return max(sorted(set(kinds)), key=kinds.count, default=None)
