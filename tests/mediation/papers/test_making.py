"""Papers filled from the record, in clear only for who may, and never without a trace."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, report
from tests.mediation.papers.stories import (
    Client,
    address,
    agreed,
    mediated,
    pages,
    streams,
    word,
)
from yuantou.audit.models import AuditEvent
from yuantou.disputes.models import DisputeEvent, Party
from yuantou.disputes.parties import NewParty
from yuantou.mediation.facts import Call, Held, Told
from yuantou.mediation.models import Agreement, FollowUp, MediationRecord, PathNotice
from yuantou.mediation.papers.catalogue import read
from yuantou.mediation.papers.filled import BLANK, FIELDS
from yuantou.mediation.papers.filling import file_no
from yuantou.mediation.papers.models import Paper
from yuantou.mediation.papers.printing import Sheet
from yuantou.mediation.service import end, follow_up, record_session

KINDS = list(read().forms)


def test_every_form_asks_only_for_what_a_paper_knows() -> None:
    asked = {field for form in read().forms.values() for field in form.fields()}
    assert asked <= set(FIELDS)
    assert {code for form in read().forms.values() for code in form.signers} <= set(read().sides)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("凌源〔2026〕第000123号", "（2026）凌源人调字第123号"),
        ("沈阳铁西〔2027〕第000001号", "（2027）沈阳铁西人调字第1号"),
        (None, ""),
    ],
)
def test_the_number_of_the_file_comes_from_the_number_of_the_matter(
    number: str | None, told: str
) -> None:
    assert file_no(number) == told


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_is_made_of_a_matter_that_has_nothing_yet(
    door: Door, client_of: Client, kind: str
) -> None:
    matter = report(door)
    told = word(client_of("mei"), address(matter, kind))
    pdf = client_of("mei").post(address(matter, kind), data={"shape": "pdf", "names": "clear"})
    assert "None" not in told
    assert BLANK in told
    assert pdf.data.startswith(b"%PDF-")
    assert b"None" not in streams(pdf.data)


def test_the_acceptance_form_tells_the_matter_and_the_parties(
    door: Door, client_of: Client
) -> None:
    told = word(client_of("mei"), address(mediated(door), "acceptance"))
    for words in (
        "人调字第",
        "院墙滴水",
        "邻里",
        "4 人",
        "张建国",
        "13900001234",
        "男",
        "1980-01-01",
    ):
        assert words in told
    assert "南街街道前山村三组" in told
    assert "梅调解（南街街道人民调解委员会）" in told


def test_what_was_typed_is_text_and_neither_template_nor_markup(
    door: Door, client_of: Client
) -> None:
    told = word(client_of("mei"), address(mediated(door), "acceptance"))
    assert "李秀英 <b>{{ 7*7 }}" in told
    assert "前山村三组 & 四组" in told
    assert "49" not in told


def test_a_written_agreement_tells_its_terms(door: Door, client_of: Client, owner: Session) -> None:
    matter = agreed(door)
    source = owner.scalars(select(Agreement.id)).one()
    told = word(client_of("mei"), address(matter, "agreement", source))
    for words in ("三日内拆除滴水", "500.00 元", "约定日期履行", "2026年3月20日"):
        assert words in told


def test_a_session_a_notice_and_a_call_back_are_told_as_they_were(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = mediated(door)
    session, mei = door("mei")
    at = session.scalar(select(DisputeEvent.at).order_by(DisputeEvent.id.desc()).limit(1))
    assert at is not None
    with door.app.test_request_context():
        held = Held(at, "村委会", "双方、村主任", "双方各让一步")
        record_session(session, by=mei, dispute_id=matter, held=held)
        told = Told(("litigation", "arbitration"), "written", "已送达")
        end(session, by=mei, dispute_id=matter, action="fail", told=told, reason="差距大")
        end(session, by=mei, dispute_id=matter, action="advise_path", told=told)
        call = Call(at, reached=True, note="已起诉", satisfied="fair")
        follow_up(session, by=mei, dispute_id=matter, call=call)
    client = client_of("mei")
    first = owner.scalars(select(MediationRecord.id)).one()
    notice = owner.scalars(select(PathNotice.id).limit(1)).one()
    called = owner.scalars(select(FollowUp.id)).one()
    assert "双方各让一步" in word(client, address(matter, "record", first))
    paths = word(client, address(matter, "path_notice", notice))
    assert "诉讼：人民法院" in paths
    assert "书面" in paths
    after = word(client, address(matter, "follow_up", called))
    assert "已起诉" in after
    assert "一般" in after


def test_names_in_clear_are_logged_openings(door: Door, client_of: Client, owner: Session) -> None:
    matter = mediated(door)
    word(client_of("mei"), address(matter, "acceptance"))
    opened = owner.scalars(select(DisputeEvent).filter_by(event="party_opened")).all()
    people = set(owner.scalars(select(Party.id)))
    assert {event.facts["party_id"] for event in opened} == people
    assert {event.note for event in opened} == {"制作文书"}
    row = owner.scalars(select(AuditEvent).filter_by(action="paper:make")).one()
    assert set(row.facts["parties"]) == people  # type: ignore[call-overload]
    assert "张建国" not in str(row.facts)


def test_masked_names_open_nothing(door: Door, client_of: Client, owner: Session) -> None:
    told = word(client_of("mei"), address(mediated(door), "acceptance"), names="masked")
    assert "张∗∗" in told
    assert "张建国" not in told
    assert owner.scalars(select(DisputeEvent).filter_by(event="party_opened")).all() == []


def test_the_making_stands_in_the_history(door: Door, client_of: Client, owner: Session) -> None:
    matter = mediated(door)
    for _time in range(2):
        word(client_of("mei"), address(matter, "rights"))
    made = owner.scalars(select(DisputeEvent).filter_by(event="paper_made")).all()
    assert [event.note for event in made] == ["权利义务告知书（Word）"] * 2
    assert owner.scalars(select(Paper.copies)).all() == [2]
    assert "共 2 次" in client_of("mei").get(f"/matters/{matter}").text


@pytest.mark.parametrize("login", ["hu", "kai"])
def test_another_county_makes_no_paper(door: Door, client_of: Client, login: str) -> None:
    place, client = address(mediated(door), "acceptance"), client_of(login)
    assert client.get(place).status_code == 404
    assert client.post(place, data={"shape": "pdf", "names": "clear"}).status_code == 404


def test_who_only_looks_on_makes_no_paper(door: Door, client_of: Client) -> None:
    place = address(mediated(door), "acceptance")
    assert client_of("qi").post(place, data={"shape": "pdf"}).status_code == 403


def test_a_row_of_another_matter_is_not_told(door: Door, client_of: Client, owner: Session) -> None:
    agreed(door)
    other = mediated(door)
    source = owner.scalars(select(Agreement.id)).one()
    assert client_of("mei").get(address(other, "agreement", source)).status_code == 404


def test_a_declined_matter_gets_no_more_papers(door: Door, client_of: Client) -> None:
    matter = report(door)
    act(door, "mei", matter, "decline", reason="不属于调解范围", path_options=["litigation"])
    answer = client_of("mei").post(address(matter, "rights"), data={"shape": "pdf"})
    assert answer.status_code == 409


def test_a_paper_comes_as_a_download(door: Door, client_of: Client) -> None:
    place = address(mediated(door), "rights")
    answer = client_of("mei").post(place, data={"shape": "pdf", "names": "clear"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_long_paper_runs_over_several_pages(door: Door, client_of: Client) -> None:
    matter = mediated(door, summary="双方各执一词，互不相让。" * 400)
    client = client_of("mei")
    word(client, address(matter, "acceptance"))
    pdf = client.post(address(matter, "acceptance"), data={"shape": "pdf", "names": "clear"}).data
    assert pages(pdf) > 2
    assert re.search(rb"/FontFile[23]", pdf)


def test_a_character_that_the_font_lacks_is_marked_and_named() -> None:
    with Sheet("", "") as sheet:
        assert sheet.known("𠮷某 A") == "〓某 A"
        assert sheet.lacking == {"𠮷"}


def test_no_line_begins_with_a_closing_sign_and_numbers_stay_whole() -> None:
    with Sheet("", "") as sheet:
        sheet.add_page()
        lines = list(sheet._lines("双方同意，给付 123456.78 元。" * 40))
    assert len(lines) > 5
    assert not [line for line in lines if line[0] in "，。"]
    assert "".join(lines).count("123456.78") == sum(line.count("123456.78") for line in lines) == 40


def test_a_paper_of_sixty_parties_runs_over_several_pages(door: Door, client_of: Client) -> None:
    workers = tuple(
        NewParty("applicant", "person", f"工人{place}", phone=f"1380000{place:04d}")
        for place in range(62)
    )
    place, client = address(report(door, parties=workers), "acceptance"), client_of("mei")
    word(client, place)
    pdf = client.post(place, data={"shape": "pdf", "names": "clear"}).data
    assert pages(pdf) > 2


def test_sex_ethnicity_and_occupation_stand_where_a_paper_asks(
    door: Door, client_of: Client
) -> None:
    one = NewParty(
        "applicant", "person", "赵某", gender="female", ethnicity="满族", occupation="瓦工"
    )
    matter = report(door, parties=(one,))
    told = word(client_of("mei"), address(matter, "acceptance"))
    for words in ("女", "满族", "瓦工", "职业或者职务"):
        assert words in told, words
    assert "满族" not in word(client_of("mei"), address(matter, "acceptance"), names="masked")
