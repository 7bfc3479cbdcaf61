"""Checks that every function of ``geo`` makes on its numeric input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]
Numbers: TypeAlias = ArrayLike | Sequence[float | None]

_NAMED = 5


def positions(wrong: Booleans) -> str:
    """Name the first positions where ``wrong`` holds, for a message."""
    found = np.flatnonzero(wrong)
    named = ", ".join(str(position) for position in found[:_NAMED])
    more = f" and {found.size - _NAMED} more" if found.size > _NAMED else ""
    return f"position {named}{more}" if found.size == 1 else f"positions {named}{more}"


def refuse(wrong: Booleans, what: str) -> None:
    """Raise ValueError naming the positions where ``wrong`` holds, if any."""
    if wrong.any():
        raise ValueError(f"{what} at {positions(wrong)}")


def numbers(values: Numbers, name: str) -> Floats:
    """Return ``values`` as a float array; None and NA become NaN.

    Raises ValueError for what is no number and for infinities.
    """
    given: Any = values
    try:
        if hasattr(given, "isna"):
            array = np.array(given.to_numpy(dtype=np.float64, na_value=np.nan))
        else:
            array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error
    refuse(np.isinf(array), f"{name} infinite")
    return array


def counts(values: Numbers, name: str) -> Floats:
    """Return ``values`` as a float array of numbers ≥ 0 or NaN."""
    array = numbers(values, name)
    refuse(array < 0, f"{name} negative")
    return array


def matching(first: Numbers, second: Numbers, names: tuple[str, str]) -> tuple[Floats, Floats]:
    """Return two arrays of non-negative numbers, broadcast to one shape."""
    one, other = counts(first, names[0]), counts(second, names[1])
    if one.ndim and other.ndim and one.shape != other.shape:
        raise ValueError(
            f"{names[0]} and {names[1]} differ in shape: {one.shape} and {other.shape}"
        )
    one, other = np.broadcast_arrays(one, other)
    return one, other


def vector(values: Numbers, name: str) -> Floats:
    """Return ``values`` as a one-dimensional float array."""
    array = numbers(values, name)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional, not of shape {array.shape}")
    return array


def above_zero(value: float, name: str) -> float:
    """Return ``value`` if it is finite and positive, else raise ValueError."""
    if not (np.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be above 0, not {value}")
    return float(value)


def share(value: float, name: str) -> float:
    """Return ``value`` if it lies strictly between 0 and 1, else raise ValueError."""
    if not 0 < value < 1:
        raise ValueError(f"{name} must lie between 0 and 1, not {value}")
    return float(value)
