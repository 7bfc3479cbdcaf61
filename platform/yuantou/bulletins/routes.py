"""通报: the list, one bulletin, and its Word file."""

from datetime import date

from flask import Blueprint, abort, render_template, request
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.bulletins import files, presenting, queries, service
from yuantou.bulletins.models import Bulletin
from yuantou.bulletins.periods import Rhythm
from yuantou.bulletins.words import span

blueprint = Blueprint("bulletins", __name__)
COUNTY_DEPTH = 3


@blueprint.get("/bulletins")
@audience(Permission.BULLETIN_READ)
def index() -> str:
    """A county's bulletins by period; above the county, the counties of one period."""
    rhythm = _rhythm()
    wide = current_user.agency.area_path.count("/") < COUNTY_DEPTH
    periods = queries.periods(db(), current_user, rhythm) if wide else []
    chosen = _chosen([start for start, _end in periods]) if periods else None
    rows = (
        queries.of_period(db(), current_user, rhythm, chosen)
        if chosen
        else queries.listing(db(), current_user, rhythm)
    )
    return render_template(
        "bulletins/index.html",
        rhythm=rhythm,
        names=presenting.NAMES,
        rows=[
            (row[0], row[1], span(row[0].rhythm, row[0].period_start, row[0].period_end))
            for row in rows
        ],
        periods=[(start.isoformat(), span(rhythm, start, end)) for start, end in periods],
        chosen=chosen,
        wide=wide,
    )


@blueprint.get("/bulletins/<int:bulletin_id>")
@audience(Permission.BULLETIN_READ)
def show(bulletin_id: int) -> str:
    """One bulletin, to read and to print."""
    row = _find(bulletin_id)
    page = presenting.page(row)
    return render_template(
        "bulletins/show.html",
        page=page,
        opening=files.opening(page),
        newer=queries.newer(db(), row),
    )


@blueprint.post("/bulletins/<int:bulletin_id>/word")
@audience(Permission.BULLETIN_READ)
def export(bulletin_id: int) -> Response:
    """The bulletin as a Word file."""
    row = _find(bulletin_id)
    page = presenting.page(row)
    made = files.word(page)
    service.note_export(db(), by=current_user, bulletin=row)
    return files.sent(made, page)


def _find(bulletin_id: int) -> Bulletin:
    row = queries.bulletin(db(), current_user, bulletin_id)
    if row is None:
        abort(404)
    return row


def _rhythm() -> Rhythm:
    try:
        return Rhythm(request.args.get("rhythm", ""))
    except ValueError:
        return Rhythm.DAILY


def _chosen(periods: list[date]) -> date:
    wanted = request.args.get("period", "")
    return next((each for each in periods if each.isoformat() == wanted), periods[0])
