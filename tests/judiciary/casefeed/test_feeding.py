"""A court's file from check to release, its faults, its walls, and forgetting in time."""

import base64
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.conftest import Database
from tests.judiciary.casefeed.feeds import feed
from tests.judiciary.doors import Doors
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.crypto.fields import blind_index
from yuantou.judiciary.casefeed.hashing import hash_command
from yuantou.judiciary.casefeed.jobs import forget_old
from yuantou.judiciary.casefeed.models import FeedBatch, FeedParty, FeedSuit, SuitFeedMonth

LI = "11010519491231002X"
HEAD = "案号,案由,立案日期,乡镇,当事人证件号"
ROWS = (
    HEAD,
    f"（2026）辽1382民初1号,相邻关系纠纷,2026-01-05,南街街道,{LI}",
    ",离婚纠纷,2026-02-28,,",
)


def upload(doors: Doors, data: bytes, name: str = "feed.csv", login: str = "kang") -> TestResponse:
    part = 'Content-Disposition: form-data; name="{}"'
    fields = {"first": "2026-01", "last": "2026-02", "whole": "y"}
    pieces = [
        b"\r\n".join([b"--frontier", part.format(key).encode(), b"", value.encode()])
        for key, value in fields.items()
    ]
    head = (part.format("table") + f'; filename="{name}"').encode()
    body = b"\r\n".join([*pieces, b"--frontier", head, b"", data, b"--frontier--", b""])
    kind = "multipart/form-data; boundary=frontier"
    return doors(login).post("/judiciary/casefeed/upload", data=body, content_type=kind)


def table(*rows: str) -> bytes:
    return "\n".join(rows or ROWS).encode()


def drafted(doors: Doors) -> int:
    sent = upload(doors, table())
    assert sent.status_code == 302, sent.text
    return int(sent.location.rsplit("/", 1)[1])


def released(doors: Doors) -> int:
    batch = drafted(doors)
    doors("kang").post(f"/judiciary/casefeed/{batch}/submit")
    assert doors("lu").post(f"/judiciary/casefeed/{batch}/release").status_code == 302
    return batch


def test_a_number_is_kept_as_its_keyed_hash_alone(
    client_of: Doors, owner: Session, app: Flask
) -> None:
    drafted(client_of)
    first = owner.query(FeedSuit).filter_by(type="neighborhood").one()
    (one,) = owner.query(FeedParty)
    assert one.suit_id == first.id
    assert one.id_index == blind_index(app.extensions["keyring"].index_key, LI)
    assert first.case_hash is not None
    assert first.area_code == "211382001"
    dumped = owner.scalar(text("SELECT string_agg(t::text, '') FROM feed_suit t"))
    assert LI not in f"{dumped}"


def test_two_persons_release_and_only_then_months_are_covered(
    client_of: Doors, owner: Session
) -> None:
    batch = drafted(client_of)
    assert client_of("lu").get(f"/judiciary/casefeed/{batch}").status_code == 404
    client_of("kang").post(f"/judiciary/casefeed/{batch}/submit")
    assert owner.query(SuitFeedMonth).count() == 0
    owner.query(Account).filter_by(login="kang").update({"role": "court_reviewer"})
    owner.commit()
    own = client_of("kang").post(f"/judiciary/casefeed/{batch}/release")
    assert own.status_code == 409
    assert client_of("lu").post(f"/judiciary/casefeed/{batch}/release").status_code == 302
    assert {row.month for row in owner.query(SuitFeedMonth)} == {
        date(2026, 1, 1),
        date(2026, 2, 1),
    }


def test_the_same_file_leads_to_the_same_batch_and_known_suits_stay_single(
    client_of: Doors, owner: Session
) -> None:
    batch = released(client_of)
    assert drafted(client_of) == batch
    more = upload(client_of, table(*ROWS, ",民间借贷纠纷,2026-01-09,,"))
    again = owner.get_one(FeedBatch, int(more.location.rsplit("/", 1)[1]))
    assert again.unchanged == 2
    assert owner.query(FeedSuit).count() == 3


@pytest.mark.parametrize(
    ("row", "place", "words"),
    [
        (",,2026-01-05,,", "第 2 行 B 列", "没有写案由"),
        (",离婚纠纷,2026-03-05,,", "第 2 行 C 列", "不在所选的月份里"),
        (",离婚纠纷,2026-01-05,公营子镇,", "第 2 行 D 列", "不是本地区的乡镇街道"),
        (",离婚纠纷,2026-01-05,,110105194912310021", "第 2 行 E 列", "第 1 个证件号不对"),
    ],
)
def test_faults_name_their_cell_and_nothing_is_written(
    client_of: Doors, owner: Session, row: str, place: str, words: str
) -> None:
    page = upload(client_of, table(HEAD, row))
    assert page.status_code == 422
    assert place in page.text
    assert words in page.text
    assert "110105194912310021" not in page.text
    assert owner.query(FeedBatch).count() == 0


def test_names_are_refused(client_of: Doors) -> None:
    page = upload(
        client_of, table("案由,立案日期,原告姓名,当事人密文", "离婚纠纷,2026-01-05,张三,")
    )
    assert page.status_code == 422
    assert "不收姓名" in page.text


def test_a_message_brings_hashes(client_of: Doors, owner: Session) -> None:
    suit = {"cause": "离婚纠纷", "filed_on": "2026-01-05", "parties": ["ab" * 32]}
    assert upload(client_of, json.dumps({"suits": [suit]}).encode(), "a.json").status_code == 302
    assert [row.id_index.hex() for row in owner.query(FeedParty)] == ["ab" * 32]
    strange = json.dumps({"suits": [suit | {"name": "张三"}]}).encode()
    assert upload(client_of, strange, "a.json").status_code == 422


def test_taking_back_deletes_the_rows_and_the_months(client_of: Doors, owner: Session) -> None:
    batch = released(client_of)
    where = f"/judiciary/casefeed/{batch}/take-back"
    assert client_of("kang").post(where, data={"reason": "错了"}).status_code == 403
    assert client_of("lu").post(where, data={"reason": ""}).status_code == 422
    assert client_of("lu").post(where, data={"reason": "报错了月份"}).status_code == 302
    assert owner.query(FeedSuit).count() == owner.query(SuitFeedMonth).count() == 0
    assert drafted(client_of) != batch


def test_rows_are_opened_with_a_reason_that_is_kept(client_of: Doors, owner: Session) -> None:
    batch = released(client_of)
    where = f"/judiciary/casefeed/{batch}"
    shown = client_of("lu").get(where).text
    assert "查看各行" in shown
    assert client_of("lu").post(f"{where}/rows", data={"reason": ""}).status_code == 422
    page = client_of("lu").post(f"{where}/rows", data={"reason": "audit"})
    assert re.search(r"<td[^>]*>[0-9a-f]{8}</td>", page.text)
    kept = owner.scalar(
        text("SELECT facts ->> 'reason' FROM audit_event WHERE action = 'casefeed:open'")
    )
    assert kept == "audit"


@pytest.mark.parametrize("login", ["gao", "qi", "sheng", "mei"])
def test_nobody_but_the_court_reads_a_row(
    client_of: Doors,
    owner: Session,
    database: Database,
    viewer_session: Callable[[str], tuple[Session, Viewer]],
    login: str,
) -> None:
    feed(owner, "2026-01", "2026-02", ("2026-01-05", "neighborhood", (b"li",)))
    feed(
        owner,
        "2026-01",
        "2026-02",
        ("2026-01-05", "neighborhood", (b"li",)),
        court_code="kazuo-court",
    )
    seen = {}
    for who in (login, "kang"):
        session = viewer_session(who)[0]
        seen[who] = [
            session.scalar(text(f"SELECT count(*) FROM {name}"))
            for name in ("feed_batch", "feed_suit", "feed_party")
        ]
    assert seen == {login: [0, 0, 0], "kang": [1, 1, 1]}


def test_what_is_old_is_forgotten(owner: Session, database: Database) -> None:
    feed(owner, "2026-01", "2026-02", ("2026-01-05", "neighborhood", (b"li",)))
    with database.sessions("worker")() as session:
        forget_old(session, datetime(2027, 1, 1, tzinfo=UTC), lambda _done, _all: None)
        assert session.scalar(text("SELECT count(suit_id) FROM feed_party")) == 1
        forget_old(session, datetime(2028, 6, 1, tzinfo=UTC), lambda _done, _all: None)
        session.commit()
    owner.expire_all()
    assert owner.query(FeedParty).count() == 0
    assert owner.query(FeedSuit).one().suit_key is None


def test_the_offline_tool_makes_the_hashes_that_the_platform_makes(
    tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = app.extensions["keyring"].index_key
    monkeypatch.setenv("YUANTOU_INDEX_KEY", base64.b64encode(key).decode())
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(table())
    done = CliRunner().invoke(hash_command, [str(source), str(target)])
    assert done.exit_code == 0, done.output
    made = target.read_text("utf-8-sig")
    assert made.splitlines()[0] == "案号密文,案由,立案日期,乡镇,当事人密文"
    assert blind_index(key, LI).hex() in made
    assert LI not in made


def _message(**more: object) -> bytes:
    told = {"case_hash": "a" * 64, "cause": "离婚纠纷", "filed_on": "2026-01-05"}
    return json.dumps({"suits": [{**told, "parties": ["b" * 64], **more}]}).encode()


@pytest.mark.parametrize(
    "data",
    [
        b'{"suits":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        _message(cause=float("nan")),
        _message(cause=7),
        _message(parties=[7]),
        _message(parties={"a": "b"}),
    ],
)
def test_a_message_that_is_none_of_ours_is_told_so(
    client_of: Doors, owner: Session, data: bytes
) -> None:
    answer = upload(client_of, data, "feed.json")
    assert (answer.status_code, "不是约定的 JSON" in answer.text) == (422, True)
    assert owner.query(FeedBatch).count() == 0


@pytest.mark.parametrize("cause", ["离婚\x00纠纷", "离婚\ud800纠纷", "离婚\u202e纠纷"])
def test_signs_that_nobody_sees_are_left_out(client_of: Doors, owner: Session, cause: str) -> None:
    assert upload(client_of, _message(cause=cause), "feed.json").status_code == 302
    assert owner.query(FeedSuit).one().cause == "离婚纠纷"


def test_a_message_may_begin_with_a_mark_of_its_bytes(client_of: Doors) -> None:
    assert upload(client_of, b"\xef\xbb\xbf" + _message(), "feed.json").status_code == 302


def test_the_same_line_twice_counts_once_and_is_said(client_of: Doors, owner: Session) -> None:
    kang = client_of("kang")
    sent = upload(lambda _login: kang, table(HEAD, ROWS[1], ROWS[1], ROWS[1]))
    assert "有 2 行与前面的完全相同" in kang.get(sent.location).text
    assert owner.query(FeedSuit).count() == 1


def test_one_number_with_two_stories_is_refused(client_of: Doors, owner: Session) -> None:
    answer = upload(client_of, table(HEAD, ROWS[1], ROWS[1].replace("01-05", "01-06")))
    assert "同一案号前面写的内容不同" in answer.text
    assert owner.query(FeedBatch).count() == 0


def test_a_month_of_nobody_is_not_a_month_without_returns(client_of: Doors, owner: Session) -> None:
    lines = [f"（2026）辽1382民初{n}号,相邻关系纠纷,2026-01-05,," for n in range(10)]
    answer = upload(client_of, table(HEAD, *lines))
    assert (answer.status_code, "不知道不等于没有回流" in answer.text) == (422, True)
    assert owner.query(FeedBatch).count() == 0


def test_the_second_person_sees_how_many_name_nobody(client_of: Doors) -> None:
    page = client_of("kang").get(f"/judiciary/casefeed/{drafted(client_of)}").text
    assert "1 件没有写个人当事人的证件号" in page
