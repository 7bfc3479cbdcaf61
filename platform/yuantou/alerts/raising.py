"""From what a rule of the night found to a warning; the night writes one audit row of its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.alerts.findings import Finding
from yuantou.alerts.models import Alert, Sighting
from yuantou.alerts.service import newest, raise_alert
from yuantou.calendar.clock import local


def raise_finding(
    session: Session,
    finding: Finding | None,
    now: datetime,
    *,
    area: str,
    key: str,
    type_code: str | None = None,
    dispute_id: int | None = None,
    source_id: int | None = None,
    owner_agency_id: int | None = None,
    told_agency_id: int | None = None,
    news_at: datetime | None = None,
    **facts: object,
) -> int:
    """Step: raise what a rule of the night found; 1 where a warning was raised or lifted.

    Where the last one of its key rests, it is noted there as seen again.
    """
    if finding is None:
        return 0
    key = key[:200]
    made = raise_alert(
        session,
        rule=finding.rule,
        version=finding.version,
        level=finding.level,
        area=area,
        type_code=type_code,
        dispute_id=dispute_id,
        source_id=source_id,
        key=key,
        reasons=[reason.stored() for reason in finding.reasons],
        facts={**finding.facts, **facts},
        at=now,
        hours=finding.hours,
        owner_agency_id=owner_agency_id,
        told_agency_id=told_agency_id,
        news_at=news_at,
        audited=False,
    )
    if made is None:
        seen_again(session, key, rule=finding.rule, facts=finding.facts, at=now)
    return int(made is not None)


def seen_again(
    session: Session, key: str, *, rule: str, facts: Mapping[str, Any], at: datetime
) -> Alert | None:
    """Step: note on the warning that rests that it was found again today, with the numbers."""
    held = newest(session, key)
    if held is not None and local(held.raised_at).date() < local(at).date():
        numbers = {name: one for name, one in facts.items() if isinstance(one, int | float | None)}
        session.merge(Sighting(warning_id=held.id, day=local(at).date(), rule=rule, facts=numbers))
    return held


def said(session: Session, key: str) -> bool:
    """Whether it was ever raised: what tells of one month is told once."""
    return session.scalar(select(Alert.id).where(Alert.key == key).limit(1)) is not None
