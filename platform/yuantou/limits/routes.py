"""The limits in force and the working calendar: all read them, the administrator changes them."""

from datetime import date, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar.clock import now, today
from yuantou.disputes.service import working_calendar
from yuantou.limits import almanac, changing, hours_pages, hours_text, listing, table_pages, words
from yuantou.limits.blueprint import blueprint
from yuantou.limits.forms import FIRST_YEAR, LAST_YEAR, DaysForm, TakeBackForm, VersionForm
from yuantou.limits.queries import clock_of, hours_versions

Answer = str | Response | tuple[str, int]
__all__ = ["blueprint", "hours_pages", "table_pages"]


@blueprint.get("/limits")
@audience()
def index() -> str:
    """Every limit: how much, how counted, by which source, in which version."""
    rows = listing.rows(clock_of(db()).book, now())
    return render_template(
        "limits/index.html",
        rows=rows,
        words=words,
        today=today(),
        hours=listing.hours_rows(hours_versions(db()), now()),
        lines=hours_text.lines,
    )


@blueprint.get("/limits/<code>/change")
@audience(Permission.SETTINGS_MANAGE)
def change(code: str) -> str:
    """The form of a new version."""
    form = VersionForm(formdata=None)
    form.show(_newest(code))
    return _version_page(code, form)


@blueprint.post("/limits/<code>/change")
@audience(Permission.SETTINGS_MANAGE)
def put_in_force(code: str) -> Answer:
    """Put it in force from its day."""
    form, rule = VersionForm(), _newest(code)
    if not form.validate_on_submit():
        return _version_page(code, form), 422
    try:
        changing.put_in_force(
            db(),
            by=current_user,
            code=code,
            changes=form.changes(rule),
            valid_from=form.valid_from.data,
            reason=form.reason.data,
        )
    except changing.NothingChangedError:
        form.form_errors.append(_("没有改动：这些内容与现有版本相同"))
        return _version_page(code, form), 422
    day = form.valid_from.data.isoformat()
    flash(_("已定为新版，自 %(day)s 起开始的计时按新版；已在计时的不变。", day=day), "success")
    return redirect(url_for("limits.index", _anchor=code), 303)


@blueprint.get("/limits/calendar")
@audience()
def calendar() -> str:
    """A year with its holidays, make-up days and the office's own days."""
    return _calendar_page(_year(), DaysForm(formdata=None, first=_day(), last=None))


@blueprint.post("/limits/calendar")
@audience(Permission.SETTINGS_MANAGE)
def set_days() -> Answer:
    """Override a day or a few; what runs across them is reckoned anew."""
    form = DaysForm()
    if not form.validate_on_submit():
        return _calendar_page(_year(), form), 422
    try:
        moved = changing.set_days(
            db(),
            by=current_user,
            days=form.days,
            worked=form.worked.data == "yes",
            source=form.source.data,
        )
    except changing.NothingChangedError:
        db().rollback()
        flash(_("这些日子本来就是这样登记的，没有重复改动。"), "info")
    else:
        flash(words.moved_words(moved), "success")
    return redirect(url_for("limits.calendar", year=form.first.data.year), 303)


@blueprint.get("/limits/calendar/<day>")
@audience(Permission.SETTINGS_MANAGE)
def own_day(day: str) -> str:
    """One day of the office's own, to take back."""
    return _day_page(_parsed(day), TakeBackForm(formdata=None))


@blueprint.post("/limits/calendar/<day>")
@audience(Permission.SETTINGS_MANAGE)
def take_back(day: str) -> Answer:
    """Let the official calendar hold again."""
    form, asked = TakeBackForm(), _parsed(day)
    if not form.validate_on_submit():
        return _day_page(asked, form), 422
    try:
        moved = changing.take_back(db(), by=current_user, day=asked, source=form.source.data)
    except changing.NothingChangedError:
        db().rollback()
        flash(_("这一天没有登记过调整，可能刚才已经撤销。"), "info")
    else:
        flash(words.moved_words(moved), "success")
    return redirect(url_for("limits.calendar", year=asked.year), 303)


def _newest(code: str) -> Any:
    try:
        return changing.newest_version(db(), code)[0]
    except LookupError:
        abort(404)


def _version_page(code: str, form: VersionForm) -> str:
    rule = _newest(code)
    history = [each for each in clock_of(db()).book.versions if each.rule.code == code]
    return render_template("limits/change.html", form=form, rule=rule, history=history, words=words)


def _calendar_page(year: int, form: DaysForm) -> str:
    known, own = working_calendar(db()), almanac.overrides(db())
    told = almanac.changes(db(), year)
    return render_template(
        "limits/calendar.html",
        year=year,
        years=[each for each in (year - 1, year, year + 1) if FIRST_YEAR <= each <= LAST_YEAR],
        months=almanac.months(year, known, own),
        official=almanac.is_official(year),
        own=[almanac.day_of(day, known, own) for day in sorted(own) if day.year == year],
        changes=told,
        batches=almanac.batches([change for change, _who in told]),
        form=form,
        may_change=current_user.may(Permission.SETTINGS_MANAGE),
        today=today(),
    )


def _day_page(day: date, form: TakeBackForm) -> str:
    own = almanac.overrides(db())
    if day not in own:
        abort(404)
    shown = almanac.day_of(day, working_calendar(db()), own)
    return render_template("limits/day.html", day=shown, form=form)


def _year() -> int:
    asked = request.args.get("year", type=int) or (_day() or today()).year
    return min(max(asked, FIRST_YEAR), LAST_YEAR)


def _day() -> date | None:
    try:
        return date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None


def _parsed(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        abort(404)
