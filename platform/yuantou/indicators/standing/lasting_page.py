"""What the page of durable success shows: shares with interval, and how many stand behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.indicators.disclosure import conceal, small
from yuantou.indicators.standing.drawing import Plot, curve_plot
from yuantou.indicators.standing.lasting import LONG, Days, Lasting, lasting, read_days, together
from yuantou.judiciary.casefeed.models import SuitFeedMonth
from yuantou.territory.models import Area, Court

YEARS = 5
_MONTH = 30


@dataclass(frozen=True, slots=True)
class Share:
    """A share that lasts, with interval and how many were still watched; or why it is not said."""

    value: str | None
    interval: str | None = None
    watched: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One year of closing, or one county."""

    label: str
    closed: int
    short: Share
    long: Share


@dataclass(frozen=True, slots=True)
class Page:
    """An area's years, the chosen year's curve, and its counties."""

    years: list[Row]
    counties: list[Row]
    curve: Plot | None
    suits: str


def page(session: Session, area: Area, below: Sequence[Area], year: int, least: int) -> Page:
    """The page of an area and year of closing; fewer than `least` closings are not judged."""
    held = read_days(session, area, date(year - YEARS + 1, 1, 1), date(year, 12, 1))
    years = [
        (str(when), together([days for (_county, y), days in held.items() if y == when]))
        for when in range(year, year - YEARS, -1)
    ]
    counties = [(each.name, held.get((each.code, year), {})) for each in below]
    own = lasting(years[0][1])
    open_curve = own.closed >= least and not small(own.early) and not small(own.late)
    return Page(
        _rows(years, least, None),
        _rows(counties, least, own),
        curve_plot(_steps(own), LONG) if open_curve else None,
        suits_known(session, area),
    )


def _rows(parts: Sequence[tuple[str, Days]], least: int, whole: Lasting | None) -> list[Row]:
    """Rows with small counts withheld; where a whole is shown, what they follow from as well."""
    found = [lasting(days) for _label, days in parts]
    cells: dict[tuple[int, str], int | None] = {
        (at, part): count
        for at, one in [*enumerate(found), *([(-1, whole)] if whole else [])]
        for part, count in (("early", one.early), ("late", one.late))
    }
    sums = [
        ((-1, part), [(at, part) for at in range(len(found))])
        for part in ("early", "late")
        if whole
    ]
    hidden = conceal(cells, sums)
    return [
        Row(
            label,
            one.closed,
            _share(one, 0, (at, "early") in hidden, least),
            _share(one, 1, bool({(at, "early"), (at, "late")} & hidden), least),
        )
        for at, ((label, _days), one) in enumerate(zip(parts, found, strict=True))
    ]


def _share(one: Lasting, at: int, hidden: bool, least: int) -> Share:
    if one.closed < least:
        return Share(None, why=_("数据不足"))
    if hidden:
        return Share(None, why=_("数目小于3，不显示"))
    curve = one.curve
    if np.isnan(curve.survival[at]):
        return Share(None, why=_("还没观察到这么久"))
    value, low, high = (
        f"{100 * float(part[at]):.1f}" for part in (curve.survival, curve.lower, curve.upper)
    )
    return Share(value, f"{low}—{high}", int(curve.watched[at]))


def _steps(one: Lasting) -> list[tuple[float, float]]:
    """The curve by thirty days, so that no step is one matter."""
    left = np.concatenate([[1.0], np.cumprod(1 - one.curve.events / one.curve.at_risk)])
    return [
        (day, float(left[np.searchsorted(one.curve.times, day, side="right")]))
        for day in range(_MONTH, LONG + 1, _MONTH)
    ]


def suits_known(session: Session, area: Area) -> str:
    """What is known of suits: of how many of the area's courts the case feed was released."""
    mine = select(Court.code).where(Court.counts_to_path.startswith(area.path, autoescape=True))
    all_courts = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    sent = session.scalar(
        select(func.count(SuitFeedMonth.court_code.distinct())).where(
            SuitFeedMonth.court_code.in_(mine)
        )
    )
    if not sent:
        return _("法院没有送案件级数据：调解后是否起诉不知道，这里只算重启和再次上报。")
    if sent < all_courts:
        return _(
            "%(all)s 家法院中有 %(n)s 家送了案件级数据，其余的是否起诉不知道，实际比例可能更低。",
            all=all_courts,
            n=sent,
        )
    return _("各法院都送了案件级数据；没有送到的月份，是否起诉不知道。")
