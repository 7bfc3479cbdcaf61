"""What is taken away from the map, what disputes share, and a warning that two persons lower."""

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from tests.journeys.judging import sound, warn_of_wages
from yuantou.calendar.clock import now

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
BEIPIAO = "211381"
DEFINED = "登记多可能是排查勤，不等于矛盾多"


def test_five_files_say_what_they_hold(visit: Visits, tmp_path: Path) -> None:
    page = visit("province").go("/map")
    held = {kind: taken(page, kind) for kind in ("pdf", "png", "xlsx", "geojson", "gpkg")}
    assert held["pdf"].startswith(b"%PDF")
    assert held["png"].startswith(b"\x89PNG")
    with zipfile.ZipFile(io.BytesIO(held["xlsx"])) as book:
        assert DEFINED in "".join(book.read(one).decode() for one in book.namelist())
    map_ = json.loads(held["geojson"])
    assert len(map_["features"]) == 100
    assert any(DEFINED in line for line in map_["notes"])
    package = tmp_path / "map.gpkg"
    package.write_bytes(held["gpkg"])
    with sqlite3.connect(package) as layer:
        told = "".join(str(row) for row in layer.iterdump())
    layer.close()
    assert DEFINED in told


def taken(page: Page, kind: str) -> bytes:
    """The file behind an entry of the menu."""
    page.locator(".map-toolbar summary", has_text="下载").click()
    with page.expect_download() as sent:
        page.locator(f".map-toolbar a[href*='/map/counties.{kind}']").click()
    page.keyboard.press("Escape")
    return Path(sent.value.path()).read_bytes()


def test_a_project_is_named_and_holds_its_matters(visit: Visits, province: Province) -> None:
    with province._owner() as owner:
        number = owner.scalar(
            text("SELECT max(number) FROM dispute WHERE county_code = '211382' AND NOT restricted")
        )
    county = visit("coordinator", PHONE)
    page = county.go("/map/sources/new")
    page.locator(".chip", has_text="项目").click()
    page.fill("[name=name]", "滨河路旧城改造项目")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("滨河路旧城改造项目")
    page.fill("[name=numbers]", number or "")
    page.get_by_role("button", name="归入").click()
    expect(page.locator("#members tbody tr")).to_have_count(1)
    sound(county, "atlas-source")
    page = county.go("/map/reach/")
    expect(page.locator(".reach-frame svg")).to_be_visible()
    sound(county, "atlas-reach")


def test_a_warning_is_lowered_by_two_persons(visit: Visits, province: Province) -> None:
    number = warn_of_wages(province, level="red", area=BEIPIAO, key=f"W04:lowering:{now():%H%M%S}")
    city = visit("city", WIDE)
    page = city.go(f"/warnings/{number}")
    page.locator("#downgrade > summary").click()
    page.locator("#downgrade .chip", has_text="黄色").click()
    page.locator("#downgrade textarea").fill("两家企业已经补发，余下一家月底发清。")
    sound(city, "atlas-lowering")
    page.locator("#downgrade button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("降级待决定")
    expect(page.locator("#decide")).to_have_count(0)
    office = visit("province", PHONE)
    page = office.go(f"/warnings/{number}")
    expect(page.locator("main")).to_contain_text("余下一家月底发清")
    page.locator("#decide .chip", has_text="同意降级").first.click()
    page.locator("#decide textarea").fill("已核对发放凭证。")
    sound(office, "atlas-deciding")
    page.locator("#decide button[type=submit]").click()
    expect(page.locator(".sub").first).to_contain_text("黄色预警")
    expect(page.locator("#story")).to_contain_text("黄色")
