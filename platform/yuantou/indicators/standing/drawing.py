"""Where the points and lines of the charts lie, in the units of their view boxes. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from geo.funnel import (
    ALARM,
    WARNING,
    adjusted_limits,
    adjusted_limits_share,
    funnel_limits,
    funnel_limits_share,
)
from yuantou.indicators.standing.placing import Standing

WIDTH, HEIGHT = 640, 340
LEFT, RIGHT, HEAD, FOOT = 48, 16, 14, 44
ROW = 20
_STEPS = 48


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A limit: its kind (warning, alarm, adjusted) and its path, lower and upper in one."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A county's point; `place` is its position among the counties."""

    place: int
    x: float
    y: float
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Plot:
    """All that a chart draws. `base`: where the value of all together lies."""

    width: int
    height: int
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    dots: list[Dot]
    lines: list[Line] = field(default_factory=list)
    base: float | None = None
    shade: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale from values to places."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """The place of a value, held within the drawing."""
        low, high, own = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            low, high, own = math.log(low), math.log(high), math.log(own)
        share = (own - low) / ((high - low) or 1)
        return round(self.start + share * (self.end - self.start), 1)


def funnel_plot(standing: Standing, shown: Sequence[int]) -> Plot | None:
    """Value against denominator with limits; `shown` are the places that may be drawn."""
    drawn = [place for place in shown if standing.places[place].figure.value is not None]
    if not drawn:
        return None
    figures = [standing.places[place].figure for place in drawn]
    scale = figures[0].on_screen(figures[0].definition.factor) or 1.0
    sizes = [max(figure.denominator or 1, 1) for figure in figures]
    x = Axis(min(sizes) * 0.9, max(sizes) * 1.12, LEFT, WIDTH - RIGHT, log=True)
    along = np.geomspace(x.low, x.high, _STEPS)
    limits = _limits(standing, along)
    values = [figure.on_screen(figure.value) or 0.0 for figure in figures]
    inner = limits["warning"]
    spread = [*values, *(inner[0][-12:] * scale), *(inner[1][-12:] * scale)]
    y, ticks = _upright(spread)
    return Plot(
        WIDTH,
        HEIGHT,
        _sizes(x, standing.kind),
        ticks,
        [
            Dot(place, x.at(size), y.at(value))
            for place, size, value in zip(drawn, sizes, values, strict=True)
        ],
        [
            Line(kind, _path(x, y, along, lower * scale) + _path(x, y, along, upper * scale))
            for kind, (lower, upper) in limits.items()
        ],
        y.at(standing.target * scale),
    )


def interval_plot(standing: Standing, shown: Sequence[int]) -> Plot | None:
    """Every county's value and interval in the usual order; the shade spans the widest group."""
    drawn = [
        place
        for place in shown
        if standing.places[place].figure.value is not None
        and standing.places[place].figure.low is not None
    ]
    if not drawn:
        return None
    figures = [standing.places[place].figure for place in drawn]
    ends = [
        [figure.on_screen(value) or 0.0 for value in (figure.low, figure.value, figure.high)]
        for figure in figures
    ]
    flat = [value for row in ends for value in row]
    height = HEAD + ROW * len(drawn) + 30
    x, ticks = _along(flat)
    dots = [
        Dot(place, x.at(own), HEAD + ROW * (row + 0.5), x.at(low), x.at(high))
        for row, (place, (low, own, high)) in enumerate(zip(drawn, ends, strict=True))
    ]
    scale = figures[0].on_screen(figures[0].definition.factor) or 1.0
    return Plot(WIDTH, height, ticks, [], dots, base=x.at(standing.target * scale),
                shade=_shade(standing, dots))  # fmt: skip


def pair_plot(pairs: Sequence[tuple[int, float, float]]) -> Plot | None:
    """Two values of every county on one axis: `low` is the left one's place, `high` the right's."""
    if not pairs:
        return None
    x, ticks = _along([value for _place, left, right in pairs for value in (left, right)])
    dots = [
        Dot(place, 0, HEAD + ROW * (row + 0.5), x.at(left), x.at(right))
        for row, (place, left, right) in enumerate(pairs)
    ]
    return Plot(WIDTH, HEAD + ROW * len(pairs) + 30, ticks, [], dots)


def curve_plot(steps: Sequence[tuple[float, float]], longest: int) -> Plot:
    """A falling curve of shares over days: (day, share that lasts beyond it), from 1 at day 0."""
    least = min([share for _day, share in steps], default=1.0)
    y, ticks = _upright([math.floor(least * 10) * 10 if least < 1 else 90.0, 100.0])
    x = Axis(0, longest, LEFT, WIDTH - RIGHT)
    words, last = [f"M{x.at(0)} {y.at(100)}"], 1.0
    for day, share in steps:
        words.append(f"H{x.at(day)}V{y.at(share * 100)}")
        last = share
    words.append(f"H{x.at(longest)}")
    days = [Tick(x.at(day), str(day)) for day in range(0, longest + 1, 30)]
    return Plot(WIDTH, HEIGHT, days, ticks, [], [Line("curve", "".join(words))], y.at(last * 100))


NAMES = 150  # room for the names at the left of a row


def _along(values: Sequence[float]) -> tuple[Axis, list[Tick]]:
    low, high, step = round_ends(min(values), max(values))
    x = Axis(low, high, NAMES, WIDTH - RIGHT)
    return x, _ticks(x, step)


def _shade(standing: Standing, dots: Sequence[Dot]) -> tuple[float, float] | None:
    widest = standing.widest
    inside = [dot.x for dot in dots if widest and dot.place in widest.places]
    return (min(inside) - 4, max(inside) + 4) if len(inside) > 1 else None


def _limits(standing: Standing, sizes: np.ndarray) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Lower and upper limits over sizes, as events over whole."""
    target, tau2 = standing.target, standing.tau2
    if standing.kind == "rate":
        due = sizes * target
        found = {
            "warning": funnel_limits(due, level=WARNING),
            "alarm": funnel_limits(due, level=ALARM),
            "adjusted": adjusted_limits(due, tau2, level=WARNING),
        }
        return {kind: (low * target, high * target) for kind, (low, high) in found.items()}
    return {
        "warning": funnel_limits_share(sizes, target, level=WARNING),
        "alarm": funnel_limits_share(sizes, target, level=ALARM),
        "adjusted": adjusted_limits_share(sizes, tau2, target, level=WARNING),
    }


def _upright(values: Sequence[float]) -> tuple[Axis, list[Tick]]:
    low, high, step = round_ends(min(values), max(values))
    y = Axis(low, high, HEIGHT - FOOT, HEAD)
    return y, _ticks(y, step)


def _ticks(axis: Axis, step: float) -> list[Tick]:
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    count = round((axis.high - axis.low) / step)
    return [
        Tick(axis.at(value), f"{value:,.{places}f}")
        for value in (axis.low + step * place for place in range(count + 1))
    ]


def round_ends(low: float, high: float, parts: int = 5) -> tuple[float, float, float]:
    """Round ends and step of an axis that spans the values."""
    span = (high - low) or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(span / parts))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= span / parts - 1e-12)
    bottom, top = math.floor(low / step) * step, math.ceil(high / step) * step
    return bottom, top if top > bottom else bottom + step, step


def _sizes(x: Axis, kind: str) -> list[Tick]:
    """Round sizes along a logarithmic axis: tens of thousands of persons, or cases."""
    unit = 10_000 if kind == "rate" else 1
    powers = (10.0**power * times for power in range(-2, 8) for times in (1, 2, 5))
    return [
        Tick(x.at(size * unit), f"{size:g}") for size in powers if x.low <= size * unit <= x.high
    ]


def _path(x: Axis, y: Axis, sizes: np.ndarray, values: np.ndarray) -> str:
    """A line that is broken where it leaves the drawing."""
    words, down = [], False
    for size, value in zip(sizes.tolist(), values.tolist(), strict=True):
        inside = math.isfinite(value) and y.low <= value <= y.high
        if inside:
            words.append(f"{'L' if down else 'M'}{x.at(size)} {y.at(value)}")
        down = inside
    return "".join(words)
