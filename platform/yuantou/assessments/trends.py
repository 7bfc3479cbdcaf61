"""A run of months with natural limits, each side of a break by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from yuantou.assessments.measures import Count, Limits, Scale, control_limits, value_of
from yuantou.assessments.sealing import rounded


@dataclass(frozen=True, slots=True)
class Month:
    """One month of a run; `count` is None when it is not known."""

    month: str
    count: Count | None


def trend(months: Sequence[Month], scale: Scale, breaks: Sequence[date]) -> dict[str, Any]:
    """Values, the places of breaks, the limits of each part, and the months outside them."""
    values = [value_of(each.count, scale) if each.count else None for each in months]
    starts = {each.isoformat()[:7] for each in breaks}
    cuts = [i for i, each in enumerate(months) if i and each.month in starts]
    parts = [
        (start, end, control_limits(values[start:end]))
        for start, end in pairwise([0, *cuts, len(months)])
    ]
    return {
        "months": [each.month for each in months],
        "values": [rounded(value, scale.places) for value in values],
        "breaks": cuts,
        "limits": [
            {"start": start, "end": end - 1, **_written(limits, scale)}
            for start, end, limits in parts
            if limits
        ],
        "outside": [
            months[i].month
            for start, end, limits in parts
            if limits
            for i in range(start, end)
            if _beyond(values[i], limits)
        ],
    }


def _written(limits: Limits, scale: Scale) -> dict[str, str | None]:
    return {
        "mean": rounded(limits.mean, scale.places),
        "lower": rounded(limits.low, scale.places),
        "upper": rounded(limits.high, scale.places),
    }


def _beyond(value: float | None, limits: Limits) -> bool:
    return value is not None and not limits.low <= value <= limits.high
