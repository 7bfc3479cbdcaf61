"""What the pages of the counts put together from several rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.judiciary import queries
from yuantou.judiciary.columns import BREAK
from yuantou.judiciary.models import CourtCount
from yuantou.judiciary.queries import Submission
from yuantou.judiciary.service import Item, Preview
from yuantou.territory.models import Area, Court

STATES = ("released", "pending", "waiting", "overdue")


@dataclass(frozen=True)
class Group:
    """The courts of one city, and how the last month stands with them."""

    name: str
    rows: list[list[Submission]]

    @property
    def tally(self) -> dict[str, int]:
        """Courts by the state of the last month."""
        return tally(self.rows)


@dataclass(frozen=True)
class Trend:
    """Civil first-instance filings by month for the chart, oldest first, gaps kept."""

    labels: list[str]
    values: list[int | None]
    breaks: list[int]


def tally(rows: Iterable[Sequence[Submission]]) -> dict[str, int]:
    """Courts by the state of the last month."""
    counted = dict.fromkeys(STATES, 0)
    for row in rows:
        counted[row[-1].state] += 1
    return counted


def missing(rows: Iterable[Sequence[Submission]]) -> list[Court]:
    """Courts whose last month nobody entered."""
    return [row[-1].court for row in rows if row[-1].state in ("waiting", "overdue")]


def by_city(session: Session, rows: Iterable[list[Submission]]) -> list[Group]:
    """The courts under the city, or the province, that they count to."""
    groups: dict[str, list[list[Submission]]] = {}
    for row in rows:
        parts = row[0].court.counts_to_path.strip("/").split("/")
        groups.setdefault(parts[:2][-1], []).append(row)
    names = _area_names(session, groups)
    return [Group(names.get(code, code), held) for code, held in groups.items()]


def trend(row: Sequence[Submission]) -> Trend:
    """The chart of one court; `row` is newest first."""
    old = list(row)[::-1]
    return Trend(
        [f"{one.month:%Y-%m}" for one in old],
        [one.count.civil_first_new if one.count else None for one in old],
        [place for place, one in enumerate(old) if place and one.month == BREAK],
    )


def items_of(rows: Iterable[CourtCount]) -> list[Item]:
    """Kept rows as the warnings look at them."""
    return [Item(row.court_code, row.month, row.civil_first_new) for row in rows]


def court_names(session: Session, found: Preview) -> dict[str, str]:
    """Names of the courts of a preview."""
    codes = {one.court for one in [*found.writes, *found.unchanged]}
    return {code: session.get_one(Court, code).name for code in codes}


def township_names(session: Session, rows: Iterable[CourtCount]) -> dict[str, str]:
    """Names of the townships of some rows."""
    codes = {code for row in rows for code in row.by_township or {}}
    names = _area_names(session, codes)
    return {code: names.get(code, code) for code in codes}


def months_over(today: date, number: int) -> list[date]:
    """The last `number` months that are over, oldest first."""
    months, month = [], today
    for _step in range(number):
        month = queries.previous_month(month.replace(day=1))
        months.append(month)
    return months[::-1]


def month_of(text: str) -> date | None:
    """The month of an address such as 2026-01."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def _area_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    rows = session.execute(select(Area.code, Area.name).where(Area.code.in_(list(codes))))
    return {code: name for code, name in rows}  # noqa: C416 — typed rows
