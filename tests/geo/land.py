"""Small made-up lands."""

import geopandas as gpd
from scipy import sparse
from shapely.geometry import box

from geo.weights import Weights, contiguity


def squares(columns: int, rows: int = 1, crs: str | None = "EPSG:32651") -> gpd.GeoDataFrame:
    """Unit squares in reading order from the lower left."""
    cells = [box(x, y, x + 1, y + 1) for y in range(rows) for x in range(columns)]
    return gpd.GeoDataFrame(geometry=cells, crs=crs)


def row_of(n: int) -> Weights:
    """n areas in a row, each touching the next."""
    return contiguity(squares(n))


def edges(weights: Weights) -> set[tuple[int, int]]:
    """Pairs (area, neighbour)."""
    pairs = sparse.coo_array(weights)
    return set(zip(pairs.row.tolist(), pairs.col.tolist(), strict=True))
