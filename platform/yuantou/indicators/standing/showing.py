"""Standings as the pages show them: names, words and charts; what is hidden stays hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, has_app_context
from flask_babel import gettext as _

from yuantou.database.connections import ROOT
from yuantou.database.settings import Settings, read_settings
from yuantou.indicators.pages import Shown
from yuantou.indicators.standing.drawing import Plot, funnel_plot, interval_plot
from yuantou.indicators.standing.placing import (
    ABOVE,
    BELOW,
    CHANCE_ONLY,
    UNJUDGED,
    WITHIN,
    Minimums,
    Place,
    Standing,
    stand,
)

FEW = 10  # below, the common spread is itself uncertain
GROUPS_LISTED = 12


@dataclass(frozen=True, slots=True)
class County:
    """One row: the county's figure, and what can be said of it in words."""

    shown: Shown
    place: Place
    verdict: str
    smoothed: str | None
    like: str | None
    rank: str | None

    @property
    def name(self) -> str:
        """The county's name."""
        return self.shown.figure.area_name

    @property
    def sign(self) -> str:
        """The look of its point."""
        return self.place.verdict if not self.place.alarm else f"{self.place.verdict} alarm"


@dataclass(frozen=True, slots=True)
class Among:
    """A figure of an area's counties among each other, ready for the template."""

    standing: Standing
    counties: list[County]
    funnel: Plot | None
    intervals: Plot | None
    target: str
    said: list[str]
    groups: list[tuple[str, str]]
    ranked: bool


def minimums() -> Minimums:
    """The least denominators of the installation."""
    held = _settings()
    return Minimums(*(held.of("standing", f"least_{n}") for n in ("persons", "matters", "areas")))


def _settings() -> Settings:
    if has_app_context():
        found: Settings = current_app.extensions["settings"]
        return found
    return read_settings(ROOT / "config" / "settings.toml")


def among(found: Sequence[Shown]) -> Among | None:
    """The counties of an area among each other; None where nothing can be said.

    Intervals of ranks come with it only where the installation turned them on.
    """
    ranking = bool(_settings().of("standing", "ranking"))
    standing = stand([each.told for each in found], minimums(), ranking=ranking)
    if standing is None:
        return None
    counties = [_county(one, place) for one, place in zip(found, standing.places, strict=True)]
    open_places = [at for at, one in enumerate(found) if not one.hidden]
    made = found[0].figure.definition
    target = f"{found[0].figure.on_screen(standing.target * made.factor):,.{made.places}f}"
    return Among(
        standing,
        counties,
        funnel_plot(standing, open_places),
        interval_plot(standing, open_places),
        target,
        list(_said(standing, counties)),
        _groups(standing, found),
        ranking,
    )


def verdict_words(place: Place) -> str:
    """What the test says of a county."""
    outer = _("（99.8%界外）") if place.alarm else _("（95%界外）")
    return {
        ABOVE: _("高于界限") + outer,
        BELOW: _("低于界限") + outer,
        CHANCE_ONLY: _("在共有差异之内"),
        WITHIN: _("在偶然界内"),
        UNJUDGED: _("数据不足"),
    }[place.verdict]


def _county(one: Shown, place: Place) -> County:
    figure = one.figure
    smoothed = None if one.hidden else figure.on_screen(place.smoothed)
    return County(
        one,
        place,
        _("数据不足") if one.hidden else verdict_words(place),
        None if smoothed is None else f"{smoothed:,.{figure.definition.places}f}",
        None if place.like is None or one.hidden else str(place.like),
        f"{place.rank[0]}—{place.rank[1]}" if place.rank and not one.hidden else None,
    )


def _said(standing: Standing, counties: Sequence[County]) -> Sequence[str]:
    """What the charts say, in sentences: a difference only where the test finds one."""
    beyond = [one for one in counties if one.place.verdict in (ABOVE, BELOW)]
    named = [one for one in beyond if not one.shown.hidden]
    first = (
        _("计入各县区共有的差异后，%(n)s 个县区在95%%界外：%(names)s。这是要去问的问题，不是结论。",
          n=len(beyond), names="、".join(one.name for one in named))
        if named
        else _("计入各县区共有的差异后，没有县区在95%界外：看得到的高低不超出偶然和共有差异。")
    )  # fmt: skip
    lucky = _(
        "即使大家只差偶然，平均也会有约 %(n)s 个在界外。", n=max(round(standing.judged / 20), 1)
    )
    found = [f"{first}{lucky}" if named else first, _together(standing)]
    missing = len(counties) - standing.judged
    if missing:
        found.append(_("%(n)s 个县区缺数或分母太小，没有参加判断。", n=missing))
    if standing.judged < FEW:
        found.append(_("参加判断的县区不到 %(n)s 个，共有差异估得不准。", n=FEW))
    return found


def _together(standing: Standing) -> str:
    widest = standing.widest
    if len(standing.groups) == 1:
        return _("%(n)s 个县区之间都分不出高低，所以不排名。", n=standing.judged)
    return _(
        "两两相比（同时成立，95%%），%(all)s 个县区分成 %(groups)s 个可重叠的组，同组分不出高低；"
        "最大的一组有 %(n)s 个。",
        all=standing.judged,
        groups=len(standing.groups),
        n=len(widest.places) if widest else 0,
    )


def _groups(standing: Standing, found: Sequence[Shown]) -> list[tuple[str, str]]:
    """Each group with its members' names, where there are few enough to read."""
    if not 1 < len(standing.groups) <= GROUPS_LISTED:
        return []
    return [
        (group.letter, "、".join(found[at].figure.area_name for at in group.places))
        for group in standing.groups
    ]
