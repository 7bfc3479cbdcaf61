"""Files of a matter: sealed, for those who may see it, every opening on record."""

import io
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.coordination.matters import Door, act, report
from tests.mediation.attachments.samples import PDF, office, photo
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute, DisputeEvent, DisputeKey
from yuantou.disputes.service import note_event
from yuantou.mediation.attachments.jobs import sweep
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.attachments.rules import ERASED
from yuantou.mediation.attachments.store import Store

Client = Callable[[str], FlaskClient]


def _send(client: FlaskClient, matter: int, *files: tuple[bytes, str], **more: str) -> int:
    told = {"purpose": "evidence", "chosen": [(io.BytesIO(data), name) for data, name in files]}
    return client.post(f"/matters/{matter}/files/new", data=told | more).status_code


def _one(owner: Session) -> Attachment:
    owner.expire_all()
    return owner.scalars(select(Attachment).order_by(Attachment.id.desc()).limit(1)).one()


def test_a_file_lies_sealed_outside_the_database(
    door: Door, client_of: Client, owner: Session, folder: Store
) -> None:
    matter = report(door)
    assert _send(client_of("mei"), matter, (PDF, "张三借条.pdf")) == 303
    held = _one(owner)
    sealed = folder.read(held.stored)
    assert (held.kind, held.purpose, held.size) == ("pdf", "evidence", len(PDF))
    assert b"PDF" not in sealed
    assert "张三" not in str(vars(held))


def test_a_download_gives_the_file_and_stays_on_record(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door)
    client = client_of("mei")
    _send(client, matter, (PDF, "a.pdf"))
    answer = client.post(f"/matters/{matter}/files/{_one(owner).id}", data={"reason": "identity"})
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    event = owner.scalars(select(DisputeEvent).filter_by(event="attachment_opened")).one()
    assert (event.note, event.facts["attachment_id"]) == ("核对身份", _one(owner).id)
    assert owner.scalars(select(AuditEvent.action)).all().count("attachment:open") == 1


def test_a_download_without_a_reason_gives_nothing(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door)
    client = client_of("mei")
    _send(client, matter, (PDF, "a.pdf"))
    answer = client.post(f"/matters/{matter}/files/{_one(owner).id}", data={"reason": "curious"})
    assert answer.status_code == 303
    assert owner.scalars(select(DisputeEvent).filter_by(event="attachment_opened")).all() == []


@pytest.mark.parametrize("login", ["hu", "kai"])
def test_another_county_neither_adds_nor_opens_nor_withdraws(
    door: Door, client_of: Client, owner: Session, login: str
) -> None:
    matter = report(door)
    _send(client_of("mei"), matter, (PDF, "a.pdf"))
    place, other = f"/matters/{matter}/files", client_of(login)
    assert _send(other, matter, (PDF, "a.pdf")) == 404
    assert other.post(f"{place}/{_one(owner).id}", data={"reason": "identity"}).status_code == 404
    assert other.post(f"{place}/{_one(owner).id}/withdraw", data={"reason": "x"}).status_code == 404


def test_a_file_of_one_matter_is_not_reached_through_another(
    door: Door, client_of: Client, owner: Session
) -> None:
    first, second = report(door), report(door)
    client = client_of("mei")
    _send(client, first, (PDF, "a.pdf"))
    answer = client.post(f"/matters/{second}/files/{_one(owner).id}", data={"reason": "identity"})
    assert answer.status_code == 404


def test_row_level_security_hides_the_rows_of_another_county(door: Door, client_of: Client) -> None:
    matter = report(door)
    _send(client_of("mei"), matter, (PDF, "a.pdf"))
    assert door("mei")[0].scalar(text("SELECT count(*) FROM attachment")) == 1
    assert door("hu")[0].scalar(text("SELECT count(*) FROM attachment")) == 0


def test_what_was_written_of_a_file_cannot_be_rewritten(door: Door, client_of: Client) -> None:
    matter = report(door)
    _send(client_of("mei"), matter, (PDF, "a.pdf"))
    session, _mei = door("mei")
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("UPDATE attachment SET stored = 'x'"))


def test_sending_twice_keeps_one(door: Door, client_of: Client, owner: Session) -> None:
    matter = report(door)
    client = client_of("mei")
    for _time in range(2):
        _send(client, matter, (PDF, "a.pdf"))
    assert len(owner.scalars(select(Attachment)).all()) == 1
    assert len(owner.scalars(select(DisputeEvent).filter_by(event="attached")).all()) == 1


def test_one_bad_file_keeps_all_of_them_out(door: Door, client_of: Client, owner: Session) -> None:
    matter = report(door)
    told = {
        "purpose": "evidence",
        "note": "三张照片",
        "chosen": [(io.BytesIO(PDF), "a.pdf"), (io.BytesIO(b"MZ\x90\x00"), "b.pdf")],
    }
    answer = client_of("mei").post(f"/matters/{matter}/files/new", data=told)
    assert answer.status_code == 422
    assert "第 2 个文件：只收 PDF" in answer.text
    assert "三张照片" in answer.text
    assert owner.scalars(select(Attachment)).all() == []


def test_no_file_and_no_purpose_are_said_beside_their_fields(door: Door, client_of: Client) -> None:
    answer = client_of("mei").post(f"/matters/{report(door)}/files/new", data={})
    assert "请拍照或者选择文件" in answer.text
    assert "请选这是什么材料" in answer.text


def test_a_photo_from_the_camera_is_kept_without_its_place(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door)
    client = client_of("mei")
    _send(client, matter, purpose="identity", photo=(io.BytesIO(photo()), "IMG_1.jpg"))  # type: ignore[arg-type]
    answer = client.post(f"/matters/{matter}/files/{_one(owner).id}", data={"reason": "identity"})
    assert answer.data.startswith(b"\xff\xd8")
    assert b"PhoneMaker" not in answer.data


def test_a_withdrawn_file_is_gone_from_the_page_and_kept_with_its_reason(
    door: Door, client_of: Client, owner: Session, folder: Store
) -> None:
    matter = report(door)
    client = client_of("mei")
    _send(client, matter, (office(), "a.docx"))
    place = f"/matters/{matter}/files/{_one(owner).id}"
    assert client.post(f"{place}/withdraw", data={"reason": ""}).status_code == 422
    assert client.post(f"{place}/withdraw", data={"reason": "传错了件"}).status_code == 303
    held = _one(owner)
    assert held.withdrawn_reason == "传错了件"
    assert folder.read(held.stored)
    page = client.get(f"/matters/{matter}").text
    assert place not in re.sub(r"\s+", " ", page)
    assert "另有 1 份已撤下" in page


def test_a_matter_that_was_not_accepted_takes_no_more_files(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door)
    act(door, "mei", matter, "decline", reason="不属于调解范围", path_options=["litigation"])
    assert client_of("mei").get(f"/matters/{matter}/files/new").status_code == 409
    assert _send(client_of("mei"), matter, (PDF, "a.pdf")) == 409
    assert owner.scalars(select(Attachment)).all() == []


def test_a_file_cannot_be_read_once_the_key_of_its_matter_is_destroyed(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door)
    client = client_of("mei")
    _send(client, matter, (PDF, "a.pdf"))
    owner.delete(owner.get_one(DisputeKey, matter))
    owner.commit()
    place = f"/matters/{matter}/files/{_one(owner).id}"
    page = client.post(place, data={"reason": "identity"}, follow_redirects=True)
    assert "已经无法读取" in page.text


def test_files_without_a_row_are_swept_and_others_stay(
    door: Door, client_of: Client, owner: Session, folder: Store, database: Database
) -> None:
    matter = report(door)
    _send(client_of("mei"), matter, (PDF, "a.pdf"))
    kept, lost, fresh = _one(owner).stored, folder.put(b"lost"), folder.put(b"fresh")
    old = (clock.now() - timedelta(days=2)).timestamp()
    for path in folder.root.glob("??/*"):
        if fresh not in path.name:
            os.utime(path, (old, old))
    with database.sessions("worker")() as session:
        sweep(session, clock.now(), lambda _done, _all: None)
    assert sorted(path.stem for path in folder.root.glob("??/*")) == sorted((kept, fresh))
    assert lost not in (kept, fresh)


def test_the_same_file_sent_at_the_same_moment_is_kept_once(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door)
    clients = [client_of("mei"), client_of("mei")]
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: _send(client, matter, (PDF, "a.pdf")), clients))
    assert answers == [303, 303]
    assert len(owner.scalars(select(Attachment)).all()) == 1


def test_nothing_is_added_once_personal_data_was_erased(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door)
    client = client_of("mei")
    _send(client, matter, (PDF, "a.pdf"))
    dispute = owner.get_one(Dispute, matter)
    note_event(owner, dispute=dispute, event=ERASED, by=None)
    owner.delete(owner.get_one(DisputeKey, matter))
    owner.commit()
    assert _send(client, matter, (b"later", "b.txt")) == 409
    made = client.post(f"/matters/{matter}/paper-rights/0", data={"shape": "pdf"})
    assert made.status_code == 409
    assert owner.scalars(select(DisputeKey)).all() == []
    assert f"/matters/{matter}/files" not in client.get(f"/matters/{matter}").text
