"""manifest.toml of a territory folder: its name, its sources and what each level promises."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from yuantou.territory.faults import Fault
from yuantou.territory.models import LEVELS
from yuantou.territory.tables import LONGEST_NAME, decode, read_day

FILE = "manifest.toml"
POLYGONS = ("given", "children", "none")
GCJ02, BD09 = "GCJ-02", "BD-09"
_CRS = re.compile(rf"EPSG:[0-9]{{4,6}}|{GCJ02}|{BD09}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where data come from; `approval_no` is the 审图号， empty when none is known."""

    key: str
    title: str
    publisher: str = ""
    dated: date | None = None
    date_note: str = ""
    crs: str = ""
    approval_no: str = ""
    obtained_from: str = ""

    def words(self) -> str:
        """The source as one line to print under what was made from it."""
        when = self.dated.isoformat() if self.dated else _("日期未注明")
        note = f",{self.date_note}" if self.date_note else ""
        return f"{self.title}({when}{note})"


@dataclass(frozen=True, slots=True)
class Promise:
    """What one level is to have. Polygons are given, made from the children's, or none."""

    polygons: str = "none"
    population: bool = False
    positions: bool = False


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    """One file of polygons of one level; a known hole is (longitude, latitude, reason)."""

    file: str
    level: str
    crs: str
    code_field: str
    source: str
    valid_from: date | None = None
    known_holes: tuple[tuple[float, float, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """The parsed manifest; `raw` is what the file said, with dates as text."""

    name: str
    root: str
    promises: Mapping[str, Promise]
    boundaries: tuple[BoundaryFile, ...]
    sources: Mapping[str, Source]
    raw: Mapping[str, object] = field(default_factory=dict)


class _Reader:
    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults

    def fault(self, kind: str, message: str) -> None:
        self.faults.append(Fault(FILE, 0, "", kind, message))

    def text(self, table: Mapping[str, Any], key: str, where: str, required: bool = True) -> str:
        value = table.get(key, "")
        if not isinstance(value, str):
            self.fault("manifest", _("%(where)s 的 %(key)s 应是文字", where=where, key=key))
            return ""
        if required and not value.strip():
            self.fault("manifest", _("%(where)s 缺少 %(key)s", where=where, key=key))
        if len(value) > LONGEST_NAME or not value.isprintable():
            self.fault(
                "manifest", _("%(where)s 的 %(key)s 过长，或含有不可见字符", where=where, key=key)
            )
            return ""
        return value.strip()

    def day(self, table: Mapping[str, Any], key: str, where: str) -> date | None:
        if key not in table:
            return None
        try:
            return read_day(table[key])
        except ValueError:
            self.fault(
                "date",
                _(
                    "%(where)s 的 %(key)s 不是日期：%(value)s",
                    where=where,
                    key=key,
                    value=str(table[key])[:40],
                ),
            )
            return None

    def tables(self, table: Mapping[str, Any], key: str) -> dict[str, Mapping[str, Any]]:
        value = table.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
            self.fault("manifest", _("[%(key)s] 的写法不对", key=key))
            return {}
        return value

    def source(self, key: str, table: Mapping[str, Any]) -> Source:
        where = f"[sources.{key}]"
        words = {
            name: self.text(table, name, where, required=name == "title")
            for name in ("title", "publisher", "date_note", "crs", "approval_no", "obtained_from")
        }
        return Source(key=key, dated=self.day(table, "date", where), **words)

    def promise(self, level: str, table: Mapping[str, Any]) -> Promise:
        where = f"[levels.{level}]"
        if level not in LEVELS:
            self.fault(
                "level",
                _("%(where)s:不认识的层级，应为 %(levels)s", where=where, levels="、".join(LEVELS)),
            )
        polygons = table.get("polygons", "none")
        if polygons not in POLYGONS:
            self.fault(
                "manifest",
                _("%(where)s 的 polygons 应为 %(values)s", where=where, values="、".join(POLYGONS)),
            )
            polygons = "none"
        flags = {name: self._flag(table, name, where) for name in ("population", "positions")}
        return Promise(polygons=polygons, **flags)

    def _flag(self, table: Mapping[str, Any], key: str, where: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.fault(
                "manifest", _("%(where)s 的 %(key)s 应为 true 或 false", where=where, key=key)
            )
        return value is True

    def boundary(self, table: Mapping[str, Any]) -> BoundaryFile:
        where = f"[[boundaries]] {table.get('file', '')}"
        words = {name: self.text(table, name, where) for name in ("file", "level", "source")}
        crs = self.text(table, "crs", where, required=False)
        if not crs:
            self.fault(
                "crs",
                _(
                    "%(where)s 没有写坐标系(crs),应为 EPSG:4490、EPSG:4326、GCJ-02 或 BD-09 等",
                    where=where,
                ),
            )
        elif not _CRS.fullmatch(plain_crs(crs)):
            self.fault(
                "crs",
                _(
                    "%(where)s 的坐标系“%(crs)s”写法不认识，应为 EPSG:4490、EPSG:4326、"
                    "GCJ-02 或 BD-09 等",
                    where=where,
                    crs=crs[:40],
                ),
            )
            crs = ""
        return BoundaryFile(
            **words,
            crs=plain_crs(crs),
            valid_from=self.day(table, "valid_from", where),
            code_field=self.text(table, "code_field", where, required=False) or "code",
            known_holes=self._holes(table, where),
        )

    def _holes(self, table: Mapping[str, Any], where: str) -> tuple[tuple[float, float, str], ...]:
        try:
            return tuple(
                (float(hole["lng"]), float(hole["lat"]), str(hole["reason"]))
                for hole in table.get("known_holes", ())
            )
        except (KeyError, TypeError, ValueError):
            self.fault(
                "manifest", _("%(where)s 的 known_holes 每项应有 lng、lat、reason", where=where)
            )
            return ()


def plain_crs(name: str) -> str:
    """One spelling for each coordinate reference system; unknown names come back in capitals."""
    squeezed = re.sub(r"[\s_:-]", "", name).upper()
    if squeezed in {"GCJ02", "BD09"}:
        return GCJ02 if squeezed == "GCJ02" else BD09
    names = {"CGCS2000": "4490", "WGS84": "4326"}
    number = names.get(squeezed, squeezed.removeprefix("EPSG"))
    return f"EPSG:{number}" if number.isdecimal() else name.strip().upper()


def read_manifest(folder: Path, faults: list[Fault], notes: list[Fault]) -> Manifest | None:
    """The folder's manifest, or None when it cannot be read at all; faults are noted."""
    raw = _parse(folder / FILE, faults, notes)
    if raw is None:
        return None
    reader = _Reader(faults)
    unknown = set(raw) - {"format", "name", "root", "levels", "boundaries", "sources"}
    for key in sorted(unknown):
        reader.fault("manifest", _("不认识的项 %(key)s", key=key))
    if raw.get("format") != 1:
        reader.fault("manifest", _("format 应为 1"))
    boundaries = raw.get("boundaries", [])
    if not isinstance(boundaries, list) or not all(isinstance(b, dict) for b in boundaries):
        reader.fault("manifest", _("[[boundaries]] 的写法不对"))
        boundaries = []
    return Manifest(
        name=reader.text(raw, "name", FILE),
        root=reader.text(raw, "root", FILE),
        promises={
            level: reader.promise(level, table)
            for level, table in reader.tables(raw, "levels").items()
        },
        boundaries=tuple(reader.boundary(table) for table in boundaries),
        sources={
            key: reader.source(key, table) for key, table in reader.tables(raw, "sources").items()
        },
        raw=_plain(raw),
    )


def _parse(path: Path, faults: list[Fault], notes: list[Fault]) -> dict[str, Any] | None:
    try:
        text = decode(path.read_bytes(), FILE, faults, notes)
    except OSError:
        faults.append(Fault(FILE, 0, "", "missing_file", _("文件夹里没有 manifest.toml")))
        return None
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        faults.append(
            Fault(FILE, 0, "", "manifest", _("不是合法的 TOML:%(reason)s", reason=str(error)))
        )
        return None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)
