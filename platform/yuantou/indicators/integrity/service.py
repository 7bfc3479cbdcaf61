"""The use cases of questions: the unit answers, the office looks and closes."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.indicators.integrity.models import IntegrityQuestion
from yuantou.indicators.integrity.queries import visible
from yuantou.notices.service import notify


def answer(
    session: Session, *, by: Viewer, question_id: int, words: str, now: datetime | None = None
) -> IntegrityQuestion:
    """The unit explains; sent twice it is one answer. RefusedError where it stands already."""
    held = _locked(session, by, question_id)
    if held.agency_id != by.agency.id or not by.may(Permission.INTEGRITY_ANSWER):
        raise NotVisibleError(question_id)
    if held.state != "open":
        if held.answer == words:
            return held
        raise _refused("answered", N_("已经说明过了，不再更改。"))
    held.state, held.answer = "answered", words
    held.answered_by, held.answered_at = by.id, now or clock.now()
    if held.office_id is not None:
        _tell(session, held, held.office_id, _("数据核问：单位已说明"))
    _audit(session, by, "answer", held)
    session.commit()
    return held


def look(
    session: Session, *, by: Viewer, question_id: int, now: datetime | None = None
) -> IntegrityQuestion:
    """The office has read the answer."""
    held = _for_office(session, by, question_id)
    if held.state in ("looked", "closed"):
        return held
    _looked(held, by, now or clock.now())
    held.state = "looked"
    _audit(session, by, "look", held)
    session.commit()
    return held


def close(
    session: Session,
    *,
    by: Viewer,
    question_id: int,
    outcome: str,
    words: str,
    now: datetime | None = None,
) -> IntegrityQuestion:
    """The office ends it with a finding about the data, never about a person."""
    held = _for_office(session, by, question_id)
    if held.state == "closed":
        if (held.outcome, held.outcome_words) == (outcome, words):
            return held
        raise _refused("closed", N_("这一问已经办结。"))
    at = now or clock.now()
    _looked(held, by, at)
    held.state, held.outcome, held.outcome_words = "closed", outcome, words
    held.closed_by, held.closed_at = by.id, at
    _tell(session, held, held.agency_id, _("数据核问已办结"))
    _audit(session, by, "close", held, outcome=outcome)
    session.commit()
    return held


def _looked(held: IntegrityQuestion, by: Viewer, at: datetime) -> None:
    if held.looked_at is None:
        held.looked_by, held.looked_at = by.id, at


def _locked(session: Session, by: Viewer, question_id: int) -> IntegrityQuestion:
    """A question in sight. Of two who write at once the second finds it changed."""
    asked = select(IntegrityQuestion).where(IntegrityQuestion.id == question_id, visible(by))
    held = session.scalars(asked.execution_options(populate_existing=True)).first()
    if held is None:
        raise NotVisibleError(question_id)
    if held.state != "closed" and (held.agency_id != by.agency.id or held.state == "open"):
        session.refresh(held, with_for_update=True)
    return held


def _for_office(session: Session, by: Viewer, question_id: int) -> IntegrityQuestion:
    held = _locked(session, by, question_id)
    if held.agency_id == by.agency.id or not by.may(Permission.INTEGRITY_LOOK):
        raise NotVisibleError(question_id)
    return held


def _refused(code: str, text: str) -> RefusedError:
    return RefusedError(Refusal(code, text, "", Ground.STATE))


def _tell(session: Session, held: IntegrityQuestion, agency_id: int, title: str) -> None:
    notify(
        session, agency_id=agency_id, kind="integrity", title=title, link=f"/integrity/{held.id}"
    )


def _audit(
    session: Session, by: Viewer, action: str, held: IntegrityQuestion, **facts: object
) -> None:
    record(
        session,
        action=f"integrity:{action}",
        object_type="integrity_question",
        object_id=held.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
