"""A map for print as marks on a sheet of A4 across: shapes, hatching, legend, notes.

Marks are in millimetres from the upper left corner; `printing.py` and `painting.py` draw them.
"""

import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from yuantou.maps import outlines
from yuantou.maps.figures import Picture, Shown
from yuantou.maps.files import spot_names
from yuantou.maps.outlines import Point

WIDE, HIGH = 297.0, 210.0
FRAME = (10.0, 24.0, 196.0, 140.0)
LEGEND = (212.0, 28.0)
INSET = (212.0, 118.0, 74.0, 46.0)
NOTES = (10.0, 172.0, 277.0)
INK, GREY, LINE, EDGE, RED = "#172224", "#566467", "#DEE3DF", "#FFFFFF", "#A12A1C"
SCALE = ("#E6F0EF", "#C3DCDD", "#95C0C5", "#5F9DA6", "#2F7682", "#0F4C53")
NO_DATA, DOT, OUT = "#D3D5D1", "#8A918E", "#F4F5F1"
SPOT = {"hot-99": "#B5420F", "hot-95": "#E08A4F", "cold-95": "#8D93CF", "cold-99": "#3C3E8C"}
GAP, DOT_GAP, MIDDLE = 1.9, 2.0, 3


@dataclass(frozen=True)
class Patch:
    """A filled ring."""

    ring: Sequence[Point]
    fill: str
    edge: str = EDGE
    width: float = 0.15


@dataclass(frozen=True)
class Stroke:
    """A line."""

    start: Point
    end: Point
    colour: str
    width: float


@dataclass(frozen=True)
class Dot:
    """A filled circle."""

    at: Point
    colour: str
    radius: float = 0.22


@dataclass(frozen=True)
class Words:
    """A line of text, its base line at `at`; `anchor` is start, middle or end."""

    at: Point
    text: str
    size: float = 3.2
    colour: str = INK
    anchor: str = "start"
    halo: bool = False


Mark = Patch | Stroke | Dot | Words


@dataclass(frozen=True)
class Plate:
    """All marks of one sheet, in the order in which they lie over each other."""

    title: str
    marks: Sequence[Mark]


def plate(
    picture: Picture, land: outlines.Land, cities: dict[str, str], lines: Sequence[str], demo: bool
) -> Plate:
    """The sheet of one view; `lines` are the notes that must stand under it."""
    title = f"{picture.measure.name}（{picture.measure.unit}）"
    marks = [
        Words((10, 14), title, 6.4),
        Words((10, 20), picture.view.period.words, 3.8, GREY),
        *([Words((287, 14), _("演示数据"), 4.2, RED, "end")] if demo else []),
        *_map(picture, land, land.bounds, FRAME),
        *_city_names(land, cities),
        *_scale_bar(land),
        *_legend(picture),
        *_inset(picture, land, cities),
        *_notes(lines),
    ]
    return Plate(title, marks)


def _map(
    picture: Picture,
    land: outlines.Land,
    bounds: tuple[float, float, float, float],
    frame: tuple[float, float, float, float],
) -> Iterator[Mark]:
    onto = outlines.placed(bounds, frame)
    whole = bounds == land.bounds
    known = {each.area.code: each for each in picture.counties}
    shapes = {c: s if whole else outlines.cut(s, bounds) for c, s in land.shapes.items()}
    drawn = [(code, onto(shape)) for code, shape in shapes.items() if not shape.is_empty]
    drawn.sort(key=lambda row: -row[1].area)
    for code, shape in drawn:
        fill = _fill(picture, known.get(code))
        yield from (Patch(ring, fill) for ring in outlines.rings(shape))
    for code, shape in drawn:
        yield from _over(picture, known.get(code), shape)


def _fill(picture: Picture, each: Shown | None) -> str:
    if each is None or not each.in_sight:
        return OUT
    if picture.view.show == "clusters":
        return OUT
    level = picture.classes.of.get(each.area.code)
    if level is None:
        return NO_DATA
    return SCALE[MIDDLE if len(picture.classes.labels) == 1 else level]


def _over(picture: Picture, each: Shown | None, shape: object) -> Iterator[Mark]:
    """What lies over a county: dots where there is no value, slanted lines where it is a spot."""
    if each is None or not each.in_sight:
        return
    if each.value is None and picture.view.show != "clusters":
        yield from (Dot(at, DOT) for at in outlines.dots(shape, DOT_GAP))
    if each.cluster and picture.view.show != "values":
        hot, deep = each.cluster.startswith("hot"), each.cluster.endswith("99")
        colour, width = SPOT[each.cluster], 0.55 if deep else 0.32
        for start, end in outlines.hatching(shape, rising=hot, gap=GAP):
            yield Stroke(start, end, colour, width)
        for ring in outlines.rings(shape):
            for start, end in itertools.pairwise(ring):
                yield Stroke(start, end, colour, 0.4)


def _city_names(land: outlines.Land, cities: dict[str, str]) -> Iterator[Mark]:
    onto = outlines.placed(land.bounds, FRAME)
    middles: dict[str, list[Point]] = {}
    for code, shape in land.shapes.items():
        centre = onto(shape).centroid
        middles.setdefault(land.cities[code], []).append((centre.x, centre.y))
    for city, points in middles.items():
        if city in cities:
            xs, ys = [x for x, _y in points], [y for _x, y in points]
            at = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2 + 1)
            yield Words(at, cities[city], 3.4, INK, "middle", halo=True)


def _scale_bar(land: outlines.Land) -> Iterator[Mark]:
    length = 50 * outlines.kilometre(land.bounds, FRAME)
    right, base = FRAME[0] + FRAME[2], FRAME[1] + FRAME[3] - 2
    yield Stroke((right - length, base), (right, base), INK, 0.4)
    yield Words((right - length / 2, base - 1.5), _("50 公里"), 3, INK, "middle")
    yield Words((right - length / 2, base - 7), _("北 ↑"), 3, INK, "middle")


def _legend(picture: Picture) -> Iterator[Mark]:
    x, y = LEGEND
    yield Words((x, y), _("图例（县数）"), 3.8)
    for level, label in enumerate(picture.classes.labels):
        y += 6
        fill = SCALE[MIDDLE if len(picture.classes.labels) == 1 else level]
        yield from _row(x, y, fill, label, picture.classes.counts[level])
    y += 6
    yield from _row(x, y, NO_DATA, _("数据不足或不显示"), picture.missing)
    yield from (Dot((x + 1.5 + 2 * n, y - 1.4), DOT) for n in range(4))
    y += 8
    yield Words((x, y), _("聚集（Gi*，已校正多重比较）"), 3.4)
    if not picture.judged:
        yield Words((x, y + 6), _("这个数在此不判聚集"), 3.2, GREY)
        return
    for kind, name in spot_names().items():
        y += 6
        yield from _row(x, y, "#FFFFFF", name, picture.clusters.get(kind, 0))
        yield from _slants(x, y, kind)


def _row(x: float, y: float, fill: str, label: str, count: int) -> Iterator[Mark]:
    box = [(x, y - 3.4), (x + 9, y - 3.4), (x + 9, y + 0.6), (x, y + 0.6), (x, y - 3.4)]
    yield Patch(box, fill, GREY, 0.2)
    yield Words((x + 12, y), label, 3.2)
    yield Words((x + 70, y), str(count), 3.2, INK, "end")


def _slants(x: float, y: float, kind: str) -> Iterator[Mark]:
    width = 0.55 if kind.endswith("99") else 0.32
    for n in range(3):
        left, right = x + 0.6 + 2 * n, x + 4.6 + 2 * n
        ends = ((left, y + 0.6), (right - 0.2, y - 3.4))
        if kind.startswith("cold"):
            ends = ((left, y - 3.4), (right - 0.2, y + 0.6))
        yield Stroke(*ends, SPOT[kind], width)


def _inset(picture: Picture, land: outlines.Land, cities: dict[str, str]) -> Iterator[Mark]:
    """The most crowded city once more, larger."""
    crowded = land.crowded()
    if not crowded or picture.view.level != "county":
        return
    city, bounds = crowded[0]
    left, top, wide, high = INSET
    yield Words((left, top - 1.5), _("%(city)s城区放大", city=cities.get(city, "")), 3.2)
    yield from _map(picture, land, bounds, INSET)
    corners = [(left, top), (left + wide, top), (left + wide, top + high), (left, top + high)]
    for start, end in zip(corners, [*corners[1:], corners[0]], strict=True):
        yield Stroke(start, end, GREY, 0.2)


def _notes(lines: Sequence[str]) -> Iterator[Mark]:
    """The notes in two columns, the second begun when the first is full."""
    x, y, wide = NOTES
    size, step, gutter = 2.6, 3.6, 6.0
    column = (wide - gutter) / 2
    rows = [row for line in lines for row in wrapped(line, column, size)]
    room = int((HIGH - y - 4) / step)
    for number, row in enumerate(rows[: 2 * room]):
        side, place = divmod(number, room)
        yield Words((x + side * (column + gutter), y + step * place), row, size, INK)


def wrapped(text: str, wide: float, size: float) -> list[str]:
    """Lines no wider than `wide`: a Chinese sign is as wide as it is high, others about half."""
    rows, row, used = [], "", 0.0
    for sign in text:
        step = size * (1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.56)
        if used + step > wide:
            rows.append(row)
            row, used = "", 0.0
        row, used = row + sign, used + step
    return [*rows, row]
