"""How values become classes of a legend. Pure: numbers in, classes out."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from flask_babel import lazy_gettext as _l

CLASSES = 6


class Layer(StrEnum):
    """The map's own figures; indicators are chosen by their codes."""

    REPORTED = "reported"
    OPEN = "open"
    RATE = "rate"


NAMES = {
    Layer.REPORTED: (_l("登记件数"), _l("件")),
    Layer.OPEN: (_l("未结件数"), _l("件")),
    Layer.RATE: (_l("纠纷登记率"), _l("件 / 万人")),
}


@dataclass(frozen=True)
class Classes:
    """Lower bounds of the classes, their words and how many areas fall into each."""

    bounds: tuple[float, ...]
    labels: tuple[str, ...]
    counts: tuple[int, ...]
    of: Mapping[str, int]


def classify(
    values: Mapping[str, float | None], *, whole: bool, bounds: Sequence[float] = ()
) -> Classes:
    """Up to six quantile classes over the known values, on bounds a person can read.

    Given `bounds` are kept: months that are compared or played must share one scale.
    """
    known = [value for value in values.values() if value is not None]
    cuts = list(bounds) or _bounds(known, whole)
    of = {
        code: int(np.searchsorted(cuts, value, side="right"))
        for code, value in values.items()
        if value is not None
    }
    counts = tuple(sum(1 for each in of.values() if each == i) for i in range(len(cuts) + 1))
    return Classes(tuple(cuts), _labels(cuts) if known or bounds else (), counts, of)


def _bounds(known: Sequence[float], whole: bool) -> list[float]:
    if len(set(known)) < 2:
        return []
    cuts = np.quantile(known, np.linspace(0, 1, CLASSES + 1)[1:-1])
    step = 1.0 if whole or np.ptp(known) > 20 else (0.1 if np.ptp(known) > 1 else 0.01)
    rounded = np.unique(np.round(np.round(cuts / step) * step, 2))
    return [float(cut) for cut in rounded if min(known) < cut <= max(known)]


def _labels(bounds: Sequence[float]) -> tuple[str, ...]:
    words = [f"{bound:g}" for bound in bounds]
    if not words:
        return (str(_l("全部")),)
    between = [f"{low}—{high}" for low, high in itertools.pairwise(words)]
    return (str(_l("%(n)s 以下", n=words[0])), *between, str(_l("%(n)s 及以上", n=words[-1])))
