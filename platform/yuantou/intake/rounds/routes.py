"""Rounds: the list, opening one, its progress, a unit's report, the sensitive times."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.agencies.queries import area_names
from yuantou.calendar import clock
from yuantou.database.text import clean
from yuantou.disputes.words import moment_words
from yuantou.disputes.workflow import DisputeState
from yuantou.intake.queries import county_path, townships
from yuantou.intake.rounds import queries, service
from yuantou.intake.rounds.forms import (
    KINDS,
    MOST_SEASONS,
    SPARE_LINES,
    ProlongForm,
    ReportForm,
    RoundForm,
    UnitsForm,
    season_lines,
)
from yuantou.intake.rounds.models import ScreeningRound, ScreeningUnit
from yuantou.intake.rounds.seasons import Season, near
from yuantou.intake.rounds.sketch import sketch_of
from yuantou.intake.rounds.tiles import Tiles, tiles_of
from yuantou.mediation.fields import options

blueprint = Blueprint("rounds", __name__, url_prefix="/screening")
SEASON_SPAN = timedelta(days=13)  # 示例
LARGEST_ID = 2**63 - 1
A_MONTH = timedelta(days=30)
READERS = (Permission.DISPUTE_LOG, Permission.DISPUTE_SUPERVISE)
Answer = str | Response | tuple[str, int]


@blueprint.get("/")
@audience(*READERS)
def index() -> str:
    """Rounds in sight, and what the season proposes."""
    today = clock.today()
    rows = queries.rounds_of(db(), current_user)
    opens = current_user.may(Permission.SCREENING_OPEN)
    proposed = _proposed(rows, today) if opens else []
    return render_template(
        "rounds/index.html",
        rows=rows,
        kinds=dict(KINDS),
        state=lambda row: _state(row, today),
        opens=opens,
        proposed=proposed,
        due=queries.own_silent(db(), current_user, [row.id for row, _progress in rows]),
        shares=_county_shares(today),
    )


@blueprint.get("/new")
@audience(Permission.SCREENING_OPEN)
def new() -> str:
    """A round, filled in as far as is known."""
    form, agencies = _round_form()
    _suggest(form, agencies)
    return render_template("rounds/new.html", form=form)


@blueprint.post("/new")
@audience(Permission.SCREENING_OPEN)
def open_round() -> Answer:
    """Open it and tell the units."""
    form, _agencies = _round_form()
    if not form.validate():
        return render_template("rounds/new.html", form=form), 422
    try:
        opened = service.open_round(db(), by=current_user, new=form.new())
    except service.RoundRefusedError as refused:
        db().rollback()
        form.form_errors.append(str(refused))
        return render_template("rounds/new.html", form=form), 422
    flash(_("已发起，并通知各单位。"), "success")
    return redirect(url_for("rounds.show", round_id=opened.id))


@blueprint.get(f"/<int(max={LARGEST_ID}):round_id>")
@audience(*READERS)
def show(round_id: int) -> str:
    """Progress by township; units to report for."""
    return _round_page(_round(round_id))


@blueprint.post(f"/<int(max={LARGEST_ID}):round_id>/units")
@audience(Permission.SCREENING_OPEN)
def add_units(round_id: int) -> Answer:
    """Units that were forgotten."""
    opened = _round(round_id)
    form = _units_form(opened)
    if not form.validate():
        return _round_page(opened, units=form), 422
    try:
        count = service.add_units(
            db(),
            by=current_user,
            round_id=round_id,
            places=form.pasted.units,
            agencies=form.agencies.data or (),
        )
    except service.RoundRefusedError as refused:
        return _refused(round_id, refused)
    flash(_("新增 %(n)s 个单元。", n=count), "success")
    return redirect(url_for("rounds.show", round_id=round_id))


@blueprint.post(f"/<int(max={LARGEST_ID}):round_id>/remind")
@audience(Permission.SCREENING_OPEN)
def remind(round_id: int) -> Response:
    """Remind those who have not reported."""
    _round(round_id)
    try:
        silent = service.remind(db(), by=current_user, round_id=round_id)
    except service.RoundRefusedError as refused:
        return _refused(round_id, refused)
    done = _("已提醒，尚有 %(n)s 个单元未报。", n=silent)
    flash(done if silent else _("今天已提醒过，或者都已上报。"), "success" if silent else "info")
    return redirect(url_for("rounds.show", round_id=round_id))


@blueprint.post(f"/<int(max={LARGEST_ID}):round_id>/prolong")
@audience(Permission.SCREENING_OPEN)
def prolong(round_id: int) -> Answer:
    """Another last day."""
    opened = _round(round_id)
    form = ProlongForm()
    if not form.validate() or form.ends_on.data is None:
        return _round_page(opened, prolonged=form), 422
    try:
        service.prolong(db(), by=current_user, round_id=round_id, ends_on=form.ends_on.data)
    except service.RoundRefusedError as refused:
        return _refused(round_id, refused)
    flash(_("止日已改。"), "success")
    return redirect(url_for("rounds.show", round_id=round_id))


@blueprint.post(f"/<int(max={LARGEST_ID}):round_id>/withdraw")
@audience(Permission.SCREENING_OPEN)
def withdraw(round_id: int) -> Response:
    """Take back a round opened in error."""
    _round(round_id)
    try:
        service.withdraw(db(), by=current_user, round_id=round_id)
    except service.RoundRefusedError as refused:
        return _refused(round_id, refused)
    flash(_("已撤销这一轮排查。"), "success")
    return redirect(url_for("rounds.index"))


@blueprint.get(f"/units/<int(max={LARGEST_ID}):unit_id>")
@audience(*READERS)
def unit(unit_id: int) -> str:
    """One unit: what it found, its report, one tap for nothing found."""
    held, opened = _unit(unit_id)
    return _unit_page(held, opened, ReportForm(formdata=None))


@blueprint.post(f"/units/<int(max={LARGEST_ID}):unit_id>/report")
@audience(Permission.DISPUTE_LOG)
def report(unit_id: int) -> Answer:
    """Report, or correct what was reported."""
    held, opened = _unit(unit_id)
    form = ReportForm()
    if not form.validate():
        return _unit_page(held, opened, form), 422
    told = form.told(current_user.display_name)
    try:
        made = service.report(db(), by=current_user, unit_id=unit_id, told=told)
    except service.RoundRefusedError as refused:
        return _refused(opened.id, refused)
    found = _("发现 %(n)s 件", n=made.found) if made.found else _("零报告")
    words = _("%(unit)s已上报：%(what)s。", unit=held.name, what=found)
    flash(words + (_("已过止日，记为补报。") if made.late else ""), "success")
    return redirect(url_for("rounds.show", round_id=opened.id))


@blueprint.get("/seasons")
@audience(Permission.SCREENING_OPEN)
def seasons() -> str:
    """The list of sensitive times."""
    rows = [_row_of(one) for one in queries.seasons_of(db(), current_user)]
    return _seasons_page(rows, {})


@blueprint.post("/seasons")
@audience(Permission.SCREENING_OPEN)
def keep_seasons() -> Answer:
    """Write the list whole."""
    rows = _typed_rows()
    kept, faults = season_lines(rows)
    if faults:
        return _seasons_page(rows, faults), 422
    service.keep_seasons(db(), by=current_user, seasons=kept)
    flash(_("敏感节点已保存。"), "success")
    return redirect(url_for("rounds.index"))


def _county_shares(today: date) -> dict[str, Any] | None:
    """Share of units that reported in the last month, by county, for who coordinates several."""
    own = current_user.agency
    if own.kind not in ("city_coordination", "province_coordination"):
        return None
    shares = queries.shares_by_county(db(), own.area_path, today - A_MONTH, today)
    names = area_names(db(), set(shares))
    return {
        "rows": [(names[code], *share) for code, share in shares.items() if share[1]],
        "sketch": sketch_of(db(), shares, today),
    }


def _round(round_id: int) -> ScreeningRound:
    found = queries.find_round(db(), current_user, round_id)
    if found is None:
        abort(404)
    return found


def _unit(unit_id: int) -> tuple[ScreeningUnit, ScreeningRound]:
    found = queries.find_unit(db(), current_user, unit_id)
    if found is None:
        abort(404)
    return found


def _refused(round_id: int, refused: service.RoundRefusedError) -> Response:
    db().rollback()
    flash(str(refused), "error")
    return redirect(url_for("rounds.show", round_id=round_id))


def _state(row: ScreeningRound, today: date) -> tuple[str, str]:
    """The state of a round in words, and the mark it wears."""
    if today < row.starts_on:
        return _("未开始"), "wait"
    return (_("进行中"), "run") if today <= row.ends_on else (_("已到期"), "shut")


def _round_form() -> tuple[RoundForm, Any]:
    form = RoundForm()
    own = current_user.agency
    below = townships(db(), current_user)
    agencies = queries.agencies_below(db(), current_user, own.area_path)
    form.offer(below, agencies)
    whole = [] if own.area_code in dict(below) else [(own.area_code, _("全部乡镇街道"))]
    form.area.choices = options([*whole, *below])
    return form, agencies


def _suggest(form: RoundForm, agencies: Any) -> None:
    """Title, days and units as they are likely to be."""
    today, own = clock.today(), current_user.agency
    form.area.data = own.area_code
    form.title.data = _("%(month)s月排查", month=today.month)
    season = _asked_season()
    if season is not None:
        first, last = season.next_span(today)
        form.kind.data, form.title.data = "sensitive", _("%(name)s排查", name=season.name)
        begins = max(first, today)
        form.starts_on.data, form.ends_on.data = begins, min(last, begins + SEASON_SPAN)
        form.themes.data = "、".join(season.themes)
    names = form.townships
    known = queries.villages_known(db(), current_user, own.area_path)
    several = len(names) > 1
    lines = [f"{names.get(code, '')}\t{name}" if several else name for code, name in known]
    centres = [one.id for one in agencies if one.kind == "township_centre"]
    form.places.data = "\n".join(lines)
    form.agencies.data = [] if lines else centres


def _asked_season() -> Season | None:
    name = request.args.get("season", "")
    found = (one for one in queries.seasons_of(db(), current_user) if one.name == name)
    return next(found, None)


def _proposed(rows: Any, today: date) -> list[tuple[Season, date, date]]:
    """Seasons near whose span no round of this agency touches yet."""
    own = [row for row, _progress in rows if row.agency_id == current_user.agency.id]
    found = []
    for season in near(queries.seasons_of(db(), current_user), today):
        first, last = season.next_span(today)
        held = any(
            row.kind == "sensitive" and season.name in row.title and row.ends_on >= first
            for row in own
        )
        if not held:
            found.append((season, first, last))
    return found


def _round_page(
    opened: ScreeningRound, units: UnitsForm | None = None, prolonged: ProlongForm | None = None
) -> str:
    groups = queries.groups_of(db(), current_user, opened)
    now, today = clock.now(), clock.today()
    own = opened.agency_id == current_user.agency.id
    shares = {one.code: (one.reported, len(one.rows)) for one in groups}
    sketch = sketch_of(db(), shares, today)
    return render_template(
        "rounds/show.html",
        round=opened,
        groups=groups,
        progress=queries.progress_of(db(), [opened.id]).get(opened.id),
        sketch=sketch,
        tiles=None if sketch else _tiles(opened, shares, today),
        state=_state(opened, today),
        kinds=dict(KINDS),
        own=own and current_user.may(Permission.SCREENING_OPEN),
        units_form=units or (_units_form(opened) if own else None),
        prolong_form=prolonged or ProlongForm(formdata=None, ends_on=opened.ends_on),
        reports=current_user.may(Permission.DISPUTE_LOG),
        said=lambda at: moment_words(at, now),
    )


def _tiles(opened: ScreeningRound, shares: dict[str, tuple[int, int]], today: date) -> Tiles | None:
    """Of a whole county only: one township alone needs no map."""
    county = county_path(opened.area_path)
    if opened.area_path != county:
        return None
    return tiles_of(db(), opened.area_code, shares, today)


def _units_form(opened: ScreeningRound) -> UnitsForm:
    form = UnitsForm()
    below = townships(db(), current_user)
    agencies = queries.agencies_below(db(), current_user, opened.area_path)
    whole = opened.area_code == current_user.agency.area_code
    inside = [pair for pair in below if whole or pair[0] == opened.area_code]
    form.offer(inside, agencies)
    return form


def _unit_page(held: ScreeningUnit, opened: ScreeningRound, form: ReportForm) -> str:
    now = clock.now()
    reports = queries.reports_of(db(), held.id)
    if reports and not form.is_submitted():
        form.visited.data, form.note.data = reports[0].visited, reports[0].note
    mine = current_user.may(Permission.DISPUTE_LOG) and queries.may_report(current_user, held)
    return render_template(
        "rounds/unit.html",
        unit=held,
        round=opened,
        form=form,
        reports=reports,
        finds=queries.finds_of(db(), current_user, held.id),
        mine=mine,
        late=clock.today() > opened.ends_on,
        state=DisputeState,
        said=lambda at: moment_words(at, now),
    )


def _row_of(season: Season) -> dict[str, str]:
    return asdict(season) | {"themes": "、".join(season.themes)}


def _typed_rows() -> list[dict[str, str]]:
    columns = {
        key: [clean(one)[:200] for one in request.form.getlist(key)[:MOST_SEASONS]]
        for key in ("name", "first", "last", "themes")
    }
    count = max(map(len, columns.values()))
    return [
        {key: cells[place] if place < len(cells) else "" for key, cells in columns.items()}
        for place in range(count)
    ]


def _seasons_page(rows: list[dict[str, str]], faults: dict[str, str]) -> str:
    blank = {"name": "", "first": "", "last": "", "themes": ""}
    spare = [] if faults else [blank] * SPARE_LINES
    return render_template("rounds/seasons.html", rows=[*rows, *spare], faults=faults)
