"""Liaoning's folder, made from committed tables and two packages, is complete and repeatable."""

from collections import Counter
from pathlib import Path

import pytest

from yuantou.territory.building import BuildFailed, build, short_name
from yuantou.territory.cli import CONFIG
from yuantou.territory.validation import Report, check_folder


@pytest.fixture(scope="module")
def liaoning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(CONFIG, tmp_path_factory.mktemp("territories") / "liaoning").folder


@pytest.fixture(scope="module")
def report(liaoning: Path) -> Report:
    return check_folder(liaoning)


def test_liaoning_has_no_fault(report: Report) -> None:
    assert report.faults == ()
    assert report.notes == ()


def test_liaoning_is_one_province_14_cities_100_counties_1354_townships(report: Report) -> None:
    assert report.folder is not None
    levels = Counter(area.level for area in report.folder.areas)
    assert levels == {"province": 1, "city": 14, "county": 100, "township": 1354}
    assert len(report.folder.layers[0].areas) == 100
    assert len(report.folder.courts) == 128


def test_the_census_counts_42_591_407_persons(report: Report) -> None:
    assert report.folder is not None
    persons = {row.code: row.value for row in report.folder.populations}
    assert persons["210000"] == 42_591_407
    assert len(persons) == 115


def test_nothing_is_invented_for_townships(report: Report) -> None:
    assert report.folder is not None
    known = {row.code for row in report.folder.populations}
    townships = {area.code for area in report.folder.areas if area.level == "township"}
    assert not known & townships
    assert report.folder.positions == ()


def test_unverified_courts_are_told_apart(report: Report) -> None:
    assert report.folder is not None
    assert {court.name for court in report.folder.courts if not court.verified} == {
        "大连长兴岛经济区人民法院",
        "辽河人民法院",
    }


def test_islands_keep_all_their_parts(report: Report) -> None:
    assert report.folder is not None
    areas = report.folder.layers[0].areas.set_index("code")
    assert len(areas.loc["210224"].geometry.geoms) == 5


def test_building_twice_gives_the_same_bytes(liaoning: Path, tmp_path: Path) -> None:
    again = build(CONFIG, tmp_path / "again").folder
    files = sorted(file.relative_to(liaoning) for file in liaoning.rglob("*") if file.is_file())
    assert files
    for file in files:
        assert (again / file).read_bytes() == (liaoning / file).read_bytes()


def test_a_folder_without_manifest_cannot_be_built(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match=r"manifest\.toml"):
        build(tmp_path, tmp_path / "built")
    assert not (tmp_path / "built").exists()


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("和平区", "county", "和平"),
        ("义县", "county", "义县"),
        ("辽宁省", "province", "辽宁"),
        ("南街街道", "township", "南街街道"),
    ],
)
def test_short_names(name: str, level: str, short: str) -> None:
    assert short_name(name, level) == short
