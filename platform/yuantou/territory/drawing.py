"""Boundaries as versions: a changed polygon closes the one before it and follows it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from flask_babel import gettext as _
from shapely.geometry.base import BaseGeometry
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geo.places import Datum, convert_geometry
from yuantou.territory.folder import Folder
from yuantou.territory.manifest import BD09, GCJ02
from yuantou.territory.models import LEVELS, Boundary
from yuantou.territory.shapes import BoundaryLayer

SHIFTED: tuple[Datum, ...] = ("GCJ-02", "BD-09")
NOTICEABLE = 0.001  # degrees: about 100 m, less than either shifts
DIGITS = 8  # of a degree: about a millimetre, so that another machine's arithmetic agrees


class BoundaryRefused(RuntimeError):
    """A changed boundary without a later date of validity."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One polygon of the folder, ready to be stored."""

    code: str
    geometry: BaseGeometry
    layer: BoundaryLayer
    source: str

    def values(self, approval_no: str) -> dict[str, Any]:
        """The columns of its row, validity apart."""
        return {
            "geometry": _geojson(self.geometry),
            "source_crs": self.layer.file.crs,
            "approval_no": approval_no or None,
            "source": self.source,
        }


def draw_boundaries(
    session: Session, folder: Folder, paths: Mapping[str, str], unknown_start: date
) -> Counter[str]:
    """Store the folder's polygons, given and made from children's; returns what changed."""
    changes: Counter[str] = Counter()
    current = {
        row.area_code: row
        for row in session.scalars(
            select(Boundary).where(Boundary.valid_to.is_(None), Boundary.area_code.in_(paths))
        )
    }
    refuse_shifted(folder, current)
    fresh = []
    for drawn in [*_given(folder), *_from_children(folder, paths)]:
        source = folder.manifest.sources[drawn.layer.file.source]
        values = drawn.values(source.approval_no)
        before = current.get(drawn.code)
        since = drawn.layer.file.valid_from
        if before is None:
            since = since or unknown_start
        elif before.geometry == values["geometry"]:
            changes.update(_correct(before, values))
            continue
        else:
            since = since or source.dated
            _close(before, since)
            changes["boundary replaced"] += 1
        fresh.append({**values, "area_code": drawn.code, "valid_from": since, "valid_to": None})
    if fresh:
        session.flush()
        session.execute(insert(Boundary), fresh)
        changes["boundary"] = len(fresh)
    return changes


def refuse_shifted(folder: Folder, current: Mapping[str, Boundary]) -> None:
    """Refuse polygons that lie beside the known ones just as GCJ-02 or BD-09 would lay them."""
    for layer in folder.layers:
        rows = layer.areas[layer.areas["code"].isin(current)]
        if layer.file.crs in {GCJ02, BD09} or not len(rows):
            continue
        known = shapely.from_geojson([json.dumps(current[code].geometry) for code in rows["code"]])
        shapes = rows.geometry.to_numpy()
        off = _distance(shapes, known)
        for datum in SHIFTED:
            mended = _distance(convert_geometry(shapes, datum, "CGCS2000"), known)
            if off > NOTICEABLE and mended < off / 5:
                raise BoundaryRefused(
                    _(
                        "%(file)s 整体偏离已有边界，像是 %(datum)s 坐标却写成了 %(crs)s;"
                        "请核对 manifest 里的 crs",
                        file=layer.file.file,
                        datum=datum,
                        crs=layer.file.crs,
                    )
                )


def _distance(shapes: Any, known: Any) -> float:
    """The usual distance between the centres of two versions, in degrees."""
    one, other = shapely.centroid(shapes), shapely.centroid(known)
    return float(np.median(shapely.distance(one, other)))


def _correct(before: Boundary, values: Mapping[str, Any]) -> Counter[str]:
    """The same polygon with another source or 审图号 is the same version, said better."""
    differing = {name: value for name, value in values.items() if getattr(before, name) != value}
    for name, value in differing.items():
        setattr(before, name, value)
    return Counter({"boundary corrected": 1} if differing else {})


def _close(before: Boundary, since: date | None) -> None:
    if since is None or since <= before.valid_from:
        raise BoundaryRefused(
            _(
                "%(code)s 的边界与库里不同，请在 manifest 的 [[boundaries]] 写上晚于 %(before)s 的 "
                "valid_from",
                code=before.area_code,
                before=before.valid_from.isoformat(),
            )
        )
    before.valid_to = since


def _given(folder: Folder) -> Iterator[Drawn]:
    for layer in folder.layers:
        source = folder.manifest.sources[layer.file.source].words()
        for code, geometry in zip(layer.areas["code"], layer.areas.geometry.values, strict=True):
            yield Drawn(code, geometry, layer, source)


def _from_children(folder: Folder, paths: Mapping[str, str]) -> Iterator[Drawn]:
    """Areas whose level is promised from the nearest lower level that has polygons."""
    promises = folder.manifest.promises
    for area in folder.areas:
        promise = promises.get(area.level)
        if promise is None or promise.polygons != "children":
            continue
        parts = _parts_below(folder, area.level, paths[area.code], paths)
        if parts:
            source = folder.manifest.sources[parts[0].layer.file.source].words()
            union = shapely.coverage_union_all([part.geometry for part in parts])
            yield Drawn(
                area.code, union, parts[0].layer, _("由下级边界合并：%(source)s", source=source)
            )


def _parts_below(folder: Folder, level: str, path: str, paths: Mapping[str, str]) -> list[Drawn]:
    drawn = {layer.file.level for layer in folder.layers}
    nearest = next((below for below in LEVELS[LEVELS.index(level) + 1 :] if below in drawn), None)
    return [
        part
        for part in _given(folder)
        if part.layer.file.level == nearest and paths[part.code].startswith(path)
    ]


def _geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """A GeoJSON geometry, the same after a journey through JSONB."""
    rounded = shapely.transform(geometry, lambda pairs: np.round(pairs, DIGITS))
    geojson: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return geojson
