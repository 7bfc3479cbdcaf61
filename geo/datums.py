"""Conversions between the datums of Chinese maps.

Phones give WGS-84, AMap and Tencent GCJ-02, Baidu BD-09, Tianditu CGCS2000.
CGCS2000 and WGS-84 differ by centimetres and are taken as one. GCJ-02 shifts
points within China by 100 to 700 m; outside its rectangle nothing is shifted.
Coordinates are degrees: longitude first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from geo.arrays import Floats, Numbers, numbers, refuse

Datum: TypeAlias = Literal["WGS-84", "CGCS2000", "GCJ-02", "BD-09"]
Degrees: TypeAlias = tuple[Floats, Floats]

DATUMS: tuple[Datum, ...] = ("WGS-84", "CGCS2000", "GCJ-02", "BD-09")

# Krasovsky 1940, on which the GCJ-02 shift is computed.
_AXIS = 6378245.0
_SQUARED_ECCENTRICITY = 0.00669342162296594323
_BAIDU_TURN = np.pi * 3000.0 / 180.0
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_ROUNDS = 40
_CLOSE = 1e-11


def convert(lng: Numbers, lat: Numbers, source: Datum, target: Datum) -> Degrees:
    """Convert coordinates from one datum to another.

    ``lng`` and ``lat`` are degrees, of one shape; returned are (lng, lat) of
    that shape. The way back is found by iteration, to 1e-9 degrees. NaN stays
    NaN. Raises ValueError for an unknown datum, differing shapes, or degrees
    out of range (as when latitude and longitude are swapped), naming the
    position.

    >>> lng, lat = convert(123.43, 41.80, "WGS-84", "GCJ-02")
    >>> round(float(lng), 6), round(float(lat), 6)
    (123.436137, 41.80243)
    """
    for datum in (source, target):
        if datum not in DATUMS:
            raise ValueError(f"datum must be one of {', '.join(DATUMS)}, not {datum!r}")
    here = degrees(lng, lat)
    shared = min(len(_STEPS[source]), len(_STEPS[target]))
    for step in reversed(_STEPS[source][shared:]):
        here = _backward(step, here)
    for step in _STEPS[target][shared:]:
        here = step(*here)
    return here


def degrees(lng: Numbers, lat: Numbers) -> Degrees:
    """Return longitudes and latitudes as float arrays of one shape, in range."""
    x, y = numbers(lng, "longitude"), numbers(lat, "latitude")
    if x.shape != y.shape:
        raise ValueError(f"longitude and latitude differ in shape: {x.shape} and {y.shape}")
    refuse(np.abs(x) > 180, "longitude beyond 180 degrees")
    refuse(np.abs(y) > 90, "latitude beyond 90 degrees (swapped with longitude?)")
    return x, y


def _gcj_from_wgs(lng: Floats, lat: Floats) -> Degrees:
    inside = (lng >= _WEST) & (lng <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
    x, y = lng - 105.0, lat - 35.0
    radians = np.radians(lat)
    magic = 1 - _SQUARED_ECCENTRICITY * np.sin(radians) ** 2
    meridian = _AXIS * (1 - _SQUARED_ECCENTRICITY) / (magic * np.sqrt(magic))
    parallel = _AXIS / np.sqrt(magic) * np.cos(radians)
    east = np.where(inside, np.degrees(_shift_east(x, y) / parallel), 0.0)
    north = np.where(inside, np.degrees(_shift_north(x, y) / meridian), 0.0)
    return lng + east, lat + north


def _shift_east(x: Floats, y: Floats) -> Floats:
    shift: Floats = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    shift += (_wave(20, x, 6) + _wave(20, x, 2)) * 2 / 3
    shift += (_wave(20, x, 1) + _wave(40, x, 1 / 3)) * 2 / 3
    return shift + (_wave(150, x, 1 / 12) + _wave(300, x, 1 / 30)) * 2 / 3


def _shift_north(x: Floats, y: Floats) -> Floats:
    shift: Floats = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    shift += (_wave(20, x, 6) + _wave(20, x, 2)) * 2 / 3
    shift += (_wave(20, y, 1) + _wave(40, y, 1 / 3)) * 2 / 3
    return shift + (_wave(160, y, 1 / 12) + _wave(320, y, 1 / 30)) * 2 / 3


def _wave(height: float, degrees: Floats, frequency: float) -> Floats:
    wave: Floats = height * np.sin(degrees * np.pi * frequency)
    return wave


def _bd_from_gcj(lng: Floats, lat: Floats) -> Degrees:
    radius = np.hypot(lng, lat) + 0.00002 * np.sin(lat * _BAIDU_TURN)
    angle = np.arctan2(lat, lng) + 0.000003 * np.cos(lng * _BAIDU_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _backward(step: Callable[[Floats, Floats], Degrees], there: Degrees) -> Degrees:
    """Solve step(here) = there by fixed point; the shift hardly varies, so it contracts."""
    lng, lat = there
    for _ in range(_ROUNDS):
        x, y = step(lng, lat)
        off = there[0] - x, there[1] - y
        lng, lat = lng + off[0], lat + off[1]
        if not (np.hypot(*off) > _CLOSE).any():
            break
    return lng, lat


_STEPS: dict[Datum, tuple[Callable[[Floats, Floats], Degrees], ...]] = {
    "WGS-84": (),
    "CGCS2000": (),
    "GCJ-02": (_gcj_from_wgs,),
    "BD-09": (_gcj_from_wgs, _bd_from_gcj),
}
