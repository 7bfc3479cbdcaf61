"""Saved views: one's own, shared within the unit, never beyond it."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, report, triaged
from yuantou.disputes.views.models import SavedView

ClientOf = Callable[[str], FlaskClient]
QUESTION = {"view": "open", "state": ["triaged", "signed"], "name": "研判后的"}


def save(client: FlaskClient, **more: object) -> str:
    answer = client.post("/disputes/views", data=QUESTION | more)
    assert answer.status_code == 303
    return answer.location


def test_a_view_opens_with_what_was_asked(door: Door, client_of: ClientOf) -> None:
    report(door, title="刚上报的")
    triaged(door, title="研判过的")
    gao = client_of("gao")
    html = gao.get(save(gao)).get_data(as_text=True)
    assert "研判过的</a>" in html
    assert "刚上报的</a>" not in html
    assert "研判后的" in html


def test_the_default_view_is_where_the_desk_begins(door: Door, client_of: ClientOf) -> None:
    report(door, title="刚上报的")
    triaged(door, title="研判过的")
    gao = client_of("gao")
    save(gao, standard="y")
    html = gao.get("/disputes/").get_data(as_text=True)
    assert "研判过的</a>" in html
    assert "刚上报的</a>" not in html
    assert "刚上报的</a>" in gao.get("/disputes/?view=open").get_data(as_text=True)


def test_only_one_view_is_the_default(client_of: ClientOf, owner: Session) -> None:
    gao = client_of("gao")
    save(gao, standard="y")
    save(gao, standard="y", name="另一个")
    rows = owner.execute(select(SavedView.name, SavedView.standard).order_by(SavedView.id)).all()
    assert [tuple(row) for row in rows] == [("研判后的", False), ("另一个", True)]


def test_colleagues_see_what_is_shared_and_others_nothing(client_of: ClientOf) -> None:
    mei = client_of("mei")
    save(mei, name="自己的")
    save(mei, name="共享的", shared="y")
    ming = client_of("ming").get("/disputes/").get_data(as_text=True)
    assert "共享的" in ming
    assert "自己的" not in ming
    assert "共享的" not in client_of("tang").get("/disputes/").get_data(as_text=True)


def test_a_colleague_cannot_change_or_delete_it(client_of: ClientOf, owner: Session) -> None:
    save(client_of("mei"), shared="y")
    number = owner.scalars(select(SavedView.id)).one()
    ming = client_of("ming")
    assert ming.post(f"/disputes/views/{number}", data={"name": "改名"}).status_code == 404
    assert ming.post(f"/disputes/views/{number}/forget").status_code == 404


def test_a_view_is_renamed_and_deleted(client_of: ClientOf, owner: Session) -> None:
    mei = client_of("mei")
    save(mei)
    number = owner.scalars(select(SavedView.id)).one()
    mei.post(f"/disputes/views/{number}", data={"name": "换个名"})
    assert "换个名" in mei.get("/disputes/views").get_data(as_text=True)
    mei.post(f"/disputes/views/{number}/forget")
    owner.rollback()
    assert owner.scalars(select(SavedView)).all() == []


def test_the_same_name_twice_is_one_view(client_of: ClientOf, owner: Session) -> None:
    mei = client_of("mei")
    save(mei)
    save(mei, state=["reported"])
    kept = owner.scalars(select(SavedView)).one()
    assert kept.asked["state"] == ["reported"]


def test_without_a_name_the_question_is_kept_on_the_page(client_of: ClientOf) -> None:
    answer = client_of("mei").post("/disputes/views", data=QUESTION | {"name": " "})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "请写视图名称" in html
    assert 'name="state" value="triaged"' in html
