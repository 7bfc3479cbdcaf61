"""Two people at the same matter: the second hears of it and loses nothing typed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.mediation.stories import TODAY, fill, hidden, in_mediation, state_of
from yuantou.calendar.clock import today
from yuantou.disputes.models import Dispute
from yuantou.mediation.queries import papers_of

Clients = Callable[[str], FlaskClient]
Sessions = Callable[[str], Any]


def test_the_second_sees_what_changed_and_keeps_his_words(
    client_of: Clients, viewer_session: Sessions, owner: Session
) -> None:
    client = client_of("mei")
    matter = in_mediation(*viewer_session("mei"))
    old = client.get(f"/matters/{matter}/mediation/fail").text
    fill(
        client_of("ming"),
        matter,
        "suspend",
        ground="other",
        reason="等人",
        evidence="三次电话",
        until=TODAY,
    )
    sent = {"reason": "我写了很久的理由", "path_options": ["litigation"], "manner": "oral"}
    page = client.post(f"/matters/{matter}/mediation/fail", data={**hidden(old), **sent})
    assert page.status_code == 409
    for words in ("刚才有人先办了", "中止", "明调解", "我写了很久的理由"):
        assert words in page.text
    assert state_of(owner, matter) == "suspended"


def test_after_reading_he_may_send_again(
    client_of: Clients, viewer_session: Sessions, owner: Session
) -> None:
    client = client_of("mei")
    matter = in_mediation(*viewer_session("mei"))
    address = f"/matters/{matter}/mediation/fail"
    old = client.get(address).text
    fill(client_of("ming"), matter, "note-consent", consent="y")
    sent = {"reason": "谈不拢", "path_options": ["litigation"], "manner": "oral"}
    page = client.post(address, data={**hidden(old), **sent})
    assert page.status_code == 409
    assert client.post(address, data={**hidden(page.text), **sent}).status_code == 303
    assert state_of(owner, matter) == "failed"


def test_papers_name_their_authors(client_of: Clients, viewer_session: Sessions) -> None:
    client = client_of("mei")
    session, mei = viewer_session("mei")
    matter = in_mediation(session, mei)
    held = {"held_at": f"{TODAY} 00:00", "place": "村委会", "attendees": "双方", "content": "谈了"}
    fill(client, matter, "record", **held)
    papers = papers_of(session, session.get_one(Dispute, matter))
    assert papers.authors == {mei.id: "梅调解"}
    assert papers.agreement is None


def test_one_person_in_two_tabs_loses_neither_record(
    client_of: Clients, viewer_session: Sessions, owner: Session
) -> None:
    client = client_of("mei")
    matter = in_mediation(*viewer_session("mei"))
    old = client.get(f"/matters/{matter}/mediation/record").text
    at = {"held_at": f"{today()} 00:00", "place": "村委会", "attendees": "双方"}
    first, second = ({**at, "content": words} for words in ("上午谈水沟", "下午谈院墙"))
    address = f"/matters/{matter}/mediation/record"
    assert client.post(address, data={**hidden(old), **first}).status_code == 303
    assert client.post(address, data={**hidden(old), **first}).status_code == 303
    assert client.post(address, data={**hidden(old), **second}).status_code == 303
    kept = [one.content for one in papers_of(owner, owner.get_one(Dispute, matter)).records]
    assert sorted(kept) == ["上午谈水沟", "下午谈院墙"]


def test_one_person_in_two_tabs_sees_what_he_did_in_the_other(
    client_of: Clients, viewer_session: Sessions, owner: Session
) -> None:
    client = client_of("mei")
    matter = in_mediation(*viewer_session("mei"))
    address = f"/matters/{matter}/mediation/suspend"
    old = hidden(client.get(address).text)
    sent = {"ground": "other", "reason": "等人", "evidence": "三次电话", "until": str(today())}
    assert [client.post(address, data={**old, **sent}).status_code for _ in range(2)] == [303, 303]
    other = client.post(address, data={**old, **sent, "reason": "另一页写的理由"})
    assert other.status_code == 409
    assert "另一页写的理由" in other.text
    assert state_of(owner, matter) == "suspended"


def test_a_page_sent_twice_at_once_is_carried_out_once(
    client_of: Clients, viewer_session: Sessions, owner: Session
) -> None:
    matter = in_mediation(*viewer_session("mei"))
    clients, both = [client_of("mei"), client_of("mei")], Barrier(2)
    address = f"/matters/{matter}/mediation/record"
    sent = hidden(clients[0].get(address).text) | {
        "held_at": f"{today()} 00:00", "place": "村委会", "attendees": "双方", "content": "谈了"
    }  # fmt: skip

    def send(client: FlaskClient) -> int:
        both.wait()
        return client.post(address, data=sent).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(send, clients)) == [303, 303]
    assert len(papers_of(owner, owner.get_one(Dispute, matter)).records) == 1
