"""The empty Leaflet maps that folium writes: an element, and its script as a file of its own."""

from functools import cache
from typing import Any

from xstatic.pkg import leaflet, leaflet_markercluster

from yuantou import heavy

CENTRE = (41.1, 122.6)
LIBRARY = {
    "leaflet.js": leaflet.BASE_DIR,
    "leaflet.css": leaflet.BASE_DIR,
    "leaflet.markercluster.js": leaflet_markercluster.BASE_DIR,
    "MarkerCluster.css": leaflet_markercluster.BASE_DIR,
}


def library_versions() -> dict[str, str]:
    """The version of each package whose files are served."""
    return {"leaflet": leaflet.VERSION, "clusters": leaflet_markercluster.VERSION}


@cache
def canvas(name: str) -> tuple[str, str]:
    """The element and the script; nothing in them comes from outside."""
    made = heavy.folium.Map(
        location=CENTRE,
        zoom_start=7,
        tiles=None,
        attribution_control=False,
        zoom_control="bottomright",
        zoom_snap=0.25,
        scroll_wheel_zoom=False,
        min_zoom=5,
        max_zoom=14,
    )
    made._id = name
    figure: Any = made.get_root()
    figure.render()
    return figure.html.render().strip(), figure.script.render().strip()
