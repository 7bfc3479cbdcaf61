"""Drafts: kept with little, opened as they were left, submitted with all checks, thrown away."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.intake.entries import ID_NUMBER, PHONE, entry, oral, party
from yuantou.calendar.clock import now
from yuantou.disputes.models import Dispute, DisputeEvent, Party
from yuantou.intake.drafts.jobs import forget_discarded
from yuantou.intake.drafts.models import Draft
from yuantou.limits.models import Deadline

Clients = Callable[[str], FlaskClient]


def little(**changes: Any) -> dict[str, Any]:
    """A few words and a name, as one has them at first."""
    told = {
        "submission": uuid.uuid4().hex,
        "saves": "0",
        "summary": "两家为滴水争吵",
        "keep": "yes",
    }
    return told | party(id_number=ID_NUMBER) | changes


def kept(client: FlaskClient, **changes: Any) -> tuple[int, dict[str, Any]]:
    """Keep a draft; its id and what was sent."""
    sent = little(**changes)
    answer = client.post("/intake/", data=sent)
    assert answer.status_code == 303, answer.text
    return int(answer.location.split("=")[1]), sent


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def test_a_few_words_make_a_draft_and_start_nothing(client_of: Clients, owner: Session) -> None:
    number, _sent = kept(client_of("mei"))
    dispute = owner.get_one(Dispute, number)
    assert (dispute.state, dispute.number, dispute.next_due_at) == ("draft", None, None)
    assert (dispute.title, dispute.summary, dispute.type) == ("", "", "")
    assert [e.event for e in owner.scalars(select(DisputeEvent))] == ["draft_kept"]
    assert owner.query(Party).count() == owner.query(Deadline).count() == 0


def test_what_was_typed_is_sealed(client_of: Clients, owner: Session) -> None:
    number, _sent = kept(client_of("mei"))
    sealed = owner.get_one(Draft, number).sealed
    for word in ("滴水", "张三", ID_NUMBER, PHONE):
        assert word.encode() not in sealed
        assert word.encode("unicode_escape") not in sealed


def test_a_draft_opens_as_it_was_left(client_of: Clients) -> None:
    client = client_of("mei")
    number, sent = kept(client, type="neighborhood", flags=["threat_to_others"], amount="1200")
    page = client.get(f"/intake/?draft={number}").text
    for words in ("两家为滴水争吵", "张三", ID_NUMBER, PHONE, sent["submission"], "1200"):
        assert words in page
    for choice in ("neighborhood", "threat_to_others"):
        assert re.search(rf'value="{choice}" checked', page)
    assert "丢弃这份草稿" in page


def test_nothing_typed_is_no_draft(client_of: Clients, owner: Session) -> None:
    answer = client_of("mei").post(
        "/intake/", data={"submission": uuid.uuid4().hex, "involved": "2", "keep": "yes"}
    )
    assert answer.status_code == 422
    assert "还没有写什么" in answer.text
    assert owner.query(Dispute).count() == 0


def test_a_kind_alone_or_a_name_alone_is_enough(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    for told in ({"type": "medical"}, {"party1_name": "张三"}, {"place": "前山村"}):
        sent = {"submission": uuid.uuid4().hex, "keep": "yes"} | told
        assert client.post("/intake/", data=sent).status_code == 303
    assert owner.query(Draft).count() == 3


def test_keeping_twice_keeps_once(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    number, sent = kept(client)
    again = client.post("/intake/", data=sent)
    assert again.location.endswith(f"kept={number}")
    assert owner.query(Dispute).count() == 1
    assert owner.get_one(Draft, number).saves == 1


def test_a_draft_is_written_on(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    number, sent = kept(client)
    client.post("/intake/", data=sent | {"saves": "1", "place": "前山村三组"})
    assert "前山村三组" in client.get(f"/intake/?draft={number}").text
    assert owner.get_one(Draft, number).saves == 2


def test_two_tabs_do_not_overwrite_each_other_unseen(client_of: Clients) -> None:
    client = client_of("mei")
    number, sent = kept(client)
    client.post("/intake/", data=sent | {"saves": "1", "place": "一处"})
    late = client.post("/intake/", data=sent | {"saves": "1", "place": "另一处"})
    assert late.status_code == 409
    assert "另一处" in late.text
    assert "刚才在另一页存过" in late.text
    assert "一处" in client.get(f"/intake/?draft={number}").text
    sure = {"saves": hidden(late.text, "saves"), "place": "另一处"}
    assert client.post("/intake/", data=sent | sure).status_code == 303
    assert "另一处" in client.get(f"/intake/?draft={number}").text


def test_submitting_asks_what_intake_asks(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    number, sent = kept(client)
    del sent["keep"]
    answer = client.post("/intake/", data=sent | {"saves": "1"})
    assert answer.status_code == 422
    assert "请选一类纠纷" in answer.text
    assert owner.get_one(Dispute, number).state == "draft"


def test_a_draft_submitted_is_a_report_from_that_moment(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    number, sent = kept(client)
    begun = now()
    whole = entry(submission=sent["submission"], saves="1") | party(id_number=ID_NUMBER)
    answer = client.post("/intake/", data=whole)
    assert answer.location.endswith(f"/intake/{number}/done")
    dispute = owner.get_one(Dispute, number)
    assert dispute.state == "reported"
    assert dispute.reported_at >= begun
    assert dispute.title == "邻里：东邻翻建院墙"
    limits = owner.scalars(select(Deadline)).all()
    assert limits
    assert all(limit.started_at >= begun for limit in limits)
    assert owner.query(Draft).count() == 0
    assert owner.query(Party).one().id_index is not None


def test_submitting_twice_is_one_report(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    number, sent = kept(client)
    whole = entry(submission=sent["submission"], saves="1")
    first, again = (client.post("/intake/", data=whole) for _ in range(2))
    assert first.location == again.location
    assert "没有重复登记" in client.get(again.location).text
    late = client.post("/intake/", data=sent)
    assert late.status_code == 302
    assert "不再存草稿" in client.get(late.location).text
    assert owner.query(Dispute).one().id == number


def test_a_restricted_draft_names_its_handlers_when_submitted(
    client_of: Clients, owner: Session
) -> None:
    client = client_of("mei")
    number, sent = kept(client, flags="domestic_violence")
    whole = entry(submission=sent["submission"], saves="1", flags="domestic_violence")
    assert client.post("/intake/", data=whole).status_code == 302
    assert owner.get_one(Dispute, number).restricted
    assert client.get(f"/matters/{number}").status_code == 200
    assert client_of("ming").get(f"/matters/{number}").status_code == 404
    assert client_of("gao").get(f"/matters/{number}").status_code == 200


def test_an_oral_agreement_comes_along(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    number, sent = kept(client, **oral())
    assert "院墙退二十公分" in client.get(f"/intake/?draft={number}").text
    client.post("/intake/", data=entry(submission=sent["submission"], saves="1") | oral())
    assert owner.get_one(Dispute, number).state in ("agreed", "performing")


def test_the_list_is_the_authors_and_colleagues_see_that_there_is_one(client_of: Clients) -> None:
    number, _sent = kept(client_of("mei"))
    assert "两家为滴水争吵" in client_of("mei").get("/intake/drafts").text
    colleague = client_of("ming")
    page = colleague.get("/intake/drafts").text
    assert "梅调解" in page
    assert "滴水" not in page
    assert colleague.get(f"/intake/?draft={number}").status_code == 404
    for act in ("discard", "restore"):
        assert colleague.post(f"/intake/drafts/{number}/{act}").status_code == 404
    assert "梅调解" not in client_of("kai").get("/intake/drafts").text


def test_thrown_away_and_taken_back(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    number, _sent = kept(client)
    for _ in range(2):
        assert client.post(f"/intake/drafts/{number}/discard").status_code == 303
    assert client.get(f"/intake/?draft={number}").status_code == 404
    assert "最近丢弃的" in client.get("/intake/drafts").text
    for _ in range(2):
        assert client.post(f"/intake/drafts/{number}/restore").status_code == 303
    assert "张三" in client.get(f"/intake/?draft={number}").text
    events = [e.event for e in owner.scalars(select(DisputeEvent).order_by(DisputeEvent.id))]
    assert events == ["draft_kept", "draft_discarded", "draft_restored"]


def test_what_was_thrown_away_is_forgotten_after_a_week(
    client_of: Clients, database: Any, owner: Session
) -> None:
    client = client_of("mei")
    gone, _sent = kept(client)
    stays, _other = kept(client)
    client.post(f"/intake/drafts/{gone}/discard")
    with database.sessions("worker")() as worker:
        forget_discarded(worker, now() + timedelta(days=6), lambda _done, _all: None)
        assert worker.query(Draft).count() == 2
        forget_discarded(worker, now() + timedelta(days=8), lambda _done, _all: None)
        worker.commit()
    assert owner.scalars(select(Draft.dispute_id)).all() == [stays]


def test_the_form_and_the_inbox_say_that_drafts_wait(client_of: Clients) -> None:
    client = client_of("mei")
    assert "/intake/drafts" not in client.get("/notices").text
    kept(client)
    assert "草稿 1 份" in client.get("/intake/").text
    assert "/intake/drafts" in client.get("/notices").text
    assert "/intake/drafts" not in client_of("ming").get("/notices").text
