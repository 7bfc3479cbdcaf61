"""What weighs tens of megabytes and few processes ever need: imported when first asked for.

`from yuantou import heavy`, then `heavy.folium.Map(…)`. Threads that ask at once share
one import.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import folium
    import geopandas

    from geo import hotspots, rates, scan, topology, weights

__all__ = ["folium", "geopandas", "hotspots", "rates", "scan", "topology", "weights"]

PLACES = {
    "folium": "folium",
    "geopandas": "geopandas",
    "hotspots": "geo.hotspots",
    "rates": "geo.rates",
    "scan": "geo.scan",
    "topology": "geo.topology",
    "weights": "geo.weights",
}


def __getattr__(name: str) -> ModuleType:
    if name not in PLACES:
        raise AttributeError(name)
    return import_module(PLACES[name])
