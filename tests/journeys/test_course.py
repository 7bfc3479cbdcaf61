"""What an office meets on the way: words to write rules with, long lists, impossible targets."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import insert, select

from tests.journeys.conftest import PHONE, Province, Visit
from tests.journeys.judging import owner, sound, work_runs
from yuantou.accounts.models import Account
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.periods import month_before
from yuantou.assessments.runs.models import AssessmentDraft
from yuantou.calendar.clock import now, today

pytestmark = pytest.mark.browser
Visits = Callable[..., Visit]


@pytest.mark.parametrize(
    "path", ["/assessments/schemes/points/new", "/indicators/editions/I07/new"]
)
def test_whoever_writes_a_rule_finds_its_words_on_the_page(visit: Visits, path: str) -> None:
    one = visit("province")
    one.go(path)
    one.page.locator("details summary", has_text="各项的意思").click()
    expect(one.page.get_by_role("rowheader", name="direction", exact=True).first).to_be_visible()
    sound(one, f"legend-{path.split('/')[-2]}")


def test_a_target_beyond_the_whole_is_refused_beside_its_field(visit: Visits) -> None:
    one = visit("province", PHONE)
    page = one.go("/assessments/targets")
    page.select_option("#indicator", "I07")
    page.fill("#value", "120")
    page.select_option("#direction", "up")
    page.fill("#set_by", "省平安建设领导小组")
    page.fill("#document", "示例〔2026〕1号")
    one.forget(422)
    page.get_by_role("button", name="保存目标").click()
    expect(page.locator("#value-error")).to_have_text("◆这项指标是百分比，目标不能超过 100")
    sound(one, "target-refused")


def test_a_figure_of_years_opens_on_a_year(visit: Visits) -> None:
    one = visit("coordinator", PHONE)
    one.go("/indicators/I25")
    expect(one.page.locator("body")).to_contain_text("按年统计", use_inner_text=True)
    sound(one, "yearly")


def test_a_long_list_of_objections_is_narrowed_and_a_run_called_off(
    province: Province, visit: Visits
) -> None:
    office = visit("province")
    page = office.go("/assessments/runs/new")
    page.select_option("#kind", "ad_hoc")
    for name in ("first", "last"):
        page.fill(f"#{name}", month_before(today()))
    page.fill("#reason", "试一次")
    page.get_by_role("button", name="发起").click()
    page.wait_for_url("**/assessments/runs/*")
    run = page.url.removeprefix(province.address)
    work_runs(province)
    _object(province, int(run.rsplit("/", 1)[1]))
    office.go(run)
    expect(page.locator("#objections")).to_contain_text("共 120 件", use_inner_text=True)
    sound(office, "objections")
    page.select_option("#pick-code", "I07")
    page.locator("#objections").get_by_role("button", name="筛选").click()
    expect(page.locator("#objections")).to_contain_text("共 60 件", use_inner_text=True)
    page.locator("summary", has_text="取消这一期").click()
    page.fill("#cancel-note", "换一个月再评")
    sound(office, "cancel")
    page.get_by_role("button", name="确定取消").click()
    expect(page.locator("body")).to_contain_text("已取消", use_inner_text=True)
    county = visit("government", PHONE)
    county.go(f"{run}/drafts/211382")
    expect(county.page.locator("main")).to_contain_text("换一个月再评", use_inner_text=True)
    sound(county, "draft-void")


def _object(province: Province, run: int) -> None:
    """A hundred and twenty objections, as many units would raise them."""
    with owner(province) as session:
        draft = session.scalars(
            select(AssessmentDraft).where(AssessmentDraft.run_id == run)
        ).first()
        by = session.scalars(select(Account).where(Account.login == "government")).one()
        assert draft is not None
        row = {
            "run_id": run, "revision": 1, "area_code": draft.area_code,
            "area_path": draft.area_path, "subject": "figure", "numerator": -1, "denominator": 0,
            "reason": "重复立案", "evidence": "更正函", "counterfactual": {"name": "化解率"},
            "raised_by": by.id, "agency_id": by.agency_id, "raised_at": now(), "due_at": now(),
            "granted_numerator": 0, "granted_denominator": 0,
        }  # fmt: skip
        codes = ["I07", "I08"] * 60
        session.execute(insert(Objection), [{**row, "indicator": code} for code in codes])
