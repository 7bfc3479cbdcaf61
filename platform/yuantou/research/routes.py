"""The pages of research: the library with search, a topic, its figures, its report."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.text import clean
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.words import refusal_words
from yuantou.indicators.choosing import areas_for
from yuantou.indicators.queries import definitions
from yuantou.mediation.attachments.bounds import bounds
from yuantou.mediation.attachments.kinds import KINDS, FileRefusedError, judge
from yuantou.mediation.submitting import Answer, submit
from yuantou.research import queries, service
from yuantou.research.forms import PullForm, ReportForm, TopicForm
from yuantou.research.models import ResearchTopic
from yuantou.research.pulling import workbook

STATES = {
    "open": (_l("研究中"), "run"),
    "published": (_l("已发布"), "done"),
    "dropped": (_l("已放下"), "shut"),
}
FILES = {code: KINDS[code] for code in ("pdf", "docx")}
blueprint = Blueprint("research", __name__)


@blueprint.get("/research/")
@audience(Permission.RESEARCH_READ)
def index() -> str:
    """The library."""
    words = clean(request.args.get("q", ""))[:60]
    page = max(1, min(request.args.get("page", 1, type=int), 1000))
    rows = queries.topics(db(), current_user, words, page)
    writes = current_user.may(Permission.RESEARCH_WRITE)
    return render_template(
        "research/index.html",
        rows=rows[: queries.PAGE],
        before_url=url_for(".index", q=words, page=page - 1) if page > 1 else None,
        after_url=url_for(".index", q=words, page=page + 1) if len(rows) > queries.PAGE else None,
        words=words,
        states=STATES,
        writes=writes,
        dropped=queries.dropped(db(), current_user) if writes else (),
    )


@blueprint.get("/research/new")
@audience(Permission.RESEARCH_WRITE)
def new() -> str:
    """What to find out."""
    form = TopicForm(formdata=None)
    form.submission.data = uuid4().hex
    return render_template("research/new.html", form=form)


@blueprint.post("/research/new")
@audience(Permission.RESEARCH_WRITE)
def open_topic() -> Answer:
    """Begin."""
    form = TopicForm()
    return submit(
        form,
        lambda: service.open_topic(
            db(),
            by=current_user,
            submission=form.submission.data or uuid4().hex,
            title=form.title.data or "",
            question=form.question.data or "",
            keywords=form.keywords.data or "",
        ),
        page=lambda: render_template("research/new.html", form=form),
        said=_("课题已开，先取数再写报告。"),
        onward=lambda made: url_for(".topic", topic_id=made.id),
    )


@blueprint.get("/research/<int:topic_id>")
@audience(Permission.RESEARCH_READ)
def topic(topic_id: int) -> str:
    """Question, figures, report."""
    made = _found(topic_id)
    return _page(made, _pull_form(), _report_form(made))


@blueprint.post("/research/<int:topic_id>/pulls")
@audience(Permission.RESEARCH_WRITE)
def pull(topic_id: int) -> Answer:
    """Freeze figures."""
    made, form = _found(topic_id), PullForm()
    known, areas = _offer(form)

    def freeze() -> object:
        first, last = form.span()
        codes = [one for one in dict.fromkeys(form.codes.data) if one in known]
        places = [areas[one] for one in dict.fromkeys(form.areas.data) if one in areas]
        if not codes or not places or first is None or last is None:
            abort(422)
        return service.freeze(
            db(),
            by=current_user,
            topic_id=topic_id,
            submission=form.submission.data or uuid4().hex,
            codes=codes,
            areas=places,
            first=first,
            last=last,
        )

    return submit(
        form,
        freeze,
        page=lambda: _page(made, form, _report_form(made)),
        said=_("数据已冻结，以后的更正不会改变它。"),
        onward=lambda _pull: url_for(".topic", topic_id=topic_id),
    )


@blueprint.get("/research/pulls/<int:pull_id>.xlsx")
@audience(Permission.RESEARCH_READ)
def pull_file(pull_id: int) -> Response:
    """Frozen figures as XLSX."""
    held = queries.pull(db(), pull_id)
    if held is None:
        abort(404)
    title = _found(held.topic_id).title
    made = workbook(title, held.content, held.digest, clock.local(held.taken_at))
    return _sent(made, "xlsx", KINDS["xlsx"].mime, title)


@blueprint.post("/research/<int:topic_id>/report")
@audience(Permission.RESEARCH_WRITE)
def report(topic_id: int) -> Answer:
    """Keep the report."""
    made, form = _found(topic_id), ReportForm()
    if not form.validate():
        return _page(made, _pull_form(), form), 422
    try:
        file = _brought(form)
        service.write(
            db(),
            by=current_user,
            topic_id=topic_id,
            report=form.report.data or "",
            file=file,
            version=form.known_version,
        )
    except NotVisibleError:
        abort(404)
    except FileRefusedError as refused:
        form.file.errors = [refused.message]
        return _page(made, _pull_form(), form), 422
    except RefusedError as refused:
        db().rollback()
        form.form_errors.append(refusal_words(refused.refusal))
        return _page(_found(topic_id), _pull_form(), form), 422
    flash(_("报告已保存，发布后才进入资料库。"), "success")
    return redirect(url_for(".topic", topic_id=topic_id), 303)


@blueprint.get("/research/<int:topic_id>/report")
@audience(Permission.RESEARCH_READ)
def report_file(topic_id: int) -> Response:
    """The file of the report."""
    made = _found(topic_id)
    if made.file is None:
        abort(404)
    ending = made.file_name.rpartition(".")[2]
    return _sent(made.file, ending, FILES[ending].mime, made.title)


@blueprint.post("/research/<int:topic_id>/<any(publish,withdraw,drop,restore):action>")
@audience(Permission.RESEARCH_WRITE)
def turn(topic_id: int, action: str) -> Response:
    """Publish, take back, give up, take up."""
    try:
        service.turn(db(), by=current_user, topic_id=topic_id, action=action)
    except NotVisibleError:
        db().rollback()
        abort(404)
    except RefusedError as refused:
        db().rollback()
        flash(refusal_words(refused.refusal), "error")
        return redirect(url_for(".topic", topic_id=topic_id), 303)
    words = {
        "publish": _("已发布，上下级机构都能查到。"),
        "withdraw": _("已撤回发布，可以再改。"),
        "drop": _("已放下，可以再拾起。"),
        "restore": _("已拾起。"),
    }
    flash(words[action], "success")
    return redirect(url_for(".topic", topic_id=topic_id), 303)


def _found(topic_id: int) -> ResearchTopic:
    made = queries.find(db(), current_user, topic_id)
    if made is None:
        abort(404)
    return made


def _brought(form: ReportForm) -> tuple[str, bytes] | None:
    """The file that was brought, judged by its content; its name says what it is."""
    data = form.file.data.read() if form.file.data else b""
    if not data:
        return None
    limits = bounds()
    kind = judge(data, largest=limits.file, largest_unpacked=limits.unpacked)
    if kind.code not in FILES:
        raise FileRefusedError(_("报告请用 Word（.docx）或者 PDF"))
    return f"report.{kind.ending}", data


def _pull_form() -> PullForm:
    form = PullForm(formdata=None)
    form.submission.data = uuid4().hex
    form.areas.data = [current_user.agency.area_code]
    _offer(form)
    return form


def _offer(form: PullForm) -> tuple[dict[str, Any], dict[str, Any]]:
    known = definitions(db(), clock.today())
    areas = areas_for(db(), current_user)
    form.offer(list(known.values()), areas)
    return dict(known), {one.code: one for one in areas}


def _report_form(made: ResearchTopic) -> ReportForm:
    return ReportForm(formdata=None, data={"report": made.report, "version": made.version})


def _page(made: ResearchTopic, pull_form: PullForm, report_form: ReportForm) -> str:
    own = made.agency_id == current_user.agency.id and current_user.may(Permission.RESEARCH_WRITE)
    return render_template(
        "research/topic.html",
        topic=made,
        own=own,
        states=STATES,
        pulls=queries.pulls(db(), made.id),
        pull_form=pull_form,
        report_form=report_form,
    )


def _sent(content: bytes, ending: str, mime: str, name: str) -> Response:
    answer: Response = make_response(content)
    answer.headers["Content-Type"] = mime
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=research.{ending}; filename*=UTF-8''{quote(name, safe='')}.{ending}"
    )
    return answer
