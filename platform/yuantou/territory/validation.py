"""Every fault of a territory folder in one run: structure, promises, sums, polygons."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _

from yuantou.territory import coverage
from yuantou.territory.faults import Fault
from yuantou.territory.folder import (
    AREAS,
    COURTS,
    NAMES,
    POPULATION,
    POSITIONS,
    AreaRow,
    Folder,
    PopulationRow,
    read_folder,
)
from yuantou.territory.manifest import FILE as MANIFEST
from yuantou.territory.models import LEVELS

COUNTS_TO = ("county", "city", "province")
LONGEST_PATH = 160


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `folder` is None when there was nothing to check."""

    folder: Folder | None
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def check_folder(path: Path) -> Report:
    """Read and check the folder at `path`; all faults are in the report, none is raised."""
    folder, reading = read_folder(path)
    faults = list(reading.faults)
    if folder is not None:
        for check in _CHECKS:
            faults += check(folder)
        faults = _without_echoes(faults)
    return Report(folder, tuple(sorted(set(faults))), tuple(reading.notes))


def _without_echoes(faults: list[Fault]) -> list[Fault]:
    """A figure that is there but unreadable is not missing as well."""
    said = {(fault.file, fault.code) for fault in faults}
    tables = {"population_missing": POPULATION, "position_missing": POSITIONS}
    return [
        fault
        for fault in faults
        if fault.kind not in tables or (tables[fault.kind], fault.code) not in said
    ]


def _structure(folder: Folder) -> Iterator[Fault]:
    by_code = {area.code: area for area in folder.areas}
    yield from _duplicates(AREAS, ((area.line, area.code) for area in folder.areas))
    if not folder.areas:
        yield Fault(AREAS, 0, "", "value", _("没有任何区域"))
    elif folder.manifest.root not in by_code:
        yield Fault(
            MANIFEST, 0, folder.manifest.root, "unknown_code", _("root 在 areas.csv 里没有")
        )
    for area in folder.areas:
        for kind, message in _area_problems(area, folder.manifest.root, by_code):
            yield Fault(AREAS, area.line, area.code, kind, message)
    yield from _cycles(by_code)


def _area_problems(
    area: AreaRow, root: str, by_code: dict[str, AreaRow]
) -> Iterator[tuple[str, str]]:
    if area.level not in LEVELS:
        yield (
            "level",
            _("层级“%(level)s”应为 %(levels)s", level=area.level, levels="、".join(LEVELS)),
        )
    if area.valid_from and area.valid_to and area.valid_to <= area.valid_from:
        yield (
            "date",
            _(
                "失效日期 %(to)s 不晚于生效日期 %(from)s",
                **{"to": area.valid_to, "from": area.valid_from},
            ),
        )
    if area.code == root:
        if area.parent_code:
            yield "no_parent", _("根区域不应有上级(写了 %(parent)s)", parent=area.parent_code)
        return
    parent = by_code.get(area.parent_code)
    if not area.parent_code:
        yield "no_parent", _("%(name)s没有上级，又不是 manifest 里的根", name=area.name)
    elif parent is None:
        yield (
            "no_parent",
            _(
                "%(name)s的上级 %(parent)s 不在 areas.csv 里",
                name=area.name,
                parent=area.parent_code,
            ),
        )
    elif {area.level, parent.level} <= set(LEVELS) and (
        LEVELS.index(parent.level) >= LEVELS.index(area.level)
    ):
        yield (
            "level",
            _(
                "%(name)s是 %(level)s,上级%(parent)s却是 %(above)s",
                name=area.name,
                level=area.level,
                parent=parent.name,
                above=parent.level,
            ),
        )


def _cycles(by_code: dict[str, AreaRow]) -> Iterator[Fault]:
    """Each circle once; a path too long for the database is said for its lowest area."""
    settled: set[str] = set()
    for start in by_code.values():
        trail: dict[str, AreaRow] = {}
        area: AreaRow | None = start
        while area is not None and area.code not in settled and area.code not in trail:
            trail[area.code] = area
            area = by_code.get(area.parent_code)
        if area is not None and area.code in trail:
            circle = list(trail)[list(trail).index(area.code) :]
            yield Fault(
                AREAS,
                area.line,
                area.code,
                "cycle",
                _("上级关系成了一个圈：%(circle)s", circle=" → ".join([*circle, area.code])),
            )
        elif sum(len(code) + 1 for code in trail) > LONGEST_PATH:
            yield Fault(AREAS, start.line, start.code, "value", _("各级代码连起来过长"))
        settled |= trail.keys()


def _sources(folder: Folder) -> Iterator[Fault]:
    known = folder.manifest.sources
    tables = (
        (AREAS, folder.areas),
        (NAMES, folder.names),
        (POPULATION, folder.populations),
        (COURTS, folder.courts),
        (POSITIONS, folder.positions),
    )
    for file, rows in tables:
        missing = Counter(row.source for row in rows if row.source and row.source not in known)
        for source, times in missing.items():
            first = next(row for row in rows if row.source == source)
            yield Fault(
                file,
                first.line,
                first.code,
                "source",
                _(
                    "来源“%(source)s”在 manifest 的 [sources] 里没有(共 %(n)s 行)",
                    source=source,
                    n=times,
                ),
            )
    for boundary in folder.manifest.boundaries:
        if boundary.source and boundary.source not in known:
            yield Fault(
                boundary.file,
                0,
                "",
                "source",
                _("来源“%(source)s”在 manifest 的 [sources] 里没有", source=boundary.source),
            )


def _names(folder: Folder) -> Iterator[Fault]:
    codes = {area.code for area in folder.areas}
    for row in folder.names:
        if row.code and row.code not in codes:
            yield _unknown(NAMES, row.line, row.code)


def _courts(folder: Folder) -> Iterator[Fault]:
    levels = {area.code: area.level for area in folder.areas}
    yield from _duplicates(COURTS, ((court.line, court.code) for court in folder.courts))
    names = Counter(court.name for court in folder.courts if court.name)
    for court in folder.courts:
        if court.area_code and court.area_code not in levels:
            yield Fault(
                COURTS,
                court.line,
                court.code,
                "unknown_code",
                _(
                    "%(name)s所在的区域 %(area)s 不在 areas.csv 里",
                    name=court.name,
                    area=court.area_code,
                ),
            )
        if names[court.name] > 1:
            yield Fault(
                COURTS,
                court.line,
                court.code,
                "duplicate",
                _("法院名称重复：%(name)s", name=court.name),
            )
        problem = _counted_problem(court.counts_to, court.counted_code, levels)
        if problem:
            yield Fault(COURTS, court.line, court.code, "counts_to", problem)


def _counted_problem(counts_to: str, code: str, levels: dict[str, str]) -> str:
    if counts_to not in COUNTS_TO:
        return _(
            "counts_to 应为 %(choices)s,不是“%(value)s”",
            choices="、".join(COUNTS_TO),
            value=counts_to,
        )
    if code not in levels:
        return _("案件计入的区域“%(code)s”不在 areas.csv 里", code=code)
    if levels[code] != counts_to:
        return _(
            "案件计入 %(counts_to)s,但 %(code)s 是 %(level)s",
            counts_to=counts_to,
            code=code,
            level=levels[code],
        )
    return ""


def _populations(folder: Folder) -> Iterator[Fault]:
    codes = {area.code for area in folder.areas}
    seen: dict[tuple[str, int, str], int] = {}
    for row in folder.populations:
        if row.code and row.code not in codes:
            yield _unknown(POPULATION, row.line, row.code)
        first = seen.setdefault((row.code, row.year, row.kind), row.line)
        if first != row.line:
            yield Fault(
                POPULATION,
                row.line,
                row.code,
                "duplicate",
                _(
                    "%(year)s 年 %(kind)s 人口与第 %(line)s 行重复",
                    year=row.year,
                    kind=row.kind,
                    line=first,
                ),
            )
        yield from _parts(row)
    yield from _sums(folder)


def _parts(row: PopulationRow) -> Iterator[Fault]:
    halves = ((_("男+女"), "male", "female"), (_("城镇+乡村"), "urban", "rural"))
    for words, one, other in halves:
        if one in row.parts and other in row.parts:
            total = row.parts[one] + row.parts[other]
            if total != row.value:
                yield Fault(
                    POPULATION,
                    row.line,
                    row.code,
                    "sum",
                    _(
                        "%(words)s = %(total)s,与合计 %(value)s 相差 %(difference)s",
                        words=words,
                        total=total,
                        value=row.value,
                        difference=total - row.value,
                    ),
                )


def _sums(folder: Folder) -> Iterator[Fault]:
    """Children against their parent, per year and kind; a partial sum may only be smaller."""
    rows = {(row.code, row.year, row.kind): row for row in folder.populations}
    children: dict[str, list[str]] = defaultdict(list)
    for area in folder.areas:
        children[area.parent_code].append(area.code)
    for (code, year, kind), row in rows.items():
        below = [rows[child, year, kind] for child in children[code] if (child, year, kind) in rows]
        total = sum(child.value for child in below)
        complete = len(below) == len(children[code])
        if below and (total > row.value or (complete and total != row.value)):
            yield Fault(
                POPULATION,
                row.line,
                code,
                "sum",
                _(
                    "%(year)s 年 %(kind)s:下级 %(n)s 个之和 %(total)s 与本级 %(value)s 相差 "
                    "%(difference)s",
                    year=year,
                    kind=kind,
                    n=len(below),
                    total=total,
                    value=row.value,
                    difference=total - row.value,
                ),
            )


def _promises(folder: Folder) -> Iterator[Fault]:
    has = {
        "population": {row.code for row in folder.populations},
        "position": {row.code for row in folder.positions},
    }
    words = {"population": _("承诺了人口，但没有"), "position": _("承诺了位置，但没有")}
    for area in folder.areas:
        promise = folder.manifest.promises.get(area.level)
        if promise is None:
            continue
        wanted = {"population": promise.population, "position": promise.positions}
        for thing, promised in wanted.items():
            if promised and area.code not in has[thing]:
                yield Fault(
                    AREAS,
                    area.line,
                    area.code,
                    f"{thing}_missing",
                    _(
                        "%(name)s(%(level)s):%(words)s",
                        name=area.name,
                        level=area.level,
                        words=words[thing],
                    ),
                )


def _levels_named(folder: Folder) -> Iterator[Fault]:
    used = {area.level for area in folder.areas} & set(LEVELS)
    for level in LEVELS:
        if level in used and level not in folder.manifest.promises:
            yield Fault(
                MANIFEST,
                0,
                "",
                "manifest",
                _("areas.csv 有 %(level)s,manifest 却没有 [levels.%(level)s]", level=level),
            )


def _unknown(file: str, line: int, code: str) -> Fault:
    return Fault(file, line, code, "unknown_code", _("代码不在 areas.csv 里"))


def _duplicates(file: str, rows: Iterator[tuple[int, str]]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line, code in rows:
        if code and first.setdefault(code, line) != line:
            yield Fault(
                file, line, code, "duplicate", _("代码与第 %(line)s 行重复", line=first[code])
            )


_CHECKS = (
    _levels_named,
    _sources,
    _structure,
    _names,
    _populations,
    _courts,
    _promises,
    coverage.boundary_faults,
    coverage.position_faults,
)
