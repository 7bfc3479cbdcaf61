"""The use cases of a warning: each one transaction, one row of history, one audit row.

Sent twice by the same person is once. Who comes later with an older page is told what changed.
A downgrade is proposed by one person and decided by another.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.alerts import queries
from yuantou.alerts.lapsing import office_above
from yuantou.alerts.levels import ORDER, lower_levels
from yuantou.alerts.models import Alert, AlertEvent
from yuantou.alerts.owners import owner_of
from yuantou.alerts.rulebook import terms
from yuantou.alerts.service import note, tell
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.notices.service import notify


class StaleAlertError(Exception):
    """Somebody changed the warning since the page was opened."""


def acknowledge(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    note_words: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """Somebody of the owner has read it and will see to it."""
    held = _locked(session, by, alert_id)
    if held.state != "open" and held.acknowledged_by == by.id:
        return held
    _demand(held, by, version)
    if held.state != "open":
        raise _refused("acknowledged", N_("这条预警已经由别人确认。"))
    at = now or clock.now()
    held.state, held.acknowledged_by, held.acknowledged_at = "acknowledged", by.id, at
    held.owner_account_id = held.owner_account_id or _own(held, by)
    note(session, held, "acknowledged", at=at, by=by, words=note_words, late=at > held.due_at)
    session.commit()
    return held


def hand_over(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    agency_id: int,
    reason: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """Another unit becomes the owner; its limit stays."""
    held = _locked(session, by, alert_id)
    if held.owner_agency_id == agency_id and _last_is(session, held, "handed", by):
        return held
    _demand(held, by, version)
    known = dict(queries.receivers(session, held))
    if agency_id not in known:
        raise _refused("no_receiver", N_("请选能看到这件事的单位。"), "agency_id")
    at = now or clock.now()
    held.former_owner_id = held.owner_agency_id
    held.owner_agency_id, held.owner_account_id = agency_id, None
    note(session, held, "handed", at=at, by=by, words=reason, agency=known[agency_id])
    tell(session, held, "预警转由本单位处置", at, kind=f"alert_{held.level}")
    session.commit()
    return held


def take(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """The actor takes it himself, for his unit where he oversees the owner's."""
    held = _locked(session, by, alert_id)
    if held.owner_account_id == by.id and held.owner_agency_id == by.agency.id:
        return held
    _demand(held, by, version)
    if held.owner_agency_id != by.agency.id:
        held.former_owner_id = held.owner_agency_id
    held.owner_agency_id, held.owner_account_id = by.agency.id, by.id
    note(session, held, "taken", at=now or clock.now(), by=by)
    session.commit()
    return held


def act(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    words: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """What was done; as often as something is done."""
    held = _locked(session, by, alert_id)
    last = _last(session, held)
    if last is not None and (last.event, last.actor_id, last.note) == ("acted", by.id, words):
        return held
    _demand(held, by, version)
    at = now or clock.now()
    if held.acknowledged_at is None:
        held.acknowledged_by, held.acknowledged_at = by.id, at
    held.state = "acting"
    held.owner_account_id = held.owner_account_id or _own(held, by)
    note(session, held, "acted", at=at, by=by, words=words)
    session.commit()
    return held


def close(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    outcome: str,
    words: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """It ends with what was found: real, explained, nothing."""
    held = _locked(session, by, alert_id)
    if (held.state, held.outcome, held.outcome_note, held.closed_by) == (
        "closed", outcome, words, by.id,
    ):  # fmt: skip
        return held
    _demand(held, by, version)
    at = now or clock.now()
    if held.acknowledged_at is None:
        held.acknowledged_by, held.acknowledged_at = by.id, at
    held.state, held.outcome, held.outcome_note = "closed", outcome, words
    held.closed_by, held.closed_at, held.downgrade_to = by.id, at, None
    note(session, held, "closed", at=at, by=by, words=words, outcome=outcome)
    session.commit()
    return held


def propose_downgrade(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    to: str,
    reason: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """A lower level is proposed with a reason; until another person decides, nothing changes."""
    held = _locked(session, by, alert_id)
    if (held.downgrade_to, held.downgrade_reason, held.downgrade_by) == (to, reason, by.id):
        return held
    _demand(held, by, version, Permission.ALERT_DOWNGRADE)
    if held.downgrade_to is not None:
        raise _refused("proposed", N_("已经有人提出降级，等另一人决定。"))
    if to not in lower_levels(held.level):
        raise _refused("not_lower", N_("请选比现在低的级别。"), "to")
    at = now or clock.now()
    held.downgrade_to, held.downgrade_reason = to, reason
    held.downgrade_by, held.downgrade_at, held.downgrade_decided_by = by.id, at, None
    note(session, held, "downgrade_proposed", at=at, by=by, words=reason, to=to)
    _tell_deciders(session, held, at)
    session.commit()
    return held


def decide_downgrade(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    agreed: bool,
    words: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """A second person lowers the level or leaves it; the proposer never decides."""
    held = _locked(session, by, alert_id)
    if held.downgrade_to is None and held.downgrade_decided_by == by.id:
        return held
    _fresh(held, version)
    if not may_decide(by, held):
        raise _refused("second_person", N_("降级须由另一位有权限的人决定。"))
    at, to = now or clock.now(), held.downgrade_to or held.level
    held.downgrade_to, held.downgrade_decided_by = None, by.id
    if agreed:
        held.level = to
    event = "downgraded" if agreed else "downgrade_refused"
    note(session, held, event, at=at, by=by, words=words, to=to)
    _tell_proposer(session, held, agreed, at)
    session.commit()
    return held


def escalate(
    session: Session,
    *,
    by: Viewer,
    alert_id: int,
    reason: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Alert:
    """One level up with its owner and a new limit; a red one goes to the office above."""
    held = _locked(session, by, alert_id)
    if held.state == "open" and _last_is(session, held, "escalated", by, reason):
        return held
    _demand(held, by, version)
    at = now or clock.now()
    before, owner = held.level, _owner_above(session, held)
    if owner is None:
        raise _refused("no_office", N_("没有可以上报的上级单位。"))
    held.level = ORDER[min(ORDER.index(held.level) + 1, len(ORDER) - 1)]
    held.former_owner_id = held.owner_agency_id
    held.owner_agency_id, held.owner_account_id = owner, None
    limit = terms(session, clock.local(at).date()).levels[held.level]
    held.state, held.due_at = "open", limit.due(at)
    held.acknowledged_by = held.acknowledged_at = held.lapsed_at = held.downgrade_to = None
    note(session, held, "escalated", at=at, by=by, words=reason, before=before)
    tell(session, held, "预警升级上报，请处置", at, kind=f"alert_{held.level}")
    session.commit()
    return held


def may_decide(viewer: Viewer, alert: Alert) -> bool:
    """Whether the viewer is a second person for the downgrade that waits."""
    return (
        alert.downgrade_to is not None
        and alert.downgrade_by != viewer.id
        and alert.state != "closed"
        and queries.oversees(viewer, alert)
    )


def _owner_above(session: Session, held: Alert) -> int | None:
    """Who answers for the next level; of a restricted matter the county alone, whom it is named."""
    dispute = session.get(Dispute, held.dispute_id) if held.dispute_id else None
    if held.level == "red":
        return None if dispute is not None and dispute.restricted else office_above(session, held)
    level = terms(session, clock.today()).levels[ORDER[ORDER.index(held.level) + 1]]
    return owner_of(session, level, held.area_path, dispute).agency_id


def _locked(session: Session, by: Viewer, alert_id: int) -> Alert:
    """The warning, locked as it stands now; of two at once the second finds it changed."""
    seen = session.scalar(select(Alert.id).where(Alert.id == alert_id, queries.visible(by)))
    if seen is None:
        raise NotVisibleError(alert_id)
    return session.get_one(Alert, alert_id, with_for_update=True, populate_existing=True)


def _demand(
    held: Alert,
    by: Viewer,
    version: int | None,
    permission: Permission = Permission.ALERT_HANDLE,
) -> None:
    """What every act asks: not closed, not stale, the actor's to handle."""
    _fresh(held, version)
    if held.state == "closed":
        raise _refused("closed", N_("这条预警已经办结。"))
    if not by.may(permission) or not queries.may_handle(by, held):
        raise _refused("not_owner", N_("这条预警由别的单位处置。"))


def _fresh(held: Alert, version: int | None) -> None:
    if version is not None and held.version != version:
        raise StaleAlertError(held.id)


def _own(held: Alert, by: Viewer) -> int | None:
    return by.id if held.owner_agency_id == by.agency.id else None


def _last(session: Session, held: Alert) -> AlertEvent | None:
    asked = select(AlertEvent).where(AlertEvent.warning_id == held.id)
    return session.scalars(asked.order_by(AlertEvent.id.desc()).limit(1)).first()


def _last_is(
    session: Session, held: Alert, event: str, by: Viewer, words: str | None = None
) -> bool:
    last = _last(session, held)
    return (
        last is not None
        and (last.event, last.actor_id) == (event, by.id)
        and words in (None, last.note)
    )


def _refused(code: str, words: str, field: str = "") -> RefusedError:
    return RefusedError(Refusal(code, words, "", Ground.STATE, field))


def _tell_deciders(session: Session, held: Alert, at: datetime) -> None:
    """Those who may decide: the owner's leaders and the office above."""
    for agency_id in {held.owner_agency_id, office_above(session, held)} - {None}:
        notify(
            session,
            agency_id=agency_id or 0,
            kind="alert_downgrade",
            title="预警降级待另一人决定",
            link=f"/warnings/{held.id}",
            dispute_id=held.dispute_id,
            now=at,
        )


def _tell_proposer(session: Session, held: Alert, agreed: bool, at: datetime) -> None:
    agency = session.scalar(
        select(Agency.id).join(AlertEvent, AlertEvent.agency_id == Agency.id).where(
            AlertEvent.warning_id == held.id, AlertEvent.event == "downgrade_proposed"
        ).order_by(AlertEvent.id.desc()).limit(1)
    )  # fmt: skip
    if agency is not None:
        notify(
            session,
            agency_id=agency,
            account_id=held.downgrade_by,
            kind="alert_downgrade",
            title="预警降级已同意" if agreed else "预警降级未同意",
            link=f"/warnings/{held.id}",
            dispute_id=held.dispute_id,
            now=at,
        )
