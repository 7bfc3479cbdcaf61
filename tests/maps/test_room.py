"""The map room: any figure, two at once, townships, matters, and what a spot consists of."""

import gzip
import io
import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import CITY, DONGJIE, HEPING, KAZUO, LINGYUAN, NANJIE, PROVINCE, SHENYANG
from tests.maps.lands import Clients, land_of, last_month, of
from yuantou.database.sheets import read_sheet
from yuantou.indicators.models import FigureLine, FigurePack
from yuantou.territory.models import Area

NOW = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.fixture
def land(owner: Session) -> None:
    """Three square counties with disputes, and a share (I07) of each."""
    land_of(owner)
    for code, parent, hits, tries in (
        (LINGYUAN, CITY, 30, 40),
        (KAZUO, CITY, 1, 20),
        (HEPING, SHENYANG, 45, 60),
    ):
        path = f"{PROVINCE}/{parent}/{code}/"
        common = {"indicator": "I07", "area_code": code, "area_path": path, "computed_at": NOW}
        sums = {"numerators": [hits], "denominators": [tries]}
        months = {"months": [last_month()], "versions": [1]}
        owner.add(FigureLine(**common, level="county", **months, **sums))
        owner.add(FigurePack(**common, dimension="type", values=["damages"], **months, **sums))
    owner.commit()


@pytest.mark.parametrize(
    "query",
    [
        "",
        "layer=I07",
        "layer=R_filed",
        "layer=I14",
        "layer=I07&type=damages",
        "layer=rate&smooth=1",
        "compare=period",
        "compare=layer&layer2=I07",
        "level=township",
        f"level=township&area={LINGYUAN}&layer=I07",
        f"area={CITY}&show=clusters",
        "bounds=10,20",
    ],
)
def test_every_view_opens_as_map_and_as_table(land: None, client_of: Clients, query: str) -> None:
    client = client_of("sheng")
    for page in ("/map", "/map/table"):
        answer = client.get(f"{page}?{query}")
        assert answer.status_code == 200
        assert "口径" in answer.text
        assert "仅限内部使用" in answer.text


def test_an_indicator_has_its_interval_and_hides_what_is_small(
    land: None, client_of: Clients
) -> None:
    client = client_of("sheng")
    values = of(client, "layer=I07")
    assert values[HEPING] == "75.0"
    assert values[KAZUO] == "<3"
    table = client.get("/map/table?layer=I07").text
    assert "62.8—84.2" in table
    assert "第 1 版" in table
    assert "2026-01-05" in table


def test_one_type_of_an_indicator_is_read_from_its_parts(land: None, client_of: Clients) -> None:
    assert of(client_of("sheng"), "layer=I07&type=damages")[HEPING] == "75.0"
    assert of(client_of("sheng"), "layer=I07&type=contract").get(HEPING) == ""


def test_values_weigh_little_and_say_so_when_nothing_changed(
    land: None, client_of: Clients
) -> None:
    client = client_of("sheng")
    first = client.get("/map/values?layer=reported", headers={"Accept-Encoding": "gzip"})
    assert len(gzip.compress(client.get("/map/values?layer=reported").data, 6)) < 1_000
    assert "private" in first.headers["Cache-Control"]
    again = client.get(
        "/map/values?layer=reported", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304


def test_fixed_bounds_class_alike_whatever_the_month(land: None, client_of: Clients) -> None:
    sent = client_of("sheng").get("/map/values?layer=reported&bounds=5,35").get_json()
    assert sent["labels"] == ["5 以下", "5—35", "35 及以上"]
    assert sent["classes"][sorted((LINGYUAN, KAZUO, HEPING)).index(HEPING)] == "1"


def test_townships_are_drawn_where_the_office_placed_them(
    land: None, client_of: Clients, owner: Session
) -> None:
    query = f"level=township&layer=reported&area={LINGYUAN}"
    assert "没有载入乡镇位置" in client_of("zhou").get(f"/map?{query}").text
    place = owner.get_one(Area, NANJIE)
    place.lng, place.lat = 119.4, 41.2
    owner.commit()
    sent = client_of("zhou").get(f"/map/places?{query}").get_json()["places"]
    assert [row[:3] for row in sent] == [[119.4, 41.2, "南街"]]
    assert sent[0][4:] == [0, "—"]  # 38, which with the county's 40 would tell of the other two
    assert "没有载入乡镇位置" not in client_of("zhou").get(f"/map?{query}").text


def test_who_reads_sums_alone_sees_no_single_matter(land: None, client_of: Clients) -> None:
    for login in ("zhou", "ren-da"):
        client = client_of(login)
        assert client.get("/map?level=points").status_code == 403
        assert client.get("/map/places?level=points").status_code == 403
        assert (
            "您的职责只看合计"
            in client.get(f"/map/spot/{LINGYUAN if login == 'zhou' else HEPING}").text
        )


def test_another_countys_spot_is_not_there(land: None, client_of: Clients) -> None:
    assert client_of("zhou").get(f"/map/spot/{KAZUO}").status_code == 404
    assert client_of("zhou").get(f"/map?area={KAZUO}").status_code == 404
    assert client_of("gao").get(f"/map/places?level=points&area={KAZUO}").status_code == 404
    assert client_of("mei").get(f"/map/spot/{LINGYUAN}").status_code == 403


def test_the_sums_of_a_makeup_stop_at_the_viewers_range(
    land: None, viewer_session: Callable[..., tuple[Session, object]]
) -> None:
    session, _viewer = viewer_session("zhou")
    asked = text("SELECT count(*) FROM county_makeup(:county, '2020-01-01', '2100-01-01', '')")
    assert session.scalar(asked, {"county": KAZUO}) == 0


def test_a_geopackage_opens_and_carries_its_notes(
    land: None, client_of: Clients, tmp_path: Path
) -> None:
    answer = client_of("sheng").get("/map/counties.gpkg?layer=reported")
    file = tmp_path / "map.gpkg"
    file.write_bytes(answer.data)
    held = sqlite3.connect(file)
    try:
        assert held.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        rows = dict(held.execute("SELECT code, count FROM counties").fetchall())
        blob = held.execute("SELECT geom FROM counties WHERE code = ?", (HEPING,)).fetchone()[0]
        notes = " ".join(row[0] for row in held.execute("SELECT note FROM notes"))
    finally:
        held.close()
    assert rows == {LINGYUAN: None, KAZUO: None, HEPING: 30}
    assert shapely.from_wkb(blob[8:]).area == pytest.approx(1)
    assert "仅限内部使用" in notes
    assert "分子" in notes


def test_pyogrio_reads_the_geopackage(land: None, client_of: Clients, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    file = tmp_path / "map.gpkg"
    file.write_bytes(client_of("sheng").get("/map/counties.gpkg?layer=rate").data)
    told = pyogrio.read_info(file, layer="counties")
    assert (told["features"], told["geometry_type"]) == (3, "MultiPolygon")
    assert "China" in told["crs"] or "4490" in told["crs"]


def test_a_workbook_holds_the_definition_and_the_interval(land: None, client_of: Clients) -> None:
    data = client_of("sheng").get("/map/counties.xlsx?layer=I07").data
    rows = read_sheet(data, "map.xlsx", largest_rows=50, largest_unpacked=10_000_000)
    heping = next(row.cells for row in rows if row.cells[0] == HEPING)
    assert heping[4:7] == ("75", "62.8", "84.2")
    assert b"sheet2.xml" in data


def test_the_geojson_says_the_same_as_the_table(land: None, client_of: Clients) -> None:
    document = json.loads(client_of("sheng").get("/map/counties.geojson?layer=I07").data)
    found = {each["id"]: each["properties"] for each in document["features"]}
    assert (found[HEPING]["value"], found[HEPING]["low"]) == (75.0, 62.8)
    assert found[KAZUO]["concealed"]
    assert DONGJIE not in found


def test_a_month_before_the_time_line_is_still_a_view(land: None, client_of: Clients) -> None:
    assert client_of("sheng").get("/map?since=2019-01&until=2019-12").status_code == 200


@pytest.mark.parametrize("query", ["bounds=3,1", "bounds=x", "level=village", "compare=all"])
def test_an_odd_address_is_refused(land: None, client_of: Clients, query: str) -> None:
    assert client_of("sheng").get(f"/map?{query}").status_code == 400


@pytest.mark.parametrize(
    "query", ["layer=rate", "compare=period", f"area={LINGYUAN}&show=clusters"]
)
def test_a_plate_is_printed_with_its_notes(land: None, client_of: Clients, query: str) -> None:
    client = client_of("sheng")
    printed = client.get(f"/map/counties.pdf?{query}").data
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") == (2 if "compare" in query else 1)
    with Image.open(io.BytesIO(client.get(f"/map/counties.png?{query}").data)) as painted:
        assert painted.width == (2339 if "compare" in query else 3508)
        assert len(painted.getcolors(1 << 20) or ()) > 3


def test_a_county_judges_its_spot_by_all_counties_and_sees_its_own_alone(
    land: None, client_of: Clients
) -> None:
    for layer in ("reported", "open", "I07", "I14"):
        sent = client_of("zhou").get(f"/map/values?layer={layer}").get_json()
        assert sent["classes"].count("_") == 2
