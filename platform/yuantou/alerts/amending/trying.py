"""Trying a version of a rule on the past: what it would have raised, and what became of that.

The worker does it, because a trial counts what no single viewer may see; it keeps sums alone.
Rules about limits and data judge what stands, which the past does not show any more: of those the
coming night is tried, and undone.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from yuantou.alerts import gathering, night_rules
from yuantou.alerts.levels import ORDER, higher
from yuantou.alerts.matter_rules import MATTER_RULES, MatterFacts, judge
from yuantou.alerts.models import Alert
from yuantou.alerts.nightly import NIGHTS, suit_key, surge_key, surging
from yuantou.alerts.rulebook import in_force
from yuantou.alerts.rules import LEAST_CROWD, Rule
from yuantou.alerts.watching import FAILED, RELAPSED
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.mediation.models import Agreement, Performance

WEEKS = 26
MONTHS = 6
WEEK = timedelta(days=7)
NO_FINDING = "none"  # not closed, or closed without a finding
Raised = dict[str, str]  # what was warned of, and at which highest level


def tried(session: Session, old: Rule | None, new: Rule, now: datetime) -> dict[str, Any]:
    """The past half year, or the coming night, by the version in force and by the new one."""
    start, past = now - WEEKS * WEEK, new.code in PAST or new.code in MATTER_RULES
    by_old = _raised(session, old, start, now) if old is not None else {}
    by_new = _raised(session, new, start, now)
    told = {
        "start": local(start).date().isoformat(),
        "end": local(now).date().isoformat(),
        "past": past,
        "old": _by_level(by_old),
        "new": _by_level(by_new),
        "gained": len(by_new.keys() - by_old.keys()),
        "lost": len(by_old.keys() - by_new.keys()),
    }
    return told | ({"ended": _ended(session, new.code, by_new, start)} if past else {})


def _raised(session: Session, rule: Rule, start: datetime, now: datetime) -> Raised:
    if not rule.active:
        return {}
    if rule.code in MATTER_RULES:
        found = _of_matters(session, rule, start, now)
    elif rule.code in PAST:
        found = PAST[rule.code](session, rule, start, now)
    else:
        return _tonight(session, rule, now)
    raised: Raised = {}
    for key, level in found:
        if key not in raised or higher(level, raised[key]):
            raised[key] = level
    return raised


def _of_matters(
    session: Session, rule: Rule, start: datetime, now: datetime
) -> Iterator[tuple[str, str]]:
    """Every matter of the window as it stands; one with a red line is not told of twice."""
    rules = {rule.code: rule}
    if rule.code == "W07":
        rules |= {
            code: one for code, one in in_force(session, local(now).date()).items() if code == "W05"
        }
    past = dict[int, Counter[str]]()
    events = select(DisputeEvent.dispute_id, DisputeEvent.event).where(
        DisputeEvent.event.in_((FAILED, RELAPSED)), DisputeEvent.at.between(start, now)
    )
    for event in session.execute(events):
        past.setdefault(event.dispute_id, Counter())[event.event] += 1
    can_speak = or_(func.cardinality(Dispute.flags) > 0, Dispute.involved >= LEAST_CROWD)
    asked = select(Dispute.id, Dispute.type, Dispute.involved, Dispute.flags).where(
        Dispute.state != "draft",
        Dispute.id.in_(past) if rule.code == "W06" else can_speak,
        *([] if rule.code == "W06" else [Dispute.reported_at.between(start, now)]),
    )
    for row in session.execute(asked):
        told = past.get(row.id, Counter[str]())
        failed, back = told[FAILED], told[RELAPSED] > 0
        facts = MatterFacts(row.type, row.involved, tuple(row.flags), failed, back)
        for finding in judge(rules, facts):
            if finding.rule == rule.code:
                yield f"{rule.code}:{row.id}", finding.level


def _pairs(
    session: Session, rule: Rule, start: datetime, now: datetime
) -> Iterator[tuple[str, str]]:
    for pair in gathering.pairs(session, rule, now, since=start):
        finding = night_rules.repeated(rule, pair)
        if finding is not None:
            yield f"{rule.code}:{min(pair.matters)}", finding.level


def _respondents(
    session: Session, rule: Rule, start: datetime, now: datetime
) -> Iterator[tuple[str, str]]:
    for moment in _weeks(now):
        for county, found in gathering.respondents(session, rule, moment):
            finding = night_rules.common_respondent(rule, found)
            if finding is not None:
                yield f"{rule.code}:{county}:{found.mark}", finding.level


def _surges(
    session: Session, rule: Rule, start: datetime, now: datetime
) -> Iterator[tuple[str, str]]:
    for moment in _weeks(now):
        for (area, kind), finding in surging(session, rule, moment).items():
            yield surge_key(area, kind), finding.level


def _agreements(
    session: Session, rule: Rule, start: datetime, now: datetime
) -> Iterator[tuple[str, str]]:
    """Agreements that fell due: those not kept on the days on which the rule speaks of them."""
    kept_at = func.min(Performance.written_at).label("kept_at")
    kept = and_(Performance.agreement_id == Agreement.id, Performance.result == "performed")
    asked: Any = (
        select(Agreement.dispute_id, Agreement.due_on, kept_at)
        .join(Dispute, Dispute.id == Agreement.dispute_id)
        .outerjoin(Performance, kept)
        .where(
            Agreement.superseded_at.is_(None),
            Agreement.due_on.between(local(start).date(), local(now).date()),
        )
        .group_by(Agreement.id)
    )
    for row in session.execute(asked):
        kept_on = local(row.kept_at).date() if row.kept_at else local(now).date()
        told = {row.due_on + timedelta(days=1)}
        told.add(row.due_on - timedelta(days=rule.number("days_before")))
        for day in sorted(told):
            finding = night_rules.agreement(rule, row.due_on, day) if day < kept_on else None
            if finding is not None:
                yield f"{rule.code}:{row.dispute_id}:{row.due_on}", finding.level


def _suits(
    session: Session, rule: Rule, start: datetime, now: datetime
) -> Iterator[tuple[str, str]]:
    for back in range(MONTHS):
        for found in gathering.suit_courses(session, rule, now, back=back):
            finding = night_rules.suits(rule, found.course)
            if finding is not None:
                yield suit_key(rule, found), finding.level


PAST = {
    "W02": _pairs,
    "W03": _respondents,
    "W04": _surges,
    "W09": _agreements,
    "W10": _suits,
}


def _weeks(now: datetime) -> Iterator[datetime]:
    for back in reversed(range(WEEKS)):
        yield now - back * WEEK


def _tonight(session: Session, rule: Rule, now: datetime) -> Raised:
    """What the rule would raise now beside what is open; nothing of it stays."""
    attempt = session.begin_nested()
    NIGHTS[rule.code](session, rule, now)
    session.flush()
    asked = select(Alert.key, Alert.level).where(Alert.rule == rule.code, Alert.raised_at == now)
    found = {row.key: row.level for row in session.execute(asked)}
    attempt.rollback()
    return found


def _by_level(raised: Raised) -> dict[str, int]:
    held = Counter(raised.values())
    return {level: held[level] for level in ORDER}


def _ended(session: Session, code: str, raised: Raised, start: datetime) -> dict[str, Any]:
    """Warnings that were really raised: how those ended that the new version keeps or leaves out"""
    kept, lost, known = Counter[str](), Counter[str](), set[str]()
    asked = select(Alert.key, Alert.area_code, Alert.facts, Alert.outcome).where(
        Alert.rule == code, Alert.raised_at >= start
    )
    for row in session.execute(asked):
        key = key_as_tried(code, row.key, row.area_code, row.facts)
        (kept if key in raised else lost)[row.outcome or NO_FINDING] += 1
        known.add(key)
    return {"kept": dict(kept), "lost": dict(lost), "unknown": len(raised.keys() - known)}


def key_as_tried(code: str, key: str, area: str, facts: Mapping[str, Any]) -> str:
    """One that was raised by a common source goes by its organisation's mark."""
    return f"{code}:{area}:{facts['mark']}" if "mark" in facts else key
