"""A checked folder written into the database: adding and correcting, never deleting."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, or_, select, text
from sqlalchemy.orm import Session

from yuantou.audit.service import record
from yuantou.territory.coverage import stored_position
from yuantou.territory.drawing import draw_boundaries
from yuantou.territory.folder import AreaRow, Folder
from yuantou.territory.manifest import Source
from yuantou.territory.models import LEVELS, Area, Court, Population, Territory
from yuantou.territory.validation import Report

BEFORE_RECORDS = date(1949, 10, 1)  # stands for a validity whose start nobody wrote down
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('territory'))")


class LoadRefused(RuntimeError):
    """The folder cannot be loaded; the message says why, in Chinese."""


@dataclass(slots=True)
class Loaded:
    """What loading changed: rows by kind of change; nothing when the folder was known."""

    changes: Counter[str] = field(default_factory=Counter)
    left_alone: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether the database was left as it was."""
        return not self.changes


def load_territory(session: Session, report: Report, *, by: int | None, now: datetime) -> Loaded:
    """Write a faultless folder in the caller's transaction; the same folder changes nothing."""
    if report.folder is None or report.faults:
        raise LoadRefused(_("区域文件夹有 %(n)s 处错误，未载入", n=len(report.faults)))
    folder = report.folder
    session.execute(_ONE_AT_A_TIME)
    if _known(session, folder):
        return Loaded()
    loaded = Loaded()
    paths = _load_areas(session, folder, loaded)
    loaded.changes.update(draw_boundaries(session, folder, paths, BEFORE_RECORDS))
    _load_populations(session, folder, loaded.changes, now)
    _load_courts(session, folder, paths, loaded.changes)
    session.add(
        Territory(
            root_code=folder.manifest.root,
            name=folder.manifest.name,
            loaded_at=now,
            content_hash=folder.content_hash,
            manifest=_manifest(folder),
        )
    )
    loaded.changes["territory"] = 1
    record(
        session,
        action="territory:load",
        object_type="territory",
        object_id=folder.manifest.root,
        account_id=by,
        facts={"hash": folder.content_hash, "changes": dict(loaded.changes)},
    )
    return loaded


def _known(session: Session, folder: Folder) -> bool:
    query = select(Territory.id).where(Territory.content_hash == folder.content_hash)
    return session.scalar(query) is not None


def _manifest(folder: Folder) -> dict[str, object]:
    """What the folder said of itself, with the names people use, which have no table."""
    names = [{"code": row.code, "name": row.name, "kind": row.kind} for row in folder.names]
    return {**folder.manifest.raw, "names": names}


def _load_areas(session: Session, folder: Folder, loaded: Loaded) -> dict[str, str]:
    """Insert new areas, correct known ones; returns the path of each area of the folder."""
    known = {area.code: area for area in session.scalars(select(Area))}
    paths = _paths(folder, known)
    sources = folder.manifest.sources
    places = {row.code: stored_position(row) for row in folder.positions}
    fresh = []
    for row in sorted(folder.areas, key=lambda row: (LEVELS.index(row.level), row.code)):
        place = places.get(row.code)
        values = {**_area_values(row, sources), "path": paths[row.code]}
        if place is not None:
            values |= {"lng": place.x, "lat": place.y}
        if row.code not in known:
            fresh.append(
                {
                    "lng": None,
                    "lat": None,
                    **values,
                    "code": row.code,
                    "parent_code": row.parent_code or None,
                }
            )
        elif _correct(known[row.code], values):
            loaded.changes["area corrected"] += 1
    if fresh:
        session.execute(insert(Area), fresh)
        loaded.changes["area"] = len(fresh)
    top = paths[folder.manifest.root]
    loaded.left_alone = tuple(
        sorted(
            code for code, area in known.items() if area.path.startswith(top) and code not in paths
        )
    )
    return paths


def _area_values(row: AreaRow, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "level": row.level,
        "valid_from": row.valid_from or BEFORE_RECORDS,
        "valid_to": row.valid_to,
        "source": sources[row.source].words(),
    }


def _paths(folder: Folder, known: Mapping[str, Area]) -> dict[str, str]:
    """Codes from the root down; a root that stands in a larger territory keeps its place."""
    parents = {row.code: row.parent_code for row in folder.areas}
    root = folder.manifest.root
    paths = {root: known[root].path if root in known else f"{root}/"}

    def path(code: str) -> str:
        if code not in paths:
            paths[code] = f"{path(parents[code])}{code}/"
        return paths[code]

    moved = [code for code in parents if code in known and known[code].path != path(code)]
    if moved:
        raise LoadRefused(
            _(
                "%(codes)s 的上级与库里不同；换上级会改变已有事项的归属，不能直接载入，"
                "请为新的隶属关系使用新代码",
                codes="、".join(sorted(moved)[:10]),
            )
        )
    return {code: path(code) for code in parents}


def _correct(row: object, values: Mapping[str, Any]) -> bool:
    """Set what differs; whether anything did."""
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _load_populations(
    session: Session, folder: Folder, changes: Counter[str], now: datetime
) -> None:
    """New years and kinds are rows of their own; a corrected figure keeps the earlier ones."""
    codes = [row.code for row in folder.populations]
    known = {
        (row.area_code, row.year, row.kind): row
        for row in session.scalars(select(Population).where(Population.area_code.in_(codes)))
    }
    fresh = []
    for row in folder.populations:
        source = folder.manifest.sources[row.source].words()
        values: dict[str, Any] = {"persons": row.value, "parts": row.parts, "source": source}
        found = known.get((row.code, row.year, row.kind))
        if found is None:
            fresh.append({**values, "area_code": row.code, "year": row.year, "kind": row.kind})
        elif found.persons != row.value or _without_earlier(found.parts) != row.parts:
            _replace_population(found, values, now)
            changes["population corrected"] += 1
    if fresh:
        session.execute(insert(Population), fresh)
        changes["population"] = len(fresh)


def _without_earlier(parts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in parts.items() if name != "earlier"}


def _replace_population(found: Population, values: Mapping[str, Any], now: datetime) -> None:
    history = found.parts.get("earlier")
    earlier = {
        "persons": found.persons,
        "parts": _without_earlier(found.parts),
        "source": found.source,
        "replaced_at": now.isoformat(),
    }
    found.persons, found.source = values["persons"], values["source"]
    found.parts = {
        **values["parts"],
        "earlier": [*(history if isinstance(history, list) else []), earlier],
    }


def _load_courts(
    session: Session, folder: Folder, paths: Mapping[str, str], changes: Counter[str]
) -> None:
    known = _known_courts(session, folder, paths[folder.manifest.root])
    fresh = []
    for row in folder.courts:
        values = {
            "name": row.name,
            "level": row.level,
            "area_code": row.area_code,
            "counts_to": row.counts_to,
            "counts_to_code": row.counted_code,
            "counts_to_path": paths[row.counted_code],
            "kind": row.kind,
            "basis": row.basis,
            "verified": row.verified,
        }
        if row.code not in known:
            fresh.append(
                {**values, "code": row.code, "valid_from": BEFORE_RECORDS, "valid_to": None}
            )
        elif _correct(known[row.code], values):
            changes["court corrected"] += 1
    if fresh:
        session.execute(insert(Court), fresh)
        changes["court"] = len(fresh)


def _known_courts(session: Session, folder: Folder, top: str) -> dict[str, Court]:
    """Courts of earlier loads by code; a code or name that another court has is refused."""
    names = {court.name: court.code for court in folder.courts}
    found = session.scalars(
        select(Court).where(or_(Court.code.in_(names.values()), Court.name.in_(names)))
    )
    known = {court.code: court for court in found}
    for court in known.values():
        renamed = court.name in names and names[court.name] != court.code
        if renamed or not court.counts_to_path.startswith(top):
            raise LoadRefused(
                _(
                    "法院 %(code)s(%(name)s)已在库里属于别处，代码和名称都不能重复",
                    code=court.code,
                    name=court.name,
                )
            )
    return known
