"""The pages of warnings: the list, one warning with its acts, the rules in force."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts import levels, links, queries, words
from yuantou.alerts.acts import BY_NAME, Act, open_acts
from yuantou.alerts.forms import AlertForm
from yuantou.alerts.handling import StaleAlertError
from yuantou.alerts.levels import LEVELS, ORDER
from yuantou.alerts.models import Alert, RuleVersion
from yuantou.alerts.rulebook import Kept, editions, kept_of, standing
from yuantou.alerts.rules import NUMBERS
from yuantou.alerts.service import rest_ends
from yuantou.calendar import clock
from yuantou.calendar.clock import local
from yuantou.disputes.codes import read as codes
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.queries import places
from yuantou.disputes.words import DueWords, clock_words, refusal_words
from yuantou.mediation.fields import WordsField

Answer = str | Response | tuple[str, int]
blueprint = Blueprint("alerts", __name__, url_prefix="/warnings")


@blueprint.get("/")
@audience(Permission.ALERT_READ)
def index() -> str:
    """Warnings in sight, by level and limit."""
    filters, now = _filters(), clock.now()
    rows = queries.lines(db(), current_user, filters)
    return render_template(
        "alerts/index.html",
        lines=[(row, row[0], clock_words(row[0].due_at, now)) for row in rows],
        tabs=_tabs(filters),
        filters=filters,
        choices=_choices(),
        why=_reasons,
        full=len(rows) == queries.MOST,
        most=queries.MOST,
        rooms=links.rooms("alerts.index"),
        words=words,
        updated=f"{now:%H:%M}",
    )


@blueprint.get("/rules")
@audience(Permission.ALERT_READ)
def rules() -> str:
    """The rules in force with their numbers, sources and versions."""
    known, today = editions(db()), local(clock.now()).date()
    return render_template(
        "alerts/rules.html",
        rules=[_standing(rows, today) for code, rows in known.items() if code in NUMBERS],
        numbers=NUMBERS,
        order=ORDER[::-1],
        kept=_standing(known[LEVELS], today) if LEVELS in known else (levels.read(), None, None),
        rooms=links.rooms("alerts.rules"),
        words=words,
        codes=codes(),
    )


@blueprint.get("/<int:alert_id>")
@audience(Permission.ALERT_READ)
def show(alert_id: int) -> str:
    """One warning: level, reasons, facts, what belongs to it, owner, limit, history."""
    return _page(_found(alert_id))


@blueprint.post("/<int:alert_id>/<name>")
@audience(Permission.ALERT_HANDLE, Permission.ALERT_DECIDE)
def carry_out(alert_id: int, name: str) -> Answer:
    """Do it, or say why not and keep what was typed."""
    act, held = BY_NAME.get(name) or abort(404), _found(alert_id)
    form = act.form()
    form.prepare(held, queries.receivers(db(), held))
    if not form.validate():
        return _page(held, form), 422
    try:
        act.run(db(), by=current_user, alert_id=alert_id, version=form.known(), **form.values())
    except StaleAlertError:
        return _stale(alert_id, form)
    except RefusedError as refused:
        return _refused(alert_id, form, refused)
    except NotVisibleError:
        abort(404)
    flash(str(act.done), "success")
    return redirect(url_for(".show", alert_id=alert_id), 303)


def _standing(rows: Sequence[RuleVersion], on: date) -> tuple[Kept, RuleVersion, Any]:
    """The version of a rule that counts, and the one that waits for a second person."""
    row = standing(reversed(rows), on).get(rows[0].code) or rows[-1]
    waiting = next((one for one in rows if not one.approved_at and not one.rejected_at), None)
    return kept_of(row), row, waiting


def _found(alert_id: int) -> Alert:
    return queries.alert(db(), current_user, alert_id) or abort(404)


def _stale(alert_id: int, form: AlertForm) -> Answer:
    """Somebody was faster: what stands now is shown, what was typed stays."""
    db().rollback()
    db().expire_all()
    held = _found(alert_id)
    form.version.data = str(held.version)
    flash(_("这条预警刚刚有变化，请看过经过再提交。已填的内容都还在。"), "warning")
    return _page(held, form), 409


def _refused(alert_id: int, form: AlertForm, refused: RefusedError) -> Answer:
    db().rollback()
    db().expire_all()
    shut = refused.refusal
    if shut.field and shut.field in form:
        form[shut.field].errors = [*form[shut.field].errors, refusal_words(shut)]
    else:
        form.form_errors.append(refusal_words(shut))
        flash(refusal_words(shut), "error")
    return _page(_found(alert_id), form), 422


def _page(held: Alert, filled: AlertForm | None = None) -> str:
    now = clock.now()
    acts = open_acts(current_user, held)
    return render_template(
        "alerts/show.html",
        alert=held,
        words=words,
        reasons=_reasons(held),
        told=words.number if not queries.sees_rows(current_user, held) else int,
        due=_due(held, now),
        names=queries.names(db(), held),
        matter=queries.matter_of(db(), current_user, held),
        members=queries.members(db(), current_user, held),
        span=queries.span(held),
        history=queries.history(db(), held.id),
        sightings=[
            (one, _numbers(held, one.facts), _ended(held, one.day))
            for one in queries.sightings(db(), held.id)
        ],
        rest_ends=rest_ends(db(), held),
        acts=[(act, _form(act, held, filled)) for act in acts],
        filled=filled.act if filled is not None else "",
        lost=_lost(acts, filled),
        numbers=_numbers(held, held.facts),
        links=links.links(current_user, held),
        analysis_url=links.analysis_url(current_user, held),
        analyses=queries.analyses_of(db(), held.id)
        if current_user.may(Permission.SOURCE_READ)
        else [],
    )


def _reasons(held: Alert) -> list[str]:
    return words.reasons(held, open_=queries.sees_rows(current_user, held))


def _form(act: Act, held: Alert, filled: AlertForm | None) -> AlertForm:
    if filled is not None and filled.act == act.name:
        return filled
    form = act.form(formdata=None)
    form.prepare(held, queries.receivers(db(), held) if act.name == "hand" else [])
    form.version.data = str(held.version)
    return form


def _lost(acts: list[Act], filled: AlertForm | None) -> list[tuple[str, str]]:
    """What was typed to an act that is open no more: it is shown, to be copied."""
    if filled is None or filled.act in {act.name for act in acts}:
        return []
    return [
        (str(field.label.text), field.data)
        for field in filled
        if isinstance(field, WordsField) and field.data
    ]


def _due(held: Alert, now: datetime) -> DueWords | None:
    """Until when it must be acknowledged; nothing once it was."""
    if held.state != "open":
        return None
    return clock_words(held.due_at, now)


def _ended(held: Alert, day: date) -> bool:
    """Whether a warning had ended before a day."""
    return held.closed_at is not None and local(held.closed_at).date() < day


def _numbers(held: Alert, facts: Mapping[str, object]) -> list[tuple[str, str]]:
    """The figure behind it: counts and what would have been expected, as far as they are known."""
    named = (
        ("count", _("件数")),
        ("observed", _("件数")),
        ("people", _("不同的申请人")),
        ("involved", _("涉及人数")),
        ("expected", _("往常约")),
        ("mean", _("过去平均")),
        ("spread", _("标准差")),
        ("upper", _("预警线")),
        ("p", _("偶然出现的可能")),
        ("q", _("多重检验校正后")),
    )
    found = [(label, facts.get(key)) for key, label in named]
    told = str if queries.sees_rows(current_user, held) else words.number
    return [
        (label, f"{value:,.4g}" if isinstance(value, float) else str(told(value)))
        for label, value in found
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def _filters() -> queries.Filters:
    asked = request.args
    tab = asked.get("tab", queries.TODO)
    return queries.Filters(
        tab=tab if tab in queries.TABS else queries.TODO,
        level=asked.get("level", "") if asked.get("level") in ORDER else "",
        rule=asked.get("rule", "")[:32],
        type=asked.get("type", "") if asked.get("type") in codes().types else "",
        area=asked.get("area", "")[:32],
        own=asked.get("own") == "1",
    )


def _tabs(filters: queries.Filters) -> list[dict[str, Any]]:
    numbers = queries.numbers(db(), current_user, filters)
    labels = {
        queries.TODO: _("待处置"),
        queries.KNOWN: _("已确认"),
        queries.DONE: _("已结"),
        queries.ALL: _("全部"),
    }
    kept: dict[str, Any] = {
        "level": filters.level or None,
        "rule": filters.rule or None,
        "type": filters.type or None,
        "area": filters.area or None,
        "own": 1 if filters.own else None,
    }
    return [
        {
            "label": labels[tab],
            "url": url_for(".index", tab=tab, **kept),
            "count": numbers[tab],
            "active": tab == filters.tab,
            "key": str(place),
        }
        for place, tab in enumerate(queries.TABS, start=1)
    ]


def _choices() -> dict[str, list[tuple[str, Any]]]:
    used = queries.rules_in_use(db(), current_user)
    return {
        "level": [("", _("全部")), *((code, words.LEVELS[code]) for code in reversed(ORDER))],
        "rule": [("", _("全部")), *((code, words.rule_name(code)) for code in used)],
        "type": [
            ("", _("全部")),
            *((kind.code, _(kind.name_zh)) for kind in codes().types.values()),
        ],
        "area": [("", _("全部")), *places(db(), current_user)],
        "own": [("", _("全部")), ("1", _("本单位的"))],
    }
