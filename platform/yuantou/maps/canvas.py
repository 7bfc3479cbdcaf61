"""The empty Leaflet map that folium writes: its element, and its script as a file of its own."""

from functools import cache
from typing import Any

from xstatic.pkg import leaflet

from yuantou import heavy

LEAFLET_FOLDER = leaflet.BASE_DIR
LEAFLET_VERSION = leaflet.VERSION
CENTRE = (41.1, 122.6)
NAME = "counties"


@cache
def canvas() -> tuple[str, str]:
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
        max_zoom=12,
    )
    made._id = NAME
    figure: Any = made.get_root()
    figure.render()
    return figure.html.render().strip(), figure.script.render().strip()
