"""The roster of a week: who is present, who is on call for red matters."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.database.text import clean
from yuantou.disputes.service import working_calendar
from yuantou.intake.window import queries, service
from yuantou.intake.window.blueprint import blueprint
from yuantou.intake.window.forms import SeatForm, duty_lines
from yuantou.intake.window.roster import MODES, WEEK, WEEKDAYS, DutyLine, days_of_week, monday_of

FAR = timedelta(days=3660)  # nobody keeps a roster ten years away
Answer = str | Response | tuple[str, int]


@blueprint.get("/roster")
@audience(Permission.DISPUTE_READ)
def roster() -> str:
    """A week of a centre, to look at; one's own to keep."""
    return _page(_day())


@blueprint.post("/roster")
@audience(Permission.WINDOW_SERVE)
def seat() -> Answer:
    """Note a person on the chosen days."""
    day = _day()
    form = _seat_form(days_of_week(day))
    if not form.validate():
        return _page(day, form=form), 422
    count = service.seat(db(), by=current_user, entry=form.entry())
    flash(_("已排 %(n)s 天。", n=count) if count else _("这几天已排过，没有重复。"), "success")
    return _back(day)


@blueprint.post("/roster/remove")
@audience(Permission.WINDOW_SERVE)
def unseat() -> Response:
    """Take a person off the days of this week, or off one of them."""
    day = _day()
    only = request.form.get("day", "")
    days = [one for one in days_of_week(day) if not only or one.isoformat() == only]
    agency, person = clean(request.form.get("agency", "")), clean(request.form.get("person", ""))
    count = service.unseat(db(), by=current_user, agency_name=agency, person=person, days=days)
    flash(_("已去掉 %(n)s 天。", n=count), "success")
    return _back(day)


@blueprint.post("/roster/copy")
@audience(Permission.WINDOW_SERVE)
def copy_week() -> Response:
    """Last week once more."""
    day = _day()
    count = service.copy_week(db(), by=current_user, day=day)
    nothing = _("上周没有排班，或者都已排过。")
    flash(_("已照上周排 %(n)s 人天。", n=count) if count else nothing, "success")
    return _back(day)


@blueprint.post("/duty")
@audience(Permission.WINDOW_SERVE)
def keep_duty() -> Answer:
    """Who is on call for red matters this week."""
    day = _day()
    lines, faults = duty_lines(days_of_week(day), request.form)
    if faults:
        return _page(day, typed=lines, faults=faults), 422
    service.keep_duties(db(), by=current_user, lines=lines)
    flash(_("红色值班已保存。"), "success")
    return _back(day)


def _day() -> date:
    """The day that the address or the form names; else today."""
    try:
        asked = date.fromisoformat(request.values.get("week", ""))
    except ValueError:
        return clock.today()
    return asked if abs(asked - clock.today()) < FAR else clock.today()


def _back(day: date) -> Response:
    return redirect(url_for("window.roster", week=monday_of(day).isoformat()))


def _centre() -> tuple[Agency, Sequence[Agency]]:
    """The centre asked for: one's own, else the county's; only those near may be looked at."""
    near = queries.centres_near(db(), current_user)
    asked = request.values.get("centre", type=int) or current_user.agency.id
    found = next((one for one in near if one.id == asked), None)
    if found is None and "centre" not in request.values:
        found = near[0] if near else None
    if found is None:
        abort(404)
    return found, near


def _seat_form(week: Sequence[date]) -> SeatForm:
    form = SeatForm()
    form.days.choices = [
        (day.isoformat(), _("%(weekday)s %(d)s 日", weekday=WEEKDAYS[day.weekday()], d=day.day))
        for day in week
    ]
    if request.method == "GET":
        calendar = working_calendar(db())
        form.days.data = [day.isoformat() for day in week if calendar.is_workday(day)]
    return form


def _page(
    day: date,
    form: SeatForm | None = None,
    typed: Sequence[DutyLine] = (),
    faults: dict[str, str] | None = None,
) -> str:
    centre, near = _centre()
    week = days_of_week(day)
    keeps = centre.id == current_user.agency.id and current_user.may(Permission.WINDOW_SERVE)
    return render_template(
        "window/roster.html",
        centre=centre,
        near=near,
        week=week,
        today=clock.today(),
        seats=queries.week_of(db(), centre.id, day),
        duties=_duties(centre.id, week, typed),
        faults=faults or {},
        keeps=keeps,
        form=form or (_fresh(week) if keeps else None),
        agencies=queries.agencies_seated(db(), centre) if keeps else (),
        people=queries.people_of_centre(db(), centre.id) if keeps else (),
        modes=dict(MODES),
        before=week[0] - timedelta(days=WEEK),
        after=week[0] + timedelta(days=WEEK),
        weekdays=WEEKDAYS,
    )


def _fresh(week: Sequence[date]) -> SeatForm:
    """A form as it first shows, also beside another form with faults."""
    form = _seat_form(week)
    if request.method != "GET":
        form.process(None)
    return form


def _duties(centre_id: int, week: Sequence[date], typed: Sequence[DutyLine]) -> list[Any]:
    """One line a day: as it was typed, else as it stands."""
    if typed:
        return list(typed)
    known = queries.duties_of(db(), centre_id, week[0], week[-1])
    return [known.get(day) or DutyLine(day, "", "") for day in week]
