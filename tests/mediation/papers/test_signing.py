"""Who signed a paper, and where the law keeps electronic signatures out."""

import io

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tests.coordination.matters import Door
from tests.mediation.attachments.samples import PDF, photo
from tests.mediation.papers.stories import Client, address, agreed, mediated
from yuantou.disputes.models import DisputeEvent
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.models import Agreement
from yuantou.mediation.papers.models import PaperSignature

SIGNED = {"sides": ["applicant", "respondent"], "signed_on": "2026-03-02", "signature": "paper"}


def _agreement(door: Door, owner: Session, **more: object) -> str:
    matter = agreed(door, **more)  # type: ignore[arg-type]
    return (
        address(matter, "agreement", owner.scalars(select(Agreement.id)).one()) + "/note-signature"
    )


def _scan(data: bytes = PDF, name: str = "scan.pdf") -> dict[str, object]:
    return SIGNED | {"chosen": (io.BytesIO(data), name)}


def test_a_scan_of_the_signed_paper_is_kept_with_who_signed(
    door: Door, client_of: Client, owner: Session
) -> None:
    place = _agreement(door, owner)
    assert client_of("mei").post(place, data=_scan()).status_code == 303
    rows = owner.scalars(select(PaperSignature).order_by(PaperSignature.side)).all()
    scan = owner.scalars(select(Attachment)).one()
    assert [(row.side, row.manner, row.attachment_id) for row in rows] == [
        ("applicant", "paper", scan.id),
        ("respondent", "paper", scan.id),
    ]
    assert scan.purpose == "signed"


def test_a_photo_of_the_signed_paper_loses_its_place(
    door: Door, client_of: Client, owner: Session
) -> None:
    place = _agreement(door, owner)
    client_of("mei").post(place, data=_scan(photo(), "a.jpg"))
    scan = owner.scalars(select(Attachment)).one()
    answer = client_of("mei").post(
        f"/matters/{scan.dispute_id}/files/{scan.id}", data={"reason": "papers"}
    )
    assert b"PhoneMaker" not in answer.data


def test_an_electronic_signature_is_noted_where_the_law_lets_it(
    door: Door, client_of: Client, owner: Session
) -> None:
    place = _agreement(door, owner)
    assert (
        client_of("mei").post(place, data=SIGNED | {"signature": "electronic"}).status_code == 303
    )
    assert set(owner.scalars(select(PaperSignature.manner))) == {"electronic"}


@pytest.mark.parametrize("kind", ["rights", "record", "acceptance"])
def test_no_paper_of_a_marriage_is_signed_electronically(
    door: Door, client_of: Client, owner: Session, kind: str
) -> None:
    matter = mediated(door, type="marriage_family")
    answer = client_of("mei").post(
        address(matter, kind) + "/note-signature", data=SIGNED | {"signature": "electronic"}
    )
    assert answer.status_code == 422
    assert "《中华人民共和国电子签名法》第三条" in answer.text
    assert owner.scalars(select(PaperSignature)).all() == []


def test_a_marriage_agreement_is_signed_on_paper_with_a_scan(
    door: Door, client_of: Client, owner: Session
) -> None:
    place = _agreement(door, owner, type="marriage_family")
    assert "不适用电子签名" in client_of("mei").get(place).text
    assert client_of("mei").post(place, data=_scan()).status_code == 303
    assert len(owner.scalars(select(PaperSignature)).all()) == 2


@pytest.mark.parametrize("subject", ["marriage", "adoption", "inheritance"])
def test_what_the_agreement_settles_keeps_electronic_signatures_out(
    door: Door, client_of: Client, owner: Session, subject: str
) -> None:
    place = _agreement(door, owner, subjects=(subject,))
    answer = client_of("mei").post(place, data=SIGNED | {"signature": "electronic"})
    assert answer.status_code == 422
    assert "电子签名法" in answer.text


def test_a_stated_subject_keeps_electronic_signatures_out(
    door: Door, client_of: Client, owner: Session
) -> None:
    told = SIGNED | {"signature": "electronic", "subjects": ["inheritance"]}
    assert client_of("mei").post(_agreement(door, owner), data=told).status_code == 422


def test_signing_twice_is_noted_once(door: Door, client_of: Client, owner: Session) -> None:
    place = _agreement(door, owner)
    for _time in range(2):
        assert client_of("mei").post(place, data=_scan()).status_code == 303
    assert len(owner.scalars(select(PaperSignature)).all()) == 2
    events = owner.scalars(select(DisputeEvent).filter_by(event="paper_signed")).all()
    assert [event.note for event in events] == ["人民调解协议书：申请人、被申请人"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"sides": []}, "请选谁已签名"),
        ({"signed_on": "2999-01-01"}, "不能晚于现在"),
        ({"chosen": (io.BytesIO(b"MZ\x90\x00"), "a.pdf")}, "只收 PDF"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    door: Door, client_of: Client, owner: Session, told: dict[str, object], words: str
) -> None:
    answer = client_of("mei").post(_agreement(door, owner), data=SIGNED | told)
    assert answer.status_code == 422
    assert words in answer.text
    assert owner.scalars(select(PaperSignature)).all() == []


def test_another_county_notes_no_signature(door: Door, client_of: Client, owner: Session) -> None:
    place = _agreement(door, owner)
    assert client_of("hu").get(place).status_code == 404
    assert client_of("hu").post(place, data=SIGNED).status_code == 404


def test_row_level_security_hides_papers_and_keeps_signatures_as_they_are(
    door: Door, client_of: Client, owner: Session
) -> None:
    client_of("mei").post(_agreement(door, owner), data=SIGNED)
    for table in ("paper", "paper_signature"):
        count = text(f"SELECT count(*) FROM {table}")
        assert (door("mei")[0].scalar(count) or 0) > 0
        assert door("hu")[0].scalar(count) == 0
    with pytest.raises(ProgrammingError, match="permission denied"):
        door("mei")[0].execute(text("UPDATE paper_signature SET side = 'third'"))


def test_a_signature_noted_wrongly_is_struck_with_a_reason_and_may_be_noted_anew(
    door: Door, client_of: Client, owner: Session
) -> None:
    place, client = _agreement(door, owner), client_of("mei")
    client.post(place, data=SIGNED | {"sides": ["applicant"]})
    row = owner.scalars(select(PaperSignature)).one()
    strike = f"/matters/{row.dispute_id}/signatures/{row.id}/strike"
    assert client.post(strike, data={"reason": ""}).status_code == 422
    assert client.post(strike, data={"reason": "登记错了人"}).status_code == 303
    client.post(place, data=SIGNED | {"sides": ["applicant"]})
    owner.expire_all()
    rows = owner.scalars(select(PaperSignature).order_by(PaperSignature.id)).all()
    assert [one.struck_reason for one in rows] == ["登记错了人", None]
    assert owner.scalars(select(DisputeEvent.note).filter_by(event="signature_struck")).all() == [
        "申请人：登记错了人"
    ]


def test_another_county_strikes_no_signature(door: Door, client_of: Client, owner: Session) -> None:
    client_of("mei").post(_agreement(door, owner), data=SIGNED)
    row = owner.scalars(select(PaperSignature).limit(1)).one()
    strike = f"/matters/{row.dispute_id}/signatures/{row.id}/strike"
    assert client_of("hu").post(strike, data={"reason": "x"}).status_code == 404


def test_a_withdrawn_scan_no_longer_counts_as_one(
    door: Door, client_of: Client, owner: Session
) -> None:
    place, client = _agreement(door, owner), client_of("mei")
    client.post(place, data=_scan())
    scan = owner.scalars(select(Attachment)).one()
    page = f"/matters/{scan.dispute_id}"
    assert "有扫描件" in client.get(page).text
    client.post(f"{page}/files/{scan.id}/withdraw", data={"reason": "传错了件"})
    assert "没有扫描件" in client.get(page).text
