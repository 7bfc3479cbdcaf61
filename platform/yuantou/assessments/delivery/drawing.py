"""The run of months drawn into a PDF as lines, told apart without colour."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yuantou.assessments.delivery.leaves import Chart
from yuantou.mediation.papers.printing import FONT, GREY, INK

if TYPE_CHECKING:
    from yuantou.assessments.delivery.pdf import Leaf

HEIGHT, LEFT, FOOT, TICKS = 52.0, 12.0, 9.0, 4
SOME_LABELS = 12
DASHES = {"mean": (4.0, 1.5), "lower": (1.0, 1.0), "upper": (1.0, 1.0)}
KEY = "实线：每月数　长虚线：均值（自身基线）　短虚线：自然波动界（XmR）　竖线：口径改变"


class _Plot:
    """Where a month and a value stand on the page."""

    def __init__(self, leaf: "Leaf", chart: Chart) -> None:
        self.leaf, self.chart = leaf, chart
        self.left, self.top = leaf.l_margin + LEFT, leaf.get_y() + 6
        self.wide, self.high = leaf.epw - LEFT - 2, HEIGHT - FOOT - 6

    def x(self, place: float) -> float:
        """Of a month, counted from 0."""
        return self.left + self.wide * (place + 0.5) / max(len(self.chart.values), 1)

    def y(self, value: float) -> float:
        """Of a value; the scale begins at 0."""
        return self.top + self.high * (1 - value / self.chart.top)


def draw_chart(leaf: "Leaf", chart: Chart) -> None:
    """Axis, limits, breaks and the run itself."""
    if leaf.will_page_break(HEIGHT + 8):
        leaf.add_page()
    plot = _Plot(leaf, chart)
    leaf.set_font(FONT, size=8.5)
    leaf.text(leaf.l_margin, leaf.get_y() + 3.5, leaf.known(f"{chart.title}（{chart.unit}）"))
    _axis(plot)
    for name, (dash, gap) in DASHES.items():
        leaf.set_dash_pattern(dash, gap)
        leaf.set_line_width(0.3)
        _run(plot, chart.line(name), cuts=[bound.start for bound in chart.bounds])
    leaf.set_dash_pattern()
    _breaks(plot)
    leaf.set_draw_color(INK)
    leaf.set_line_width(0.5)
    _run(plot, chart.values, dots=True)
    leaf.set_line_width(0.2)
    leaf.set_xy(leaf.l_margin, leaf.get_y() + HEIGHT)
    leaf.set_text_color(GREY)
    leaf.say(KEY, size=8, height=4.4)
    leaf.set_text_color(INK)


def _axis(plot: _Plot) -> None:
    leaf, chart = plot.leaf, plot.chart
    leaf.set_font(FONT, size=7)
    leaf.set_line_width(0.1)
    for tick in range(TICKS + 1):
        value = chart.top * tick / TICKS
        height = plot.y(value)
        leaf.set_draw_color(215)
        leaf.line(plot.left, height, plot.left + plot.wide, height)
        leaf.text(leaf.l_margin, height + 1, f"{value:g}")
    every = max(1, len(chart.labels) // SOME_LABELS)
    for place in range(0, len(chart.labels), every):
        leaf.text(plot.x(place) - 4, plot.top + plot.high + 4, leaf.known(chart.labels[place]))
    leaf.set_draw_color(INK)


def _run(
    plot: _Plot, values: Sequence[float | None], dots: bool = False, cuts: Sequence[int] = ()
) -> None:
    """A line through the known values; it does not bridge what is missing, nor a cut."""
    before: tuple[float, float] | None = None
    for place, value in enumerate(values):
        if place in cuts:
            before = None
        here = None if value is None else (plot.x(place), plot.y(value))
        if before and here:
            plot.leaf.line(*before, *here)
        if here and dots:
            plot.leaf.circle(here[0], here[1], 0.55, style="F")
        before = here


def _breaks(plot: _Plot) -> None:
    leaf = plot.leaf
    leaf.set_font(FONT, size=7)
    for at, words in plot.chart.breaks:
        place = plot.x(at - 0.5)
        leaf.line(place, plot.top, place, plot.top + plot.high)
        leaf.text(place + 1, plot.top + 2.5, leaf.known(words))
