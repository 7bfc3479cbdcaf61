"""The office's days out of and into a table: judged by cell, written whole or not at all."""

import io
from collections.abc import Callable
from datetime import date, timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.coordination.matters import report
from tests.limits.stories import Stage
from tests.limits.test_calendar import FRIDAY, MONDAY
from yuantou.audit.models import AuditEvent
from yuantou.calendar.clock import now
from yuantou.database.sheets import read_sheet
from yuantou.limits.changing import Said, set_days, set_table, take_back
from yuantou.limits.models import CalendarChange, CalendarDay, Deadline
from yuantou.limits.verification import differences

ClientOf = Callable[[str], FlaskClient]
PAGE = "/limits/calendar/import"
TUESDAY, SATURDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=5)
GOOD = "日期,上班或放假,依据\n2026-03-09,放假,暴雪停工通知\n2026年3月14日,上班,暴雪停工通知\n"


def upload(client: FlaskClient, text: str) -> tuple[int, str]:
    file = (io.BytesIO(text.encode()), "日历.csv")
    answer = client.post(PAGE, data={"file": file})
    return answer.status_code, answer.text


def written(client: FlaskClient, page: str) -> int:
    lines = page.partition('name="lines"')[2].partition('value="')[2].partition('"')[0]
    text = lines.replace("&#34;", '"').replace("&quot;", '"')
    return client.post(f"{PAGE}/write", data={"lines": text}).status_code


def test_a_table_is_shown_then_written_and_what_runs_moves(
    stage: Stage, owner: Session, client_of: ClientOf
) -> None:
    report(stage.door, now=FRIDAY)
    client = client_of("an")
    status, page = upload(client, GOOD)
    assert (status, "2 行都可以写入" in page) == (200, True)
    assert owner.query(CalendarDay).count() == 0
    assert written(client, page) == 303
    owner.rollback()
    days = {row.day: row.worked for row in owner.query(CalendarDay)}
    assert days == {MONDAY: False, date(2026, 3, 14): True}
    assert owner.query(Deadline).one().due_at.date() == date(2026, 3, 10)
    assert [row.deadlines for row in owner.query(CalendarChange).order_by("day")] == [1, 0]
    assert owner.query(AuditEvent).filter_by(action="calendar:change").count() == 1


def test_a_whole_table_is_taken_back_but_for_what_was_changed_since(
    stage: Stage, owner: Session, client_of: ClientOf
) -> None:
    report(stage.door, now=FRIDAY)
    session, an = stage("an")
    set_days(session, by=an, days=[MONDAY], worked=True, source="原先的通知")
    table = {
        MONDAY: Said(False, "新通知"),
        TUESDAY: Said(False, "新通知"),
        SATURDAY: Said(True, "新通知"),
    }
    set_table(session, by=an, days=table)
    take_back(session, by=an, day=SATURDAY, source="照常")
    batch = max(row.id for row in owner.query(CalendarChange).filter_by(source="新通知"))
    client, page = client_of("an"), f"/limits/calendar/changes/{batch}"
    assert page in client.get("/limits/calendar?year=2026").text
    assert "后来又改过，不撤销" in client.get(page).text
    assert client.post(page, data={"source": ""}).status_code == 422
    assert client.post(page, data={"source": "发错了"}).status_code == 303
    owner.rollback()
    own = {row.day: (row.worked, row.source) for row in owner.query(CalendarDay)}
    assert own == {MONDAY: (True, "原先的通知")}
    assert owner.query(Deadline).one().due_at.date() == MONDAY
    assert "没有可以撤销的日子" in client.get(page).text
    assert list(differences(owner, now())) == []


def test_nobody_else_takes_a_table_back(stage: Stage, client_of: ClientOf) -> None:
    session, an = stage("an")
    set_days(session, by=an, days=[MONDAY, TUESDAY], worked=False, source="通知")
    assert client_of("gao").get("/limits/calendar/changes/1").status_code == 403
    assert client_of("gao").post("/limits/calendar/changes/1").status_code == 403
    assert client_of("an").get("/limits/calendar/changes/99").status_code == 404


def test_one_fault_holds_the_whole_table_and_each_is_at_its_cell(
    owner: Session, client_of: ClientOf
) -> None:
    bad = GOOD + "2026-02-30,放假,通知\n2026-03-09,休,通知\n2026-05-01,也许,\n1926-05-01,班,通知\n"
    client = client_of("an")
    _status, page = upload(client, bad)
    assert "有 6 处需要改正" in page
    for words in ("例如 2026-11-03", "不止一行", "请写“上班”或者“放假”", "请写依据", "年份不对"):
        assert words in page
    assert 'action="/limits/calendar/import/write"' not in page
    assert client.post(f"{PAGE}/write", data={"lines": '[[2, {"day": "x", "worked": "y", "source": ""}]]'}).status_code == 422  # fmt: skip  # noqa: E501
    assert owner.query(CalendarDay).count() == 0


def test_what_goes_out_comes_in_again(client_of: ClientOf) -> None:
    client = client_of("an")
    written(client, upload(client, GOOD)[1])
    out = client.get("/limits/calendar.xlsx").data
    rows = read_sheet(out, "a.xlsx", largest_rows=100, largest_unpacked=10**7)
    assert [row.cells for row in rows[:2]] == [
        ("日期", "上班或放假", "依据"),
        ("2026-03-09", "放假", "暴雪停工通知"),
    ]
    answer = client.post(PAGE, data={"file": (io.BytesIO(out), "日历.xlsx")})
    assert "2 行都可以写入" in answer.text
    assert written(client, answer.text) == 303
    assert "没有重复改动" in client.get("/limits/calendar?year=2026").text


def test_only_who_keeps_the_calendar_reads_a_table_in(client_of: ClientOf) -> None:
    assert upload(client_of("gao"), GOOD)[0] in (403, 404)
    assert client_of("gao").get("/limits/calendar.xlsx").status_code == 200


def test_a_file_that_is_no_table_is_refused_beside_the_field(client_of: ClientOf) -> None:
    status, page = upload(client_of("an"), "日子,依据\n2026-03-09,通知\n")
    assert (status, "不认识的表头" in page) == (422, True)
