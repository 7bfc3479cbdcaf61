"""When disputes of each type come: how often, in which months, on which days, in which places.

`PUBLISHED` are the shares of the four commonest types in Lishui's people's mediation, third
quarter of 2016, of 8,438 matters mediated. The rest is assumed and stands here to be read.
"""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from yuantou.synth.days import Almanac, Ints, day_number

Floats = NDArray[np.float64]

PUBLISHED = {
    "traffic": 2096 / 8438,
    "neighborhood": 1840 / 8438,
    "marriage_family": 868 / 8438,
    "forest_land": 717 / 8438,
}
ASSUMED = {
    "house_homestead": 5.0,
    "contract": 6.0,
    "production_business": 3.0,
    "damages": 7.0,
    "expropriation": 1.5,
    "environment": 0.8,
    "migrant_wages": 3.5,
    "other_labor": 3.0,
    "tourism": 0.4,
    "e_commerce": 0.5,
    "other_consumer": 3.0,
    "medical": 0.9,
    "property_management": 5.5,
    "other": 4.0,
}
# type: factor of each month, January first
MONTHS = {
    "property_management": (1.5, 1.4, 1.2, 0.8, 0.7, 0.7, 0.7, 0.7, 0.8, 1.0, 1.6, 1.7),
    "migrant_wages": (2.6, 1.3, 0.5, 0.5, 0.6, 0.7, 0.7, 0.7, 0.8, 0.9, 1.5, 2.2),
    "forest_land": (0.5, 0.7, 1.5, 2.1, 1.8, 1.1, 0.8, 0.7, 0.8, 0.9, 0.7, 0.5),
    "house_homestead": (0.6, 0.8, 1.2, 1.4, 1.4, 1.2, 1.1, 1.0, 1.0, 1.0, 0.8, 0.6),
    "environment": (0.7, 0.6, 0.8, 1.0, 1.1, 1.3, 1.5, 1.4, 1.1, 0.9, 0.8, 0.8),
    "tourism": (0.4, 0.7, 0.5, 0.8, 1.2, 1.2, 1.8, 2.0, 1.0, 1.6, 0.4, 0.4),
    "marriage_family": (1.1, 1.3, 1.1, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.0, 0.9, 0.9),
}
# type: how much commoner in towns than in villages
URBAN = {
    "property_management": 9.0,
    "e_commerce": 3.0,
    "other_consumer": 3.0,
    "medical": 2.0,
    "other_labor": 3.0,
    "contract": 1.8,
    "migrant_wages": 1.6,
    "expropriation": 1.4,
    "forest_land": 0.05,
    "house_homestead": 0.25,
    "neighborhood": 0.7,
    "marriage_family": 0.8,
}
WEEKDAYS = (1.18, 1.1, 1.05, 1.02, 1.0, 0.5, 0.4)
HOLIDAY = 0.45


def type_shares() -> dict[str, float]:
    """The share of every type; the assumed ones fill what the published ones leave."""
    left = (1 - sum(PUBLISHED.values())) / sum(ASSUMED.values())
    return PUBLISHED | {code: weight * left for code, weight in ASSUMED.items()}


def day_weights(code: str, first: date, count: int, almanac: Almanac) -> Floats:
    """How likely each day is for a dispute of a type; slowly rising over the years."""
    days = [first + timedelta(days=each) for each in range(count)]
    months = MONTHS.get(code, (1.0,) * 12)
    weight = np.array([months[day.month - 1] * WEEKDAYS[day.weekday()] for day in days])
    resting = ~almanac.is_worked(_numbers(first, count))
    weekday = np.array([day.weekday() < 5 for day in days])
    weight[resting & weekday] *= HOLIDAY
    weight[~resting & ~weekday] *= 2.0
    weight *= 1 + 0.06 * np.arange(count) / 365.25
    return np.asarray(weight / weight.sum())


def place_weights(code: str, urban: Floats) -> Floats:
    """How a type falls on places of which a share `urban` lives in towns."""
    return np.asarray(URBAN.get(code, 1.0) * urban + (1 - urban))


def _numbers(first: date, count: int) -> Ints:
    return np.arange(count, dtype=np.int64) + day_number(first)
