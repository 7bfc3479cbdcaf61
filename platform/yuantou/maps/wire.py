"""What the browser is sent: as little as colours a map, counties in the order of the drawing."""

from collections.abc import Sequence
from typing import Any

from yuantou.maps.figures import Picture, Shown
from yuantou.maps.models import MapDrawing

MARKS = {"": ".", "hot-99": "H", "hot-95": "h", "cold-95": "c", "cold-99": "C"}
OUTSIDE, MISSING = "_", "-"


def values(picture: Picture, drawing: MapDrawing) -> dict[str, Any]:
    """Classes, words and spots of a view: a sign a county, the words joined by bars."""
    known = {each.area.code: each for each in picture.counties}
    rows = [known.get(code) for code in order(drawing)]
    return {
        "title": picture.measure.name,
        "unit": picture.measure.unit,
        "period": picture.view.period.words,
        "labels": picture.classes.labels,
        "bounds": ",".join(f"{bound:g}" for bound in picture.classes.bounds),
        "counts": picture.classes.counts,
        "clusters": picture.clusters,
        "missing": picture.missing,
        "classes": "".join(_class(picture, each) for each in rows),
        "words": "|".join(_words(picture, each) for each in rows),
        "spots": "".join(MARKS[each.cluster if each else ""] for each in rows),
    }


def order(drawing: MapDrawing) -> Sequence[str]:
    """The counties as the drawing holds them: by code."""
    return sorted(drawing.neighbours)


def _class(picture: Picture, each: Shown | None) -> str:
    if each is None or not each.in_sight:
        return OUTSIDE
    return str(picture.classes.of.get(each.area.code, MISSING))


def _words(picture: Picture, each: Shown | None) -> str:
    """The value; of a hidden one what may be said of it."""
    if each is None or not each.in_sight:
        return ""
    if each.value is None:
        return each.written if each.hidden else ""
    return picture.measure.write(each.value)
