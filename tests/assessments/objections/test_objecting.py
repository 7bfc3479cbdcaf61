"""A county objects, the office answers, what was upheld is in the next drafts."""

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.assessments.runs.conftest import (
    go_on,
    preview,
    window_over,
)
from tests.cast import KAZUO, LINGYUAN
from yuantou.access.viewer import Viewer
from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.objections.models import Objection
from yuantou.assessments.objections.service import Decision, Refused, decide
from yuantou.assessments.runs.models import AssessmentDraft
from yuantou.calendar.clock import now
from yuantou.notices.models import Notice
from yuantou.territory.models import Area

__all__ = ["go_on", "preview", "window_over"]
Client = Callable[[str], FlaskClient]
WORDS = {"indicator": "R_filed", "subject": "figure", "events": "-503", "whole": "0",
         "claim": "out", "reason": "九月有一批案件重复立案", "evidence": "法院更正函"}  # fmt: skip


@pytest.fixture(autouse=True)
def _still_open(owner: Session, preview: AssessmentRun) -> None:
    """The window is open on the day of the test."""
    owner.execute(update(AssessmentRun).values(preview_until=datetime(2099, 1, 1, tzinfo=UTC)))
    owner.commit()


def _object(
    client: FlaskClient, run: AssessmentRun, area: str = LINGYUAN, /, **more: object
) -> str:
    answer = client.post(
        f"/assessments/objections/new/{run.id}/{area}",
        data={**WORDS, **more},
        follow_redirects=True,
    )
    return answer.text if answer.status_code in (200, 422) else str(answer.status_code)


def _decide(client: FlaskClient, objection: int, **words: object) -> str:
    told = {"outcome": "upheld", "remedy": "adjust", "events": "-503", "whole": "0",
            "reason": "法院来函属实"}  # fmt: skip
    return client.post(
        f"/assessments/objections/{objection}", data={**told, **words}, follow_redirects=True
    ).text


def _only(owner: Session) -> Objection:
    owner.expire_all()
    return owner.query(Objection).one()


def _many(owner: Session, number: int) -> None:
    """More of the same objection, of two counties and about two figures, the last few answered."""
    one = owner.query(Objection).one()
    words = {c.name: getattr(one, c.name) for c in Objection.__table__.columns if c.name != "id"}
    path = owner.get_one(Area, KAZUO).path
    for place in range(number):
        other = {"area_code": KAZUO, "area_path": path} if place % 3 == 0 else {}
        code = {"indicator": "I07"} if place % 4 == 0 else {}
        past = {"due_at": datetime(2020, 1, 1, tzinfo=UTC)} if place % 5 == 0 else {}
        told = {"decision": "rejected", "decided_at": now()} if place >= number - 10 else {}
        owner.add(Objection(**{**words, **other, **code, **past, **told}))
    owner.commit()


def _numbers(page: str) -> list[str]:
    return re.findall(r"第 (\d+) 号", page)


def test_a_thousand_objections_are_read_a_page_at_a_time(
    owner: Session, preview: AssessmentRun, client_of: Client
) -> None:
    _object(client_of("zhou"), preview)
    _many(owner, 1_199)
    sheng, run = client_of("sheng"), f"/assessments/runs/{preview.id}"
    first, last = sheng.get(run).text, sheng.get(f"{run}?said=24").text
    assert "共 1200 件" in first
    assert (len(_numbers(first)), len(_numbers(last))) == (50, 50)
    assert not set(_numbers(first)) & set(_numbers(last))
    assert last.count("不采纳</") - first.count("不采纳</") == 10
    assert 'said=2#objections"' in first


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("answer=rejected", lambda one: one.decision == "rejected"),
        ("answer=late", lambda one: one.decision is None and one.due_at < now()),
        ("answer=waiting&code=I07", lambda one: one.decision is None and one.indicator == "I07"),
        (f"unit={KAZUO}", lambda one: one.area_code == KAZUO),
        (f"unit={KAZUO}&answer=upheld", lambda _one: False),
    ],
)
def test_objections_are_found_by_answer_place_and_figure(
    owner: Session, preview: AssessmentRun, client_of: Client, asked: str,
    kept: Callable[[Objection], bool],
) -> None:  # fmt: skip
    _object(client_of("zhou"), preview)
    _many(owner, 40)
    page = client_of("sheng").get(f"/assessments/runs/{preview.id}?{asked}").text
    held = {str(one.id) for one in owner.query(Objection) if kept(one)}
    assert set(_numbers(page)) == held
    assert ("没有符合条件的异议" in page) == (not held)


def test_the_consequence_is_seen_before_and_kept(
    owner: Session, preview: AssessmentRun, client_of: Client
) -> None:
    page = _object(client_of("zhou"), preview, **{"try": "1"})
    assert "如果采纳" in page
    assert owner.query(Objection).count() == 0
    assert "第 " in _object(client_of("zhou"), preview)
    kept = _only(owner)
    assert (kept.area_code, kept.numerator, kept.decision) == (LINGYUAN, -503, None)
    assert f"/assessments/objections/{kept.id}" in {n.link for n in owner.query(Notice)}
    assert "同样的异议已经提过" in _object(client_of("zhou"), preview)


def test_a_figure_of_the_draft_leads_to_its_objection(
    preview: AssessmentRun, client_of: Client
) -> None:
    zhou = client_of("zhou")
    draft = f"/assessments/runs/{preview.id}/drafts/{LINGYUAN}"
    door = f"/assessments/objections/new/{preview.id}/{LINGYUAN}?code=I07"
    rows = f"/indicators/I07?area={LINGYUAN}&amp;month=2026-10&amp;span=ytd"
    assert f'href="{door}"' in zhou.get(draft).text
    assert f'href="{rows}"' in zhou.get(draft).text
    assert zhou.get(rows.replace("&amp;", "&")).status_code == 200
    assert '<option selected value="I07">' in zhou.get(door).text
    assert "对这个数提异议" not in client_of("sheng").get(draft).text


def test_an_upheld_objection_is_in_the_next_drafts_and_said(
    owner: Session, preview: AssessmentRun, client_of: Client, window_over: Callable[[], None],
    go_on: Callable[..., None],
) -> None:  # fmt: skip
    _object(client_of("zhou"), preview)
    window_over()
    page = client_of("sheng").get(f"/assessments/runs/{preview.id}").text
    assert "还有异议没有答复" in page
    _decide(client_of("sheng"), _only(owner).id)
    page = client_of("sheng").get(f"/assessments/runs/{preview.id}").text
    assert "先重新准备" in page
    client_of("sheng").post(f"/assessments/runs/{preview.id}/prepare", data={"revision": 1})
    go_on(now())
    before, after = (
        json.loads(owner.get_one(AssessmentDraft, (preview.id, LINGYUAN, number)).content)
        for number in (1, 2)
    )
    assert (
        after["indicators"][0]["own"]["numerator"]
        == before["indicators"][0]["own"]["numerator"] - 503
    )
    assert [note for note in after["notes"] if note["kind"] == "adjusted"]
    assert (
        "经异议采纳"
        in client_of("zhou").get(f"/assessments/runs/{preview.id}/drafts/{LINGYUAN}").text
    )


def test_evidence_is_handed_out_and_logged(
    owner: Session, preview: AssessmentRun, client_of: Client
) -> None:
    _object(client_of("zhou"), preview, evidence="", file=(io.BytesIO("更正函".encode()), "a.txt"))
    kept = _only(owner)
    answer = client_of("sheng").post(f"/assessments/objections/{kept.id}/file")
    assert answer.data.decode() == "更正函"
    assert client_of("ke").post(f"/assessments/objections/{kept.id}/file").status_code == 404


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"evidence": ""}, "请写依据，或者传一个文件"),
        ({"reason": ""}, "请写理由"),
        ({"events": "-99999"}, "分子会小于零"),
        ({"subject": "matter", "number": "没有这件"}, "没有找到这件纠纷"),
        ({"subject": "court", "month": "九月"}, "请填年月"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    preview: AssessmentRun, client_of: Client, more: dict[str, str], words: str
) -> None:
    page = _object(client_of("zhou"), preview, **more)
    assert words in page


def test_nobody_objects_for_another_county_or_answers_for_the_office(
    owner: Session, preview: AssessmentRun, client_of: Client
) -> None:
    assert _object(client_of("zhou"), preview, KAZUO) == "404"
    assert _object(client_of("sheng"), preview) == "403"
    _object(client_of("zhou"), preview)
    kept = _only(owner)
    assert client_of("zhou").post(f"/assessments/objections/{kept.id}").status_code == 403
    assert client_of("ke").get(f"/assessments/objections/{kept.id}").status_code == 404
    _decide(client_of("sheng"), kept.id, outcome="rejected")
    assert "已经答复" in _decide(client_of("sheng"), kept.id)
    assert _only(owner).decision == "rejected"
    assert "不采纳" in " ".join(notice.title for notice in owner.query(Notice))


def test_after_the_window_there_is_no_objection(
    owner: Session, preview: AssessmentRun, client_of: Client, window_over: Callable[[], None]
) -> None:
    window_over()
    assert "更正期已过" in _object(client_of("zhou"), preview)
    assert owner.query(Objection).count() == 0


def test_an_adjustment_that_leaves_no_possible_figure_is_refused(
    owner: Session, preview: AssessmentRun, client_of: Client
) -> None:
    _object(client_of("zhou"), preview, indicator="I07", events="1")
    page = _decide(client_of("sheng"), _only(owner).id, events="900", reason="写了很久的理由")
    assert "分子会小于零或者大于分母" in page
    assert "写了很久的理由" in page
    assert _only(owner).decision is None


def test_adjustments_are_judged_together(
    owner: Session, preview: AssessmentRun, client_of: Client
) -> None:
    for number in (1, 2):
        _object(client_of("zhou"), preview, indicator="I07", events=str(number))
    first, last = owner.query(Objection).order_by(Objection.id)
    cell = json.loads(owner.get_one(AssessmentDraft, (preview.id, LINGYUAN, 1)).inputs)
    own = cell["figures"]["I07"]["own"]
    room = own["whole"] - own["events"]
    _decide(client_of("sheng"), first.id, events=str(room))
    assert "大于分母" in _decide(client_of("sheng"), last.id, events="1")


def test_of_two_answers_at_once_the_first_stands(
    owner: Session, preview: AssessmentRun, client_of: Client, second: str,
    viewer_session: Callable[[str], tuple[Session, Viewer]],
) -> None:  # fmt: skip
    _object(client_of("zhou"), preview)
    kept = _only(owner)
    session, late = viewer_session(second)
    session.get_one(Objection, kept.id)  # his page was open before
    _decide(client_of("sheng"), kept.id)
    decision = Decision("rejected", None, 0, 0, "不采纳")
    with pytest.raises(Refused, match="decided"):
        decide(session, by=late, objection_id=kept.id, decision=decision)
    assert _only(owner).decision == "upheld"


def test_who_answers_second_keeps_his_words(
    owner: Session, preview: AssessmentRun, client_of: Client, second: str
) -> None:
    _object(client_of("zhou"), preview)
    kept = _only(owner)
    _decide(client_of("sheng"), kept.id)
    page = _decide(client_of(second), kept.id, reason="后来者的理由")
    assert "已经答复" in page
    assert "后来者的理由" in page


@pytest.mark.parametrize("month", ["1999-01", "2026-11", "2027-03"])
def test_a_courts_month_lies_in_the_period(
    preview: AssessmentRun, client_of: Client, month: str
) -> None:
    page = _object(client_of("zhou"), preview, subject="court", month=month)
    assert "要在这一期之内" in page
