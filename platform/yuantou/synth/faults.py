"""Faults of the data, planted so that silence is held to a truth: who sent nothing, and when."""

from datetime import date, timedelta
from typing import Any

import numpy as np

from yuantou.synth.counts import Counts, months_until
from yuantou.synth.days import Ints, day_number
from yuantou.synth.land import Land
from yuantou.synth.planting import Planted
from yuantou.synth.seasons import Floats

SILENT_DAYS = 21
LEAST_EXPECTED = 15.0  # matters that would have come: fewer missing ones would surprise nobody


def plant_silence(
    land: Land, weights: Floats, disputes: int, first: date, today: date, seed: int
) -> list[Planted]:
    """One county, if there are others, that logs nothing any more: of those large enough."""
    days = (today - first).days + 1
    due = disputes * weights * SILENT_DAYS / days
    large = np.flatnonzero(due >= LEAST_EXPECTED)
    if len(large) < 1 or len(land.counties) < 2 or days <= 2 * SILENT_DAYS:
        return []
    chosen = int(np.random.default_rng([seed, 27]).choice(large))
    starts = np.concatenate(([0], np.cumsum([len(each) for each in land.townships])))
    flat = tuple(range(int(starts[chosen]), int(starts[chosen + 1])))
    start = today - timedelta(days=SILENT_DAYS - 1)
    code = land.counties[chosen].code
    return [Planted("silent_county", "", (code,), flat, start, today, 0.0, 0)]


def silence(event: Planted, township: Ints, day: Ints, places: int, rng: Any) -> Ints:
    """The townships of the matters, those of a silent county's last days being others'."""
    inside = np.isin(township, event.townships)
    gone = inside & (day >= day_number(event.first)) & (day <= day_number(event.last))
    others = np.setdiff1d(np.arange(places), event.townships)
    moved = township.copy()
    moved[gone] = rng.choice(others, int(gone.sum()))
    return moved


def silent_courts(land: Land, counts: Counts, first: date, today: date) -> list[dict[str, Any]]:
    """Rows of the truth table for the courts that sent nothing for the last month."""
    month = list(months_until(first, today))[-1]
    sent = {
        court.code
        for court, count in zip(counts.court, counts.count, strict=True)
        if count.month == month
    }
    return [
        {
            "kind": "silent_court", "type": "", "court": court.code,
            "areas": [court.counts_to_code], "first": month.isoformat(),
            "last": today.isoformat(), "dispute_ids": [],
        }
        for court in land.courts
        if court.code not in sent
    ]  # fmt: skip
