"""Compression of what is public within the house: scripts, styles and the map's values.

Pages with personal data are left alone, because their compressed length would tell of them.
"""

import gzip

from flask import Flask, Response, request

ENDPOINTS = ("static", "maps.leaflet_file", "maps.canvas_script", "maps.values")
SMALLEST = 600


def register_compression(app: Flask) -> None:
    """Gzip the answers of ENDPOINTS for those who take it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    text = str(response.mimetype).startswith("text/") or response.mimetype in (
        "application/json",
        "application/javascript",
        "image/svg+xml",
    )
    if (
        request.endpoint not in ENDPOINTS
        or not text
        or response.status_code != 200
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= SMALLEST:
        response.set_data(gzip.compress(body, 6, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.headers.add("Vary", "Accept-Encoding")
    return response
