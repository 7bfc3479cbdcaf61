"""From counts of equal periods to what changed: pure, no clock and no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geo.interruption import Effect, Interruption, compared, interrupted
from yuantou.alerts.governance.terms import Measuring

YEAR = 365.25
LEAST_FOR_SLOPE = 6  # periods afterwards
MEASURED, RUNNING, SHORT, SPARSE = "measured", "running", "short", "sparse"


@dataclass(frozen=True)
class Measure:
    """State and content of one measured effect."""

    state: str
    content: dict[str, object]


def measure(
    before: Sequence[int],
    after: Sequence[int],
    horizon: int,
    terms: Measuring,
    elsewhere: tuple[Sequence[int], Sequence[int]] | None = None,
) -> Measure:
    """The effect over `horizon` days; `after` holds only periods that are over.

    `elsewhere` are the same periods of places that were not acted upon.
    """
    before, elsewhere = since_first(before), elsewhere and (since_first(elsewhere[0]), elsewhere[1])
    content: dict[str, object] = {
        "before": list(before),
        "after": list(after),
        "period_days": terms.period_days,
        "needed": horizon // terms.period_days,
    }
    state = _state(before, after, horizon, terms)
    if state in (SHORT, SPARSE) or not after:
        return Measure(state, content)
    here = _fit(before, after, terms)
    content |= {**told(here.whole), **_lines(here)}
    content["dispersion"] = f"{here.dispersion:.2f}"
    content["slope"] = told(here.slope) if np.isfinite(here.slope.ratio) else None
    there = _compared(here, elsewhere, len(after), terms)
    if there is not None:
        content["elsewhere"], content["against"] = told(there[0]), told(there[1])
    return Measure(state, content)


def since_first(counts: Sequence[int]) -> Sequence[int]:
    """Without the periods before the first matter of the class: none may have been written down.

    What is left rises less, so that a fall is claimed later rather than sooner.
    """
    first = next((place for place, count in enumerate(counts) if count), len(counts))
    return counts[first:]


def told(effect: Effect) -> dict[str, object]:
    """Ratio, limits and p as text; what is not known is ''."""
    names = ("ratio", "lower", "upper")
    found: dict[str, object] = {name: _text(getattr(effect, name)) for name in names}
    return found | {"p": f"{effect.p:.4f}" if np.isfinite(effect.p) else ""}


def _state(before: Sequence[int], after: Sequence[int], horizon: int, terms: Measuring) -> str:
    if len(before) < terms.least_before:
        return SHORT
    if sum(before) < terms.least_counted:
        return SPARSE
    return RUNNING if len(after) * terms.period_days < horizon else MEASURED


def _fit(before: Sequence[int], after: Sequence[int], terms: Measuring) -> Interruption:
    season = YEAR / terms.period_days if len(before) >= terms.season_from else None
    return interrupted(
        [*before, *after],
        len(before),
        slope=len(after) >= LEAST_FOR_SLOPE,
        period=season,
        errors="newey-west",
    )


def _compared(
    here: Interruption,
    elsewhere: tuple[Sequence[int], Sequence[int]] | None,
    periods: int,
    terms: Measuring,
) -> tuple[Effect, Effect] | None:
    if elsewhere is None or len(elsewhere[1]) != periods:
        return None
    if len(elsewhere[0]) < terms.least_before or sum(elsewhere[0]) < terms.least_counted:
        return None
    there = _fit(*elsewhere, terms).whole
    against = compared(here.whole, there)
    return (there, against) if np.isfinite(against.ratio) else None


def _lines(found: Interruption) -> Mapping[str, object]:
    """Expected and fitted numbers, for the picture."""
    return {
        "expected": [f"{one:.2f}" for one in found.expected],
        "fitted": [f"{one:.2f}" for one in found.fitted],
    }


def _text(value: float) -> str:
    return f"{value:.2f}" if np.isfinite(value) else ""
