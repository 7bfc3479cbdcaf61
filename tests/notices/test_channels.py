"""通知方式: each person switches his own channels, and nothing of his address is shown again."""

import pytest
from sqlalchemy.orm import Session

from tests.access.doors import Client, ids
from tests.conftest import Database
from tests.coordination.matters import Door
from tests.notices.letters import TOPICS, keyring, switch
from tests.notices.post_office import Office
from yuantou.audit.models import AuditEvent
from yuantou.notices.channels import read
from yuantou.notices.models import AccountChannel

MAIL = {"mail-active": "y", "mail-address": "mei@example.org", "mail-topics": ["reminder"]}


def test_without_a_channel_the_page_says_who_can_open_one(client_of: Client) -> None:
    assert "还没有可用的外发方式" in client_of("mei").get("/notices/channels").text


def test_a_channel_is_switched_on_with_its_topics(
    client_of: Client, owner: Session, mail: Office
) -> None:
    mei = client_of("mei")
    assert mei.post("/notices/channels/mail", data=MAIL).status_code == 302
    row = owner.query(AccountChannel).one()
    assert (row.account_id, row.active, row.daily) == (ids(owner)["mei"], True, False)
    assert set(row.muted) == set(TOPICS) - {"reminder"}
    assert owner.query(AuditEvent).one().facts["channel"] == "mail"


def test_the_address_is_sealed_masked_and_never_shown_or_logged(
    client_of: Client, owner: Session, mail: Office
) -> None:
    mei = client_of("mei")
    mei.post("/notices/channels/mail", data=MAIL)
    row = owner.query(AccountChannel).one()
    assert row.address_enc is not None
    assert row.master_version is not None
    assert b"mei@" not in row.address_enc
    assert keyring().unwrap(row.address_enc, row.master_version) == b"mei@example.org"
    page = mei.get("/notices/channels").text
    assert "m∗∗∗@example.org" in page
    assert "mei@example.org" not in page
    assert "mei@" not in str(owner.query(AuditEvent).one().facts)


def test_an_empty_address_keeps_the_one_that_is_known(
    client_of: Client, owner: Session, mail: Office
) -> None:
    mei = client_of("mei")
    mei.post("/notices/channels/mail", data=MAIL)
    before = owner.query(AccountChannel).one().address_enc
    mei.post("/notices/channels/mail", data=MAIL | {"mail-address": "", "mail-daily": "y"})
    owner.expire_all()
    row = owner.query(AccountChannel).one()
    assert (row.address_enc, row.daily) == (before, True)


@pytest.mark.parametrize(
    ("address", "words"),
    [("", "请填写邮箱地址"), ("不是邮箱", "邮箱地址写法不对"), ("a@b.cn/?to=c@d.cn", "写法不对")],
)
def test_a_wrong_address_is_said_beside_its_field(
    client_of: Client, owner: Session, mail: Office, address: str, words: str
) -> None:
    answer = client_of("mei").post("/notices/channels/mail", data=MAIL | {"mail-address": address})
    assert answer.status_code == 422
    assert words in answer.text
    assert owner.query(AccountChannel).count() == 0


def test_a_channel_that_is_not_open_cannot_be_switched(client_of: Client) -> None:
    for code in ("mail", "pigeon"):
        assert client_of("mei").post(f"/notices/channels/{code}", data=MAIL).status_code == 404


def test_nobody_sees_or_changes_the_channels_of_another(
    door: Door, database: Database, office: Office
) -> None:
    switch(door, "mei")
    session, _viewer = door("ming")
    assert session.query(AccountChannel).count() == 0
    assert session.query(AccountChannel).update({"active": False}) == 0


def test_what_is_typed_cannot_change_where_the_rest_of_the_address_leads() -> None:
    channel = read().channels["mail"]
    made = channel.url("a&to=b@c.cn", {channel.env: "mailto://h?to={address}"})
    assert made == "mailto://h?to=a%26to%3Db%40c.cn"
