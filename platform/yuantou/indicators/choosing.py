"""Which area and period a page is asked for, and which of them the viewer may ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import today
from yuantou.indicators.periods import first_of, months, parse_month, shift
from yuantou.indicators.populations import ORDER
from yuantou.indicators.queries import COUNTED
from yuantou.indicators.supplied import DECEMBER
from yuantou.indicators.villages import newest_list
from yuantou.territory.models import Area, Population

MONTHS_OFFERED = 48
YEARS_OFFERED = 3
SPANS = ("ytd", "month", "quarter", "year")


class OutOfReach(LookupError):
    """The viewer may not read figures of this area."""


@dataclass(frozen=True)
class Choice:
    """One area and period, of the areas on offer; `asked` is the month where it became another."""

    area: Area
    start: date
    end: date
    span: str
    offered: Sequence[Area]
    kind: str | None = None
    asked: date | None = None

    @property
    def query(self) -> dict[str, str]:
        """The choice as arguments of a link."""
        chosen = {
            "area": self.area.code,
            "month": f"{self.asked or self.end:%Y-%m}",
            "span": self.span,
        }
        return {**chosen, "kind": self.kind} if self.kind else chosen


def areas_for(session: Session, viewer: Viewer) -> list[Area]:
    """Areas whose figures a viewer may open: his own and below, and the sums above him."""
    own = viewer.agency.area_path
    above = set(own.strip("/").split("/"))
    rows = session.scalars(select(Area).where(Area.level.in_(COUNTED)).order_by(Area.path))
    sums = viewer.scope.sums
    return [area for area in rows if sums.lo <= area.path < sums.hi or area.code in above]


def choose(session: Session, viewer: Viewer, arguments: Mapping[str, str]) -> Choice:
    """The choice of a request; OutOfReach for an area that the viewer may not open."""
    readable = areas_for(session, viewer)
    offered = {area.code: area for area in readable}
    code = arguments.get("area") or _own(viewer, offered)
    if code not in offered:
        raise OutOfReach(code)
    span = arguments.get("span", "")
    span = span if span in SPANS else SPANS[0]
    end = _month(arguments.get("month", ""))
    kind = arguments.get("kind") if arguments.get("kind") in ORDER else None
    return Choice(offered[code], _start(span, end), end, span, readable, kind)


def whole_year(session: Session, choice: Choice) -> Choice:
    """The same for a figure of years: the chosen year, or else the last that villages tell of."""
    over = today().year - 1
    year = choice.end.year
    if year > over:
        year = min(newest_list(session) or over, over)
    start, end = date(year, 1, 1), date(year, DECEMBER, 1)
    return replace(choice, start=start, end=end, span=SPANS[0])


def counties_below(choice: Choice, sums: Range) -> list[str]:
    """Counties under a chosen city or province that the viewer may read, in their usual order."""
    if choice.area.level == "county":
        return []
    return [
        area.code
        for area in choice.offered
        if area.level == "county"
        and area.path.startswith(choice.area.path)
        and sums.lo <= area.path < sums.hi
    ]


def kinds_offered(session: Session) -> list[str]:
    """Kinds of population that there are, the preferred first."""
    found = set(session.scalars(select(Population.kind).distinct()))
    return [kind for kind in ORDER if kind in found]


def months_offered(now: date | None = None) -> list[date]:
    """Months to choose from, the newest first."""
    last = first_of(now or today())
    return list(months(shift(last, 1 - MONTHS_OFFERED), last))[::-1]


def years_offered(now: date | None = None) -> list[date]:
    """The Decembers to choose from, of years that are over, the newest first."""
    last = (now or today()).year - 1
    return [date(year, DECEMBER, 1) for year in range(last, last - YEARS_OFFERED, -1)]


def _own(viewer: Viewer, offered: Mapping[str, Area]) -> str:
    """The viewer's own area, or the nearest one above it that has figures."""
    codes = viewer.agency.area_path.strip("/").split("/")
    return next((code for code in reversed(codes) if code in offered), "")


def _month(words: str) -> date:
    last = first_of(today())
    try:
        month = parse_month(words)
    except ValueError:
        return shift(last, -1)
    return min(max(month, shift(last, 1 - MONTHS_OFFERED)), last)


def _start(span: str, end: date) -> date:
    if span == "ytd":
        return end.replace(month=1)
    return shift(end, {"month": 0, "quarter": -2, "year": -11}[span])
