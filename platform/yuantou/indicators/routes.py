"""The pages of figures: all of an area, and one opened to what it is made of."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar.clock import now
from yuantou.indicators import pages
from yuantou.indicators.catalogue import POPULATION, Definition, components_of
from yuantou.indicators.choosing import (
    Choice,
    OutOfReach,
    choose,
    counties_below,
    kinds_offered,
    months_offered,
    whole_year,
    years_offered,
)
from yuantou.indicators.covering import Cover
from yuantou.indicators.founding import founding_words
from yuantou.indicators.judging import YEAR
from yuantou.indicators.ledger import Ledger
from yuantou.indicators.membership import PAGE, court_parts, members
from yuantou.indicators.periods import months, shift
from yuantou.indicators.populations import KINDS_ZH
from yuantou.indicators.queries import UnknownIndicator, definitions, read_ledger
from yuantou.indicators.standing.past import earliest, past
from yuantou.indicators.standing.showing import County, among
from yuantou.indicators.supplying.owners import owned_by
from yuantou.indicators.supplying.queries import revisions
from yuantou.indicators.weighing import weights, weights_of
from yuantou.indicators.words import say

blueprint = Blueprint("indicators", __name__, url_prefix="/indicators")
GROUPS = ("courts", "disputes", "supplied")


@blueprint.get("/")
@audience(Permission.FIGURES_READ)
def index() -> str:
    """Every figure of an area and period."""
    choice = _choice()
    held = definitions(db(), choice.end)
    cover = Cover(db(), current_user.scope, list(held.values()))
    told = cover.choice(choice)
    first, last = min(choice.start, told.start), max(choice.end, told.end)
    ledger = read_ledger(db(), [choice.area.code], shift(first, -YEAR), last, kind=choice.kind)
    found = [
        one
        for of_courts, span in ((True, choice), (False, told))
        for one in pages.shown_figures(
            ledger,
            [code for code in _in_file_order(held) if held[code].of_courts is of_courts],
            choice.area.code,
            span.start,
            span.end,
            cover,
        )
    ]
    unfit = [one for one in found if one.figure.missing and one.figure.missing.code == "regime"]
    return render_template(
        "indicators/index.html",
        found=found,
        groups=[
            (group, [one for one in found if one.of(group) and one not in unfit])
            for group in GROUPS
        ],
        unfit=unfit,
        told=told,
        land=founding_words(ledger.areas.values(), choice.area.path, first, last),
        shared=pages.shared_warnings(found),
        mean_notes=pages.mean_notes(found),
        beside=weights(found),
        gaps=ledger.gaps(choice.area.code, choice.start, choice.end),
        popover=pages.popover,
        **_chooser(choice),
    )


@blueprint.get("/<code>")
@audience(Permission.FIGURES_READ)
def show(code: str) -> str | Response:
    """One figure: definition, components, courts or matters, year-on-year, trend, counties."""
    choice, made = _choice(), definitions(db()).get(code)
    cover = Cover(db(), current_user.scope, [made] if made else [])
    yearly = bool(made and made.criteria)
    choice = whole_year(db(), choice) if yearly else cover.choice(choice, made)
    below = counties_below(choice, current_user.scope.sums)
    first = min(pages.trend_since(choice.end), earliest(choice.start))
    last = max(choice.end, years_offered()[0]) if yearly else choice.end
    ledger = read_ledger(db(), [choice.area.code], first, last, kind=choice.kind, codes=[code])
    try:
        one = pages.shown_figures(
            ledger, [code], choice.area.code, choice.start, choice.end, cover
        )[0]
    except UnknownIndicator:
        abort(404)
    if one.figure.definition.context:
        return redirect(url_for("supplying.courts"))
    counties = pages.shown_areas(_wide(choice, below, code), one, below, cover) if below else []
    return render_template(
        "indicators/show.html",
        one=one,
        definition=one.figure.definition,
        source=pages.source_of(one.figure.definition),
        edition=pages.edition_of(one.figure.definition),
        popover=pages.popover,
        yearly=yearly,
        years=pages.by_year(ledger, code, choice.area.code, years_offered(), cover)
        if yearly
        else [],
        trend=None if yearly else pages.trend(ledger, code, choice.area.code, choice.end, cover),
        mean_notes=pages.mean_notes([one]),
        land=founding_words(ledger.areas.values(), choice.area.path, choice.start, choice.end),
        beside=weights_of(db(), one, choice.start, choice.end, choice.kind, cover),
        mean_pairs=[(mean.area_name, one.mean(mean.level) or _("数据不足")) for mean in one.means],
        counties=counties,
        among=among(counties),
        past=None if one.hidden else past(ledger, one.figure, cover),
        county_url=partial(_county_url, choice, code),
        **_made_of(ledger, choice, one, cover),
        **dict(_chooser(choice), **({"months": years_offered()} if yearly else {})),
    )


def _wide(choice: Choice, areas: Sequence[str], code: str) -> Ledger:
    return read_ledger(db(), areas, choice.start, choice.end, kind=choice.kind, codes=[code])


def _county_url(choice: Choice, code: str, county: County | pages.Shown) -> str:
    figure = county.shown.figure if isinstance(county, County) else county.figure
    month = choice.query["month"]
    return url_for(
        "indicators.show", code=code, area=figure.area_code, month=month, span=choice.span
    )


def _choice() -> Choice:
    try:
        return choose(db(), current_user, request.args)
    except OutOfReach:
        abort(404)


def _chooser(choice: Choice) -> dict[str, Any]:
    return {
        "choice": choice,
        "areas": choice.offered,
        "months": months_offered(),
        "kinds": [(kind, KINDS_ZH[kind]) for kind in kinds_offered(db())],
        "say": say,
    }


def _in_file_order(held: dict[str, Any]) -> list[str]:
    """Rates before shares, the headline first."""
    codes = sorted(held, key=lambda code: (held[code].kind, code))
    codes = [code for code in codes if not held[code].context]
    return ["R_filed", *(code for code in codes if code != "R_filed")] if codes else []


def _made_of(ledger: Ledger, choice: Choice, one: pages.Shown, cover: Cover) -> dict[str, Any]:
    figure = one.figure
    page = max(request.args.get("page", 1, type=int), 1)
    if figure.definition.of_courts:
        held = [
            row
            for month in months(choice.start, choice.end)
            if (row := ledger.court_months.get((choice.area.code, month))) is not None
        ]
        names = _components_of(figure.definition)
        return {
            "components": pages.component_rows(held, names),
            "column_heads": [{"label": say(name), "number": True} for name in names],
            "court_rows": court_parts(db(), figure, sum(row.courts_in for row in held)),
            "members": None,
            "page": page,
            "page_size": PAGE,
        }
    if not figure.definition.of_matters:
        supplied = components_of(figure.definition)
        held_by = revisions(db(), supplied, choice.area.code, choice.start, choice.end)
        criteria = "、".join(say(f"is_{name}") for name in figure.definition.criteria)
        written = pages.supplied_words(
            held_by, current_user.agency.id, opens=cover.opens(choice.area.path)
        )
        sends = figure.definition.owner in owned_by(current_user.agency.kind)
        made = {"supplied": held_by, "written": written, "criteria": criteria, "sends": sends}
        return {"components": [], "court_rows": None, "members": None, **made}
    found = members(db(), current_user.scope, figure, as_of=figure.computed_at or now(), page=page)
    return {
        "components": [],
        "court_rows": None,
        "members": found,
        "counted": pages.counted_words(found, one, opens=cover.opens(choice.area.path)),
        "page": page,
        "page_size": PAGE,
    }


def _components_of(definition: Definition) -> list[str]:
    names = [*definition.numerator, *definition.denominator]
    return [name for name in dict.fromkeys(names) if name != POPULATION]
