"""What the matter's page says of the papers of its file."""

import pytest
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, report
from tests.mediation.papers.stories import Client, address, agreed, mediated, word
from yuantou.disputes.models import Dispute
from yuantou.mediation.papers.queries import shelf
from yuantou.mediation.papers.shelving import enclosures, lines


def _must(owner: Session, matter: int) -> set[str]:
    owner.expire_all()
    dispute = owner.get_one(Dispute, matter)
    return {one.form.code for one in lines(dispute, shelf(owner, matter)) if one.must}


def test_a_report_needs_no_paper_yet(door: Door, owner: Session) -> None:
    assert _must(owner, report(door)) == set()


def test_mediation_needs_acceptance_notice_of_rights_and_a_record(
    door: Door, owner: Session
) -> None:
    assert _must(owner, mediated(door)) == {"acceptance", "rights", "record"}


@pytest.mark.parametrize(
    ("form", "papers"),
    [
        ("written", {"acceptance", "rights", "record", "agreement"}),
        ("oral", {"oral"}),
    ],
)
def test_an_oral_agreement_does_with_the_short_set(
    door: Door, owner: Session, form: str, papers: set[str]
) -> None:
    assert _must(owner, agreed(door, form)) == papers


def test_a_written_file_lacks_the_identity_papers_until_they_are_there(
    door: Door, owner: Session
) -> None:
    matter = agreed(door)
    entries = shelf(owner, matter)
    found = enclosures(owner.get_one(Dispute, matter), entries)
    assert [(one.name_zh, one.held) for one in found] == [("当事人身份证明", 0)]


def test_the_page_tells_what_is_lacking_and_what_was_made(door: Door, client_of: Client) -> None:
    matter, client = agreed(door), client_of("mei")
    before = client.get(f"/matters/{matter}").text
    assert "必须的还差 5 项" in before
    word(client, address(matter, "acceptance"))
    after = client.get(f"/matters/{matter}").text
    assert "必须的还差 4 项" in after
    assert "已制作" in after


def test_who_may_not_make_papers_sees_no_door_to_them(door: Door, client_of: Client) -> None:
    matter = mediated(door)
    word(client_of("mei"), address(matter, "acceptance"))
    page = client_of("gao").get(f"/matters/{matter}")
    assert address(matter, "acceptance") in page.text
    assert client_of("hu").get(f"/matters/{matter}").status_code == 404
