"""The use cases of a meeting: called, held, cancelled, and its tasks given and judged."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.alerts.governance import history
from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.courses import MEETING, TASK
from yuantou.alerts.governance.meetings import queries
from yuantou.alerts.governance.meetings.models import Meeting, MeetingAgency, MeetingTask
from yuantou.alerts.governance.places import partners_among
from yuantou.calendar import clock
from yuantou.database.twins import twin_of
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_


def call(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    title: str,
    held_at: datetime,
    place: str,
    agenda: str,
    agencies: Collection[int],
    analysis_id: int | None = None,
    now: datetime | None = None,
) -> Meeting:
    """Call agencies to a meeting and tell each; sent twice it is one."""
    if twin := twin_of(session, Meeting, submission):
        return twin
    at, on = now or clock.now(), session.get(Analysis, analysis_id) if analysis_id else None
    known = partners_among(session, by, agencies)
    called = [one for one in agencies if one in known]
    if not called:
        raise history.refused("nobody", N_("请选出参加会商的单位，至少一个。"), "agencies")
    made = Meeting(
        submission=submission,
        title=title,
        analysis_id=on.id if on else None,
        area_code=on.area_code if on else by.agency.area_code,
        area_path=on.area_path if on else by.agency.area_path,
        agency_id=by.agency.id,
        held_at=held_at,
        place=place,
        agenda=agenda,
        decisions="",
        state="called",
        called_by=by.id,
        called_at=at,
    )
    session.add(made)
    session.flush()
    session.add_all(_called(by, made, one) for one in called)
    session.flush()
    when = f"{clock.local(held_at):%Y-%m-%d %H:%M}"
    _tell(session, made, called, _("请参加研判会商：%(when)s", when=when), at)
    _note(session, by, made, "called", at, agencies=len(called))
    session.commit()
    return made


def hold(
    session: Session,
    *,
    by: Viewer,
    meeting_id: int,
    decisions: str,
    attended: Mapping[int, str],
    version: int | None = None,
    now: datetime | None = None,
) -> Meeting:
    """Write down what was decided and who came (agency → name); the called read the minutes."""
    at, made = now or clock.now(), history.held(session, Meeting, meeting_id)
    if not history.demand(MEETING, made.state, "hold", owner=made.agency_id == by.agency.id):
        came = {row.agency_id: row.person for row, _name in queries.agencies(session, made.id)
                if row.attended}  # fmt: skip
        if (decisions, attended) != (made.decisions, came):
            raise RefusedError(history.changed())
        session.commit()
        return made
    history.fresh(version, made.version)
    made.decisions, made.state = decisions, "held"
    made.recorded_by, made.recorded_at = by.id, at
    rows = queries.agencies(session, made.id)
    for row, _name in rows:
        row.attended, row.person = row.agency_id in attended, attended.get(row.agency_id, "")
    _tell(session, made, [row.agency_id for row, _name in rows], _("研判会商纪要已出"), at)
    _note(session, by, made, "hold", at, attended=len(attended))
    session.commit()
    return made


def turn(
    session: Session,
    *,
    by: Viewer,
    meeting_id: int,
    action: str,
    words: str = "",
    now: datetime | None = None,
) -> Meeting:
    """Cancel a meeting, restore it, or open its minutes to be mended; the called are told."""
    at, made = now or clock.now(), history.held(session, Meeting, meeting_id)
    if not history.demand(MEETING, made.state, action, owner=made.agency_id == by.agency.id):
        history.unlost(session, "meeting", made.id, action, words)
        session.commit()
        return made
    made.state = MEETING.steps[action].target
    title = {
        "cancel": _("研判会商已取消"),
        "restore": _("研判会商恢复召开"),
        "amend": _("研判会商纪要在补正"),
    }[action]
    called = [row.agency_id for row, _name in queries.agencies(session, made.id)]
    _tell(session, made, called, title, at)
    _note(session, by, made, action, at, words=words)
    session.commit()
    return made


def give(
    session: Session,
    *,
    by: Viewer,
    meeting_id: int,
    submission: str,
    agency_id: int,
    what: str,
    due_on: date,
    now: datetime | None = None,
) -> MeetingTask:
    """A task for an agency that was called, or for the host itself; sent twice it is one."""
    at, made = now or clock.now(), history.held(session, Meeting, meeting_id)
    if made.agency_id != by.agency.id:
        raise NotVisibleError(meeting_id)
    if twin := twin_of(session, MeetingTask, submission):
        session.commit()
        return twin
    if made.state == "cancelled":
        raise history.refused("cancelled", N_("会议已取消，不能再派任务。"))
    called = {row.agency_id for row, _name in queries.agencies(session, made.id)}
    if agency_id not in called | {by.agency.id}:
        raise history.refused("not_called", N_("请选参加会商的单位。"), "agency_id")
    task = MeetingTask(
        submission=submission,
        meeting_id=made.id,
        host_id=made.agency_id,
        area_path=made.area_path,
        agency_id=agency_id,
        what=what,
        due_on=due_on,
        state="open",
        report="",
        told="",
    )
    session.add(task)
    session.flush()
    _tell(session, made, [agency_id], _("会商派给本单位一项任务，%(day)s前办完", day=due_on), at)
    history.note(
        session, by=by, kind="task", object_id=task.id, event="given", at=at, meeting=made.id
    )
    session.commit()
    return task


def act_on_task(
    session: Session,
    *,
    by: Viewer,
    task_id: int,
    action: str,
    words: str = "",
    now: datetime | None = None,
) -> MeetingTask:
    """One step of a task: its owner reports, the host accepts, returns, drops or reopens."""
    at, task = now or clock.now(), history.held(session, MeetingTask, task_id)
    unit = by.agency.id
    host, owner = task.host_id == unit, task.agency_id == unit
    if not history.demand(TASK, task.state, action, owner=host, other=owner):
        history.unlost(session, "task", task.id, action, words)
        session.commit()
        return task
    if action in ("report", "return") and not words.strip():
        raise history.refused("no_words", N_("请写几句。"), "words")
    task.state = TASK.steps[action].target
    if action == "report":
        task.report, task.reported_by, task.reported_at = words, by.id, at
    else:
        task.judged_by, task.judged_at = by.id, at
    made = session.get_one(Meeting, task.meeting_id)
    other = task.host_id if action == "report" else task.agency_id
    title = {
        "report": _("会商任务已报结果，请认可或者退回"),
        "accept": _("会商任务的结果已认可"),
        "return": _("会商任务退回再办"),
        "drop": _("会商任务不再办"),
        "reopen": _("会商任务重新办理"),
    }[action]
    _tell(session, made, [other], title, at)
    history.note(session, by=by, kind="task", object_id=task.id, event=action, at=at, words=words)
    session.commit()
    return task


def extend(
    session: Session,
    *,
    by: Viewer,
    task_id: int,
    due_on: date,
    words: str,
    now: datetime | None = None,
) -> MeetingTask:
    """The host gives a task more time, with a reason; reminders begin anew."""
    at, task = now or clock.now(), history.held(session, MeetingTask, task_id)
    if task.host_id != by.agency.id:
        raise NotVisibleError(task_id)
    if task.state not in queries.OPEN:
        raise history.refused("closed", N_("这项任务已经办完或者不再办，不用延期。"))
    if due_on == task.due_on:
        session.commit()
        return task
    if due_on < max(task.due_on, clock.local(at).date()):
        raise history.refused("not_later", N_("请写比现在的期限晚的日子。"), "due_on")
    before, task.due_on, task.told = task.due_on, due_on, ""
    made = session.get_one(Meeting, task.meeting_id)
    _tell(session, made, [task.agency_id], _("会商任务期限延到 %(day)s", day=due_on), at)
    history.note(
        session, by=by, kind="task", object_id=task.id, event="extended", at=at, words=words,
        before=before.isoformat(), to=due_on.isoformat(),
    )  # fmt: skip
    session.commit()
    return task


def _called(by: Viewer, made: Meeting, agency_id: int) -> MeetingAgency:
    return MeetingAgency(
        meeting_id=made.id,
        host_id=by.agency.id,
        area_path=made.area_path,
        agency_id=agency_id,
        attended=None,
        person="",
    )


def _tell(
    session: Session, made: Meeting, agencies: Collection[int], title: str, at: datetime
) -> None:
    history.tell(session, list(agencies), title, f"/sources/meetings/{made.id}", at)


def _note(
    session: Session,
    by: Viewer,
    made: Meeting,
    event: str,
    at: datetime,
    words: str = "",
    **facts: object,
) -> None:
    history.note(
        session, by=by, kind="meeting", object_id=made.id, event=event, at=at, words=words, **facts
    )
