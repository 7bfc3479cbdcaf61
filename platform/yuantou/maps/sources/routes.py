"""Sources: the list, one of them, naming a project or policy, attaching matters, the name."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.coordination.matter import REASONS
from yuantou.coordination.queries import by_number
from yuantou.coordination.queries import find as find_matter
from yuantou.database.text import whole_number
from yuantou.disputes.codes import read
from yuantou.disputes.workflow import DisputeState
from yuantou.maps.sources import queries, service
from yuantou.maps.sources.forms import AttachForm, DetachForm, NameForm, SourceForm
from yuantou.maps.sources.kinds import KINDS, terms
from yuantou.maps.sources.queries import Line
from yuantou.maps.sources.timeline import Timeline, timeline

blueprint = Blueprint("maps_sources", __name__, url_prefix="/map/sources")
Answer = str | Response | tuple[str, int]
ANALYSIS = "/sources/analyses/new"
MOST = 100
STATES = ("rising", "steady", "few")


@blueprint.get("/")
@audience(Permission.MAP_READ)
def index() -> str:
    """Sources in sight, the strongest evidence first."""
    kind, state = request.args.get("kind", ""), request.args.get("state", "")
    state = state if state in STATES else ""
    return render_template(
        "maps/sources/index.html",
        lines=queries.listed(db(), current_user, kind, state),
        kinds=KINDS,
        kind=kind if kind in KINDS else "",
        state=state,
        terms=terms(),
        scanned_at=queries.scanned_at(db()),
        types=read().types,
        marks=current_user.may(Permission.SOURCE_MARK),
        unsure=queries.unsure(db(), current_user) if _looks() else (),
    )


@blueprint.get("/new")
@audience(Permission.SOURCE_MARK)
def new() -> str:
    """Name a project or a policy."""
    form = SourceForm(formdata=None)
    form.prepare()
    form.submission.process_formdata([""])
    return render_template("maps/sources/new.html", form=form)


@blueprint.post("/")
@audience(Permission.SOURCE_MARK)
def make() -> Answer:
    """Keep it."""
    form = SourceForm()
    form.prepare()
    if not form.validate():
        return render_template("maps/sources/new.html", form=form), 422
    source = service.mark(
        db(),
        by=current_user,
        submission=f"{current_user.id}-{form.submission.data}",
        kind=form.kind.data,
        name=form.name.data or "",
    )
    flash(_("已登记。把事项归入后，今晚开始统计。"), "success")
    return redirect(url_for(".show", source_id=source.id), 303)


@blueprint.get("/<int:source_id>")
@audience(Permission.MAP_READ)
def show(source_id: int) -> str:
    """One source: its weeks, its counties, its members in scope."""
    return _page(_found(source_id))


@blueprint.post("/<int:source_id>/name")
@audience(Permission.PARTY_OPEN)
def open_name(source_id: int) -> Answer:
    """The organisation's name, once, with who looked, when and why."""
    _found(source_id)
    form = NameForm()
    form.prepare()
    if not form.validate():
        flash(_("查看名称要写明事由"), "error")
        return redirect(url_for(".show", source_id=source_id), 303)
    reason = str(REASONS[form.reason.data])
    try:
        name = service.open_name(db(), by=current_user, source_id=source_id, reason=reason)
    except service.SourceRefusedError as refused:
        return _refused(source_id, refused)
    return _page(_found(source_id), name=name)


@blueprint.post("/<int:source_id>/attach")
@audience(Permission.SOURCE_MARK)
def attach(source_id: int) -> Answer:
    """Matters go back to this source, by number."""
    line, form = _found(source_id), AttachForm()
    if not form.validate():
        return _page(line, attaching=form), 422
    numbers = (form.numbers.data or "").split()[:MOST]
    known = [by_number(db(), current_user, one) for one in numbers]
    try:
        outcome = service.attach(
            db(), by=current_user, source_id=source_id, disputes=[one for one in known if one]
        )
    except service.SourceRefusedError as refused:
        db().rollback()
        form.numbers.errors = [str(refused)]
        return _page(_found(source_id), attaching=form), 422
    flash(_("已归入 %(n)s 件。", n=outcome.added), "success")
    missing = known.count(None)
    if outcome.left:
        flash("；".join(f"{who}：{why}" for who, why in outcome.left), "warning")
    if missing:
        flash(_("有 %(n)s 个编号在您的范围内没有查到。", n=missing), "warning")
    return redirect(url_for(".show", source_id=source_id), 303)


@blueprint.post("/<int:source_id>/detach")
@audience(Permission.SOURCE_MARK)
def detach(source_id: int) -> Answer:
    """One matter leaves."""
    _found(source_id)
    form = DetachForm()
    number = whole_number(form.dispute_id.data or "")
    dispute = find_matter(db(), current_user, number) if number else None
    if not form.validate() or dispute is None:
        flash(_("移出要写明理由"), "error")
        return redirect(url_for(".show", source_id=source_id), 303)
    try:
        service.detach(
            db(),
            by=current_user,
            source_id=source_id,
            dispute=dispute,
            reason=form.reason.data or "",
        )
    except service.SourceRefusedError as refused:
        return _refused(source_id, refused)
    flash(_("已移出，这件事项照常办理。"), "success")
    return redirect(url_for(".show", source_id=source_id), 303)


@blueprint.post("/<int:source_id>/end")
@audience(Permission.SOURCE_MARK)
def end(source_id: int) -> Answer:
    """It is over."""
    _found(source_id)
    try:
        service.end(db(), by=current_user, source_id=source_id)
    except service.SourceRefusedError as refused:
        return _refused(source_id, refused)
    flash(_("来源已结束，各件照常办理。"), "success")
    return redirect(url_for(".show", source_id=source_id), 303)


def _looks() -> bool:
    """Whether the viewer's unit is the one that takes the second look at names."""
    may = bool(current_user.may(Permission.DISPUTE_DISPATCH))
    return may and current_user.agency.kind == "county_centre"


def _refused(source_id: int, refused: Exception) -> Response:
    db().rollback()
    flash(str(refused), "error")
    return redirect(url_for(".show", source_id=source_id), 303)


def _found(source_id: int) -> Line:
    return queries.find(db(), current_user, source_id) or abort(404)


def _page(line: Line, *, name: str = "", attaching: AttachForm | None = None) -> str:
    source = line.source
    members = queries.members_of(db(), current_user, line)
    own = source.origin == "typed" and source.agency_id == current_user.agency.id
    naming = NameForm(formdata=None)
    naming.prepare()
    return render_template(
        "maps/sources/show.html",
        line=line,
        source=source,
        name=name,
        members=members,
        areas=queries.areas(db(), current_user, line),
        weeks=_weeks(line),
        keeps=own and source.ended_at is None and current_user.may(Permission.SOURCE_MARK),
        names=any(row.party_id for row in members.rows) and current_user.may(Permission.PARTY_OPEN),
        reasons=list(REASONS.items()),
        attaching=attaching or AttachForm(formdata=None),
        types=read().types,
        state=DisputeState,
        terms=terms(),
        analysis=_analysis(source.id),
        series=_series(members.rows),
    )


def _weeks(line: Line) -> Timeline | None:
    """All weeks of the source; where others must not be told, those of the matters in scope."""
    rows = queries.sees_rows(current_user)
    own = queries.days_of(db(), current_user, line) if rows and line.elsewhere else None
    if line.all_hidden and not rows:
        return None
    return timeline(line.source, exact=rows, days=own)


def _analysis(source_id: int) -> str:
    """Where an analysis of this source begins; '' where this viewer cannot."""
    known = any(rule.rule == ANALYSIS for rule in current_app.url_map.iter_rules())
    may = current_user.may("source:analyse")
    return f"{ANALYSIS}?source={source_id}" if known and may else ""


def _series(rows: Any) -> str:
    """Where the members in scope are grouped; '' where this viewer cannot."""
    ids = [row.id for row in rows if not row.restricted][:MOST]
    if not ids or not current_user.may(Permission.DISPUTE_DISPATCH):
        return ""
    return url_for("series.new", dispute=ids)
