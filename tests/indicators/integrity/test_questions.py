"""The unit is asked first; its office sees the question with the answer, and nobody else."""

import html
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.indicators.integrity.conftest import ASKED, Question
from yuantou.indicators.integrity.asking import lapse
from yuantou.indicators.integrity.kinds import KINDS
from yuantou.indicators.integrity.models import IntegrityQuestion
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
WHY = "每周五集中录入，案卷里有当天的记录。"


def held(owner: Session, number: int) -> IntegrityQuestion:
    owner.rollback()
    return owner.get_one(IntegrityQuestion, number, populate_existing=True)


def listed(client: FlaskClient, address: str) -> set[str]:
    return set(re.findall(r"/integrity/(\d+)", client.get(address).text))


def told(owner: Session) -> list[str]:
    return list(owner.scalars(select(Notice.title).where(Notice.kind == "integrity")))


def test_before_the_answer_only_the_unit_sees_it(client_of: ClientOf, question: Question) -> None:
    page = f"/integrity/{question()}"
    assert client_of("mei").get(page).status_code == 200
    for login in ("gao", "qi", "sheng", "hu", "tang", "kai"):
        assert client_of(login).get(page).status_code == 404
    assert client_of("zhou").get(page).status_code == 403


def test_the_unit_answers_and_its_office_closes(
    client_of: ClientOf, question: Question, owner: Session
) -> None:
    page = f"/integrity/{question()}"
    assert client_of("mei").post(f"{page}/answer", data={"answer": WHY}).status_code == 303
    assert told(owner) == ["数据核问：单位已说明"]
    gao = client_of("gao")
    assert WHY in gao.get(page).text
    assert gao.post(f"{page}/look").status_code == 303
    finding = {"outcome": "explained", "words": "已核对案卷"}
    assert gao.post(f"{page}/close", data=finding).status_code == 303
    assert held(owner, int(page.rsplit("/", 1)[1])).state == "closed"
    assert told(owner)[-1] == "数据核问已办结"
    assert "已核对案卷" in client_of("mei").get(page).text


def test_sent_twice_it_is_one_answer_and_it_cannot_be_changed(
    client_of: ClientOf, question: Question, owner: Session
) -> None:
    number = question()
    mei = client_of("mei")
    for words in (WHY, WHY, "另一种说法"):
        mei.post(f"/integrity/{number}/answer", data={"answer": words})
    assert held(owner, number).answer == WHY
    assert len(told(owner)) == 1


def test_an_empty_answer_says_so_and_keeps_the_page(
    client_of: ClientOf, question: Question
) -> None:
    answer = client_of("mei").post(f"/integrity/{question()}/answer", data={"answer": " "})
    assert answer.status_code == 422
    assert "请写明原因" in answer.text


@pytest.mark.parametrize("login", ["hu", "kai", "tang"])
def test_another_unit_is_refused(
    login: str, client_of: ClientOf, question: Question, owner: Session
) -> None:
    number = question()
    done = client_of(login).post(f"/integrity/{number}/answer", data={"answer": WHY})
    assert done.status_code == 404
    assert held(owner, number).state == "open"


def test_an_office_does_not_judge_itself(
    client_of: ClientOf, question: Question, owner: Session
) -> None:
    number = question("lingyuan-centre")
    gao = client_of("gao")
    gao.post(f"/integrity/{number}/answer", data={"answer": WHY})
    finding = {"outcome": "nothing", "words": "不再追问"}
    assert gao.post(f"/integrity/{number}/close", data=finding).status_code == 404
    assert client_of("qi").post(f"/integrity/{number}/close", data=finding).status_code == 303


def test_after_the_limit_the_office_sees_it_without_an_answer(
    client_of: ClientOf, question: Question, database: Database, owner: Session
) -> None:
    number = question(due_on=date(2026, 8, 19))
    with database.sessions("worker")() as session:
        assert lapse(session, ASKED) == 0
        assert lapse(session, ASKED.replace(day=20)) == 1
        assert lapse(session, ASKED.replace(day=21)) == 0
        session.commit()
    assert "单位没有说明" in client_of("gao").get(f"/integrity/{number}").text
    assert client_of("hu").get(f"/integrity/{number}").status_code == 404
    late = client_of("mei").post(f"/integrity/{number}/answer", data={"answer": WHY})
    assert late.status_code == 303


def test_what_was_counted_cannot_be_rewritten(
    viewer_session: Callable[..., tuple[Session, object]], question: Question
) -> None:
    session, _ = viewer_session("mei")
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("UPDATE integrity_question SET p = 1"))
    session.rollback()
    question()
    with pytest.raises(ProgrammingError, match="row-level security"):
        session.execute(text("UPDATE integrity_question SET state = 'closed'"))


@pytest.mark.parametrize("login", ["mei", "gao", "sheng"])
def test_every_page_says_that_it_is_not_for_persons(
    login: str, client_of: ClientOf, question: Question
) -> None:
    number = question(state="answered", answer=WHY)
    for page in ("/integrity/", f"/integrity/{number}"):
        assert "不得用于人员考核" in client_of(login).get(page).text


def test_a_long_list_ends_nowhere_in_silence(client_of: ClientOf, question: Question) -> None:
    quarters = [date(year, month, 1) for year in range(2020, 2026) for month in (1, 4, 7, 10)]
    made = {
        str(question(kind=kind, first_day=day, state="answered", answer=WHY))
        for kind in KINDS
        for day in quarters
    }
    gao = client_of("gao")
    assert f"共 {len(made)} 问" in gao.get("/integrity/").text
    pages = [listed(gao, f"/integrity/?others={page}") for page in range(1, 6)]
    assert set().union(*pages) == made
    assert sum(map(len, pages)) == len(made) > 200
    assert listed(gao, "/integrity/?others=99") == pages[-1]
    assert listed(client_of("mei"), "/integrity/?own=2") == pages[1]


def test_a_filter_holds_from_page_to_page(client_of: ClientOf, question: Question) -> None:
    days = [date(year, month, 1) for year in range(2000, 2026) for month in (1, 4, 7, 10)]
    for day in days:
        question(kind="instant", first_day=day, state="looked", answer=WHY)
    other = str(question(kind="churn", first_day=days[-1], state="answered", answer=WHY))
    gao = client_of("gao")
    page = gao.get("/integrity/?kind=instant&state=looked").text
    assert f"共 {len(days)} 问" in page
    assert other not in listed(gao, "/integrity/?kind=instant")
    further = html.unescape(re.search(r'href="([^"]*)" rel="next"', page)[1])  # type: ignore[index]
    assert "kind=instant&state=looked" in further
    assert len(listed(gao, further)) == 50
    assert listed(gao, f"/integrity/?quarter={days[-1]}&state=answered") == {other}
    assert "没有符合条件的核问" in gao.get("/integrity/?kind=bursts").text
    assert gao.get("/integrity/?kind=x&state=y&quarter=z&others=-1").status_code == 200


def test_a_question_waits_in_the_inbox_of_who_is_to_act(
    client_of: ClientOf, question: Question
) -> None:
    number = question(kind="instant")
    link, inbox = f'href="/integrity/{number}"', "/notices?tab=todo"
    mei, gao = client_of("mei"), client_of("gao")
    assert link in mei.get(inbox).text
    assert "请说明：达成协议后当即履行" in mei.get(inbox).text
    assert link not in gao.get(inbox).text
    mei.post(f"/integrity/{number}/answer", data={"answer": WHY})
    assert link not in mei.get(inbox).text
    assert link in gao.get(inbox).text
    assert link not in client_of("qi").get(inbox).text
    finding = {"outcome": "nothing", "words": "不再追问"}
    gao.post(f"/integrity/{number}/close", data=finding)
    assert link not in gao.get(inbox).text
