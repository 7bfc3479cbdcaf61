"""The desk: many parties pasted, checked and logged in one transaction; the receipt."""

from collections.abc import Callable
from html import unescape
from io import BytesIO

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.intake.entries import ID_NUMBER, entry, party
from tests.intake.window.workers import ID_A, ID_B, workers
from yuantou.audit.models import AuditEvent
from yuantou.database.sheets import Sheet, write_workbook
from yuantou.disputes.models import Dispute, DisputeEvent, Party

Clients = Callable[[str], FlaskClient]
EMPLOYER = party(1, side="respondent", kind="organisation", name="凌源某建筑有限公司", phone="")
SOURCE = {"source": "centre_window", "type": "migrant_wages"}


def test_62_workers_and_their_employer_are_one_dispute(client_of: Clients, owner: Session) -> None:
    sent = entry(**SOURCE) | EMPLOYER | {"pasted": workers(62)}
    tang = client_of("tang")
    check = tang.post("/window/new", data=sent).text
    assert "确认登记 63 人" in check
    assert "名单合计 347,200.00 元" in check
    assert owner.query(Dispute).count() == 0
    tang.post("/window/new", data=sent | {"confirm": "yes"})
    dispute = owner.query(Dispute).one()
    assert (dispute.involved, dispute.amount, dispute.source) == (63, 347_200, "centre_window")
    sides = [row.side for row in owner.query(Party).order_by(Party.position)]
    assert (sides[0], sides.count("applicant")) == ("respondent", 62)
    assert [row.action for row in owner.query(AuditEvent)][-1] == "dispute:log"


def test_200_rows_come_in_at_once(client_of: Clients, owner: Session) -> None:
    sent = entry(**SOURCE) | {"pasted": workers(200), "confirm": "yes"}
    tang = client_of("tang")
    tang.get("/window/")
    assert tang.post("/window/new", data=sent).status_code == 302
    assert owner.query(Party).count() == 200


def test_a_fault_stops_the_list_and_stands_in_its_cell(client_of: Clients, owner: Session) -> None:
    rows = f"姓名\t身份证号\n张三\t{ID_A}\n李四\t{ID_B[:-1]}0"
    tang = client_of("tang")
    page = tang.post("/window/new", data=entry(**SOURCE) | {"pasted": rows, "confirm": "yes"}).text
    assert "身份证号不对" in page
    assert "有 1 格要改" in page
    assert '<a href="#line-3">第 3 行</a>' in page
    assert 'id="line-3"' in page
    assert "李四" in page
    assert owner.query(Dispute).count() == 0


def test_a_wrong_number_can_be_left_out(client_of: Clients, owner: Session) -> None:
    rows = f"姓名\t身份证号\n张三\t{ID_A}\n李四\t{ID_B[:-1]}0"
    sent = entry(**SOURCE) | {"pasted": rows, "confirm": "yes", "lenient": "y"}
    client_of("tang").post("/window/new", data=sent)
    kept = owner.query(Party).order_by(Party.position).all()
    assert [row.id_enc is None for row in kept] == [False, True]


def test_a_list_can_come_as_a_file(client_of: Clients, owner: Session) -> None:
    book = write_workbook([Sheet("名单", ["姓名", "金额"], [["张三", 100], ["李四", 200]])])
    sent = entry(**SOURCE) | {"table": (BytesIO(book), "名单.xlsx")}
    page = client_of("tang").post("/window/new", data=sent).text
    assert "确认登记 2 人" in page
    assert "张三\t100" in unescape(page)


def test_a_file_that_is_none_is_told_beside_its_field(client_of: Clients) -> None:
    sent = entry(**SOURCE) | {"table": (BytesIO(b"PKxxxx"), "名单.xlsx")}
    answer = client_of("tang").post("/window/new", data=sent)
    assert answer.status_code == 422
    assert "文件打不开" in answer.text


def test_a_person_who_is_there_already_is_shown_first(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=entry() | party(id_number=ID_NUMBER))
    sent = entry(**SOURCE) | party(id_number=ID_NUMBER)
    tang = client_of("tang")
    assert "不是同一件，继续登记" in tang.post("/window/new", data=sent).text
    assert owner.query(Dispute).count() == 1
    tang.post("/window/new", data=sent | {"apart": "yes"})
    assert owner.query(Dispute).count() == 2


def test_the_window_may_accept_at_once(client_of: Clients, owner: Session) -> None:
    sent = entry(**SOURCE) | party() | {"accept": "yes", "papers": "申请书 1 份"}
    page = client_of("gao").post("/window/new", data=sent, follow_redirects=True).text
    dispute = owner.query(Dispute).one()
    assert dispute.state == "accepted"
    assert str(dispute.number) in page
    assert "受理回执" in page
    events = [row.event for row in owner.query(DisputeEvent).order_by(DisputeEvent.id)]
    assert events == ["reported", "received_at_window", "accepted"]


def test_a_receipt_masks_who_and_says_rights_and_ways(client_of: Clients, owner: Session) -> None:
    sent = entry(**SOURCE) | EMPLOYER | {"pasted": workers(7), "confirm": "yes"}
    page = client_of("tang").post("/window/new", data=sent, follow_redirects=True).text
    assert "等 7 人（家）" in page
    assert "钱∗∗" in page
    assert "钱甲甲" not in page
    assert "调解不收取任何费用" in page
    assert "诉讼" in page


def test_sending_twice_makes_one_dispute(client_of: Clients, owner: Session) -> None:
    sent, tang = entry(**SOURCE) | {"pasted": workers(3), "confirm": "yes"}, client_of("tang")
    first, second = (tang.post("/window/new", data=sent) for _time in range(2))
    assert first.location == second.location
    assert (owner.query(Dispute).count(), owner.query(Party).count()) == (1, 3)


def test_the_receipt_of_another_county_is_not_there(client_of: Clients, owner: Session) -> None:
    client_of("tang").post("/window/new", data=entry(**SOURCE))
    number = owner.query(Dispute).one().id
    assert client_of("hu").get(f"/window/receipts/{number}").status_code == 404
    assert client_of("mei").get("/window/new").status_code == 403


def test_sex_ethnicity_and_occupation_are_sealed(client_of: Clients, owner: Session) -> None:
    typed = party(gender="female", ethnicity="满族", occupation="教师")
    rows = "姓名\t性别\t民族\t职业\n钱某\t男\t汉族\t瓦工"
    sent = entry(**SOURCE) | typed | {"pasted": rows, "confirm": "yes"}
    assert client_of("tang").post("/window/new", data=sent).status_code == 302
    first, second = owner.query(Party).order_by(Party.position)
    for row, told in ((first, "满族"), (second, "瓦工")):
        sealed = (row.gender_enc, row.ethnicity_enc, row.occupation_enc)
        assert all(sealed)
        assert told.encode() not in b"".join(one or b"" for one in sealed)


def test_the_sex_that_a_number_says_is_not_kept_beside_it(
    client_of: Clients, owner: Session
) -> None:
    sent = entry(**SOURCE) | party(id_number=ID_A, gender="female", ethnicity="汉族")
    client_of("tang").post("/window/new", data=sent)
    row = owner.query(Party).one()
    assert (row.gender_enc, row.ethnicity_enc is None) == (None, False)


def test_a_receipt_leaves_out_a_telephone_that_is_not_there(client_of: Clients) -> None:
    page = client_of("tang").post(
        "/window/new", data=entry(**SOURCE) | {"confirm": "yes"}, follow_redirects=True
    )
    assert "凭编号或者本回执到窗口询问。" in page.text
    assert "____" not in page.text
