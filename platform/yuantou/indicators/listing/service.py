"""The list of a county's villages for a year: read, judged whole, written; the old list is kept."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.database.sheets import Row, column_letter, match_header
from yuantou.indicators.models import VillageYear
from yuantou.indicators.supplying.owners import owned_by
from yuantou.indicators.supplying.queries import areas_of
from yuantou.indicators.supplying.service import SupplyRefused
from yuantou.indicators.villages import MET
from yuantou.judiciary.counting import Fault
from yuantou.territory.models import Area

OWNER = "centre"
COLUMNS = {
    "乡镇街道": "place",
    "村或社区": "name",
    "一审被诉件数": "suits",
    "民转刑件数": "crimes",
    "越级访件数": "petitions_above",
    "排查全部完成": "screened",
}
NUMBERS = ("suits", "crimes", "petitions_above")
TOLD = {"是": True, "否": False}
MOST, LONGEST, DIGITS = 100_000, 60, 9


@dataclass
class Listing:
    """The villages of a file, or its faults."""

    rows: list[dict[str, object]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def counties(session: Session, by: Viewer) -> tuple[Area, ...]:
    """The counties whose list the viewer's agency sends; none where it owns none."""
    if OWNER not in owned_by(by.agency.kind):
        return ()
    return tuple(area for area in areas_of(session, by) if area.level == "county")


def read(rows: Sequence[Row]) -> Listing:
    """Every line with every fact, or what is wrong with which cell; SheetError without header."""
    places, body = match_header(rows, COLUMNS, tuple(COLUMNS.values()))
    letters = {key: column_letter(place) for key, place in places.items()}
    found, seen = Listing(), set[tuple[str, str]]()
    for row in body:
        cells = {k: row.cells[n] if n < len(row.cells) else "" for k, n in places.items()}
        told = {k: unicodedata.normalize("NFKC", text).strip() for k, text in cells.items()}
        wrong = _faults(told)
        if (told["place"], told["name"]) in seen:
            wrong["name"] = _("同一个村（社区）写了两行")
        seen.add((told["place"], told["name"]))
        found.faults += [Fault(text, key, row.line, letters[key]) for key, text in wrong.items()]
        if not wrong:
            numbers = {key: int(told[key]) for key in NUMBERS}
            found.rows.append({**told, **numbers, "screened": TOLD[told["screened"]]})
    return found


def _faults(told: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        key: _("不能空着，最多 %(n)s 个字", n=LONGEST)
        for key in ("place", "name")
        if not 0 < len(told[key]) <= LONGEST
    }
    for key in NUMBERS:
        if not told[key].isdecimal() or len(told[key]) > DIGITS or int(told[key]) > MOST:
            wrong[key] = _("要填整数；没有填 0，不能空着")
    if told["screened"] not in TOLD:
        wrong["screened"] = _("请写“是”或“否”")
    return wrong


def listed(session: Session, county: str, year: int) -> Sequence[VillageYear]:
    """The list of a year as it stands."""
    return session.scalars(
        select(VillageYear)
        .where(
            VillageYear.county_code == county,
            VillageYear.year == year,
            VillageYear.replaced_at.is_(None),
        )
        .order_by(VillageYear.place, VillageYear.name)
    ).all()


def unmet(row: VillageYear, criteria: Sequence[str]) -> list[str]:
    """The conditions that a village does not meet."""
    return [name for name in criteria if not MET[name](row)]


def supply_villages(
    session: Session,
    *,
    by: Viewer,
    county: Area,
    year: int,
    rows: Sequence[Mapping[str, object]],
    source: str,
    reason: str = "",
    now: datetime | None = None,
) -> int:
    """Put a list in the place of the one that stands, which is kept; that needs its reason."""
    at = now or clock.now()
    if county.code not in {area.code for area in counties(session, by)}:
        raise SupplyRefused(_("不是本单位提供的数，或者不是本单位的地区"))
    before = len(listed(session, county.code, year))
    if before and not reason.strip():
        raise SupplyRefused(_("改动已经报过的数，要写更正说明"))
    session.execute(
        update(VillageYear)
        .where(
            VillageYear.county_code == county.code,
            VillageYear.year == year,
            VillageYear.replaced_at.is_(None),
        )
        .values(replaced_at=at)
    )
    words = _("%(source)s；更正：%(why)s", source=source, why=reason.strip()) if before else source
    session.add_all(
        VillageYear(
            **row,
            county_code=county.code,
            area_path=county.path,
            year=year,
            source=words,
            agency_id=by.agency.id,
            entered_by=by.id,
            entered_at=at,
            demo=by.agency.demo,
        )
        for row in rows
    )
    record(
        session,
        action="supply:villages",
        object_type="village_year",
        object_id=f"{county.code}/{year}",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"rows": len(rows), "before": before},
    )
    session.commit()
    return len(rows)
