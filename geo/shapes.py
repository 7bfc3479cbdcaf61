"""Checks that every function of ``geo`` makes on its geometries."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS

from geo.arrays import refuse

POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def crs_of(areas: Any) -> CRS | None:
    """CRS of a GeoDataFrame or GeoSeries; None for anything else."""
    crs = getattr(areas, "crs", None)
    return None if crs is None else CRS.from_user_input(crs)


def bare(areas: Any) -> NDArray[np.object_]:
    """Geometries of a GeoDataFrame, GeoSeries or sequence as an object array, unchecked."""
    column = areas.geometry if hasattr(areas, "geometry") else areas
    return np.asarray(column, dtype=object)


def geometries(areas: Any) -> NDArray[np.object_]:
    """Geometries as an object array; ValueError names missing or empty ones."""
    shapes = bare(areas)
    if not shapes.size:
        raise ValueError("no areas")
    refuse(shapely.is_missing(shapes) | shapely.is_empty(shapes), "geometry missing or empty")
    return shapes


def polygons(areas: Any) -> NDArray[np.object_]:
    """Polygons and multipolygons as an object array; ValueError names all others."""
    shapes = geometries(areas)
    refuse(~np.isin(shapely.get_type_id(shapes), POLYGONAL), "geometry not a polygon")
    return shapes
