"""Great-circle distances and what is nearest: pure, on degrees."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "reach.toml"
EARTH_KM = 6371.0088  # mean radius, IUGG
Floats = NDArray[np.float64]
Position = tuple[float, float]


@dataclass(frozen=True)
class Bands:
    """Up to `near_km` is near, beyond `far_km` far."""

    near_km: float
    far_km: float

    def of(self, km: float | None) -> str:
        """near, middle, far; '' where the distance is not known."""
        if km is None:
            return ""
        return "near" if km <= self.near_km else "middle" if km <= self.far_km else "far"


@dataclass(frozen=True)
class Thresholds:
    """Bands by kind of place, and over how many months the caseload is counted."""

    tribunal: Bands
    mediation: Bands
    months: int


@cache
def thresholds() -> Thresholds:
    """The numbers in config/reach.toml."""
    with SHIPPED.open("rb") as stream:
        told: dict[str, Any] = tomllib.load(stream)
    return Thresholds(
        Bands(**told["tribunal"]), Bands(**told["mediation"]), int(told["caseload"]["months"])
    )


def distances(here: Sequence[Position], there: Sequence[Position]) -> Floats:
    """Great-circle kilometres between each (lng, lat) of `here` and of `there`, by haversine.

    Source: Sinnott (1984), Sky and Telescope 68: 159. On the ellipsoid they differ by up to 0.6 %.
    """
    one, other = (np.radians(np.array(each, dtype=float).reshape(-1, 2)) for each in (here, there))
    apart = one[:, None, :] - other[None, :, :]
    level = np.cos(one[:, None, 1]) * np.cos(other[None, :, 1])
    half = np.sin(apart[..., 1] / 2) ** 2 + level * np.sin(apart[..., 0] / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0))))


def nearest(here: Sequence[Position], there: Sequence[Position]) -> list[tuple[int, float] | None]:
    """Number and distance of what is nearest; None where there is nothing."""
    if not here or not there:
        return [None] * len(here)
    apart = distances(here, there)
    places = apart.argmin(axis=1)
    return [(int(p), float(apart[row, p])) for row, p in enumerate(places)]
