"""The pages of 类案分析."""

from typing import Any
from uuid import uuid4

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts.governance import history, places
from yuantou.alerts.governance.analyses import leading, presenting, queries, service
from yuantou.alerts.governance.analyses.forms import AnalysisForm, FindingsForm
from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.blueprint import (
    PAGE,
    blueprint,
    done,
    page_number,
    paged,
    sees_rows,
    steps,
)
from yuantou.alerts.governance.courses import ANALYSIS
from yuantou.alerts.governance.effects import queries as effects
from yuantou.alerts.governance.effects.presenting import acts
from yuantou.alerts.governance.fields import WordsForm, reference
from yuantou.alerts.governance.meetings import queries as meetings
from yuantou.alerts.governance.recommendations import queries as letters
from yuantou.alerts.governance.recommendations.service import kind_of
from yuantou.alerts.governance.story import told
from yuantou.disputes.codes import read
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.submitting import Answer, submit
from yuantou.territory.models import Area


@blueprint.get("/sources/analyses/")
@audience(Permission.SOURCE_READ)
def analyses() -> str:
    """Analyses in sight."""
    page = page_number()
    return render_template(
        "governance/analyses.html",
        **paged(queries.listing(db(), current_user, page, PAGE), page, "governance.analyses"),
        course=ANALYSIS,
        type_names=_type_names(),
    )


@blueprint.get("/sources/analyses/new")
@audience(Permission.SOURCE_ANALYSE)
def analysis_new() -> str:
    """From a warning, from a common source, or with typed numbers."""
    form = AnalysisForm(formdata=None)
    form.submission.data = uuid4().hex
    form.area.data = current_user.agency.area_code
    alert = queries.warning(db(), request.args.get("warning", type=int))
    source = request.args.get("source", type=int)
    if alert is not None:
        form.warning.data = str(alert.id)
        if alert.area_path.startswith(current_user.agency.area_path):
            form.area.data = alert.area_code
        form.type.data = alert.type_code or ""
        form.title.data = _("%(name)s类案分析", name=_type_names().get(alert.type_code or "", ""))
    elif name := queries.source_name(db(), source):
        form.source.data, form.title.data = str(source), _("%(name)s类案分析", name=name)[:80]
    form.numbers.data = "\n".join(request.args.getlist("number")[:200])
    return _form(form)


@blueprint.post("/sources/analyses/new")
@audience(Permission.SOURCE_ANALYSE)
def analysis_open() -> Answer:
    """Freeze the list and begin."""
    form = AnalysisForm()
    _offer(form)
    if not form.validate():
        return _form(form), 422
    typed = form.typed()
    known = queries.ids_of_numbers(db(), current_user, typed)
    if unknown := [one for one in typed if one not in known]:
        names = "、".join(unknown[:5])
        form.numbers.errors = [_("没有找到，或者不在本单位看得到的范围：%(names)s", names=names)]
        return _form(form), 422
    return submit(
        form,
        lambda: service.open_analysis(
            db(), by=current_user, dispute_ids=list(known.values()), **form.values()
        ),
        page=lambda: _form(form),
        said=_("事项名单已冻结，可以写分析了。"),
        onward=_onward,
    )


@blueprint.get("/sources/analyses/<int:analysis_id>")
@audience(Permission.SOURCE_READ)
def analysis(analysis_id: int) -> str:
    """What they share, what was found, what followed."""
    made = _found(analysis_id)
    form = FindingsForm(
        formdata=None,
        data={"findings": made.findings, "advice": made.advice, "version": made.version},
    )
    return _page(made, form)


@blueprint.post("/sources/analyses/<int:analysis_id>")
@audience(Permission.SOURCE_ANALYSE)
def analysis_write(analysis_id: int) -> Answer:
    """Save, or settle."""
    made, form = _found(analysis_id), FindingsForm()
    settle = "settle" in request.form
    return submit(
        form,
        lambda: service.write(
            db(),
            by=current_user,
            analysis_id=analysis_id,
            findings=form.findings.data or "",
            advice=form.advice.data or "",
            version=form.known_version,
            settle=settle,
        ),
        page=lambda: _page(made, form),
        said=_("已定稿。") if settle else _("已保存，旧稿留存。"),
        onward=_onward,
    )


@blueprint.post("/sources/analyses/<int:analysis_id>/<any(drop,reopen):action>")
@audience(Permission.SOURCE_ANALYSE)
def analysis_turn(analysis_id: int, action: str) -> Answer:
    """Drop it, or open it again."""
    form = WordsForm()
    return done(
        form,
        lambda: service.turn(
            db(),
            by=current_user,
            analysis_id=analysis_id,
            action=action,
            words=form.words.data or "",
        ),
        _("已作罢，可以重新打开。") if action == "drop" else _("已重新打开。"),
        url_for("governance.analysis", analysis_id=analysis_id),
        page=lambda: analysis(analysis_id),
        step=("analysis", action),
    )


def _onward(made: Analysis) -> str:
    return url_for("governance.analysis", analysis_id=made.id)


def _found(analysis_id: int) -> Analysis:
    made = queries.find(db(), analysis_id)
    if made is None:
        abort(404)
    return made


def _offer(form: AnalysisForm) -> Any:
    """Fill the lists; returns the warning that it comes from, if it does."""
    alert = queries.warning(db(), reference(form.warning))
    if alert is not None and leading.leads(current_user, alert):
        form.offer([db().get_one(Area, alert.area_code)])
    else:
        form.offer(places.reachable(db(), current_user, alert.area_code if alert else ""))
    return alert


def _form(form: AnalysisForm) -> str:
    alert = _offer(form)
    leads = leading.leads(current_user, alert)
    return render_template("governance/analysis_new.html", form=form, alert=alert, leads=leads)


def _page(made: Analysis, form: FindingsForm) -> str:
    own = made.agency_id == current_user.agency.id
    open_ = sees_rows(current_user, made.area_path, made.agency_id)
    codes = [str(code) for code, _n in made.frozen.get("places", ())]  # type: ignore[attr-defined]
    areas = places.area_names(db(), [*codes, *made.counties, made.area_code])
    members = queries.members(db(), current_user, made)
    agency = places.names(db(), [made.agency_id]).get(made.agency_id, "")
    led_for = not own and current_user.agency.area_code in made.counties
    held, sent = meetings.of_analysis(db(), made.id), letters.of_analysis(db(), made.id)
    return render_template(
        "governance/analysis.html",
        analysis=made,
        form=form,
        own=own,
        course=ANALYSIS,
        open_steps=steps(ANALYSIS, made.state, owner=own),
        shares=presenting.shares(made, areas, open_=open_, wide=_wide(made)),
        led=presenting.led_words(made, agency, areas, own=own) if made.counties else "",
        led_for=led_for,
        others=presenting.others(members) if led_for else "",
        numbered=leading.rows(db(), made) if own and made.counties else (),
        opened={one.number: one.id for one in members.rows if one.number},
        area_name=areas.get(made.area_code, ""),
        agency_name=agency,
        members=members,
        area_names=areas,
        state_names={one.value: _(one.name_zh) for one in DisputeState},
        type_names=_type_names(),
        drafts=queries.drafts(db(), made.id),
        warning=queries.warning(db(), made.warning_id),
        source=queries.source_name(db(), made.source_id),
        meetings=held,
        letters=sent,
        effects=acts(effects.of_analysis(db(), made.id), held, sent, {made.id} if open_ else ()),
        writes=kind_of(current_user),
        story=told("analysis", history.story(db(), "analysis", made.id)),
    )


def _wide(made: Analysis) -> bool:
    full = current_user.scope.full
    return bool(full.lo <= made.area_path < full.hi)


def _type_names() -> dict[str, Any]:
    return {code: _(kind.name_zh) for code, kind in read().types.items()}
