"""Keeping the courts' counts: released components summed by the area that each court counts to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from yuantou.indicators.models import CourtMonth
from yuantou.indicators.periods import shift
from yuantou.indicators.rates import COMPONENTS, civil_parts, total
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Area, Court

APART = "apart_"
MIXED = "mixed"
COUNTY = "county"

SENT = (
    CourtCount.court_code,
    CourtCount.month,
    CourtCount.regime,
    CourtCount.basis,
    CourtCount.civil_first_new,
    CourtCount.admin_first_new,
    CourtCount.prelit,
    CourtCount.prelit_success,
    CourtCount.first_mediation,
    CourtCount.first_mediation_success,
    CourtCount.withdrawn,
    CourtCount.dismissed,
    CourtCount.special_procedure,
)

Components = Mapping[str, int | None]


@dataclass(frozen=True)
class Sent:
    """The newest released month of one court."""

    court_code: str
    month: date
    regime: str
    components: Components


Arrived = Mapping[str, Mapping[date, Sent]]
Cumulated = Mapping[date, Components]


@dataclass
class _Counted:
    """One counted area: its courts, by whether they count to a county, and what they sent."""

    area: Area
    own: list[Court] = field(default_factory=list)
    apart: list[Court] = field(default_factory=list)

    @property
    def level(self) -> str:
        """Level of the area."""
        return self.area.level

    def months(self, sent: Arrived) -> list[date]:
        """Months of which any of its courts sent counts."""
        courts = (*self.own, *self.apart)
        return sorted({month for court in courts for month in sent.get(court.code, ())})


def keep_counts(session: Session, areas: Sequence[str] | None, now: datetime) -> None:
    """Step: the court months of `areas` and of the areas above them; of all areas where None."""
    counted = _counted_areas(session)
    sent = newest_released(session)
    wanted = counted.keys() if areas is None else _with_above(counted, areas)
    by_county = {
        code: _cumulated(each, sent) for code, each in counted.items() if each.level == COUNTY
    }
    session.execute(delete(CourtMonth).where(CourtMonth.area_code.in_(list(wanted))))
    rows = [
        row
        for code, each in counted.items()
        if code in wanted
        for row in _rows(each, sent, _inside(each, counted, by_county), now)
    ]
    if rows:
        session.execute(insert(CourtMonth.__table__), rows)  # type: ignore[arg-type]


def released(*columns: Any) -> Select[Any]:
    """Of every court and month, the newest revision that was released; whole rows if no columns."""
    return (
        select(*(columns or (CourtCount,)))
        .where(CourtCount.released_at.is_not(None))
        .ext(distinct_on(CourtCount.court_code, CourtCount.month))
        .order_by(CourtCount.court_code, CourtCount.month, CourtCount.revision.desc())
    )


def newest_released(session: Session) -> dict[str, dict[date, Sent]]:
    """What the courts sent, by court and month."""
    found: dict[str, dict[date, Sent]] = defaultdict(dict)
    for row in session.execute(released(*SENT)):
        found[row.court_code][row.month] = Sent(
            row.court_code, row.month, row.regime, components_of(row)
        )
    return found


def components_of(row: Any) -> Components:
    """The components of one court's month, C brought to both bases."""
    incl, excl = civil_parts(
        row.civil_first_new, row.basis, row.first_mediation_success, row.regime
    )
    return {
        "civil_incl": incl,
        "civil_excl": excl,
        "admin": row.admin_first_new,
        "prelit": row.prelit,
        "prelit_success": row.prelit_success,
        "first_mediation": row.first_mediation,
        "first_mediation_success": row.first_mediation_success,
        "withdrawn": row.withdrawn,
        "dismissed": row.dismissed,
        "special_procedure": row.special_procedure,
    }


def is_due(court: Court, month: date) -> bool:
    """Whether the court existed in that month and so owes its counts."""
    return court.valid_from <= month and (court.valid_to is None or court.valid_to > month)


def _counted_areas(session: Session) -> dict[str, _Counted]:
    levels = ("county", "city", "province")
    areas = session.scalars(select(Area).where(Area.level.in_(levels)))
    counted = {area.code: _Counted(area) for area in areas}
    for court in session.scalars(select(Court)):
        to_county = court.counts_to == COUNTY
        for code in court.counts_to_path.strip("/").split("/"):
            if code in counted:
                (counted[code].own if to_county else counted[code].apart).append(court)
    return counted


def _with_above(counted: Mapping[str, _Counted], areas: Iterable[str]) -> set[str]:
    return {
        code
        for each in areas
        if each in counted
        for code in counted[each].area.path.strip("/").split("/")
    }


def _cumulated(each: _Counted, sent: Arrived) -> Cumulated:
    """A county's components from January on, for the months up to which all its courts sent."""
    found: dict[date, Components] = {}
    for month in each.months(sent):
        courts = _due(each.own, sent, month)
        if any(month not in sent.get(court.code, ()) for court in courts):
            continue
        this = [sent[court.code][month].components for court in courts]
        if month.month > 1:
            if (before := found.get(shift(month, -1))) is None:
                continue
            this.append(before)
        found[month] = {name: total(part[name] for part in this) for name in COMPONENTS}
    return found


def _inside(
    each: _Counted, counted: Mapping[str, _Counted], by_county: Mapping[str, Cumulated]
) -> dict[str, Cumulated]:
    """The cumulated months of the counties at or under an area."""
    path = each.area.path
    return {
        code: held for code, held in by_county.items() if counted[code].area.path.startswith(path)
    }


def _rows(
    each: _Counted, sent: Arrived, inside: Mapping[str, Cumulated], now: datetime
) -> list[dict[str, object]]:
    return [
        {**_row(each, sent, month, now), **_to_date(inside, month)} for month in each.months(sent)
    ]


def _to_date(inside: Mapping[str, Cumulated], month: date) -> dict[str, object]:
    whole = {code: held[month] for code, held in inside.items() if month in held}
    summed = {name: total(part[name] for part in whole.values()) for name in COMPONENTS}
    return {"to_date": summed, "to_date_of": sorted(whole)}


def _row(each: _Counted, sent: Arrived, month: date, now: datetime) -> dict[str, object]:
    own, apart = _due(each.own, sent, month), _due(each.apart, sent, month)
    found = {
        court.code: one
        for court in (*own, *apart)
        if (one := sent.get(court.code, {}).get(month)) is not None
    }
    regimes = {one.regime for one in found.values()}
    components = _summed(own, found, nobody=None)
    if each.level != COUNTY:
        components |= {f"{APART}{name}": n for name, n in _summed(apart, found, nobody=0).items()}
    return {
        "area_code": each.area.code,
        "month": month,
        "level": each.level,
        "area_path": each.area.path,
        "regime": regimes.pop() if len(regimes) == 1 else MIXED,
        "courts_due": len(own) + len(apart),
        "courts_in": len(found),
        "missing": sorted(court.code for court in (*own, *apart) if court.code not in found),
        "components": components,
        "computed_at": now,
    }


def _due(courts: Iterable[Court], sent: Arrived, month: date) -> list[Court]:
    """Courts that owe the month, and courts that sent it though they no longer had to."""
    return [court for court in courts if is_due(court, month) or month in sent.get(court.code, ())]


def _summed(
    courts: Sequence[Court], found: Mapping[str, Sent], nobody: int | None
) -> dict[str, int | None]:
    """Component by component; what is owed and not sent is None, `nobody` where no court owes."""
    if not courts:
        return dict.fromkeys(COMPONENTS, nobody)
    return {
        name: total(
            found[court.code].components[name] if court.code in found else None for court in courts
        )
        for name in COMPONENTS
    }
