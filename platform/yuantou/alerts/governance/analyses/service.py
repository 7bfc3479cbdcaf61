"""The use cases of an analysis: opened on a frozen list, written, settled, opened again."""

from collections.abc import Collection
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.alerts.governance import history
from yuantou.alerts.governance.analyses import leading, queries
from yuantou.alerts.governance.analyses.baseline import against_baseline
from yuantou.alerts.governance.analyses.leading import Led
from yuantou.alerts.governance.analyses.models import Analysis, AnalysisDraft, AnalysisMember
from yuantou.alerts.governance.analyses.sharing import Taken, digest, leading_type, shared
from yuantou.alerts.governance.courses import ANALYSIS
from yuantou.alerts.governance.terms import read
from yuantou.alerts.models import Alert
from yuantou.calendar import clock
from yuantou.database.twins import twin_of
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_
from yuantou.disputes.service import note_event
from yuantou.territory.models import Area


def open_analysis(
    session: Session,
    *,
    by: Viewer,
    title: str,
    area: str,
    question: str,
    warning_id: int | None = None,
    source_id: int | None = None,
    dispute_ids: Collection[int] = (),
    type_code: str | None = None,
    submission: str = "",
    now: datetime | None = None,
) -> Analysis:
    """Take the matters of a warning, of a common source, or those picked; sent twice it is one.

    Only matters that `by` may open are taken, and of a cluster over places that `by` coordinates
    all of it by number. Raises RefusedError where there is none, or where the area is not the
    office's.
    """
    mark = submission or uuid4().hex
    if twin := twin_of(session, Analysis, mark):
        return twin
    alert, class_ = queries.warning(session, warning_id), None
    if alert is not None and leading.leads(by, alert):
        class_, area = leading.led(session, alert), alert.area_code
    at, place = now or clock.now(), _area(session, by, area)
    pointed = set[int]() if class_ else _pointed(session, by, alert, source_id)
    taken = _all(queries.take(session, by, set(dispute_ids) | pointed), class_)
    if not taken:
        text = N_("没有可以纳入的事项：请填本单位看得到的事项编号，或者从预警、共同源头进入。")
        raise history.refused("no_members", text, "numbers")
    kind = type_code or (None if source_id else leading_type(taken))
    made = _made(session, by, mark, title, question, place, kind, taken, at, class_)
    made.warning_id = alert.id if alert else None
    made.source_id = source_id if queries.source_name(session, source_id) else None
    session.add(made)
    session.flush()
    if class_:
        leading.freeze(session, made, class_)
    own = [one for one in taken if class_ is None or one not in class_.taken]
    session.add_all(AnalysisMember(analysis_id=made.id, dispute_id=one.id) for one in own)
    session.flush()
    _note_in_matters(session, by, made, own)
    history.note(
        session,
        by=by,
        kind="analysis",
        object_id=made.id,
        event="opened",
        at=at,
        size=made.size,
        warning=made.warning_id,
        source=made.source_id,
    )
    session.commit()
    return made


def write(
    session: Session,
    *,
    by: Viewer,
    analysis_id: int,
    findings: str,
    advice: str,
    version: int | None = None,
    settle: bool = False,
    now: datetime | None = None,
) -> Analysis:
    """Save findings; every saved text is kept. With `settle` they are the final ones."""
    at, made = now or clock.now(), history.held(session, Analysis, analysis_id)
    own = made.agency_id == by.agency.id
    if not history.demand(ANALYSIS, made.state, "settle", owner=own):
        if (findings, advice) != (made.findings, made.advice):
            raise RefusedError(history.changed())
        return _kept(session, made)
    history.fresh(version, made.version)
    if settle and not findings.strip():
        raise history.refused("no_findings", N_("定稿前请写出分析结论。"), "findings")
    if (findings, advice) != (made.findings, made.advice):
        made.findings, made.advice = findings, advice
        session.add(
            AnalysisDraft(
                analysis_id=made.id,
                findings=findings,
                advice=advice,
                written_by=by.id,
                written_at=at,
            )
        )
    if settle:
        made.state, made.settled_by, made.settled_at = "settled", by.id, at
    event = "settle" if settle else "written"
    history.note(session, by=by, kind="analysis", object_id=made.id, event=event, at=at)
    session.commit()
    return made


def turn(
    session: Session,
    *,
    by: Viewer,
    analysis_id: int,
    action: str,
    words: str = "",
    now: datetime | None = None,
) -> Analysis:
    """Drop an analysis, or open it again."""
    at, made = now or clock.now(), history.held(session, Analysis, analysis_id)
    own = made.agency_id == by.agency.id
    if not history.demand(ANALYSIS, made.state, action, owner=own):
        history.unlost(session, "analysis", made.id, action, words)
        return _kept(session, made)
    made.state, made.settled_by, made.settled_at = ANALYSIS.steps[action].target, None, None
    history.note(
        session, by=by, kind="analysis", object_id=made.id, event=action, at=at, words=words
    )
    session.commit()
    return made


def _kept(session: Session, made: Analysis) -> Analysis:
    session.commit()
    return made


def _area(session: Session, by: Viewer, code: str) -> Area:
    place = queries.area_of(session, code)
    if place is None or not place.path.startswith(by.agency.area_path):
        raise history.refused("area", N_("请选本单位辖区内的地方。"), "area")
    return place


def _all(picked: list[Taken], class_: Led | None) -> list[Taken]:
    """What was picked, beside the whole class where one is led."""
    if class_ is None:
        return picked
    known = {one.id for one in class_.taken}
    return [*class_.taken, *(one for one in picked if one.id not in known)]


def _pointed(session: Session, by: Viewer, alert: Alert | None, source_id: int | None) -> set[int]:
    found = set(queries.ids_of_warning(session, by, alert)) if alert else set[int]()
    return found | (set(queries.ids_of_source(session, source_id)) if source_id else set[int]())


def _made(
    session: Session,
    by: Viewer,
    mark: str,
    title: str,
    question: str,
    place: Area,
    kind: str | None,
    taken: list[Taken],
    at: datetime,
    class_: Led | None,
) -> Analysis:
    frozen, counties = shared(taken), class_.counties if class_ else []
    today = clock.local(at).date()
    terms = read().baseline
    frozen["baseline"] = against_baseline(session, place, kind, today, terms, counties)
    if class_:
        frozen["restricted"] = class_.restricted
    return Analysis(
        submission=mark,
        title=title,
        question=question,
        area_code=place.code,
        area_path=place.path,
        type_code=kind,
        agency_id=by.agency.id,
        counties=counties,
        size=len(taken),
        frozen=frozen,
        frozen_hash=digest((one.id for one in taken), frozen),
        findings="",
        advice="",
        state="draft",
        opened_by=by.id,
        opened_at=at,
    )


def _note_in_matters(session: Session, by: Viewer, made: Analysis, taken: list[Taken]) -> None:
    facts = {"analysis_id": made.id}
    for dispute in queries.matters(session, [one.id for one in taken]):
        note_event(session, dispute=dispute, event="analysed", by=by, facts=facts)
