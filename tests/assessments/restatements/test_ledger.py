"""What was sent stays; what moved it is named, and what moved without a record is said."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy import event, insert, update
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, report_of
from tests.assessments.runs.conftest import go_on, silent, window_over
from tests.cast import LINGYUAN
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.restatements.models import Restatement
from yuantou.assessments.restatements.service import reckon_last
from yuantou.judiciary.models import CourtCount
from yuantou.notices.models import Notice

__all__ = ["go_on", "window_over"]
Client = Callable[[str], FlaskClient]
SEPTEMBER = date(2026, 9, 1)
LATER = NOON + timedelta(days=3)


def _late_correction(owner: Session, civil: int) -> None:
    held = owner.query(CourtCount).filter_by(court_code="lingyuan-court", month=SEPTEMBER).one()
    words = {c.name: getattr(held, c.name) for c in CourtCount.__table__.columns if c.name != "id"}
    told = {"revision": 2, "civil_first_new": civil, "released_at": LATER, "reason": "重复立案"}
    owner.execute(insert(CourtCount).values({**words, **told}))
    owner.commit()


def _reckoned(owner: Session, worker: Session) -> dict[str, dict[str, object]]:
    worker.rollback()
    reckon_last(worker, silent, now=LATER)
    worker.commit()
    owner.expire_all()
    report = report_of(owner, LINGYUAN)
    return {str(line["code"]): line for line in owner.get_one(Restatement, report.id).lines or []}


def test_without_a_change_everything_is_the_same(
    owner: Session, worker: Session, run: AssessmentRun
) -> None:
    found = _reckoned(owner, worker)
    assert found["R_filed"]["same"] is True
    assert found["R_filed"]["unexplained"] is False


def test_a_late_correction_is_named_and_what_was_sent_stays(
    owner: Session, worker: Session, lingyuan: AssessmentReport, client_of: Client
) -> None:
    sent, seal = bytes(lingyuan.content), lingyuan.seal
    _late_correction(owner, 100)
    found = _reckoned(owner, worker)["R_filed"]
    assert found["same"] is False
    assert found["unexplained"] is False
    assert [(one["month"], one["revision"]) for one in found["courts"]] == [("2026-09", 2)]  # type: ignore[attr-defined]
    kept = report_of(owner, LINGYUAN)
    assert (bytes(kept.content), kept.seal) == (sent, seal)
    page = client_of("zhou").get(f"/assessments/restatements/{kept.id}").text
    assert "第 2 次报送" in page
    assert "无记录" not in page


def test_a_row_changed_behind_the_programs_back_is_found(
    owner: Session, worker: Session, lingyuan: AssessmentReport, client_of: Client
) -> None:
    owner.execute(
        update(CourtCount)
        .where(CourtCount.court_code == "lingyuan-court", CourtCount.month == SEPTEMBER)
        .values(civil_first_new=CourtCount.civil_first_new - 50)
    )
    owner.commit()
    assert _reckoned(owner, worker)["R_filed"]["unexplained"] is True
    page = client_of("sheng").get(f"/assessments/restatements/{lingyuan.id}").text
    assert "有改动找不到记录" in page


def test_a_new_edition_goes_by_two_persons_and_both_stay(
    owner: Session, worker: Session, lingyuan: AssessmentReport, client_of: Client, second: str,
    go_on: Callable[..., None], window_over: Callable[[], None],
) -> None:  # fmt: skip
    old = lingyuan.id
    _late_correction(owner, 100)
    client_of("zhou").post(f"/assessments/restatements/{old}/ask", data={"reason": "法院更正"})
    words = {"reason": "九月重复立案已更正"}
    address = f"/assessments/restatements/{old}/reissue"
    assert client_of("zhou").post(address, data=words).status_code == 403
    assert (
        "已发起更正重发" in client_of("sheng").post(address, data=words, follow_redirects=True).text
    )
    go_on(LATER)
    window_over()
    again = owner.query(AssessmentRun).filter_by(edition=2).one()
    for who in ("sheng", second):
        client_of(who).post(f"/assessments/runs/{again.id}/approve", data={"revision": 1})
    go_on(LATER)
    new = report_of(owner, LINGYUAN)
    assert new.id != old
    assert owner.query(AssessmentReport).filter_by(run_id=again.id).count() == 1
    rates = [
        json.loads(owner.get_one(AssessmentReport, each).content)["indicators"][0]["own"]["value"]
        for each in (old, new.id)
    ]
    assert float(rates[1]) < float(rates[0])
    assert "这份报告已有新版" in client_of("zhou").get(f"/assessments/reports/{old}").text


def test_a_run_is_compared_and_written_in_as_many_statements_as_one_report(
    owner: Session, worker: Session, run: AssessmentRun
) -> None:
    said: list[str] = []
    with heard(worker, said):
        _reckoned(owner, worker)
    assert run.counties > 1
    assert sum("INSERT INTO restatement" in each for each in said) == 1
    assert sum("max(dispute_event.at)" in each for each in said) == 1


@contextmanager
def heard(session: Session, said: list[str]) -> Iterator[None]:
    """Every statement of a session while it is so."""

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", hear)
    yield
    event.remove(engine, "before_cursor_execute", hear)


def test_asked_twice_at_once_the_office_is_told_once(
    owner: Session, lingyuan: AssessmentReport, client_of: Client
) -> None:
    address = f"/assessments/restatements/{lingyuan.id}/ask"
    clients = [client_of("zhou") for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        words = {"reason": "法院更正"}
        sent = pool.map(lambda each: each.post(address, data=words).status_code, clients)
    assert list(sent) == [302, 302, 302]
    link = f"/assessments/restatements/{lingyuan.id}"
    assert owner.query(Notice).filter_by(link=link).count() == 1
