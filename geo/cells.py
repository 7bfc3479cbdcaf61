"""An index of areas by grid cells: a million points find their area at once.

A cell that lies wholly inside one area answers for all points in it; only the
points in cells on borders are held against the polygons themselves, so that
the result is exact.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.arrays import Booleans, Floats, Integers, above_zero
from geo.shapes import polygons

OUTSIDE = -1
_CELLS = 1_000_000
_COARSE = 32
_MARGIN = 1e-9
_VERSION = 1


@dataclass(frozen=True)
class AreaIndex:
    """Areas and their grid.

    ``label`` (rows, columns) holds for each cell of ``size`` from ``origin``
    (west, south) the number of the area that it lies in, -1 outside of all,
    and -2 - k for the k-th cell on a border, whose areas are
    ``candidate[first[k] : first[k + 1]]``, ascending. ``shapes`` are the
    polygons, prepared. Units are those of the areas.
    """

    shapes: NDArray[np.object_]
    origin: Floats
    size: float
    label: NDArray[np.int32]
    first: Integers
    candidate: Integers

    @classmethod
    def of(
        cls, areas: Any, size: float | None = None, cache: str | Path | None = None
    ) -> AreaIndex:
        """Build the index of n polygons, or read it from the folder ``cache``.

        ``areas`` is a GeoDataFrame, GeoSeries or array of polygons in any CRS;
        ``size`` the side of a cell in its unit, by default so that a million
        cells cover all (0.006 degrees for a province). In ``cache`` (made if
        missing) an index is kept under the hash of the polygons, so that changed
        borders never meet an old grid; a damaged file is replaced. Raises ValueError for what is no
        polygon, naming its position, and a ``size`` not above 0.
        """
        shapes = polygons(areas).copy()
        shapely.prepare(shapes)
        west, south, east, north = shapely.total_bounds(shapes)
        if size is None:
            size = max(float(np.sqrt((east - west) * (north - south) / _CELLS)), 1e-6)
        size = above_zero(size, "size")
        path = None if cache is None else Path(cache) / f"areas-{_name(shapes, size)}.npz"
        held = _read(path)
        if held is None:
            extent = np.array([east - west, north - south])
            held = _graded(shapes, np.array([west, south]), extent, size)
            _write(path, held)
        return cls(shapes, held["origin"], size, held["label"], held["first"], held["candidate"])

    def attribute(self, x: Floats, y: Floats) -> Integers:
        """Number of the area each point lies in, -1 where none does; the first one on a border.

        ``x`` and ``y`` are (m,) in the units of the areas; NaN lies nowhere.
        """
        found = self._cell_labels(x, y)
        doubtful = np.flatnonzero(found < OUTSIDE)
        if doubtful.size:
            found[doubtful] = self._exact(x[doubtful], y[doubtful], -2 - found[doubtful])
        return found

    def _cell_labels(self, x: Floats, y: Floats) -> Integers:
        rows, columns = self.label.shape
        with np.errstate(invalid="ignore"):
            column = np.floor((x - self.origin[0]) / self.size)
            row = np.floor((y - self.origin[1]) / self.size)
            inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        place = np.where(inside, row * columns + column, 0).astype(np.int64)
        found = self.label.ravel()[place].astype(np.int64)
        found[~inside] = OUTSIDE
        return found

    def _exact(self, x: Floats, y: Floats, cell: Integers) -> Integers:
        """Hold points against the areas of their border cells, one area after the other."""
        owner = np.full(len(x), OUTSIDE, dtype=np.int64)
        place, last = self.first[cell], self.first[cell + 1]
        seeking = np.flatnonzero(place < last)
        while seeking.size:
            area = self.candidate[place[seeking]]
            order = np.argsort(area, kind="stable")
            seeking, area = seeking[order], area[order]
            held = self._held(x[seeking], y[seeking], area)
            owner[seeking[held]] = area[held]
            place[seeking] += 1
            seeking = seeking[~held & (place[seeking] < last[seeking])]
        return owner

    def _held(self, x: Floats, y: Floats, area: Integers) -> Booleans:
        """Whether each point lies in its area; ``area`` is ascending."""
        held = np.zeros(len(x), dtype=np.bool_)
        bounds = np.flatnonzero(np.diff(area, prepend=-1, append=-1))
        for start, end in pairwise(bounds):
            shape = self.shapes[area[start]]
            held[start:end] = shapely.intersects_xy(shape, x[start:end], y[start:end])
        return held


def _graded(
    shapes: NDArray[np.object_], origin: Floats, extent: Floats, size: float
) -> dict[str, Any]:
    """Grade cells from coarse to fine, dividing only those on a border."""
    columns, rows = (np.floor(extent / size).astype(np.int64) // _COARSE + 1) * _COARSE
    tree = shapely.STRtree(shapes)
    label = np.full((rows, columns), OUTSIDE, dtype=np.int32)
    cells = _divided(np.zeros((1, 2), dtype=np.int64), rows // _COARSE, columns // _COARSE)
    span = _COARSE
    while True:
        cell, area = _meeting(tree, shapes, origin + cells * (span * size), span * size)
        alone, border = _sorted_out(shapes, origin, cells, span, size, cell, area)
        for (column, row), owner in zip(cells[cell[alone]] * span, area[alone], strict=True):
            label[row : row + span, column : column + span] = owner
        cells, cell, area = cells[border], cell, area
        if span == 1:
            break
        cells, span = _divided(cells * 2, 2, 2), span // 2
    keep = np.isin(cell, border)
    number = np.searchsorted(border, cell[keep])
    order = np.lexsort((area[keep], number))
    first = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=len(border)))])
    label[cells[:, 1], cells[:, 0]] = -2 - np.arange(len(cells))
    return {"origin": origin, "label": label, "first": first, "candidate": area[keep][order]}


def _divided(corners: Integers, rows: int, columns: int) -> Integers:
    """Cells (column, row) of a block of ``rows`` x ``columns`` from each corner."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    inner = np.column_stack([column, row])
    divided: Integers = (corners[:, None] + inner).reshape(-1, 2)
    return divided


def _meeting(
    tree: shapely.STRtree, shapes: NDArray[np.object_], corner: Floats, side: float
) -> tuple[Integers, Integers]:
    """Pairs of a cell and an area that it meets."""
    cell, area = tree.query(_boxes(corner, side))
    meets = np.zeros(len(cell), dtype=np.bool_)
    meets[:] = shapely.intersects(shapes[area], _boxes(corner[cell], side))
    return cell[meets], area[meets]


def _sorted_out(
    shapes: NDArray[np.object_],
    origin: Floats,
    cells: Integers,
    span: int,
    size: float,
    cell: Integers,
    area: Integers,
) -> tuple[Integers, Integers]:
    """Pairs whose cell lies inside that area alone, and the cells on a border."""
    met = np.bincount(cell, minlength=len(cells))
    single = np.flatnonzero(met[cell] == 1)
    boxes = _boxes(origin + cells[cell[single]] * (span * size), span * size)
    alone = single[shapely.contains_properly(shapes[area[single]], boxes)]
    met[cell[alone]] = 0
    return alone, np.flatnonzero(met > 0)


def _boxes(corner: Floats, side: float) -> NDArray[np.object_]:
    """Squares, a little larger than they are, so that rounding puts no point beside its cell."""
    low, high = corner - _MARGIN * side, corner + side * (1 + _MARGIN)
    boxes: NDArray[np.object_] = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    return boxes


def _name(shapes: NDArray[np.object_], size: float) -> str:
    digest = hashlib.sha256(f"{_VERSION} {size!r} {len(shapes)}".encode())
    for shape in shapely.to_wkb(shapes):
        digest.update(shape)
    return digest.hexdigest()[:32]


def _read(path: Path | None) -> dict[str, Any] | None:
    if path is None or not path.exists():
        return None
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in ("origin", "label", "first", "candidate")}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(path: Path | None, held: dict[str, Any]) -> None:
    """Write beside and move into place, so that no reader meets half a file."""
    if path is None:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **held)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
