"""The working hours from a day on: what holds, what comes, and the administrator's form."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar.clock import now, today
from yuantou.limits import changing, hours_text, words
from yuantou.limits.blueprint import blueprint
from yuantou.limits.forms import HoursForm
from yuantou.limits.listing import hours_rows
from yuantou.limits.queries import hours_versions

Answer = str | Response | tuple[str, int]


@blueprint.get("/limits/hours")
@audience(Permission.SETTINGS_MANAGE)
def hours() -> str:
    """The form, with the hours as they are."""
    form = HoursForm(formdata=None)
    rows = _rows()
    if rows:
        form.show(rows[0].hours)
    return _page(form, rows)


@blueprint.post("/limits/hours")
@audience(Permission.SETTINGS_MANAGE)
def put_hours_in_force() -> Answer:
    """Put them in force from their day; what runs across it is reckoned anew."""
    form = HoursForm()
    if not form.validate_on_submit():
        return _page(form, _rows()), 422
    day = form.valid_from.data
    try:
        moved = changing.put_hours_in_force(
            db(), by=current_user, hours=form.hours(), valid_from=day, reason=form.reason.data
        )
    except changing.NothingChangedError:
        db().rollback()
        form.form_errors.append(_("没有改动：这些内容与现有版本相同"))
        return _page(form, _rows()), 422
    flash(words.hours_moved_words(day, moved), "success")
    return redirect(url_for("limits.index", _anchor="hours"), 303)


def _rows() -> list[Any]:
    return hours_rows(hours_versions(db()), now())


def _page(form: HoursForm, rows: list[Any]) -> str:
    return render_template(
        "limits/hours.html", form=form, rows=rows, lines=hours_text.lines, today=today()
    )
