"""Deadlines follow the history: started, met, paused and lapsed by the events of the dispute."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, Text, cast, select
from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar, day_end
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.service import working_calendar
from yuantou.disputes.workflow import ENDS
from yuantou.limits.catalogue import body, limit_rule
from yuantou.limits.engine import due_at
from yuantou.limits.models import Deadline, LimitVersion
from yuantou.limits.rules import Extension, LimitRule, Pause, pick

FIRST = "reported"  # nothing runs before it
PROMISES = {  # event -> (rule, fact that holds the day); the day is the parties' or the desk's own
    "dispatched": ("dispatch_term", "deadline"),
    "designated": ("dispatch_term", "deadline"),
    "suspended": ("suspension", "until"),
    "performance_begun": ("performance", "due_on"),
}
PROMISES_END = {
    "dispatch_term": ("agreed", "mediation_failed", "terminated", "replied", "returned"),
    "suspension": ("resumed", "terminated"),
    "performance": ("performed", "path_advised"),
}


def rules_in_force(session: Session, on: date) -> dict[str, tuple[LimitRule, int]]:
    """The limits of that day with their versions, by code."""
    rows = session.execute(
        select(LimitVersion.code, LimitVersion.version, cast(LimitVersion.body, Text))
        .where(LimitVersion.valid_from <= on)
        .order_by(LimitVersion.code, LimitVersion.version)
    )
    return {code: (_rule(text), version) for code, version, text in rows}


@cache
def _rule(text: str) -> LimitRule:
    """Versions never change, so each is read once."""
    return limit_rule(json.loads(text))


def load_limits(session: Session, rules: Iterable[LimitRule], valid_from: date) -> int:
    """Step: append a version of every limit that changed; returns how many."""
    changed = 0
    for rule in rules:
        newest = session.scalars(
            select(LimitVersion)
            .where(LimitVersion.code == rule.code)
            .order_by(LimitVersion.version.desc())
            .limit(1)
        ).first()
        if newest is None or newest.body != body(rule):
            version = newest.version + 1 if newest else 1
            since = valid_from if newest else date(1949, 10, 1)
            session.add(
                LimitVersion(code=rule.code, version=version, valid_from=since, body=body(rule))
            )
            changed += 1
    return changed


def follow(session: Session, dispute: Dispute, event: DisputeEvent) -> None:
    """Step: bring the deadlines of `dispute` up to `event`, and its next deadline with them."""
    rules = rules_in_force(session, local(event.at).date())
    calendar = working_calendar(session)
    running = [] if event.event == FIRST else list(session.scalars(_open_ones(dispute.id)))
    _pause(running, event, rules, calendar)
    running = [row for row in running if not _ended(row, dispute, event, rules)]
    running += _started(session, dispute, event, rules, calendar)
    session.flush()
    _set_next(dispute, running, rules)


def recompute(row: Deadline, rule: LimitRule, calendar: WorkCalendar) -> datetime:
    """The due moment of a deadline from its start, pauses and extensions alone."""
    due = due_at(rule, row.started_at, calendar, _pauses(row), _extensions(row))
    return due.at or row.due_at


def _open_ones(dispute_id: int) -> Select[Deadline]:
    return select(Deadline).where(
        Deadline.dispute_id == dispute_id, Deadline.met_at.is_(None), Deadline.lapsed_at.is_(None)
    )


def _ended(
    row: Deadline,
    dispute: Dispute,
    event: DisputeEvent,
    rules: dict[str, tuple[LimitRule, int]],
) -> bool:
    ends = rules[row.rule][0].ends_with if row.rule in rules else PROMISES_END.get(row.rule, ())
    if event.event in ends:
        row.met_at = event.at
    elif dispute.state in ENDS:
        row.lapsed_at = event.at
    return row.met_at is not None or row.lapsed_at is not None


def _started(
    session: Session,
    dispute: Dispute,
    event: DisputeEvent,
    rules: dict[str, tuple[LimitRule, int]],
    calendar: WorkCalendar,
) -> list[Deadline]:
    made = []
    if dispute.state not in ENDS:
        for rule, _ in rules.values():
            if event.event in rule.starts_with and not rule.of:
                chosen = pick(
                    tuple(each for each, _ in rules.values()), rule.code, *_variants(dispute)
                )
                due = due_at(chosen, event.at, calendar).at
                made.append(_deadline(dispute, chosen.code, rules[chosen.code][1], event.at, due))
        made += _promise(dispute, event)
    session.add_all(made)
    return made


def _promise(dispute: Dispute, event: DisputeEvent) -> list[Deadline]:
    rule, fact = PROMISES.get(event.event, ("", ""))
    day = event.facts.get(fact)
    if not day:
        return []
    due = day_end(date.fromisoformat(str(day)[:10]))
    return [_deadline(dispute, rule, 1, event.at, due)]


def _deadline(
    dispute: Dispute, rule: str, version: int, start: datetime, due: datetime | None
) -> Deadline:
    return Deadline(
        dispute_id=dispute.id,
        county_code=dispute.county_code,
        area_path=dispute.area_path,
        agency_id=dispute.handler_agency_id,
        rule=rule,
        rule_version=version,
        started_at=start,
        due_at=due,
        met_at=None,
        lapsed_at=None,
        pauses=[],
        extensions=[],
    )


def _variants(dispute: Dispute) -> tuple[str, ...]:
    kinds = (dispute.risk, dispute.complexity, dispute.type)
    return tuple(kind for kind in kinds if kind)


def _pause(
    running: list[Deadline],
    event: DisputeEvent,
    rules: dict[str, tuple[LimitRule, int]],
    calendar: WorkCalendar,
) -> None:
    for row in running:
        if row.rule not in rules:
            continue
        if event.event == "suspended":
            begun = event.at.isoformat()
            row.pauses = [*row.pauses, {"start": begun, "end": None, "reason": event.note}]
        elif event.event in ("resumed", "terminated") and _standing(row):
            row.pauses = [*row.pauses[:-1], row.pauses[-1] | {"end": event.at.isoformat()}]
            row.due_at = recompute(row, rules[row.rule][0], calendar)


def _standing(row: Deadline) -> bool:
    return bool(row.pauses) and row.pauses[-1]["end"] is None


def _pauses(row: Deadline) -> list[Pause]:
    return [
        Pause(
            datetime.fromisoformat(str(each["start"])),
            datetime.fromisoformat(str(each["end"])) if each["end"] else None,
            str(each["reason"]),
        )
        for each in row.pauses
    ]


def _extensions(row: Deadline) -> list[Extension]:
    return [
        Extension(
            int(str(each["amount"])),
            datetime.fromisoformat(str(each["approved_at"])),
            str(each["reason"]),
        )
        for each in row.extensions
    ]


def _set_next(
    dispute: Dispute, running: list[Deadline], rules: dict[str, tuple[LimitRule, int]]
) -> None:
    duties = [
        row
        for row in running
        if not _standing(row) and not (row.rule in rules and rules[row.rule][0].window)
    ]
    first = min(duties, key=lambda row: row.due_at, default=None)
    dispute.next_due_at = first.due_at if first else None
    dispute.next_due_rule = first.rule if first else None
