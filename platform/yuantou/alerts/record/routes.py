"""The pages of the ledger: what became of warnings, what last night saw, what would be noticed."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts.detection import words
from yuantou.alerts.detection.models import SmallestRise
from yuantou.alerts.detection.terms import terms
from yuantou.alerts.links import rooms
from yuantou.alerts.names import NAMES
from yuantou.alerts.record import ledger, queries
from yuantou.alerts.rulebook import in_force
from yuantou.alerts.words import type_name
from yuantou.calendar import clock

blueprint = Blueprint("record", __name__, url_prefix="/warnings/record")
SPANS = (365, 730, 1095)
RECENT = timedelta(days=28)
LEAST_YEARLY = 3


@blueprint.get("/")
@audience(Permission.FIGURES_READ)
def index() -> str:
    """What became of the warnings."""
    days = request.args.get("days", SPANS[0], type=int)
    today = clock.local(clock.now()).date()
    seen = queries.watched(db(), current_user, today, days if days in SPANS else SPANS[0])
    every = ledger.line("", seen.once, seen.county_months)
    return _page(
        "index",
        seen=seen,
        days=days,
        spans=SPANS,
        lines=ledger.lines(seen.told, seen.county_months),
        every=every,
        source_name=_source_name(),
    )


@blueprint.get("/watch")
@audience(Permission.FIGURES_READ)
def watch() -> str:
    """What the last nights judged, and what was unusual."""
    nights = queries.nights(db())
    found = queries.signals(db(), current_user, nights[0].night - RECENT) if nights else []
    missing = queries.in_sight(db(), current_user, nights[0].missing) if nights else []
    return _page(
        "watch",
        nights=nights,
        found=found,
        missing=missing,
        terms=terms(),
        reasons=words.WHY_NOT,
        asks=words.ASKS,
        type_name=_type_name,
        told=words.told,
    )


@blueprint.get("/sense")
@audience(Permission.FIGURES_READ)
def sense() -> str:
    """What would be noticed in one county, and what the detectors would have said."""
    counties = queries.counties(db(), current_user)
    asked = request.args.get("county") or (counties[0].code if counties else "")
    county = next((area for area in counties if area.code == asked), None)
    if county is None and request.args.get("county"):
        abort(404)
    rows = [_rise(row) for row in queries.rises(db(), asked)] if county else []
    return _page(
        "sense",
        counties=counties,
        county=county,
        rows=rows,
        most=max([row["usual"] + (row["extra"] or 0) for row in rows], default=1.0),
        test=queries.newest_backtest(db()),
        share=ledger.share,
        rate=ledger.rate,
        terms=terms(),
        type_name=_type_name,
    )


def _page(name: str, **values: Any) -> str:
    tabs = [
        {"label": label, "url": url_for(f"record.{room}"), "active": room == name}
        for room, label in (
            ("index", _("结果台账")),
            ("watch", _("每晚监测")),
            ("sense", _("灵敏度与回测")),
        )
    ]
    return render_template(
        f"alerts/record/{name}.html",
        rooms=rooms("record.index"),
        tabs=tabs,
        detectors=words.NAMES,
        **values,
    )


def _source_name() -> Any:
    rules = in_force(db(), clock.local(clock.now()).date())

    def name(code: str) -> str:
        if code in rules:
            return f"{code} {_(rules[code].name_zh)}"
        return _(words.NAMES.get(code) or NAMES.get(code, code))

    return name


def _type_name(code: str) -> str:
    return type_name(code) or _(words.ALL_TYPES)


def _rise(row: SmallestRise) -> dict[str, Any]:
    """A row of the picture; a mean that would tell of fewer than three a year is not written."""
    rare = 0 < row.usual * 52 < LEAST_YEARLY
    return {
        "name": _type_name(row.type),
        "usual": 0.0 if rare else row.usual,
        "written": "—" if rare else words.told(row.usual),
        "extra": row.extra,
        "detector": row.detector,
        "night": row.night,
        "sum": row.type == "",
    }
