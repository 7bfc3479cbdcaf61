"""What the rules of the night judge, read by the worker: ids, counts and days, no person.

Restricted matters count in the sums of their county; no township and no list shows them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from yuantou.alerts.night_rules import Pair, Respondent, SuitCourse
from yuantou.alerts.rulebook import terms
from yuantou.alerts.rules import Rule
from yuantou.alerts.surges import Course
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import LIVE, DisputeState
from yuantou.indicators.integrity.models import IntegrityQuestion
from yuantou.mediation.models import Agreement

FRESH = timedelta(days=8)  # newer matters are compared; a night that failed is made up for
CALLS = "police_110"
RESTING = (DisputeState.SUSPENDED, DisputeState.PERFORMING)
OWED = (DisputeState.AGREED, DisputeState.PERFORMING, DisputeState.DEFAULTED)
_PAIRS = text("SELECT matter, earlier FROM repeated_pairs(:since, :days)")
_COMMON = text(
    "SELECT mark, county, matters, people FROM common_respondents(:since, :until, :least)"
)
# One row for each place, type and window that has anything: places are counties and townships.
_WINDOWS = text("""
    WITH hot AS (
      SELECT county_code, type FROM dispute
      WHERE reported_at >= :long_start AND reported_at < :until
        AND state NOT IN ('draft', 'not_accepted', 'merged')
      GROUP BY county_code, type HAVING count(*) >= :least),
    counted AS (
      SELECT d.county_code, CASE WHEN d.restricted THEN NULL ELSE d.area_code END AS area_code,
             d.type, floor(extract(epoch FROM :until - d.reported_at) / :length)::int AS back
      FROM dispute d JOIN hot USING (county_code, type)
      WHERE d.reported_at >= :start AND d.reported_at < :until
        AND d.state NOT IN ('draft', 'not_accepted', 'merged'))
    SELECT coalesce(area_code, county_code) AS place, type, back, count(*) AS number
    FROM counted WHERE area_code IS NOT NULL AND area_code <> county_code
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT county_code, type, back, count(*) FROM counted GROUP BY 1, 2, 3""")
_BEGINNINGS = text(
    "SELECT county_code, min(reported_at) AS first FROM dispute GROUP BY county_code"
)
_SUITS = text("""
    SELECT s.area_code, s.cause, s.type, m.newest, m.months,
           date_trunc('month', s.filed_on)::date AS month, count(*) AS number
    FROM feed_suit s JOIN feed_batch b ON b.id = s.batch_id
    JOIN (SELECT court_code, max(month) AS newest, array_agg(DISTINCT month) AS months
          FROM suit_feed_month GROUP BY court_code) m ON m.court_code = s.court_code
    WHERE b.released_at IS NOT NULL AND b.withdrawn_at IS NULL AND s.area_code IS NOT NULL
      AND s.filed_on >= m.newest - interval '24 months'
      AND s.filed_on < m.newest + interval '1 month'
    GROUP BY 1, 2, 3, 4, 5, 6""")
_TOWNSHIP_COUNTS = text("""
    SELECT DISTINCT ON (court_code, month) court_code, month, by_township FROM court_count
    WHERE released_at IS NOT NULL AND month >= :since
      AND court_code NOT IN (SELECT court_code FROM suit_feed_month)
    ORDER BY court_code, month, revision DESC""")


@dataclass(frozen=True, slots=True)
class Place:
    """A place and type with its course in the short and the long window."""

    area_code: str
    type: str
    courses: tuple[Course, ...]


@dataclass(frozen=True, slots=True)
class Suits:
    """Suits of one cause in one township; all causes together where the court sends sums only."""

    area_code: str
    cause: str
    type: str | None
    course: SuitCourse


def pairs(
    session: Session, rule: Rule, now: datetime, *, since: datetime | None = None
) -> Iterator[Pair]:
    """Fresh matters, or all since a moment, whose two sides had others within the window."""
    days, call_days = int(rule.number("days")), timedelta(days=rule.number("call_days"))
    found = session.execute(
        _PAIRS, {"since": since or now - _fresh(session, now), "days": days}
    ).all()
    told = {matter for row in found for matter in (row.matter, *row.earlier)}
    calls = select(Dispute.id).where(
        Dispute.id.in_(told), Dispute.source == CALLS, Dispute.reported_at >= now - call_days
    )
    called = set(session.scalars(calls)) if told else set()
    for row in found:
        matters = (*row.earlier, row.matter)
        yield Pair(matters, len(called.intersection(matters)))


def _fresh(session: Session, now: datetime) -> timedelta:
    """What came just after an end is still compared when its days of rest are over."""
    return max(FRESH, terms(session, local(now).date()).rest + timedelta(days=1))


def respondents(session: Session, rule: Rule, now: datetime) -> Iterator[tuple[str, Respondent]]:
    """Organisations with matters of many people in one county, with the county's code."""
    since = now - timedelta(days=rule.number("days"))
    least = int(min(rule.number("yellow"), rule.number("red")))
    for row in session.execute(_COMMON, {"since": since, "until": now, "least": least}):
        yield row.county, Respondent(row.mark, tuple(row.matters), row.people)


def places(session: Session, rule: Rule, now: datetime) -> list[Place]:
    """Places and types that may stand out, with their own past since their county began."""
    begun = {row.county_code: row.first for row in session.execute(_BEGINNINGS)}
    counties = _county_of(session)
    courses: dict[tuple[str, str], list[Course]] = defaultdict(list)
    for name in ("short", "long"):
        days, past = int(rule.number(f"{name}_days")), int(rule.number(f"{name}_past"))
        for (place, kind), counts in _windows(session, rule, now, days, past).items():
            first = begun.get(counties.get(place, place))
            known = min(past, (now - first).days // days - 1) if first else 0
            before = tuple(counts.get(back, 0) for back in range(1, known + 1))
            courses[place, kind].append(Course(days, counts.get(0, 0), before))
    return [Place(place, kind, tuple(known)) for (place, kind), known in sorted(courses.items())]


def _windows(
    session: Session, rule: Rule, now: datetime, days: int, past: int
) -> dict[tuple[str, str], dict[int, int]]:
    length = timedelta(days=days)
    least = int(rule.number("least"))
    asked = {
        "until": now,
        "start": now - length * (past + 1),
        "long_start": now - timedelta(days=rule.number("long_days")),
        "length": length.total_seconds(),
        "least": least,
    }
    found: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for row in session.execute(_WINDOWS, asked):
        found[row.place, row.type][row.back] = row.number
    return {key: counts for key, counts in found.items() if counts.get(0, 0) >= least}


def _county_of(session: Session) -> dict[str, str]:
    rows = session.execute(text("SELECT code, parent_code FROM area WHERE level = 'township'"))
    return {row.code: row.parent_code for row in rows}


def overdue(session: Session, now: datetime) -> Sequence[Row[Any]]:
    """Live matters past their next limit, those that rest left out."""
    asked: Any = select(
        Dispute.id,
        Dispute.area_code,
        Dispute.county_code,
        Dispute.type,
        Dispute.risk,
        Dispute.restricted,
        Dispute.handler_agency_id,
        Dispute.next_due_at,
    ).where(
        Dispute.state.in_([state for state in LIVE if state not in RESTING]),
        Dispute.next_due_at < now,
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(Dispute.id)).all()
    return found


def owed(session: Session, rule: Rule, now: datetime) -> Sequence[Row[Any]]:
    """Agreements in force that fall due within the window of the rule, not noted as kept."""
    today = local(now).date()
    first = today - timedelta(days=rule.number("days_after"))
    last = today + timedelta(days=rule.number("days_before"))
    asked: Any = (
        select(Dispute.id, Dispute.area_code, Dispute.type, func.min(Agreement.due_on).label("due"))
        .join(Agreement, Agreement.dispute_id == Dispute.id)
        .where(
            Dispute.state.in_(OWED),
            Agreement.superseded_at.is_(None),
            Agreement.due_on.between(first, last),
        )
        .group_by(Dispute.id)
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(Dispute.id)).all()
    return found


def suit_courses(session: Session, rule: Rule, now: datetime, *, back: int = 0) -> list[Suits]:
    """Suits by township and cause of courts that feed each case; else their townships' sums.

    They end with the newest month that a court sent, or so many of its months before.
    """
    months = int(rule.number("months"))
    fed: dict[tuple[str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    known: dict[tuple[str, str], tuple[str, list[date]]] = {}
    for row in session.execute(_SUITS):
        fed[row.area_code, row.cause][row.month] += row.number
        known[row.area_code, row.cause] = (row.type, sorted(row.months))
    found = []
    for (area, cause), counts in sorted(fed.items()):
        kind, covered = known[area, cause]
        if len(covered) <= back:
            continue
        newest = covered[-1 - back]
        past = tuple(counts.get(month, 0) for month in covered if month < newest)[-months:]
        found.append(Suits(area, cause, kind, SuitCourse(counts.get(newest, 0), past, newest)))
    return [*found, *_sums(session, months, now, back)]


def _sums(session: Session, months: int, now: datetime, back: int) -> Iterator[Suits]:
    since = (local(now).date().replace(day=1) - timedelta(days=31 * (months + 6))).replace(day=1)
    courts: dict[str, dict[date, dict[str, int]]] = defaultdict(dict)
    for row in session.execute(_TOWNSHIP_COUNTS, {"since": since}):
        if row.by_township:
            courts[row.court_code][row.month] = row.by_township
    for sent in courts.values():
        if len(sent) <= back:
            continue
        newest = sorted(sent)[-1 - back]
        for township in sorted(sent[newest]):
            past = [sent[month].get(township, 0) for month in sorted(sent) if month < newest]
            course = SuitCourse(sent[newest][township], tuple(past[-months:]), newest)
            yield Suits(township, "", None, course)


def questions(session: Session) -> dict[int, list[IntegrityQuestion]]:
    """Questions about data that an office may look at and has not, by the office."""
    asked = select(IntegrityQuestion).where(
        IntegrityQuestion.office_id.is_not(None),
        (IntegrityQuestion.state == "answered")
        | ((IntegrityQuestion.state == "open") & IntegrityQuestion.lapsed_at.is_not(None)),
    )
    found: dict[int, list[IntegrityQuestion]] = defaultdict(list)
    for row in session.scalars(asked.order_by(IntegrityQuestion.id)):
        found[row.office_id or 0].append(row)
    return found
