"""How a figure is reckoned: pure formulas over the courts' stored components.

C is 民事一审新收 as the court reports it; its basis says whether successful mediation after filing
(M) is in it. X is 行政一审新收， P 诉前调解成功 under the regime before 2025. What was not reported
is None and stays None: a sum with a missing part is missing, never smaller.
"""

import math
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from scipy import special

PRE2025, FILE_FIRST = "pre2025", "file_first"
REGIMES = (PRE2025, FILE_FIRST)
FILE_FIRST_SINCE = date(2025, 1, 1)
INCL, EXCL = "incl", "excl"
COMPONENTS = (
    "civil_incl",
    "civil_excl",
    "admin",
    "prelit",
    "prelit_success",
    "first_mediation",
    "first_mediation_success",
    "withdrawn",
    "dismissed",
    "special_procedure",
)
OLD_AFTER_YEARS = 2

Interval = tuple[float, float]
_TAIL = (1 - 0.95) / 2


def regime_of(month: date) -> str:
    """The filing regime of a month: since 2025 courts file first and mediate afterwards."""
    return FILE_FIRST if month >= FILE_FIRST_SINCE else PRE2025


def civil_parts(
    civil: int | None, basis: str, mediated: int | None, regime: str
) -> tuple[int | None, int | None]:
    """(C_incl, C_excl); before 2025 M is 0, both are C; without a stated basis both are None."""
    if civil is None:
        return None, None
    if regime == PRE2025:
        return civil, civil
    if basis == INCL:
        return civil, None if mediated is None else civil - mediated
    if basis == EXCL:
        return None if mediated is None else civil + mediated, civil
    return None, None


def total(parts: Iterable[int | None]) -> int | None:
    """The sum, or None when a part is missing or there is none."""
    found = None
    for part in parts:
        if part is None:
            return None
        found = part if found is None else found + part
    return found


def ratio(numerator: int | None, denominator: int | None, factor: float) -> float | None:
    """numerator / denominator · factor, None where it cannot be said."""
    if numerator is None or not denominator or denominator < 0:
        return None
    return numerator * factor / denominator


@lru_cache(maxsize=4096)
def poisson(numerator: int, persons: int, factor: float) -> Interval:
    """Exact 95 % Poisson limits of one rate: geo.rates.poisson_interval without its arrays."""
    scale = factor / persons
    low = float(special.gammaincinv(numerator, _TAIL)) if numerator else 0.0
    return low * scale, float(special.gammainccinv(numerator + 1, _TAIL)) * scale


@lru_cache(maxsize=4096)
def wilson(hits: int, tries: int, factor: float = 100) -> Interval:
    """95 % Wilson limits of a proportion (Wilson 1927, JASA 22: 209-212)."""
    if tries <= 0 or not 0 <= hits <= tries:
        raise ValueError(f"a proportion needs 0 <= hits <= tries, tries > 0: {hits}/{tries}")
    z = float(special.ndtri(0.975))
    share, weight = hits / tries, 1 + z * z / tries
    middle = (share + z * z / (2 * tries)) / weight
    reach = z * math.sqrt(share * (1 - share) / tries + z * z / (4 * tries * tries)) / weight
    return max(middle - reach, 0.0) * factor, min(middle + reach, 1.0) * factor


def relative_change(
    numerator: int, prior: int, persons: int, prior_persons: int | None = None
) -> float | None:
    """Year-on-year of a rate; the same population serves both years unless another is named."""
    before = ratio(prior, prior_persons or persons, 1)
    this = ratio(numerator, persons, 1)
    return None if not before or this is None else this / before - 1


def comparable(month: date, earlier: date) -> bool:
    """Whether two months were filed under the same regime."""
    return regime_of(month) == regime_of(earlier)


def is_old(population_year: int, year_end: int) -> bool:
    """Whether a population is older than two years at the year-end it stands for."""
    return year_end - population_year > OLD_AFTER_YEARS
