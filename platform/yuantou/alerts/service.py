"""Raising a warning: a step that rules, detectors and other rooms take inside their transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.alerts.levels import ORDER, Former, Level, quiet_until, rests
from yuantou.alerts.models import Alert, AlertEvent
from yuantou.alerts.names import NAMES
from yuantou.alerts.owners import Owner, owner_of
from yuantou.alerts.rulebook import terms as terms_in_force
from yuantou.audit.service import record
from yuantou.calendar.clock import local, today
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.notices.service import notify
from yuantou.territory.models import Area

LOCK = 0x59545741
BUCKETS = 1024  # so that a night of many warnings holds few locks
IN_STORY = ("raised", "lifted", "acknowledged", "closed", "settled")  # told in the matter's history


def raise_alert(
    session: Session,
    *,
    rule: str,
    version: int,
    level: str,
    area: str,
    type_code: str | None = None,
    dispute_id: int | None = None,
    source_id: int | None = None,
    key: str,
    reasons: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
    at: datetime,
    hours: int | None = None,
    owner_agency_id: int | None = None,
    told_agency_id: int | None = None,
    news_at: datetime | None = None,
    audited: bool = True,
) -> Alert | None:
    """Step: raise a warning with its owner, limit, notice and audit row; None while `key` rests.

    `reasons` are `{"say": msgid, "with": {…}}`. Where one of the key is open and the level is
    higher now, that one is lifted. `hours` and `owner_agency_id` are the rule's own where it knows
    better; `told_agency_id` is told of a place's warning beside its owner, and may read it.
    `news_at` is when the newest of what it tells of came: what came after an end wakes a matter's
    warning that was found to be nothing.
    """
    if dispute_id is None:
        bucket = func.abs(func.hashtext(key)) % BUCKETS
        session.execute(select(func.pg_advisory_xact_lock(LOCK, bucket)))
    held, terms = newest(session, key), terms_in_force(session, local(at).date())
    wanted = terms.levels[level]
    wanted = replace(wanted, hours=hours) if hours else wanted
    if held is not None and rests(_former(held), level, at, terms, news_at):
        return None
    if held is not None and held.state != "closed":
        return _lift(session, held, wanted, reasons, facts, at, audited=audited)
    place = session.get_one(Area, area)
    dispute = session.get(Dispute, dispute_id) if dispute_id else None
    owner = Owner(owner_agency_id) if owner_agency_id else None
    owner = owner or owner_of(session, wanted, place.path, dispute)
    alert = Alert(
        rule=rule,
        rule_version=version,
        level=level,
        area_code=area,
        area_path=place.path,
        type_code=type_code,
        dispute_id=dispute_id,
        source_id=source_id,
        key=key,
        reasons=[dict(reason) for reason in reasons],
        facts=dict(facts),
        raised_at=at,
        owner_agency_id=owner.agency_id,
        owner_account_id=owner.account_id,
        told_agency_id=told_agency_id,
        due_at=wanted.due(at),
        state="open",
        downgrade_reason="",
        outcome_note="",
    )
    session.add(alert)
    session.flush()
    _tell_of(session, alert, wanted, "raised", at, audited=audited)
    return alert


def note(
    session: Session,
    alert: Alert,
    event: str,
    *,
    at: datetime,
    by: Any = None,
    words: str = "",
    audited: bool = True,
    **facts: object,
) -> None:
    """Step: add to the history of a warning and of its matter, and a row to the audit's chain.

    A use case that makes many at once notes one row of its own instead (`audited` false).
    """
    account_id, agency_id = (by.id, by.agency.id) if by else (None, None)
    session.add(
        AlertEvent(
            warning_id=alert.id,
            at=at,
            event=event,
            actor_id=account_id,
            agency_id=agency_id,
            note=words,
            facts=facts,
        )
    )
    if alert.dispute_id is not None and event in IN_STORY:
        _tell_matter(session, alert, event, at=at, by=by)
    if not audited:
        return
    record(
        session,
        action=f"alert:{event}",
        object_type="warning",
        object_id=alert.id,
        account_id=account_id,
        agency_id=agency_id,
        facts={"rule": alert.rule, "level": alert.level, **facts},
    )


def newest(session: Session, key: str) -> Alert | None:
    """The last warning of a key."""
    asked = select(Alert).where(Alert.key == key)
    return session.scalars(asked.order_by(Alert.raised_at.desc(), Alert.id.desc()).limit(1)).first()


def rest_ends(session: Session, alert: Alert) -> datetime | None:
    """Until when the same is not raised again; None where it is open, or rests for good."""
    if alert.state != "closed":
        return None
    return quiet_until(_former(alert), terms_in_force(session, today()))


def _tell_matter(
    session: Session, alert: Alert, event: str, *, at: datetime, by: Viewer | None
) -> None:
    """The matter's timeline says that it was warned of and what became of that, in codes."""
    told = {"warning": alert.id, "rule": alert.rule, "level": alert.level}
    if event == "closed":
        told["outcome"] = alert.outcome
    matter = session.get_one(Dispute, alert.dispute_id)
    note_event(session, dispute=matter, event=f"warning_{event}", by=by, facts=told, at=at)


def tell(
    session: Session,
    alert: Alert,
    title: str,
    at: datetime,
    *,
    kind: str,
    agency_id: int | None = None,
) -> None:
    """Step: a notice to the owner, or to another agency; red ones know no quiet hours."""
    told = agency_id or alert.owner_agency_id
    if told is None:
        return
    notify(
        session,
        agency_id=told,
        account_id=None if agency_id else alert.owner_account_id,
        kind=kind,
        title=title,
        link=f"/warnings/{alert.id}",
        dispute_id=alert.dispute_id,
        urgent=alert.level == "red",
        now=at,
    )


def _lift(
    session: Session,
    held: Alert,
    wanted: Level,
    reasons: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
    at: datetime,
    *,
    audited: bool,
) -> Alert:
    """An open warning becomes one of a higher level: new owner, new limit, seen by nobody yet."""
    dispute = session.get(Dispute, held.dispute_id) if held.dispute_id else None
    owner = owner_of(session, wanted, held.area_path, dispute)
    held.level = held.raised_level = wanted.code
    held.state, held.due_at = "open", wanted.due(at)
    held.owner_agency_id, held.owner_account_id = owner.agency_id, owner.account_id
    held.reasons, held.facts = [dict(reason) for reason in reasons], dict(facts)
    held.acknowledged_by = held.acknowledged_at = held.lapsed_at = None
    held.downgrade_to = held.downgrade_by = held.downgrade_at = held.downgrade_decided_by = None
    session.flush()
    _tell_of(session, held, wanted, "lifted", at, audited=audited)
    return held


def _tell_of(
    session: Session, alert: Alert, level: Level, event: str, at: datetime, *, audited: bool
) -> None:
    version = terms_in_force(session, local(at).date()).version
    note(session, alert, event, at=at, audited=audited, area=alert.area_code, terms=version)
    place = session.get_one(Area, alert.area_code)
    about = NAMES.get(alert.rule, alert.rule)
    title, kind = f"{level.name_zh}色预警：{place.name} {about}", f"alert_{level.code}"
    tell(session, alert, title, at, kind=kind)
    if alert.told_agency_id not in (None, alert.owner_agency_id):
        tell(session, alert, title, at, kind=kind, agency_id=alert.told_agency_id)


def _former(held: Alert) -> Former:
    """What two persons lowered is not lifted again by the rule that raised it."""
    highest = max(held.level, held.raised_level, key=ORDER.index)
    ended = held.closed_at or held.raised_at
    return Former(highest, held.state, held.outcome, ended, held.dispute_id is not None)
