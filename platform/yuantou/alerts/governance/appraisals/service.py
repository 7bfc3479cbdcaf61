"""The use cases of the register: entered, appraised, reported, put right."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.alerts.governance import history
from yuantou.alerts.governance.appraisals.models import AppraisalProject
from yuantou.alerts.governance.courses import APPRAISAL
from yuantou.calendar import clock
from yuantou.database.twins import twin_of
from yuantou.disputes.errors import RefusedError


def register(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    name: str,
    kind: str,
    body: str,
    now: datetime | None = None,
) -> AppraisalProject:
    """Enter a decision that is to be appraised; sent twice it is one."""
    if twin := twin_of(session, AppraisalProject, submission):
        return twin
    at = now or clock.now()
    made = AppraisalProject(
        submission=submission,
        name=name,
        kind=kind,
        body=body,
        area_code=by.agency.area_code,
        area_path=by.agency.area_path,
        agency_id=by.agency.id,
        measures="",
        state="open",
        registered_by=by.id,
        registered_at=at,
    )
    session.add(made)
    session.flush()
    _note(session, by, made, "registered", at)
    session.commit()
    return made


def appraise(
    session: Session,
    *,
    by: Viewer,
    project_id: int,
    risk: str,
    decision: str,
    appraised_on: date,
    measures: str,
    version: int | None = None,
    now: datetime | None = None,
) -> AppraisalProject:
    """Note the risk found and what was decided."""
    at, made = now or clock.now(), history.held(session, AppraisalProject, project_id)
    own = made.agency_id == by.agency.id
    told = (risk, decision, appraised_on, measures)
    if not history.demand(APPRAISAL, made.state, "appraise", owner=own):
        if told != (made.risk, made.decision, made.appraised_on, made.measures):
            raise RefusedError(history.changed())
    else:
        history.fresh(version, made.version)
        made.risk, made.decision, made.measures = risk, decision, measures
        made.appraised_on, made.state = appraised_on, "appraised"
        _note(session, by, made, "appraise", at)
    session.commit()
    return made


def turn(
    session: Session,
    *,
    by: Viewer,
    project_id: int,
    action: str,
    words: str = "",
    now: datetime | None = None,
) -> AppraisalProject:
    """Report it, drop it, restore it, or open its conclusion to be put right."""
    at, made = now or clock.now(), history.held(session, AppraisalProject, project_id)
    if history.demand(APPRAISAL, made.state, action, owner=made.agency_id == by.agency.id):
        made.state = APPRAISAL.steps[action].target
        made.reported_on = clock.local(at).date() if action == "report" else None
        _note(session, by, made, action, at, words)
    session.commit()
    return made


def _note(
    session: Session,
    by: Viewer,
    made: AppraisalProject,
    event: str,
    at: datetime,
    words: str = "",
) -> None:
    history.note(
        session, by=by, kind="appraisal", object_id=made.id, event=event, at=at, words=words
    )
