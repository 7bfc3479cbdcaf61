"""Judging one matter in the transaction in which it was logged or moved.

A matter of few people without facts costs nothing: no rule can speak of it, so none is read.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.alerts.findings import Finding
from yuantou.alerts.matter_rules import MatterFacts, judge
from yuantou.alerts.models import Alert
from yuantou.alerts.owners import owner_of
from yuantou.alerts.rulebook import in_force, terms
from yuantou.alerts.rules import LEAST_CROWD
from yuantou.alerts.service import note, raise_alert, tell
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.workflow import ENDS

FAILED, RELAPSED = "mediation_failed", "reopened"
MOVING = ("transferred", "corrected")
LIMITS_AND_AGREEMENTS = ("W08", "W09")
SETTLES = {"performed": ("W09",)}
WATCHED = ("reported", "triaged", "corrected", FAILED, RELAPSED)


def watch(session: Session, dispute: Dispute, event: DisputeEvent) -> list[Alert]:
    """Step: raise what the rules at once say of the matter after this event."""
    if event.event not in WATCHED or not _can_speak(dispute, event):
        return []
    rules = in_force(session, local(event.at).date())
    found = judge(rules, _facts(session, dispute, event))
    raised = [_raise(session, dispute, event, finding) for finding in found]
    return [alert for alert in raised if alert is not None]


def go_along(session: Session, dispute: Dispute, event: DisputeEvent) -> None:
    """Step: open warnings of a matter go with it to its new place, and to who answers there."""
    if event.event not in MOVING:
        return
    asked = select(Alert).where(
        Alert.dispute_id == dispute.id,
        Alert.state != "closed",
        Alert.area_path != dispute.area_path,
    )
    for alert in session.scalars(asked).all():
        level = terms(session, local(event.at).date()).levels[alert.level]
        owner = owner_of(session, level, dispute.area_path, dispute)
        alert.area_code, alert.area_path = dispute.area_code, dispute.area_path
        alert.owner_agency_id, alert.owner_account_id = owner.agency_id, owner.account_id
        note(session, alert, "moved", at=event.at, area=dispute.area_code)
        tell(session, alert, "预警随事项转到本地区", event.at, kind=f"alert_{alert.level}")


def settle(session: Session, dispute: Dispute, event: DisputeEvent) -> None:
    """Step: what warned of a limit or an agreement ends with it; no finding is made of it."""
    rules = LIMITS_AND_AGREEMENTS if dispute.state in ENDS else SETTLES.get(event.event, ())
    if not rules:
        return
    asked = select(Alert).where(
        Alert.dispute_id == dispute.id, Alert.rule.in_(rules), Alert.state != "closed"
    )
    for alert in session.scalars(asked).all():
        alert.state, alert.closed_at, alert.downgrade_to = "closed", event.at, None
        note(session, alert, "settled", at=event.at)


def _can_speak(dispute: Dispute, event: DisputeEvent) -> bool:
    return bool(
        dispute.flags or dispute.involved >= LEAST_CROWD or event.event in (FAILED, RELAPSED)
    )


def _facts(session: Session, dispute: Dispute, event: DisputeEvent) -> MatterFacts:
    """What stands of the matter; its past is asked only where an end or a relapse is told."""
    failures = 0
    if event.event in (FAILED, RELAPSED):
        asked = select(func.count()).where(
            DisputeEvent.dispute_id == dispute.id, DisputeEvent.event == FAILED
        )
        failures = session.scalar(asked) or 0
    return MatterFacts(
        dispute.type,
        dispute.involved,
        tuple(dispute.flags),
        failures,
        event.event == RELAPSED,
    )


def _raise(
    session: Session, dispute: Dispute, event: DisputeEvent, finding: Finding
) -> Alert | None:
    return raise_alert(
        session,
        rule=finding.rule,
        version=finding.version,
        level=finding.level,
        area=dispute.area_code,
        type_code=dispute.type,
        dispute_id=dispute.id,
        key=f"{finding.rule}:{dispute.id}",
        reasons=[reason.stored() for reason in finding.reasons],
        facts=finding.facts,
        at=event.at,
        hours=finding.hours,
    )
