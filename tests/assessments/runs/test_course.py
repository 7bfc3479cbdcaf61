"""From preview over two approvals to sealed reports; back, cancelled, altered."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON
from tests.cast import HEPING, KAZUO, LINGYUAN
from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion
from yuantou.assessments.runs.jobs import remind
from yuantou.assessments.runs.models import AssessmentDraft, RunAct
from yuantou.notices.models import Notice

Client = Callable[[str], FlaskClient]
Act = Callable[[], None]


def _post(
    client: FlaskClient, run: AssessmentRun, action: str, revision: int = 1, note: str = ""
) -> str:
    return client.post(
        f"/assessments/runs/{run.id}/{action}",
        data={"revision": revision, "note": note},
        follow_redirects=True,
    ).text


def _state(owner: Session, run: AssessmentRun) -> str:
    owner.rollback()
    return owner.scalar(select(AssessmentRun.state).where(AssessmentRun.id == run.id)) or ""


def _reports(owner: Session) -> int:
    owner.rollback()
    return owner.scalar(select(func.count()).select_from(AssessmentReport)) or 0


def test_counties_are_told_of_their_drafts(owner: Session, preview: AssessmentRun) -> None:
    assert (preview.state, preview.revision, preview.counties) == ("preview", 1, 3)
    assert preview.preview_until is not None
    assert f"{preview.preview_until:%Y-%m-%d}" == "2026-11-27"
    drafts = owner.query(AssessmentDraft).all()
    assert {draft.area_code for draft in drafts} == {LINGYUAN, KAZUO, HEPING}
    links = {notice.link for notice in owner.query(Notice)}
    assert f"/assessments/runs/{preview.id}/drafts/{LINGYUAN}" in links
    assert _reports(owner) == 0


def test_two_persons_publish_exactly_the_drafts(
    owner: Session, preview: AssessmentRun, second: str, client_of: Client, window_over: Act,
    go_on: Act,
) -> None:  # fmt: skip
    window_over()
    assert "还差另一位" in _post(client_of("sheng"), preview, "approve")
    assert "您已经批准过" in _post(client_of("sheng"), preview, "approve")
    go_on()
    assert _reports(owner) == 0
    assert "两个人都已批准" in _post(client_of(second), preview, "approve")
    go_on()
    assert _state(owner, preview) == "done"
    for report in owner.query(AssessmentReport):
        draft = owner.get_one(AssessmentDraft, (preview.id, report.area_code, 1))
        assert (report.inputs, report.content) == (draft.inputs, draft.content)
    go_on()
    assert _reports(owner) == 3


def test_the_window_must_end_first(preview: AssessmentRun, client_of: Client) -> None:
    assert "更正期还没有结束" in client_of("sheng").get(f"/assessments/runs/{preview.id}").text


def test_preparing_anew_takes_approvals_back(
    owner: Session, preview: AssessmentRun, second: str, client_of: Client, window_over: Act,
    go_on: Act,
) -> None:  # fmt: skip
    window_over()
    _post(client_of("sheng"), preview, "approve")
    _post(client_of("sheng"), preview, "prepare")
    go_on(NOON)  # type: ignore[call-arg]
    window_over()
    assert _state(owner, preview) == "preview"
    assert "现在不能这样做" in _post(client_of(second), preview, "approve", 1)
    assert "还差另一位" in _post(client_of(second), preview, "approve", 2)
    assert _state(owner, preview) == "preview"


def test_a_cancelled_run_sends_nothing(
    owner: Session, preview: AssessmentRun, client_of: Client, go_on: Act
) -> None:
    assert "请写取消的理由" in _post(client_of("sheng"), preview, "cancel")
    assert _state(owner, preview) == "preview"
    _post(client_of("sheng"), preview, "cancel", note="法院数据要整批更正")
    go_on()
    assert (_state(owner, preview), _reports(owner)) == ("cancelled", 0)
    draft = f"/assessments/runs/{preview.id}/drafts/{LINGYUAN}"
    told = [each.link for each in owner.query(Notice) if "已取消" in each.title]
    assert draft in told
    page = client_of("zhou").get(draft).text
    assert "预览稿作废" in page
    assert "法院数据要整批更正" in page


@pytest.mark.parametrize("part", ["content", "inputs", "digest"])
def test_a_draft_changed_behind_the_programs_back_is_not_published(
    owner: Session, preview: AssessmentRun, second: str, client_of: Client, window_over: Act,
    go_on: Act, part: str,
) -> None:  # fmt: skip
    window_over()
    for who in ("sheng", second):
        _post(client_of(who), preview, "approve")
    draft = owner.get_one(AssessmentDraft, (preview.id, KAZUO, 1))
    if part != "digest":
        forged = bytes(getattr(draft, part)).replace(b"340000", b"345000")
        owner.execute(
            update(AssessmentDraft).where(AssessmentDraft.area_code == KAZUO).values({part: forged})
        )
    else:
        owner.execute(delete(AssessmentDraft).where(AssessmentDraft.area_code == KAZUO))
    owner.commit()
    go_on()
    assert (_state(owner, preview), _reports(owner)) == ("failed", 0)
    page = client_of("sheng").get(f"/assessments/runs/{preview.id}").text
    assert "有人绕过程序改动" in page


def test_a_state_set_by_hand_publishes_nothing(
    owner: Session, preview: AssessmentRun, go_on: Act
) -> None:
    owner.execute(update(AssessmentRun).values(state="approved"))
    owner.commit()
    go_on()
    assert (_state(owner, preview), _reports(owner)) == ("failed", 0)
    assert owner.query(RunAct).filter_by(action="fail").one().note == "没有两个人的批准，没有发布"


@pytest.mark.parametrize(("who", "status"), [("zhou", 403), ("gao", 403), ("qi", 403)])
def test_only_the_provinces_office_acts(
    preview: AssessmentRun, client_of: Client, who: str, status: int
) -> None:
    answer = client_of(who).post(f"/assessments/runs/{preview.id}/approve", data={"revision": 1})
    assert answer.status_code == status


def test_a_county_sees_its_own_draft_alone(preview: AssessmentRun, client_of: Client) -> None:
    address = f"/assessments/runs/{preview.id}/drafts/"
    own = client_of("zhou").get(address + LINGYUAN)
    assert "预览稿，不是结果" in own.text
    assert "提出异议" in own.text
    assert client_of("zhou").get(address + KAZUO).status_code == 404
    assert client_of("sheng").get(address + KAZUO).status_code == 200
    assert client_of("ren-da").get(address + KAZUO).status_code == 403
    assert "可提异议" in client_of("zhou").get("/assessments").text


def test_an_ad_hoc_run_is_opened_by_a_form(
    owner: Session, client_of: Client, preview: AssessmentRun, go_on: Act
) -> None:
    words = {"kind": "ad_hoc", "scheme": "example", "first": "2026-04", "last": "2026-06",
             "reason": "按年度方案抽评二季度"}  # fmt: skip
    answer = client_of("sheng").post("/assessments/runs/new", data=words, follow_redirects=True)
    assert "已发起" in answer.text
    again = client_of("sheng").post("/assessments/runs/new", data=words)
    assert "已经有一次正在进行" in again.text
    go_on(NOON)  # type: ignore[call-arg]
    run = owner.query(AssessmentRun).filter_by(kind="ad_hoc").one()
    assert (run.state, f"{run.period_start}", f"{run.period_end}") == (
        "preview",
        "2026-04-01",
        "2026-06-30",
    )
    bad = client_of("sheng").post("/assessments/runs/new", data={**words, "last": "2999-06"})
    assert bad.status_code == 422


def test_the_command_finds_a_draft_that_was_changed(
    app: Flask, owner: Session, preview: AssessmentRun
) -> None:
    runner = app.test_cli_runner()
    assert runner.invoke(args=["assessments", "verify"]).exit_code == 0
    forged = bytes(owner.get_one(AssessmentDraft, (preview.id, KAZUO, 1)).content) + b" "
    owner.execute(
        update(AssessmentDraft).where(AssessmentDraft.area_code == KAZUO).values(content=forged)
    )
    owner.commit()
    found = runner.invoke(args=["assessments", "verify"])
    assert f"run {preview.id}\t{KAZUO}\t预览稿 draft" in found.output
    assert found.exit_code == 1


@pytest.mark.parametrize("form", ["docx", "pdf", "xlsx"])
def test_a_draft_can_be_taken_out_and_is_marked(
    preview: AssessmentRun, client_of: Client, form: str
) -> None:
    address = f"/assessments/runs/{preview.id}/drafts/{LINGYUAN}/{form}"
    assert len(client_of("zhou").post(address).data) > 5000
    assert client_of("ke").post(address).status_code == 404


def test_counties_are_reminded_once_a_day_before_the_window_ends(
    worker: Session, preview: AssessmentRun
) -> None:
    assert remind(worker, NOON) == 0
    assert remind(worker, (preview.preview_until or NOON) - timedelta(hours=20)) == 2


def test_a_run_that_breaks_fails_alone(owner: Session, client_of: Client, go_on: Act) -> None:
    words = {"kind": "ad_hoc", "scheme": "example", "first": "2026-04", "reason": "专项通知"}
    for last in ("2026-05", "2026-06"):
        sent = client_of("sheng").post("/assessments/runs/new", data={**words, "last": last})
        assert sent.status_code == 302
    first, second = owner.query(AssessmentRun).order_by(AssessmentRun.id)
    row = owner.query(SchemeVersion).filter_by(code="example").one()
    broken = {**row.body, "indicators": [*row.body["indicators"], "NONE"]}  # type: ignore[misc]
    owner.add(SchemeVersion(code="example", version=9, valid_from=row.valid_from, body=broken,
                            reason="", proposed_at=NOON))  # fmt: skip
    owner.flush()
    owner.execute(
        update(AssessmentRun).where(AssessmentRun.id == first.id).values(scheme_version=9)
    )
    owner.commit()
    go_on()
    go_on()
    assert (_state(owner, first), _state(owner, second)) == ("failed", "preview")
    page = client_of("sheng").get(f"/assessments/runs/{first.id}").text
    assert "UnknownIndicator" in page


def test_a_run_asked_for_twice_at_once_is_one(owner: Session, client_of: Client) -> None:
    words = {"kind": "ad_hoc", "scheme": "example", "first": "2026-04", "last": "2026-06",
             "reason": "专项通知"}  # fmt: skip
    clients, both = [client_of("sheng") for _ in range(3)], Barrier(3)

    def send(client: FlaskClient) -> int:
        both.wait()
        return client.post("/assessments/runs/new", data=words).status_code

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(send, clients)) == [302, 422, 422]
    assert owner.query(AssessmentRun).count() == 1
