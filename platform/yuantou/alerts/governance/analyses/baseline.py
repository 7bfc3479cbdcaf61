"""How often a class of matters came lately, against the months before, with an exact interval."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.differences import compare_rates
from yuantou.alerts.governance.terms import Baseline
from yuantou.indicators.models import DisputeMonth
from yuantou.indicators.periods import shift
from yuantou.territory.models import Area


def against_baseline(
    session: Session,
    area: Area,
    type_code: str | None,
    today: date,
    terms: Baseline,
    counties: Collection[str] = (),
) -> dict[str, object] | None:
    """Counts of both spans and their ratio; None where no class is named or nothing came before.

    Of a class that is led over some `counties` theirs alone are counted.
    """
    if type_code is None:
        return None
    month = today.replace(day=1)
    recent = shift(month, 1 - terms.recent_months)
    earlier = shift(recent, -terms.earlier_months)
    now = _count(session, area, type_code, recent, month, counties)
    until = recent - timedelta(days=1)
    before = _count(session, area, type_code, earlier, until, counties)
    days, others = (today - recent).days + 1, (recent - earlier).days
    if not before:
        return {"recent": now, "earlier": before, "from": str(recent), "since": str(earlier)}
    found = compare_rates(now, days, before, others)
    ratio, low, high = (f"{float(one):.2f}" for one in (found.ratio, found.lower, found.upper))
    return {
        "recent": now,
        "earlier": before,
        "from": str(recent),
        "since": str(earlier),
        "expected": f"{before * days / others:.1f}",
        "ratio": ratio,
        "lower": low,
        "upper": high,
    }


def _count(
    session: Session,
    area: Area,
    type_code: str,
    first: date,
    last: date,
    counties: Collection[str],
) -> int:
    """Sums only: of a county and wider from all counties' sums, of a township from its own."""
    if area.level == "township":
        asked = select(func.sum(DisputeMonth.reported)).where(
            DisputeMonth.area_code == area.code,
            DisputeMonth.type == type_code,
            DisputeMonth.month.between(first, last),
        )
        return int(session.scalar(asked) or 0)
    whole = select(Area.code).where(Area.level == "county", Area.path.startswith(area.path))
    below: Any = counties or whole
    counts = func.county_counts(first, last, type_code).table_valued("area_code", "reported")
    asked = select(func.sum(counts.c.reported)).where(counts.c.area_code.in_(below))
    return int(session.scalar(asked) or 0)
