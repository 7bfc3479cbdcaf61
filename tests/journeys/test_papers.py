"""A marriage settled: refused electronically by law, signed on paper, scanned on the spot."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, Visit
from tests.journeys.stories import act, describe
from tests.mediation.attachments.samples import photo

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


def _settled(visit: Visits) -> str:
    """A matter of neighbours that turns out to be one of a marriage; the parties agree."""
    page = visit("mediator", PHONE).go("/intake/")
    describe(page, "夫妻因家务和赡养老人发生争执，双方愿意调解。")
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")
    found = re.search(r"/intake/(\d+)/done", page.url)
    assert found is not None
    matter = found[1]
    act(visit, "mediator", matter, "accept")
    act(visit, "mediator", matter, "triage", category="婚姻家庭", risk="blue")
    act(visit, "mediator", matter, "mediate", consent="yes")
    words = {"agreement_form": "written", "agreement_content": "轮流照料。", "signature": "paper"}
    act(visit, "mediator", matter, "agree", mode="none", **words)
    return matter


def _open_signing(page: Page) -> None:
    page.locator("#papers li", has_text="人民调解协议书").locator(
        "a[href$='/note-signature']"
    ).click()
    page.wait_for_url("**/note-signature")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_marriage_agreement_is_signed_on_paper(
    visit: Visits, tmp_path: Path, javascript: bool
) -> None:
    matter = _settled(visit)
    one = visit("mediator", PHONE, javascript=javascript)
    page = one.go(f"/matters/{matter}")
    page.locator("#papers li", has_text="人民调解协议书").locator("a.button").click()
    with page.expect_download() as waited:
        page.click("button:has-text('制作并下载')")
    assert waited.value.suggested_filename.endswith("人民调解协议书.pdf")
    one.go(f"/matters/{matter}")
    _open_signing(page)
    expect(page.locator("main")).to_contain_text("电子签名法", use_inner_text=True)
    page.locator(".chip", has_text="电子签名").click()
    page.locator(".chip", has_text=re.compile("^申请人")).click()
    page.click(".foot-action button[type=submit]")
    assert "不适用电子签名" in page.locator(".error-summary").inner_text()
    one.forget(422)
    scan = tmp_path / "signed.jpg"
    scan.write_bytes(photo(800, 1100))
    page.locator(".chip", has_text="纸上签名").click()
    page.set_input_files("[name=photo]", scan)
    page.click(".foot-action button[type=submit]")
    page.wait_for_url(re.compile(rf"/matters/{matter}(#papers)?$"))
    line = page.locator("#papers li", has_text="人民调解协议书").inner_text()
    assert "已签名" in line
    assert "有扫描件" in line
    assert one.fits()
    one.picture(f"papers-{'phone' if javascript else 'phone-plain'}", whole=True)
