"""Loading adds and corrects, never deletes, and does nothing the second time."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.places import convert
from tests.territory.invented import Ring, county, draw, edit
from yuantou.audit.models import AuditEvent
from yuantou.territory.building import build
from yuantou.territory.cli import CONFIG
from yuantou.territory.drawing import BoundaryRefused
from yuantou.territory.loading import BEFORE_RECORDS, Loaded, LoadRefused, load_territory
from yuantou.territory.models import Area, Boundary, Court, Population, Territory
from yuantou.territory.validation import check_folder

NOW = datetime(2026, 1, 5, tzinfo=UTC)
CORNER = county(2, 2)


def load(session: Session, folder: Path) -> Loaded:
    loaded = load_territory(session, check_folder(folder), by=None, now=NOW)
    session.commit()
    return loaded


def audit_rows(session: Session) -> int:
    query = select(func.count()).where(AuditEvent.action == "territory:load")
    return session.scalar(query) or 0


def versions(session: Session, code: str) -> list[tuple[date, date | None]]:
    rows = session.scalars(
        select(Boundary).where(Boundary.area_code == code).order_by(Boundary.valid_from)
    )
    return [(row.valid_from, row.valid_to) for row in rows]


def stretch(folder: Path) -> None:
    """The north-east corner of the land lies farther north than before."""
    draw(
        folder,
        lambda _code, ring: [[120.3, 40.32] if point == [120.3, 40.3] else point for point in ring],
    )


def test_an_invented_territory_loads_whole(owner: Session, land: Path) -> None:
    loaded = load(owner, land)
    assert loaded.changes == {
        "area": 14,
        "boundary": 12,
        "population": 12,
        "court": 3,
        "territory": 1,
    }
    township = owner.get_one(Area, "V0100-2")
    assert township.path == "V0/V01/V0100/V0100-2/"
    assert (township.lng, township.lat, township.valid_from) == (None, None, BEFORE_RECORDS)
    court = owner.get_one(Court, "J3")
    assert (court.counts_to_path, court.verified) == ("V0/", False)


def test_boundaries_carry_source_crs_and_approval_number(owner: Session, land: Path) -> None:
    load(owner, land)
    row = owner.scalars(select(Boundary).where(Boundary.area_code == CORNER)).one()
    assert (row.source, row.source_crs, row.approval_no) == (
        "虚构测绘院(2025-06-30)",
        "EPSG:4490",
        "虚S(2025)001号",
    )


def test_a_city_is_drawn_from_its_counties(owner: Session, land: Path) -> None:
    load(owner, land)
    city = owner.scalars(select(Boundary).where(Boundary.area_code == "V01")).one()
    ring = city.geometry["coordinates"][0]  # type: ignore[index]
    assert {tuple(point) for point in ring} >= {(120.0, 40.0), (120.1, 40.3)}
    assert max(lng for lng, _ in ring) == 120.1
    assert "由下级边界合并" in city.source


def test_the_same_folder_twice_changes_nothing(owner: Session, land: Path) -> None:
    load(owner, land)
    before = audit_rows(owner)
    assert load(owner, land).unchanged
    assert audit_rows(owner) == before == 1


def test_a_newer_boundary_is_a_second_version(owner: Session, land: Path) -> None:
    load(owner, land)
    stretch(land)
    edit(
        land, "manifest.toml", 'source = "survey"\n', 'source = "survey"\nvalid_from = 2026-01-01\n'
    )
    changes = load(owner, land).changes
    newer = date(2026, 1, 1)
    assert versions(owner, CORNER) == [(BEFORE_RECORDS, newer), (newer, None)]
    assert versions(owner, "V02") == [(BEFORE_RECORDS, newer), (newer, None)]
    assert versions(owner, "V01") == [(BEFORE_RECORDS, None)]
    assert changes["boundary replaced"] == 3
    assert audit_rows(owner) == 2


def test_a_changed_boundary_that_is_not_newer_is_refused(owner: Session, land: Path) -> None:
    edit(
        land, "manifest.toml", 'source = "survey"\n', 'source = "survey"\nvalid_from = 2026-01-01\n'
    )
    load(owner, land)
    stretch(land)
    with pytest.raises(BoundaryRefused, match="2026-01-01"):
        load(owner, land)
    owner.rollback()
    assert versions(owner, CORNER) == [(date(2026, 1, 1), None)]


def test_a_newer_population_is_added_beside_the_old(owner: Session, land: Path) -> None:
    load(owner, land)
    with (land / "population.csv").open("a", encoding="utf-8") as file:
        file.write("V0100,2025,resident_year_end,120,60,60,bureau\n")
    assert load(owner, land).changes["population"] == 1
    years = owner.scalars(select(Population.year).where(Population.area_code == "V0100"))
    assert sorted(years) == [2024, 2025]


def test_a_corrected_population_keeps_what_stood_before(owner: Session, land: Path) -> None:
    load(owner, land)
    edit(land, "population.csv", "V0100,2024,census,100,50,50", "V0100,2024,census,100,40,60")
    assert load(owner, land).changes["population corrected"] == 1
    row = owner.scalars(select(Population).where(Population.area_code == "V0100")).one()
    assert row.parts["female"] == 60
    assert row.parts["earlier"][0]["parts"] == {"male": 50, "female": 50}  # type: ignore[index]


def test_areas_that_a_newer_folder_lacks_stay(owner: Session, land: Path) -> None:
    load(owner, land)
    edit(land, "areas.csv", "V0100-2,下河乡,township,V0100,bureau\n", "")
    loaded = load(owner, land)
    assert loaded.left_alone == ("V0100-2",)
    assert owner.get(Area, "V0100-2") is not None


def test_an_area_that_moves_to_another_parent_is_refused(owner: Session, land: Path) -> None:
    load(owner, land)
    edit(land, "areas.csv", "下河乡,township,V0100,", "下河乡,township,V0211,")
    with pytest.raises(LoadRefused, match="V0100-2"):
        load(owner, land)


def test_a_renamed_area_is_corrected(owner: Session, land: Path) -> None:
    load(owner, land)
    edit(land, "areas.csv", "下河乡", "下河镇")
    assert load(owner, land).changes == {"area corrected": 1, "territory": 1}
    owner.expire_all()
    assert owner.get_one(Area, "V0100-2").name == "下河镇"


def test_a_faulty_folder_writes_nothing(owner: Session, land: Path) -> None:
    edit(land, "courts.csv", "county,V0100", "county,V99")
    with pytest.raises(LoadRefused):
        load(owner, land)
    assert owner.get(Area, "V0") is None
    assert audit_rows(owner) == 0


def test_a_folder_of_one_city_keeps_its_place_in_the_province(owner: Session, land: Path) -> None:
    load(owner, land)
    (land / "courts.csv").unlink()
    edit(land, "manifest.toml", 'root = "V0"', 'root = "V01"')
    for file in ("areas.csv", "population.csv"):
        lines = (land / file).read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if line.startswith(("code", "V01"))]
        (land / file).write_text("\n".join(kept), encoding="utf-8")
    edit(land, "areas.csv", "V01,东市,city,V0,", "V01,东城,city,,")
    draw(land, lambda code, ring: ring if code.startswith("V01") else None)
    load(owner, land)
    owner.expire_all()
    assert owner.get_one(Area, "V01").path == "V0/V01/"
    assert owner.get_one(Area, "V01").parent_code == "V0"


def test_liaoning_loads_over_what_is_there(owner: Session, tmp_path: Path) -> None:
    loaded = load(owner, build(CONFIG, tmp_path / "liaoning").folder)
    count = select(func.count()).select_from(Area).where(Area.path.startswith("210000/"))
    assert (owner.scalar(count) or 0) - len(loaded.left_alone) == 1469
    assert owner.get_one(Area, "210224").path == "210000/210200/210224/"
    names = owner.scalars(select(Territory)).one().manifest["names"]
    assert {"code": "211324", "name": "喀左", "kind": "short"} in names  # type: ignore[operator]


def test_gcj_polygons_declared_as_4490_are_refused_beside_known_ones(
    owner: Session, land: Path
) -> None:
    load(owner, land)

    def shifted(_code: str, ring: Ring) -> Ring:
        east, north = zip(*ring, strict=True)
        lng, lat = convert(east, north, "CGCS2000", "GCJ-02")
        return [list(pair) for pair in zip(lng.tolist(), lat.tolist(), strict=True)]

    draw(land, shifted)
    with pytest.raises(BoundaryRefused, match="GCJ-02"):
        load(owner, land)


def test_a_court_of_another_territory_is_not_taken_over(owner: Session, land: Path) -> None:
    load(owner, land)
    for file in (
        "manifest.toml",
        "areas.csv",
        "population.csv",
        "courts.csv",
        "boundaries/county.geojson",
    ):
        text = (land / file).read_text(encoding="utf-8")
        (land / file).write_text(text.replace("V0", "W0"), encoding="utf-8")
    with pytest.raises(LoadRefused, match="J1"):
        load(owner, land)
    owner.rollback()
    assert owner.get_one(Court, "J1").area_code == "V0100"
