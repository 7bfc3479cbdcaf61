"""The pages of 研判会商: list, call, one meeting with its minutes and tasks, minutes as a file."""

from functools import partial
from typing import Any
from uuid import uuid4

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts.governance import history, places, printing
from yuantou.alerts.governance.analyses import queries as analyses_of
from yuantou.alerts.governance.blueprint import (
    PAGE,
    blueprint,
    done,
    page_number,
    paged,
    steps,
)
from yuantou.alerts.governance.courses import MEETING, TASK
from yuantou.alerts.governance.fields import WordsForm, reference
from yuantou.alerts.governance.meetings import queries, service
from yuantou.alerts.governance.meetings.forms import (
    ExtendForm,
    MeetingForm,
    MinutesForm,
    TaskForm,
    extending,
    minutes_form,
)
from yuantou.alerts.governance.meetings.minutes import paper
from yuantou.alerts.governance.meetings.models import Meeting, MeetingTask
from yuantou.alerts.governance.meetings.queries import OPEN
from yuantou.alerts.governance.story import told
from yuantou.calendar import clock
from yuantou.database.text import whole_number
from yuantou.mediation.submitting import Answer, submit


@blueprint.get("/sources/meetings/")
@audience(Permission.SOURCE_READ)
def meetings() -> str:
    """Meetings in sight."""
    page = page_number()
    rows = queries.listing(db(), page, PAGE)
    return render_template(
        "governance/meetings.html", **paged(rows, page, "governance.meetings"), course=MEETING
    )


@blueprint.get("/sources/meetings/new")
@audience(Permission.MEETING_CALL)
def meeting_new() -> str:
    """Whom to call, about what."""
    form = MeetingForm(formdata=None)
    form.submission.data = uuid4().hex
    number = request.args.get("analysis", type=int)
    on = analyses_of.find(db(), number) if number else None
    if on is not None:
        form.analysis.data = str(on.id)
        form.title.data = _("%(name)s会商", name=on.title)[:80]
        form.agenda.data = on.question
    return _form(form)


@blueprint.post("/sources/meetings/new")
@audience(Permission.MEETING_CALL)
def meeting_call() -> Answer:
    """Call."""
    form = MeetingForm()
    if form.finding.data:
        return _form(form)
    return submit(
        form,
        lambda: service.call(db(), by=current_user, **form.values()),
        page=lambda: _form(form),
        said=_("已召集，参加单位收到通知。"),
        onward=_onward,
    )


@blueprint.get("/sources/meetings/<int:meeting_id>")
@audience(Permission.SOURCE_READ)
def meeting(meeting_id: int) -> str:
    """Agenda, who comes, what was decided, who does what."""
    made = _found(meeting_id)
    return _page(made, _minutes(made), _task_form(made))


@blueprint.post("/sources/meetings/<int:meeting_id>/hold")
@audience(Permission.MEETING_CALL)
def meeting_hold(meeting_id: int) -> Answer:
    """Write the minutes."""
    made = _found(meeting_id)
    form = minutes_form(_persons(made))
    return submit(
        form,
        lambda: service.hold(
            db(),
            by=current_user,
            meeting_id=meeting_id,
            decisions=form.decisions.data or "",
            attended=form.attended(),
            version=form.known_version,
        ),
        page=lambda: _page(made, form, _task_form(made)),
        said=_("纪要已记下，参加单位可以看到。"),
        onward=_onward,
    )


@blueprint.post("/sources/meetings/<int:meeting_id>/<any(cancel,restore,amend):action>")
@audience(Permission.MEETING_CALL)
def meeting_turn(meeting_id: int, action: str) -> Answer:
    """Cancel, restore, or mend the minutes."""
    form = WordsForm()
    return done(
        form,
        lambda: service.turn(
            db(),
            by=current_user,
            meeting_id=meeting_id,
            action=action,
            words=form.words.data or "",
        ),
        {
            "cancel": _("会议已取消，可以恢复。"),
            "restore": _("会议已恢复。"),
            "amend": _("纪要已打开，可以补正。"),
        }[action],
        url_for("governance.meeting", meeting_id=meeting_id),
        page=lambda: meeting(meeting_id),
        step=("meeting", action),
    )


@blueprint.post("/sources/meetings/<int:meeting_id>/tasks")
@audience(Permission.MEETING_CALL)
def task_give(meeting_id: int) -> Answer:
    """Give a task."""
    made, form = _found(meeting_id), TaskForm()
    form.offer(_called(made))
    return submit(
        form,
        lambda: service.give(
            db(),
            by=current_user,
            meeting_id=meeting_id,
            submission=form.submission.data or uuid4().hex,
            agency_id=whole_number(form.agency_id.data) or 0,
            what=form.what.data or "",
            due_on=form.due_on.data or clock.today(),
        ),
        page=lambda: _page(made, _minutes(made), form),
        said=_("任务已派出，责任单位收到通知。"),
        onward=lambda task: _onward(made) + "#tasks",
    )


@blueprint.post("/sources/tasks/<int:task_id>/<any(report,accept,return,drop,reopen):action>")
@audience(Permission.SOURCE_ANSWER)
def task_act(task_id: int, action: str) -> Answer:
    """A step of a task."""
    task, form = queries.task(db(), task_id), WordsForm()
    if task is None:
        abort(404)
    return done(
        form,
        lambda: service.act_on_task(
            db(), by=current_user, task_id=task_id, action=action, words=form.words.data or ""
        ),
        {
            "report": _("结果已报，等召集单位认可。"),
            "accept": _("已认可。"),
            "return": _("已退回再办。"),
            "drop": _("已记为不再办，可以重新办理。"),
            "reopen": _("已重新打开。"),
        }[action],
        url_for("governance.meeting", meeting_id=task.meeting_id) + f"#task-{task_id}",
        page=partial(meeting, task.meeting_id),
        step=(f"task-{task_id}", action),
    )


@blueprint.post("/sources/tasks/<int:task_id>/extend")
@audience(Permission.MEETING_CALL)
def task_extend(task_id: int) -> Answer:
    """Give a task more time."""
    task = queries.task(db(), task_id)
    if task is None:
        abort(404)
    made, form = _found(task.meeting_id), ExtendForm(prefix=extending(task_id))
    return submit(
        form,
        lambda: service.extend(
            db(),
            by=current_user,
            task_id=task_id,
            due_on=form.due_on.data or clock.today(),
            words=form.words.data or "",
        ),
        page=lambda: _page(made, _minutes(made), _task_form(made), (task_id, form)),
        said=_("期限已延长，责任单位收到通知。"),
        onward=lambda task: _onward(made) + f"#task-{task_id}",
    )


@blueprint.get("/sources/meetings/<int:meeting_id>/minutes.<any(docx,pdf):form>")
@audience(Permission.SOURCE_READ)
def meeting_file(meeting_id: int, form: str) -> Response:
    """The minutes as Word or PDF."""
    made = _found(meeting_id)
    written = paper(db(), made)
    return printing.sent(written, form, f"{made.title}纪要")


def _onward(made: Meeting) -> str:
    return url_for("governance.meeting", meeting_id=made.id)


def _found(meeting_id: int) -> Meeting:
    made = queries.find(db(), meeting_id)
    if made is None:
        abort(404)
    return made


def _form(form: MeetingForm) -> str:
    number = reference(form.analysis)
    on = analyses_of.find(db(), number) if number else None
    near, named = on.area_path if on else "", form.find.data or ""
    found = places.partners(db(), current_user, near, named=named, chosen=form.called)
    form.offer(found.agencies, found.more)
    return render_template("governance/meeting_new.html", form=form, analysis=on)


def _persons(made: Meeting) -> list[tuple[int, str, str]]:
    rows = queries.agencies(db(), made.id)
    return [(row.agency_id, name, row.person) for row, name in rows]


def _minutes(made: Meeting) -> MinutesForm:
    known = {"decisions": made.decisions, "version": made.version}
    return minutes_form(_persons(made), **known)


def _called(made: Meeting) -> list[tuple[int, str]]:
    host = places.names(db(), [made.agency_id])
    called = [(number, name) for number, name, _person in _persons(made)]
    return [*called, (made.agency_id, host.get(made.agency_id, ""))]


def _task_form(made: Meeting) -> TaskForm:
    form = TaskForm(formdata=None)
    form.submission.data = uuid4().hex
    form.offer(_called(made))
    return form


def _extend_form(task: MeetingTask) -> ExtendForm:
    return ExtendForm(formdata=None, prefix=extending(task.id))


def _page(
    made: Meeting,
    form: MinutesForm,
    task_form: TaskForm,
    filled: tuple[int, ExtendForm] | None = None,
) -> str:
    unit = current_user.agency.id
    own = made.agency_id == unit and current_user.may(Permission.MEETING_CALL)
    on = analyses_of.find(db(), made.analysis_id) if made.analysis_id else None
    given = queries.tasks(db(), made.id)
    longer = {row.id: _extend_form(row) for row, _owner in given if own and row.state in OPEN}
    longer |= dict([filled] if filled else [])
    return render_template(
        "governance/meeting.html",
        meeting=made,
        form=form,
        task_form=task_form,
        own=own,
        course=MEETING,
        open_steps=steps(MEETING, made.state, owner=own),
        agencies=queries.agencies(db(), made.id),
        tasks=[(row, owner, _task_steps(row, own)) for row, owner in given],
        longer=longer,
        extended=queries.extended(db(), [row.id for row, _owner in given]),
        task_course=TASK,
        analysis=on,
        host=places.names(db(), [made.agency_id]).get(made.agency_id, ""),
        today=clock.today(),
        story=told("meeting", history.story(db(), "meeting", made.id)),
    )


def _task_steps(row: Any, own: bool) -> Any:
    owner = row.agency_id == current_user.agency.id and current_user.may(Permission.SOURCE_ANSWER)
    return steps(TASK, row.state, owner=own, other=owner)
