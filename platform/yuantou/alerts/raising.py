"""From what a rule of the night found to a warning; the night writes one audit row of its own."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.alerts.findings import Finding
from yuantou.alerts.models import Alert
from yuantou.alerts.service import raise_alert


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
    **facts: object,
) -> int:
    """Step: raise what a rule of the night found; 1 where a warning was raised or lifted."""
    if finding is None:
        return 0
    made = raise_alert(
        session,
        rule=finding.rule,
        version=finding.version,
        level=finding.level,
        area=area,
        type_code=type_code,
        dispute_id=dispute_id,
        source_id=source_id,
        key=key[:200],
        reasons=[reason.stored() for reason in finding.reasons],
        facts={**finding.facts, **facts},
        at=now,
        hours=finding.hours,
        owner_agency_id=owner_agency_id,
        told_agency_id=told_agency_id,
        audited=False,
    )
    return int(made is not None)


def said(session: Session, key: str) -> bool:
    """Whether it was ever raised: what tells of one month is told once."""
    return (
        session.scalar(select(Alert.id).where(Alert.key == key, ~Alert.trial).limit(1)) is not None
    )
