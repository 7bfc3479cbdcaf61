"""The list of villages: empty and after an upload, on a phone and at a desk."""

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, WIDE, Visit
from yuantou.calendar.clock import today

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
HEAD = "乡镇街道,村或社区,一审被诉件数,民转刑件数,越级访件数,排查全部完成\n"


def _sound(one: Visit) -> None:
    assert one.fits()
    found = Axe().run(one.page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_a_list_is_sent_and_says_which_condition_a_village_misses(
    visit: Visits, tmp_path: Path, size: tuple[int, int]
) -> None:
    table = tmp_path / "list.csv"
    table.write_text(f"{HEAD}南街,甲村,0,0,0,是\n南街,乙村,2,0,0,是\n", encoding="utf-8")
    one = visit("coordinator", size)
    one.go(f"/supplying/villages?year={today().year - (2 if size == WIDE else 3)}")
    _sound(one)
    one.page.get_by_label("CSV 或 XLSX 文件").set_input_files(str(table))
    one.page.get_by_label("数据依据").fill("全年汇总")
    one.page.get_by_role("button", name="上传名单").click()
    expect(one.page.get_by_text("1 个全部符合，共 2 个")).to_be_visible()
    expect(one.page.get_by_text("不符合：没有一审被诉")).to_be_visible()
    _sound(one)
