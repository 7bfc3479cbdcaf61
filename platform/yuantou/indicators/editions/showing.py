"""A trial as the page shows it: who would change, and whether within the noise."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.indicators.catalogue import Definition
from yuantou.indicators.disclosure import LEAST
from yuantou.indicators.models import DefinitionVersion
from yuantou.territory.models import Area


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One county by the old rule and by the new. `within`: the new lies in the old's interval."""

    area: str
    old: str | None
    interval: str | None
    new: str | None
    change: str | None
    within: bool | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """The year that was tried and its counties."""

    start: date
    end: date
    rows: list[TrialRow]

    @property
    def unknown(self) -> int:
        """How many counties have no figure to hold against another."""
        return sum(row.within is None for row in self.rows)

    @property
    def beyond(self) -> int:
        """How many counties would change by more than chance explains."""
        return sum(row.within is False for row in self.rows)


def shown_trial(session: Session, row: DefinitionVersion, made: Definition) -> Trial | None:
    """The trial of a version, or None before it was tried."""
    if row.preview is None:
        return None
    tried: dict[str, Any] = row.preview
    names = {row.code: row.name for row in session.execute(select(Area.code, Area.name))}
    return Trial(
        date.fromisoformat(tried["start"]),
        date.fromisoformat(tried["end"]),
        [_row(names.get(each["area"], each["area"]), each, made) for each in tried["rows"]],
    )


def _row(area: str, each: dict[str, Any], made: Definition) -> TrialRow:
    old, new = each["old"] or {}, each["new"]
    before, after = _known(old), _known(new)
    bounds = [
        old[end] for end in ("low", "high") if before is not None and old.get(end) is not None
    ]
    change = after - before if before is not None and after is not None else None
    return TrialRow(
        area=area,
        old=_said(before, made),
        interval="—".join(str(_said(end, made)) for end in bounds) if len(bounds) > 1 else None,
        new=_said(after, made),
        change=None if change is None else f"{change:+.{made.places}f}",
        within=bounds[0] <= after <= bounds[1] if len(bounds) > 1 and after is not None else None,
        note=new.get("missing"),
    )


def _known(figure: dict[str, Any]) -> float | None:
    """The value, unless it stands on fewer cases than may be shown."""
    hits = figure.get("numerator")
    if figure.get("value") is None or hits is None or 0 < hits < LEAST:
        return None
    return float(figure["value"])


def _said(value: float | None, made: Definition) -> str | None:
    return None if value is None else f"{value:,.{made.places}f}"
