"""Domestic violence, sexual harm, minors: named handlers only, protection first."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.intake.entries import entry, party
from yuantou.accounts.models import Account
from yuantou.disputes.models import Dispute, NamedHandler

Clients = Callable[[str], FlaskClient]
CHILD = "211382201501010015"


def test_reporter_and_county_coordinator_are_named(client_of: Clients, owner: Session) -> None:
    page = client_of("mei").post(
        "/intake/", data=entry(flags="domestic_violence"), follow_redirects=True
    )
    assert "人身安全保护令" in page.text
    assert "限制知悉" in page.text
    assert owner.query(Dispute).one().restricted
    named = owner.query(Account.login).join(NamedHandler, NamedHandler.account_id == Account.id)
    assert {row.login for row in named} == {"mei", "gao"}


def test_a_colleague_does_not_see_the_last_page(client_of: Clients) -> None:
    done = client_of("mei").post("/intake/", data=entry(flags="sexual_harm")).location
    assert client_of("ming").get(done).status_code == 404


def test_a_child_by_its_number_restricts(client_of: Clients, owner: Session) -> None:
    client_of("mei").post("/intake/", data=entry() | party(id_number=CHILD))
    dispute = owner.query(Dispute).one()
    assert dispute.restricted
    assert "minor" in dispute.flags


def test_restricted_places_are_not_offered_again(client_of: Clients) -> None:
    client = client_of("mei")
    client.post("/intake/", data=entry(flags="minor", place="隐秘村"))
    assert "隐秘村" not in client.get("/intake/").text
