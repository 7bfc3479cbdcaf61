"""One step of any object: checked against its course, written to its story and to the audit."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.alerts.governance.courses import Course
from yuantou.alerts.governance.models import GovernanceEvent
from yuantou.audit.service import record
from yuantou.database.session import Model
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.notices.service import notify

Kept = TypeVar("Kept", bound=Model)


def note(
    session: Session,
    *,
    by: Viewer,
    kind: str,
    object_id: int,
    event: str,
    at: datetime,
    words: str = "",
    **facts: object,
) -> None:
    """Step: add to the story of an object, and one row to the chain of the audit."""
    session.add(
        GovernanceEvent(
            kind=kind,
            object_id=object_id,
            at=at,
            event=event,
            actor_id=by.id,
            agency_id=by.agency.id,
            note=words,
            facts=facts,
        )
    )
    record(
        session,
        action=f"{kind}:{event}",
        object_type=kind,
        object_id=object_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )


def held(session: Session, model: type[Kept], object_id: int) -> Kept:
    """The row under a lock, as it stands now; NotVisibleError where it is not in sight."""
    found = session.get(model, object_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotVisibleError(object_id)
    return found


def demand(course: Course, state: str, action: str, *, owner: bool, other: bool = False) -> bool:
    """Whether `action` is still to be done; False where a double click did it already.

    Raises NotVisibleError for whoever may never take it, RefusedError where the state forbids it.
    """
    step = course.steps[action]
    if not {"owner": owner, "other": other, "both": owner or other}[step.who]:
        raise NotVisibleError(action)
    if state == step.target:
        return False
    if state not in step.sources:
        raise RefusedError(changed())
    return True


def unlost(session: Session, kind: str, object_id: int, event: str, words: str) -> None:
    """Refuse words that a step that was taken already does not hold: a double click loses none."""
    asked = select(GovernanceEvent.note).where(
        GovernanceEvent.kind == kind,
        GovernanceEvent.object_id == object_id,
        GovernanceEvent.event == event,
    )
    told = session.scalars(asked.order_by(GovernanceEvent.id.desc()).limit(1)).first()
    if words.strip() and told != words:
        raise RefusedError(changed())


def fresh(known: int | None, version: int) -> None:
    """Refuse what was written on an older page."""
    if known is not None and known != version:
        raise RefusedError(changed())


def changed() -> Refusal:
    """Somebody was there before."""
    text = N_("刚才有人先改了，请看过最新的内容再提交；已填的内容都还在。")
    return Refusal("changed", text, "", Ground.STATE)


def refused(code: str, text: str, field: str = "") -> RefusedError:
    """A refusal beside its field."""
    return RefusedError(Refusal(code, text, "", Ground.FORM, field))


def tell(session: Session, agencies: Sequence[int], title: str, link: str, at: datetime) -> None:
    """Step: one notice to each of these agencies."""
    for agency_id in dict.fromkeys(agencies):
        notify(session, agency_id=agency_id, kind="governance_turn", title=title, link=link, now=at)


def story(session: Session, kind: str, object_id: int) -> Sequence[Any]:
    """Its events, newest first, with who and which unit."""
    asked = (
        select(GovernanceEvent, Account.display_name, Agency.name)
        .outerjoin(Account, Account.id == GovernanceEvent.actor_id)
        .outerjoin(Agency, Agency.id == GovernanceEvent.agency_id)
        .where(GovernanceEvent.kind == kind, GovernanceEvent.object_id == object_id)
        .order_by(GovernanceEvent.id.desc())
    )
    return session.execute(asked.limit(200)).all()
