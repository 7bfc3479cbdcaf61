"""The lists of what is due, urging from them, the acts on one matter, and the printed letter."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.coordination.matters import Door, agency_of, dispatched, report
from yuantou.calendar import clock
from yuantou.coordination.supervision.models import Supervision, SupervisionLetter

ClientOf = Callable[[str], FlaskClient]
SOON = clock.today() + timedelta(days=5)
ORDER = {"reason": "超期未办", "demands": "查明并答复", "time_limit": SOON.isoformat()}


def overdue(owner: Session, *disputes: int) -> None:
    late = clock.now() - timedelta(days=9)
    for dispute in disputes:
        owner.execute(
            text("UPDATE dispute SET next_due_at = :late WHERE id = :id"),
            {"late": late, "id": dispute},
        )
    owner.commit()


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return answer.get_data(as_text=True)


def do(client: FlaskClient, dispute: int, action: str, **data: object) -> TestResponse:
    address = f"/matters/{dispute}/supervision/{action}"
    html = client.get(address).get_data(as_text=True)
    known = dict(re.findall(r'name="(version|seen)"[^>]*value="(\d+)"', html))
    return client.post(address, data=known | data)


def test_the_tabs_list_what_is_due_and_not_done(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    waiting, sent = report(door, title="拖着不受理的"), dispatched(door, title="拖着不签收的")
    report(door, title="还没到期的")
    overdue(owner, waiting, sent)
    gao = client_of("gao")
    first = page(gao, "/supervision/")
    assert "拖着不受理的" in first
    assert "还没到期的" not in first
    assert "超 " in first
    assert "拖着不签收的" in page(gao, "/supervision/?tab=unsigned")


def test_what_was_left_long_or_is_red_calls_for_an_order(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    long, short, red = (report(door, title=title) for title in ("久", "短", "红"))
    overdue(owner, long)
    owner.execute(
        text("UPDATE dispute SET next_due_at = :late WHERE id = ANY(:ids)"),
        {"late": clock.now() - timedelta(days=2), "ids": [short, red]},
    )
    owner.execute(text("UPDATE dispute SET risk = 'red' WHERE id = :id"), {"id": red})
    owner.commit()
    html = page(client_of("gao"), "/supervision/")
    called = [d for d in (long, short, red) if f"/matters/{d}/supervision/supervise" in html]
    assert called == [long, red]


def test_one_press_urges_and_a_second_says_so(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    late = [report(door), dispatched(door)]
    overdue(owner, *late)
    gao, asked = client_of("gao"), {"picked": late, "message": "请抓紧", "tab": "unaccepted"}
    gao.post("/supervision/urge", data=asked)
    assert "已催办 2 件" in page(gao, "/supervision/")
    gao.post("/supervision/urge", data=asked)
    assert "2 件没有催：刚刚催过" in page(gao, "/supervision/")
    assert len(owner.scalars(select(Supervision)).all()) == 2


def test_an_order_stands_in_the_list_until_it_is_answered(door: Door, client_of: ClientOf) -> None:
    dispute = dispatched(door, title="欠薪一事")
    gao, ren = client_of("gao"), client_of("ren")
    assert do(gao, dispute, "supervise", **ORDER).status_code == 303
    assert "欠薪一事" in page(gao, "/supervision/?tab=unanswered")
    assert "欠薪一事" in page(ren, "/supervision/")
    assert do(ren, dispute, "answer", reply="已责令支付").status_code == 303
    assert "欠薪一事" not in page(gao, "/supervision/?tab=unanswered")
    assert "欠薪一事" in page(gao, "/supervision/?tab=answered")


def test_the_matter_shows_letters_replies_and_the_acts_that_are_open(
    door: Door, client_of: ClientOf
) -> None:
    dispute = dispatched(door)
    before = page(client_of("gao"), f"/matters/{dispute}")
    assert f"/matters/{dispute}/supervision/supervise" in before
    assert 'id="supervision"' not in before
    do(client_of("gao"), dispute, "supervise", **ORDER)
    shown = page(client_of("ren"), f"/matters/{dispute}")
    assert "凌源督〔" in shown
    assert f"/matters/{dispute}/supervision/answer" in shown
    assert f"/matters/{dispute}/supervision/clear" not in shown


def test_the_letter_is_printed_without_names_of_parties(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = dispatched(door)
    do(client_of("gao"), dispute, "supervise", **ORDER)
    letter = owner.scalars(select(SupervisionLetter)).one()
    printed = page(client_of("ren"), f"/matters/{dispute}/supervision/letters/{letter.id}")
    assert "督办单" in printed
    assert f"请于 {SOON.year}年{SOON.month}月{SOON.day}日" in printed
    hu = client_of("hu").get(f"/matters/{dispute}/supervision/letters/{letter.id}")
    assert hu.status_code == 404


def test_a_form_sent_twice_is_taken_once_and_a_stale_one_keeps_what_was_typed(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, gao = dispatched(door), client_of("gao")
    address = f"/matters/{dispute}/supervision/supervise"
    html = page(gao, address)
    known = dict(re.findall(r'name="(version|seen)"[^>]*value="(\d+)"', html)) | ORDER
    assert gao.post(address, data=known).status_code == 303
    assert gao.post(address, data=known).status_code == 303
    assert len(owner.scalars(select(SupervisionLetter)).all()) == 1
    stale = gao.post(f"/matters/{dispute}/supervision/list", data=known | {"listed_by": "政法委"})
    assert stale.status_code == 409
    assert "超期未办" in stale.get_data(as_text=True)


def test_a_blank_order_says_what_is_missing(door: Door, client_of: ClientOf) -> None:
    dispute = dispatched(door)
    answer = do(client_of("gao"), dispute, "supervise", reason="", demands="查", time_limit="")
    assert answer.status_code == 422
    assert "请写督办事由" in answer.get_data(as_text=True)


def test_who_may_not_supervise_has_no_list_of_others(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = dispatched(door, title="别家的")
    overdue(owner, dispute)
    assert "别家的" not in page(client_of("mei"), "/supervision/?tab=unhandled")
    assert client_of("mei").post("/supervision/urge", data={"picked": dispute}).status_code == 403
    assert client_of("jian").get("/supervision/").status_code == 403
    assert agency_of(door, "ren") != agency_of(door, "mei")


def test_the_page_opens_on_the_first_tab_that_has_something(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    overdue(owner, dispatched(door, title="拖着不签收的"))
    assert "拖着不签收的" in page(client_of("gao"), "/supervision/")
