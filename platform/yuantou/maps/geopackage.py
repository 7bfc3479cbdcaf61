"""A GeoPackage written with SQLite alone: one layer of polygons and the notes beside it.

OGC 12-128r19: three tables of the standard, geometries as WKB after a header of eight bytes. No
library of map files is loaded for it, which would weigh a hundred megabytes in a web process.
"""

import json
import sqlite3
import struct
from collections.abc import Sequence
from typing import Any

import shapely

SRS = 4490
APPLICATION_ID = 0x47504B47
USER_VERSION = 10301
WKT = (
    'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",'
    '6378137,298.257222101]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],'
    'AUTHORITY["EPSG","4490"]]'
)
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL,
  m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
CREATE TABLE notes (id INTEGER PRIMARY KEY, note TEXT NOT NULL);
"""
_KINDS = {bool: "BOOLEAN", int: "INTEGER", float: "REAL"}

Row = tuple[dict[str, Any] | None, dict[str, Any]]


def write_geopackage(table: str, title: str, rows: Sequence[Row], notes: Sequence[str]) -> bytes:
    """The file in memory; `table` is a plain word, each row a GeoJSON geometry and its columns."""
    shapes = [None if made is None else _polygons(made) for made, _row in rows]
    held = sqlite3.connect(":memory:")
    try:
        held.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        held.execute(f"PRAGMA user_version = {USER_VERSION}")
        held.executescript(_TABLES)
        held.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", _systems())
        _write_layer(held, table, title, shapes, [row for _made, row in rows])
        held.executemany("INSERT INTO notes (note) VALUES (?)", [(note,) for note in notes])
        held.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
            "VALUES ('notes', 'attributes', 'notes')"
        )
        held.commit()
        return held.serialize()
    finally:
        held.close()


def _write_layer(
    held: sqlite3.Connection,
    table: str,
    title: str,
    shapes: Sequence[Any],
    rows: Sequence[dict[str, Any]],
) -> None:
    columns = {name: _kind(name, rows) for name in (rows[0] if rows else {})}
    words = "".join(f', "{name}" {kind}' for name, kind in columns.items())
    held.execute(
        f'CREATE TABLE "{table}" (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom MULTIPOLYGON{words})'
    )
    marks = ", ".join("?" * (len(columns) + 1))
    names = "".join(f', "{name}"' for name in columns)
    held.executemany(
        f'INSERT INTO "{table}" (geom{names}) VALUES ({marks})',  # noqa: S608 — our own names
        [(_blob(shape), *row.values()) for shape, row in zip(shapes, rows, strict=True)],
    )
    known = [shape for shape in shapes if shape is not None]
    extent = [float(each) for each in shapely.total_bounds(known)] if known else [None] * 4
    held.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, "
        "max_x, max_y, srs_id) VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)",
        (table, table, title, *extent, SRS),
    )
    held.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)",
        (table, SRS),
    )


def _kind(name: str, rows: Sequence[dict[str, Any]]) -> str:
    known = next((row[name] for row in rows if row[name] is not None), "")
    return _KINDS.get(type(known), "TEXT")


def _polygons(geometry: dict[str, Any]) -> Any:
    made: Any = shapely.from_geojson(json.dumps(geometry))
    return shapely.MultiPolygon([made]) if made.geom_type == "Polygon" else made


def _blob(shape: Any) -> bytes | None:
    """Header ('GP', version 0, little-endian without envelope, system) and WKB."""
    if shape is None:
        return None
    header = b"GP" + struct.pack("<BBi", 0, 1, SRS)
    return header + bytes(shapely.to_wkb(shape, byte_order=1))


def _systems() -> list[tuple[str, int, str, int, str, str | None]]:
    return [
        ("Undefined Cartesian", -1, "NONE", -1, "undefined", None),
        ("Undefined geographic", 0, "NONE", 0, "undefined", None),
        ("WGS 84", 4326, "EPSG", 4326,
         'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],'
         'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]', None),
        ("CGCS2000", SRS, "EPSG", SRS, WKT, None),
    ]  # fmt: skip
