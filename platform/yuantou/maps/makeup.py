"""What a county's figure is made of: types, months, channels, largest groups, and its matters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import Date, bindparam, func, select, text
from sqlalchemy.orm import Session

from yuantou.coordination.series.models import Series
from yuantou.disputes.codes import read as read_codes
from yuantou.indicators.disclosure import conceal, fixed_period, shown
from yuantou.indicators.models import DisputeMonth
from yuantou.indicators.periods import months
from yuantou.maps import queries, veils
from yuantou.maps.queries import Period, month_back
from yuantou.maps.veils import Veils
from yuantou.territory.models import Area

LARGEST = 8
YEAR = 12
MONTHS_OF_QUARTER = 3
_MAKEUP = text("SELECT * FROM county_makeup(:county, :since, :after, :type)").bindparams(
    bindparam("since", type_=Date), bindparam("after", type_=Date)
)


@dataclass(frozen=True)
class Part:
    """One part in words: how many, and a year earlier where that is kept."""

    name: str
    written: str
    count: int | None
    before: str = ""


@dataclass(frozen=True)
class Makeup:
    """A county's matters of a period, taken apart in every way that is known.

    `narrow`: channels, agencies and series are told of whole years and all types alone.
    """

    total: str
    types: Sequence[Part]
    months: Sequence[Part]
    channels: Sequence[Part]
    agencies: Sequence[Part]
    series: Sequence[Part]
    townships: Sequence[Part]
    narrow: bool = False


@dataclass(frozen=True)
class Held:
    """What the tables of this year and of the year before hide of a county, for who may not open
    the matters; a year before that is no fixed period is not told at all."""

    county: str
    period: Period
    now: Veils | None
    before: Veils | None
    townships: Collection[str]

    def hides(self, kind: str, span: Period) -> bool:
        """Whether a count of a type and span must not be shown."""
        table = self.before if span.last < self.period.first else self.now
        return table is None or table.hides(self.county, kind, span.first, span.last)

    @property
    def whole_year(self) -> bool:
        """Whether a year is looked at: only then are channels, agencies and series told."""
        return self.period.last.month - self.period.first.month >= MONTHS_OF_QUARTER


def held(session: Session, county: Area, period: Period, type_: str, sight: Sequence[Area]) -> Held:
    """The tables that a county's make-up is held against."""
    earlier = _years(period)[1]
    span = (earlier.first, earlier.last)
    told = fixed_period(*span, veils.newest_month()) == span
    below = queries.townships(session, county.path)
    measure = veils.REPORTED
    return Held(
        county.code,
        period,
        veils.counties(session, sight, measure, period),
        veils.counties(session, sight, measure, earlier) if told else None,
        veils.hidden_townships(session, below, measure, type_, period),
    )


def makeup(
    session: Session, county: Area, period: Period, type_: str, shut: Held | None = None
) -> Makeup:
    """Sums under the disclosure rule. Restricted matters are in the sums and in no group."""
    this, before = (_by_type_and_month(session, county, each) for each in _years(period))
    asked = {"county": county.code, "since": period.first, "after": month_back(period.last, -1)}
    found = _grouped(session.execute(_MAKEUP, {**asked, "type": type_}).all())
    codes = read_codes()
    mine = {key: n for key, n in this.items() if type_ in ("", key[0])}
    prior = {key: n for key, n in before.items() if type_ in ("", key[0])}
    types = {kind: _sum(this, kind=kind) for kind in codes.types}
    names = {code: each.name_zh for code, each in codes.sources.items()}
    total = sum(mine.values())
    narrow = shut is not None and (bool(type_) or not shut.whole_year)
    found = {} if narrow else found
    earlier = _years(period)[1]
    return Makeup(
        total=shown(total, shut is not None and shut.hides(type_, period)),
        types=_parts(
            {codes.types[kind].name_zh: n for kind, n in types.items() if n},
            {codes.types[kind].name_zh: _sum(before, kind=kind) for kind in types},
            hidden=_of_types(shut, period),
            was_hidden=_of_types(shut, earlier),
        ),
        months=_months(mine, prior, period, shut, type_),
        channels=_parts({names.get(k, k): n for k, n in found.get("source", {}).items()}),
        agencies=_parts(found.get("agency", {}), whole=total)[:LARGEST],
        series=_series(session, found.get("series", {})),
        townships=_townships(session, county, period, type_, total, shut)[:LARGEST],
        narrow=narrow,
    )


def _years(period: Period) -> tuple[Period, Period]:
    earlier = Period(month_back(period.first, YEAR), month_back(period.last, YEAR))
    return period, earlier


def _by_type_and_month(
    session: Session, county: Area, period: Period
) -> dict[tuple[str, date], int]:
    rows = session.execute(
        select(DisputeMonth.type, DisputeMonth.month, func.sum(DisputeMonth.reported))
        .where(
            DisputeMonth.area_code == county.code,
            DisputeMonth.month.between(period.first, period.last),
        )
        .group_by(DisputeMonth.type, DisputeMonth.month)
    )
    return {(kind, month): int(number) for kind, month, number in rows}


def _grouped(rows: Sequence["tuple[str, str, int]"]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for dimension, value, number in rows:
        found.setdefault(dimension, {})[value] = int(number)
    return found


def _sum(held: Mapping[tuple[str, date], int], *, kind: str) -> int:
    return sum(number for (each, _month), number in held.items() if each == kind)


def _of_types(shut: Held | None, span: Period) -> set[str] | None:
    """The types whose count one table hides, by name."""
    if shut is None:
        return None
    kinds = read_codes().types
    return {kinds[kind].name_zh for kind in kinds if shut.hides(kind, span)}


def _parts(
    counts: Mapping[str, int],
    before: Mapping[str, int] | None = None,
    whole: int | None = None,
    hidden: set[str] | None = None,
    was_hidden: set[str] | None = None,
) -> list[Part]:
    """Parts of one whole, the largest first; small ones hidden, and what would give them away.

    `whole` is said where it is more than its parts: what restricted matters leave between them
    must not be worked out either. `hidden` is what a table says, where one is asked.
    """
    hidden = _concealed(counts, whole) if hidden is None else hidden
    was_hidden = _concealed(before or {}) if was_hidden is None else was_hidden
    rows = sorted(counts, key=lambda name: (name in hidden, -counts[name], name))
    return [
        Part(
            name,
            shown(counts[name], name in hidden),
            None if name in hidden else counts[name],
            shown(before.get(name, 0), name in was_hidden) if before is not None else "",
        )
        for name in rows
    ]


def _concealed(counts: Mapping[str, int], whole: int | None = None) -> set[str]:
    everything, rest = "\0all", "\0rest"
    total = sum(counts.values()) if whole is None else whole
    left = max(total - sum(counts.values()), 0)
    cells = {**counts, everything: total, rest: left}
    return conceal(cells, [(everything, [*counts, rest])]) - {everything, rest}


def _months(
    mine: Mapping[tuple[str, date], int],
    prior: Mapping[tuple[str, date], int],
    period: Period,
    shut: Held | None,
    type_: str,
) -> list[Part]:
    span = list(months(period.first, period.last))
    this = {m: sum(n for (_k, month), n in mine.items() if month == m) for m in span}
    then = {
        m: sum(n for (_k, month), n in prior.items() if month == month_back(m, YEAR)) for m in span
    }
    hidden = _concealed({str(m): n for m, n in this.items()})
    was = _concealed({str(m): n for m, n in then.items()})
    if shut is not None:
        ago = {m: month_back(m, YEAR) for m in span}
        hidden = {str(m) for m in span if shut.hides(type_, Period(m, m))}
        was = {str(m) for m in span if shut.hides(type_, Period(ago[m], ago[m]))}
    return [
        Part(
            _("%(y)d年%(m)d月", y=m.year, m=m.month),
            shown(this[m], str(m) in hidden),
            None if str(m) in hidden else this[m],
            shown(then[m], str(m) in was),
        )
        for m in span
    ]


def _series(session: Session, counts: Mapping[str, int]) -> list[Part]:
    """Classes of matters, named where the viewer may read the class."""
    asked = select(Series.id, Series.name).where(Series.id.in_([int(each) for each in counts]))
    known = {row.id: row.name for row in session.execute(asked)}
    rows = sorted(counts.items(), key=lambda row: (-row[1], int(row[0])))
    return [
        Part(known.get(int(key), _("一类系列案（名称不在查看范围）")), shown(n, False), n)
        for key, n in rows
        if n >= 3
    ][:LARGEST]


def _townships(
    session: Session, county: Area, period: Period, type_: str, total: int, shut: Held | None
) -> list[Part]:
    places = {area.code: area.name for area in queries.townships(session, county.path)}
    seen, _age = queries.reported(session, period, type_, "township", county.path)
    hidden = None if shut is None else {places[code] for code in shut.townships}
    return _parts({places[code]: n for code, n in seen.items() if n}, whole=total, hidden=hidden)
