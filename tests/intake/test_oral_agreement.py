"""An oral agreement on the same screen, as far as the law goes."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.intake.entries import entry, oral
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.mediation.models import Agreement, Performance

Clients = Callable[[str], FlaskClient]


def test_the_mediator_of_the_unit_walks_to_performance_at_once(
    client_of: Clients, owner: Session
) -> None:
    page = client_of("mei").post("/intake/", data=entry() | oral(), follow_redirects=True)
    dispute = owner.query(Dispute).one()
    assert dispute.state == "performing"
    assert dispute.number
    assert dispute.number in page.text
    agreement = owner.query(Agreement).one()
    assert (agreement.form, agreement.perform_mode) == ("oral", "by_date")
    told = [row.event for row in owner.query(DisputeEvent).order_by(DisputeEvent.id)]
    assert told == [
        "reported",
        "accepted",
        "triaged",
        "mediation_started",
        "agreed",
        "performance_begun",
    ]


def test_what_was_done_on_the_spot_is_performed(client_of: Clients, owner: Session) -> None:
    sent = entry() | oral(oral_performed="y", oral_due_on=None)
    client_of("mei").post("/intake/", data=sent)
    assert owner.query(Dispute).one().state == "performed"
    assert owner.query(Performance).one().result == "performed"


def test_a_possible_offence_keeps_the_agreement_but_not_its_effect(
    client_of: Clients, owner: Session
) -> None:
    sent = entry(flags="came_to_blows") | oral()
    page = client_of("mei").post("/intake/", data=sent, follow_redirects=True)
    assert "请先报告公安机关" in page.text
    assert owner.query(Dispute).one().state == "in_mediation"
    assert owner.query(Agreement).count() == 0
    noted = owner.query(DisputeEvent).filter_by(event="oral_agreement_noted").one()
    assert "院墙退二十公分" in noted.note


def test_a_department_hands_its_note_to_the_county(client_of: Clients, owner: Session) -> None:
    page = client_of("ren").post("/intake/", data=entry() | oral(), follow_redirects=True)
    assert "还没有作为协议生效" in page.text
    assert "凌源市综治中心" in page.text
    assert owner.query(Dispute).one().state == "reported"


def test_nobody_is_reconciled_with_the_one_who_hit(client_of: Clients, owner: Session) -> None:
    sent = entry(flags="domestic_violence") | oral()
    page = client_of("mei").post("/intake/", data=sent)
    assert page.status_code == 422
    assert "人身安全保护令" in page.text
    assert owner.query(Dispute).count() == 0


def test_an_agreement_needs_consent_and_content(client_of: Clients) -> None:
    sent = entry() | oral(oral_consent=None, oral_content="", oral_due_on="2020-01-01")
    page = client_of("mei").post("/intake/", data=sent).text
    for words in ("须双方自愿", "请记下双方约定了什么", "履行到期不能早于今天"):
        assert words in page


def test_a_crowd_raises_the_risk(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=entry(involved="10") | oral())
    assert owner.query(Dispute).one().risk == "yellow"
