"""One matter and many hands: stories that must not go wrong, with real sessions side by side."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Province, Visit
from tests.journeys.stories import act, do, fill, report, village

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]
LABOUR = "凌源市人力资源和社会保障局"
HOUSING = "凌源市住房和城乡建设局"


def told(visit: Visits, role: str, matter: str) -> str:
    """What the page of the matter says to that person."""
    return visit(role).go(f"/matters/{matter}").inner_text("main")


def judged(visit: Visits, matter: str, risk: str = "yellow") -> None:
    """Accepted by the mediator, judged by the county."""
    act(visit, "mediator", matter, "accept")
    act(visit, "coordinator", matter, "triage", risk=risk)


def sent(visit: Visits, matter: str, owner: str, action: str = "dispatch", **more: str) -> None:
    """Sent out by the county."""
    act(visit, "coordinator", matter, action, handler_agency_id=owner, **more)


def test_a_wage_dispute_that_no_department_wants(visit: Visits, province: Province) -> None:
    matter = report(village(visit), "二十名工人被拖欠工资，两个部门都说不归自己管。", "欠薪")
    judged(visit, matter)
    whistle = visit("township")
    do(whistle, matter, "joint/whistle", partners=[LABOUR], wanted="请到工地核对欠薪名单")
    labour = visit("department")
    do(labour, matter, "joint/answer-whistle", response="coming", words="下午两点到场")
    province.hire("housing", "demo-211382-housing")
    for owner, login, other in ((LABOUR, "department", HOUSING), (HOUSING, "housing", LABOUR)):
        sent(visit, matter, owner, reason="涉及劳动报酬")
        act(visit, login, matter, "return", reason="不是本单位职责", suggested_owner=other)
        act(visit, "coordinator", matter, "triage", risk="yellow")
    sent(visit, matter, LABOUR, "designate", designation_reason="欠薪依法由人社部门办理")
    act(visit, "department", matter, "sign")
    do(visit("coordinator"), matter, "joint/join", partners=[HOUSING], reason="核对工程款")
    do(visit("housing"), matter, "joint/contribute", words="工程款已拨付到总包专户")
    coordinator = visit("coordinator")
    do(
        coordinator,
        matter,
        "supervision/supervise",
        reason="群众多次反映",
        demands="查明并书面答复",
    )
    do(visit("department"), matter, "supervision/answer", reply="已约双方，三日内付清")
    do(coordinator, matter, "supervision/clear", evidence="付款凭证")
    page = coordinator.go(f"/matters/{matter}")
    coordinator.picture("one-matter-1440", whole=True)
    for words in ("吹哨", "退回", "指定管辖", "协办", "督办", "销号"):
        assert words in page.inner_text("main"), words
    assert LABOUR in page.inner_text("main")


def test_a_duplicate_is_merged_and_taken_out_again(visit: Visits) -> None:
    one = visit("coordinator")
    first, second = (report(village(visit), f"两家争一道院墙，{n}人到场。") for n in ("二", "三"))
    act(visit, "mediator", first, "accept")
    number = one.go(f"/matters/{first}").inner_text(".breadcrumb").split("\n")[-1].strip()
    act(visit, "mediator", second, "accept")
    do(one, second, "do/merge", master_number=number, reason="同一件事")
    assert "并案" in told(visit, "mediator", second)
    do(one, second, "do/unmerge", reason="不是同一件")
    page = one.go(f"/matters/{second}")
    assert "已并入另一件" not in page.inner_text("main")
    expect(page.locator("main")).to_contain_text("解除并案", use_inner_text=True)


def test_violence_at_home_is_reported_and_never_reconciled(visit: Visits) -> None:
    phone = village(visit)
    page = phone.go("/intake/")
    describe_violence = "丈夫多次殴打妻子，昨晚又动手。"
    page.locator(".chip", has_text="婚姻家庭").first.click()
    if not page.input_value("#area"):
        page.select_option("#area", index=1)
    page.fill("#place", "前山村三组")
    page.fill("#summary", describe_violence)
    page.locator(".chip", has_text="当事人申请").first.click()
    page.locator(".chip", has_text="家庭暴力").first.click()
    page.click("button:has-text('提交登记')")
    page.wait_for_url("**/done")
    matter = page.url.split("/")[-2]
    act(visit, "mediator", matter, "accept")
    page = visit("mediator").go(f"/matters/{matter}")
    words = page.inner_text("main")
    assert "不与被指加害人调解" in words
    assert "人身安全保护令" in words
    expect(page.locator("main a[href*='/mediate']")).to_have_count(0)
    act(visit, "mediator", matter, "report-to-police", police_station="城关派出所")
    assert "报告公安" in visit("mediator").go(f"/matters/{matter}").inner_text("main")
    stranger = visit("department")
    answer = stranger.page.goto(f"{phone.address}/matters/{matter}")
    assert answer is not None
    assert answer.status == 404
    stranger.forget(404)


def test_two_coordinators_in_two_tabs(visit: Visits) -> None:
    matter = report(village(visit), "两家争一条排水沟，都愿意调解。")
    act(visit, "mediator", matter, "accept")
    one, other = visit("coordinator"), visit("coordinator")
    for tab in (one, other):
        tab.go(f"/matters/{matter}/do/triage")
    fill(one.page, {"risk": "blue"})
    one.page.click(".foot-action button[type=submit]")
    one.page.wait_for_url(re.compile(r"/matters/\d+$"))
    fill(other.page, {"risk": "yellow", "note": "第二个人写的话"} if
         other.page.locator("[name=note]").count() else {"risk": "yellow"})  # fmt: skip
    other.page.click(".foot-action button[type=submit]")
    expect(other.page.locator("main")).to_contain_text("先办了")
    other.forget(409)
