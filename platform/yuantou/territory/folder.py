"""A territory folder read into plain rows; what cannot be read is noted as a fault."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flask_babel import gettext as _

from yuantou.territory.faults import Fault
from yuantou.territory.manifest import FILE as MANIFEST
from yuantou.territory.manifest import Manifest, read_manifest
from yuantou.territory.shapes import BoundaryLayer, read_layer
from yuantou.territory.tables import LONGEST_CODE, Line, read_lines

AREAS, NAMES, POPULATION = "areas.csv", "former_names.csv", "population.csv"
COURTS, POSITIONS = "courts.csv", "positions.csv"
POPULATION_KINDS = ("census", "resident_year_end", "registered")
PARTS = ("male", "female", "urban", "rural", "households")
NAME_KINDS = ("short", "former", "alias")
UNVERIFIED = "待核"  # said in a court's kind by whoever could not verify it
EARLIEST_YEAR, LATEST_YEAR = 1949, 2200


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One administrative area; an empty validity start means that it is not known."""

    line: int
    code: str
    name: str
    short_name: str
    level: str
    parent_code: str
    valid_from: date | None
    valid_to: date | None
    source: str


@dataclass(frozen=True, slots=True)
class NameRow:
    """A short, former or other name by which people call an area."""

    line: int
    code: str
    name: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """Persons of one area by year and kind; `parts` holds what else is known."""

    line: int
    code: str
    year: int
    kind: str
    value: int
    parts: dict[str, int]
    source: str


@dataclass(frozen=True, slots=True)
class CourtRow:
    """A court, where it sits, and the area that its counts belong to."""

    line: int
    code: str
    name: str
    level: str
    area_code: str
    kind: str
    basis: str
    counts_to: str
    counted_code: str
    verified: bool
    source: str


@dataclass(frozen=True, slots=True)
class PositionRow:
    """Where an area's office or centre is: degrees, in `crs` as given and in EPSG:4490."""

    line: int
    code: str
    lng: float
    lat: float
    crs: str
    source: str


@dataclass(frozen=True, slots=True)
class Folder:
    """All that a territory folder holds, as far as it could be read."""

    path: Path
    manifest: Manifest
    areas: tuple[AreaRow, ...]
    names: tuple[NameRow, ...]
    populations: tuple[PopulationRow, ...]
    courts: tuple[CourtRow, ...]
    positions: tuple[PositionRow, ...]
    layers: tuple[BoundaryLayer, ...]
    content_hash: str


@dataclass(slots=True)
class Reading:
    """A folder being read: its faults and its notes (no faults, but worth saying)."""

    path: Path
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)

    def lines(
        self,
        file: str,
        required: tuple[str, ...],
        optional: tuple[str, ...],
        *,
        must_exist: bool = False,
    ) -> list[Line]:
        """The lines of one table; a table that is optional and absent has none."""
        path = self.path / file
        if not must_exist and not path.exists():
            return []
        return list(read_lines(path, required, optional, self.faults, self.notes))


def read_folder(path: Path) -> tuple[Folder | None, Reading]:
    """The folder at `path` with every fault of reading; None when there is nothing to check."""
    reading = Reading(path)
    if not path.is_dir():
        reading.faults.append(
            Fault(path.name, 0, "", "missing_file", _("没有这个文件夹：%(path)s", path=str(path)))
        )
        return None, reading
    manifest = read_manifest(path, reading.faults, reading.notes)
    if manifest is None:
        return None, reading
    layers = [read_layer(path, file, reading.faults) for file in manifest.boundaries]
    folder = Folder(
        path=path,
        manifest=manifest,
        areas=_areas(reading),
        names=_names(reading),
        populations=_populations(reading),
        courts=_courts(reading),
        positions=_positions(reading),
        layers=tuple(layer for layer in layers if layer is not None),
        content_hash=content_hash(path, manifest),
    )
    return folder, reading


def content_hash(path: Path, manifest: Manifest) -> str:
    """32 hexadecimal digits over the names and bytes of all files that count."""
    digest = hashlib.sha256()
    files = {MANIFEST, AREAS, NAMES, POPULATION, COURTS, POSITIONS}
    files |= {boundary.file for boundary in manifest.boundaries}
    for name in sorted(files):
        file = path / name
        if file.is_file():
            digest.update(f"{name}\0{file.stat().st_size}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:32]


def _areas(reading: Reading) -> tuple[AreaRow, ...]:
    required = ("code", "name", "level", "parent_code", "source")
    optional = ("short_name", "valid_from", "valid_to")
    return tuple(
        AreaRow(
            line=line.number,
            code=line.code(),
            name=line.text("name"),
            short_name=line.text("short_name", required=False) or line.text("name"),
            level=line.text("level"),
            parent_code=line.code("parent_code", required=False),
            valid_from=line.day("valid_from"),
            valid_to=line.day("valid_to"),
            source=line.text("source"),
        )
        for line in reading.lines(AREAS, required, optional, must_exist=True)
    )


def _names(reading: Reading) -> tuple[NameRow, ...]:
    return tuple(
        NameRow(
            line.number,
            line.code(),
            line.text("name"),
            _choice(line, "kind", NAME_KINDS),
            line.text("source"),
        )
        for line in reading.lines(NAMES, ("code", "name", "kind", "source"), ())
    )


def _populations(reading: Reading) -> tuple[PopulationRow, ...]:
    rows = []
    for line in reading.lines(POPULATION, ("code", "year", "kind", "value", "source"), PARTS):
        year, value = _year(line), line.count("value", required=True)
        parts = {name: count for name in PARTS if (count := line.count(name)) is not None}
        code, source = line.code(), line.text("source")
        kind = _choice(line, "kind", POPULATION_KINDS)
        if year is not None and value is not None:
            rows.append(PopulationRow(line.number, code, year, kind, value, parts, source))
    return tuple(rows)


def _courts(reading: Reading) -> tuple[CourtRow, ...]:
    required = ("code", "name", "level", "area_code", "kind", "counts_to", "counted_code")
    return tuple(
        CourtRow(
            line=line.number,
            code=line.code(),
            name=line.text("name"),
            level=line.text("level", longest=LONGEST_CODE),
            area_code=line.code("area_code"),
            kind=line.text("kind"),
            basis=line.text("basis", required=False),
            counts_to=line.text("counts_to"),
            counted_code=line.code("counted_code"),
            verified=line.yes("verified") and UNVERIFIED not in line.cells.get("kind", ""),
            source=line.text("source"),
        )
        for line in reading.lines(COURTS, (*required, "verified", "source"), ("basis",))
    )


def _positions(reading: Reading) -> tuple[PositionRow, ...]:
    rows = []
    for line in reading.lines(POSITIONS, ("code", "lng", "lat", "crs", "source"), ()):
        lng, lat = line.decimal("lng"), line.decimal("lat")
        code, crs, source = line.code(), line.text("crs"), line.text("source")
        if lng is not None and lat is not None and crs:
            rows.append(PositionRow(line.number, code, lng, lat, crs, source))
    return tuple(rows)


def _choice(line: Line, column: str, choices: tuple[str, ...]) -> str:
    value = line.text(column)
    if value and value not in choices:
        line.fault(
            "value",
            _(
                "“%(column)s”应为 %(choices)s,不是“%(value)s”",
                column=column,
                choices="、".join(choices),
                value=value[:40],
            ),
        )
    return value


def _year(line: Line) -> int | None:
    year = line.count("year", required=True)
    if year is not None and not EARLIEST_YEAR <= year <= LATEST_YEAR:
        line.fault(
            "date",
            _(
                "年份 %(year)s 不在 %(from)s—%(to)s 之间",
                **{"year": year, "from": EARLIEST_YEAR, "to": LATEST_YEAR},
            ),
        )
        return None
    return year
