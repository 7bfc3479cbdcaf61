"""A small invented territory: one province, two cities, nine square counties, two townships."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Ring = list[list[float]]
WEST, SOUTH, SIDE = 120.0, 40.0, 0.1

MANIFEST = """
format = 1
name = "虚构省"
root = "V0"
[levels.province]
polygons = "children"
population = true
[levels.city]
polygons = "children"
population = true
[levels.county]
polygons = "given"
population = true
[levels.township]
polygons = "none"
[[boundaries]]
file = "boundaries/county.geojson"
level = "county"
crs = "EPSG:4490"
source = "survey"
[sources.survey]
title = "虚构测绘院"
date = 2025-06-30
approval_no = "虚S(2025)001号"
[sources.bureau]
title = "虚构统计局"
"""


def county(column: int, row: int) -> str:
    """The code of the county in this cell of the 3 × 3 grid; column 0 is the first city's."""
    return f"V{'01' if column == 0 else '02'}{column}{row}"


def square(column: int, row: int) -> Ring:
    """The closed ring of that county."""
    west, south = WEST + SIDE * column, SOUTH + SIDE * row
    west, south, east, north = (round(v, 6) for v in (west, south, west + SIDE, south + SIDE))
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def cells() -> list[tuple[int, int]]:
    """All cells of the grid."""
    return [(column, row) for column in range(3) for row in range(3)]


def invent(folder: Path) -> Path:
    """Write the whole faultless territory into `folder`."""
    (folder / "boundaries").mkdir(parents=True)
    (folder / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    areas = ["V0,虚构省,province,,bureau", "V01,东市,city,V0,bureau", "V02,西市,city,V0,bureau"]
    areas += [
        f"{county(c, r)},{'甲乙丙'[c]}{'一二三'[r]}县,county,{county(c, r)[:3]},bureau"
        for c, r in cells()
    ]
    areas += ["V0100-1,上河镇,township,V0100,bureau", "V0100-2,下河乡,township,V0100,bureau"]
    write(folder / "areas.csv", "code,name,level,parent_code,source", areas)
    people = [
        "V0,2024,census,900,450,450,bureau",
        "V01,2024,census,300,150,150,bureau",
        "V02,2024,census,600,300,300,bureau",
    ]
    people += [f"{county(c, r)},2024,census,100,50,50,bureau" for c, r in cells()]
    write(folder / "population.csv", "code,year,kind,value,male,female,source", people)
    courts = [
        "J1,甲一县人民法院,基层,V0100,区县,county,V0100,yes,bureau",
        "J2,东市中级人民法院,中级,V01,地市,city,V01,yes,bureau",
        "J3,虚构铁路法院,基层,V0100,铁路(待核),province,V0,yes,bureau",
    ]
    write(
        folder / "courts.csv",
        "code,name,level,area_code,kind,counts_to,counted_code,verified,source",
        courts,
    )
    draw(folder, lambda code, ring: ring)
    return folder


def draw(folder: Path, change: Callable[[str, Ring], Ring | None]) -> None:
    """Write the boundary file anew; a ring changed to None is left out."""
    features: list[dict[str, Any]] = []
    for cell in cells():
        ring = change(county(*cell), square(*cell))
        if ring is not None:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"code": county(*cell)},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
    collection = {"type": "FeatureCollection", "features": features}
    (folder / "boundaries" / "county.geojson").write_text(json.dumps(collection))


def write(path: Path, header: str, lines: list[str]) -> None:
    """Write a CSV file from ready lines."""
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace the one place where `old` stands in a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
