"""A form whose session ran out, or whose token is stale: nothing typed is lost."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import GOOD, OTHER, enter_as, give_password
from yuantou.access import sign_in as story
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.complaints.models import Complaint

TYPED = {"title": "邻居 <争> \"水\" '渠'", "text": "第一行\r\n第二行", "language": "en"}


def _hidden(page: str) -> dict[str, str]:
    inputs = re.findall(r"<input [^>]*>", page)
    attributes = [dict(re.findall(r'(\w+)="([^"]*)"', one)) for one in inputs]
    hidden = [one for one in attributes if one.get("type") == "hidden"]
    return {unescape(one["name"]): unescape(one["value"]) for one in hidden}


@pytest.fixture
def idle(app: Flask, owner: Session, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of mei whose session ran out."""
    give_password(owner, "mei")
    client = app.test_client()
    enter_as(client, "mei")
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(story, "now", lambda: later)
    return client


def test_what_was_typed_survives_the_sign_in_and_is_sent_again(idle: FlaskClient) -> None:
    stopped = idle.post("/password?a=1", data=TYPED)
    assert stopped.status_code == 401
    assert "您填写的内容已保留" in stopped.text
    resumed = enter_as(idle, "mei", **_hidden(stopped.text))
    assert 'action="/password?a=1"' in resumed.text
    assert _hidden(resumed.text).items() >= TYPED.items()


def test_it_survives_a_wrong_password_on_the_way(idle: FlaskClient) -> None:
    stopped = idle.post("/password", data=TYPED)
    wrong = enter_as(idle, "mei", "wrong", **_hidden(stopped.text))
    resumed = enter_as(idle, "mei", **_hidden(wrong.text))
    assert _hidden(resumed.text).items() >= TYPED.items()


def test_it_survives_a_password_that_must_be_changed(idle: FlaskClient, owner: Session) -> None:
    stopped = idle.post("/password", data=TYPED)
    give_password(owner, "mei", must_change=True)
    asked = enter_as(idle, "mei", **_hidden(stopped.text))
    changed = {"present": GOOD, "fresh": OTHER, "again": OTHER}
    resumed = idle.post("/password", data=_hidden(asked.text) | changed)
    assert _hidden(resumed.text).items() >= TYPED.items()


def test_somebody_else_does_not_get_it(idle: FlaskClient, owner: Session) -> None:
    stopped = idle.post("/password", data=TYPED)
    give_password(owner, "ming")
    answer = enter_as(idle, "ming", **_hidden(stopped.text))
    assert answer.status_code == 302
    assert "没有带过来" in idle.get("/account").text


def test_a_forged_address_is_not_followed(idle: FlaskClient) -> None:
    stopped = idle.post("/password", data=TYPED)
    forged = _hidden(stopped.text) | {"kept": "WzEsIi9ldmlsIiwwXQ.forged"}
    assert enter_as(idle, "mei", **forged).location == "/"


def test_a_second_tab_loses_nothing_either(idle: FlaskClient) -> None:
    idle.get("/account")
    idle.post("/password", data={"text": "第一页"})
    stopped = idle.post("/password", data=TYPED)
    resumed = enter_as(idle, "mei", **_hidden(stopped.text))
    assert _hidden(resumed.text).items() >= TYPED.items()


def test_files_cannot_be_kept_and_that_is_said(idle: FlaskClient) -> None:
    stopped = idle.post("/password", data={**TYPED, "file": (io.BytesIO(b"x"), "表.xlsx")})
    assert "所选的文件不能保留" in stopped.text
    resumed = enter_as(idle, "mei", **_hidden(stopped.text))
    assert "所选的 1 个文件没有保留" in resumed.text


def test_signing_out_keeps_nothing_for_who_comes_next(app: Flask, owner: Session) -> None:
    give_password(owner, "mei")
    client = app.test_client()
    enter_as(client, "mei")
    client.post("/sign-out")
    assert client.post("/password", data=TYPED).status_code == 302


def test_a_session_that_ran_out_is_written_down(idle: FlaskClient, owner: Session) -> None:
    idle.get("/account")
    actions = owner.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert actions == ["account:sign_in", "account:idle_out"]


def test_a_script_is_told_without_a_page(app: Flask) -> None:
    answer = app.test_client().get("/account", headers={"Sec-Fetch-Dest": "empty"})
    assert (answer.status_code, answer.text) == (401, "请重新登录")


def test_nothing_is_kept_for_a_stranger(app: Flask) -> None:
    answer = app.test_client().post("/password", data=TYPED)
    assert answer.status_code == 302
    assert "title" not in answer.location


def test_a_stale_token_asks_to_send_once_more(app: Flask, owner: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = _with_token(app, owner)
    stale = client.post(
        "/language",
        data={**TYPED, "csrf_token": "stale"},
        headers={"Origin": "http://localhost"},
    )
    assert stale.status_code == 400
    fields = _hidden(stale.text.partition('action="/language"')[2])
    assert fields.items() >= TYPED.items()
    assert client.post("/language", data=fields).status_code == 302


def test_another_site_gets_nothing_sent_again(app: Flask, owner: Session) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = _with_token(app, owner)
    forged = client.post("/language", data=TYPED, headers={"Origin": "http://evil.example"})
    assert forged.status_code == 400
    assert "提交刚才填写的内容" not in forged.text


def test_one_press_sends_it_again(
    app: Flask, owner: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client, typed = _with_token(app, owner), {"text": "第一行\r\n第二行", "page": "/"}
    token = _hidden(client.get("/suggestions").text)["csrf_token"]
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(story, "now", lambda: later)
    stopped = client.post("/suggestions", data=typed | {"csrf_token": token})
    resumed = enter_as(client, "mei", **_hidden(stopped.text))
    fields = _hidden(resumed.text.partition('action="/suggestions"')[2])
    assert client.post("/suggestions", data=fields).status_code == 302
    assert owner.scalars(select(Complaint.text)).all() == ["第一行\n第二行"]


def _with_token(app: Flask, owner: Session) -> FlaskClient:
    give_password(owner, "mei")
    client = app.test_client()
    token = _hidden(client.get("/sign-in").text)["csrf_token"]
    assert enter_as(client, "mei", csrf_token=token).status_code == 302
    return client
