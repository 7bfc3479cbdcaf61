"""The pages beside a figure: how long settlements last, and two definitions side by side."""

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.calendar.clock import now, today
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.choosing import (
    Choice,
    OutOfReach,
    areas_for,
    choose,
    counties_below,
    months_offered,
)
from yuantou.indicators.covering import Cover
from yuantou.indicators.definitions import in_force, versions
from yuantou.indicators.pages import Shown
from yuantou.indicators.queries import read_ledger
from yuantou.indicators.rates import regime_of
from yuantou.indicators.standing import lasting_members, lasting_page
from yuantou.indicators.standing.duel import Duel, rivals
from yuantou.indicators.standing.duel import duel as between
from yuantou.indicators.standing.showing import minimums
from yuantou.territory.models import Area

blueprint = Blueprint("standing", __name__, url_prefix="/indicators")


@blueprint.get("/lasting")
@audience(Permission.FIGURES_READ)
def lasting() -> str:
    """How many settled matters stay settled for 90 and 180 days."""
    areas = _summed()
    area = _area(areas)
    newest = today().year
    years = list(range(newest, newest - lasting_page.YEARS, -1))
    asked = request.args.get("year", newest, type=int)
    year = asked if asked in years else newest
    below = [
        each
        for each in areas
        if each.level == "county" and each.path.startswith(area.path) and each.code != area.code
    ]
    least = current_app.extensions["settings"].of("standing", "least_matters")
    page = max(request.args.get("page", 1, type=int), 1)
    which = request.args.get("which", lasting_members.BACK)
    return render_template(
        "indicators/standing/lasting.html",
        page=lasting_page.page(db(), area, below, year, least),
        members=lasting_members.members(db(), current_user.scope, area, year, which, now(), page),
        which=which,
        kinds=list(lasting_members.KINDS.items()),
        ended=lasting_members.ENDED,
        at=page,
        page_size=lasting_members.PAGE,
        page_url=lambda number: url_for(
            "standing.lasting", area=area.code, year=year, which=which, page=number
        ),
        area=area,
        areas=areas,
        year=year,
        years=years,
        least=least,
    )


@blueprint.get("/<code>/duel")
@audience(Permission.FIGURES_READ)
def duel(code: str) -> str:
    """A figure beside another of its kind, or beside another version of itself."""
    choice = _choice()
    held = versions(db())
    one = in_force(held.get(code, ()), choice.end)
    if one is None:
        abort(404)
    offered = rivals(
        [each for rows in held.values() for each in rows if _fits(each, one, choice)], one
    )
    asked = request.args.get("with", "")
    other = next((each for each in offered if _key(each) == asked), next(iter(offered), None))
    areas = counties_below(choice, current_user.scope.sums) or [choice.area.code]
    cover = Cover(db(), current_user.scope, [one])
    return render_template(
        "indicators/standing/duel.html",
        definition=one,
        other=other,
        offered=[(_key(each), _named(each)) for each in offered],
        asked=_key(other) if other else "",
        found=_against(cover.choice(choice, one), areas, one, other, cover) if other else None,
        told=cover.choice(choice, one),
        choice=choice,
        areas=choice.offered,
        months=months_offered(),
        kinds=[],
        unit=one.screen[1],
    )


def _choice() -> Choice:
    try:
        return choose(db(), current_user, request.args)
    except OutOfReach:
        abort(404)


def _key(made: Definition) -> str:
    return f"{made.code}.{made.version}"


def _named(made: Definition) -> str:
    return _("%(name)s（第 %(n)s 版）", name=made.name_zh, n=made.version)


def _fits(each: Definition, one: Definition, choice: Choice) -> bool:
    """Of the same time and level; other versions of what is kept by version have their trial."""
    timely = not each.regimes or regime_of(choice.end) in each.regimes
    return timely and "county" in each.levels and (each.code != one.code or not each.of_matters)


def _against(
    choice: Choice, areas: list[str], one: Definition, other: Definition, cover: Cover
) -> Duel:
    above = [choice.area.code] if areas != [choice.area.code] else []
    sides = []
    for made in (one, other):
        ledger = read_ledger(
            db(),
            [*areas, *above],
            choice.start,
            choice.end,
            kind=choice.kind,
            codes=[made.code],
            instead={made.code: made},
        )
        found = [
            ledger.figure(made.code, area, choice.start, choice.end) for area in (*areas, *above)
        ]
        hidden = cover.hidden(found)
        sides.append([Shown(found[at], at in hidden) for at in range(len(areas))])
    return between(sides[0], sides[1], minimums())


def _summed() -> list[Area]:
    """The areas whose counties' parts the viewer may read; below counties, the nearest above."""
    sums, offered = current_user.scope.sums, areas_for(db(), current_user)
    return [each for each in offered if sums.lo <= each.path < sums.hi] or offered[-1:]


def _area(areas: list[Area]) -> Area:
    """The asked one, else the viewer's widest."""
    held = {each.code: each for each in areas}
    code = request.args.get("area") or (areas[0].code if areas else "")
    if code not in held:
        abort(404)
    return held[code]
