"""A file is closed when its papers are there: which ones, the outcome and the configuration say."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, report
from tests.mediation.papers.files import made
from tests.mediation.papers.stories import Client, address, agreed, word
from tests.mediation.stories import TODAY, fill, state_of
from yuantou.calendar.clock import now
from yuantou.disputes.models import Dispute
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.models import Agreement
from yuantou.mediation.papers.catalogue import SHIPPED, read
from yuantou.mediation.papers.models import Paper, PaperSignature
from yuantou.mediation.papers.queries import shelf
from yuantou.mediation.papers.shelving import lacking

DONE = {"result": "performed", "performed_on": TODAY, "evidence": "收条"}
CALL: dict[str, Any] = {
    "called_at": now().strftime("%Y-%m-%dT00:00"),
    "reached": "yes",
    "hidden_risk": "no",
    "note": "都满意",
}


def performed(door: Door, mei: FlaskClient, form: str) -> int:
    """A matter whose agreement was kept, and whose parties were called back."""
    matter = agreed(door, form)
    fill(mei, matter, "perform", **DONE)
    fill(mei, matter, "follow-up", **CALL)
    return matter


def test_an_oral_matter_waits_for_its_register_alone(
    door: Door, client_of: Client, owner: Session
) -> None:
    mei = client_of("mei")
    matter = performed(door, mei, "oral")
    source = owner.query(Agreement).one().id
    shut = mei.get(f"/matters/{matter}/mediation/close")
    assert shut.status_code == 409
    assert "卷宗还缺：口头协议登记表。" in shut.text
    assert f'href="{address(matter, "oral", source)}"' in shut.text
    word(mei, address(matter, "oral", source))
    assert fill(mei, matter, "close", found="双方满意").status_code == 303
    assert state_of(owner, matter) == "closed"


def test_the_call_back_that_would_close_says_what_lacks_and_keeps_what_was_typed(
    door: Door, client_of: Client, owner: Session
) -> None:
    mei = client_of("mei")
    matter = agreed(door, "oral")
    fill(mei, matter, "perform", **DONE)
    refused = fill(mei, matter, "follow-up", **CALL, close_file="y")
    assert refused.status_code == 422
    assert "去补：口头协议登记表" in refused.text
    assert "都满意" in refused.text
    assert state_of(owner, matter) == "performed"
    assert fill(mei, matter, "follow-up", **CALL).status_code == 303
    assert state_of(owner, matter) == "follow_up"


def test_the_page_of_the_matter_leads_to_what_lacks(door: Door, client_of: Client) -> None:
    mei = client_of("mei")
    matter = performed(door, mei, "oral")
    page = mei.get(f"/matters/{matter}").text
    assert "卷宗还缺：口头协议登记表。" in page
    assert 'href="#papers"' in page
    assert 'id="papers"' in page


def test_a_written_agreement_counts_when_its_signed_scan_is_there(
    door: Door, client_of: Client, owner: Session
) -> None:
    mei = client_of("mei")
    matter = performed(door, mei, "written")
    first = "受理登记表、权利义务告知书、调解记录、人民调解协议书、当事人身份证明"
    assert f"卷宗还缺：{first}。" in mei.get(f"/matters/{matter}/mediation/close").text
    made(owner, matter, "acceptance", "rights", "record")
    source = owner.query(Agreement).one().id
    word(mei, address(matter, "agreement", source))
    page = mei.get(f"/matters/{matter}/mediation/close").text
    assert "卷宗还缺：人民调解协议书、当事人身份证明。" in page
    assert "登记签名：人民调解协议书" in page


@pytest.mark.parametrize(
    ("manner", "scanned", "there"),
    [("paper", False, False), ("paper", True, True), ("electronic", False, True)],
)
def test_a_signature_counts_with_its_scan_or_electronically(
    door: Door, owner: Session, manner: str, scanned: bool, there: bool
) -> None:
    matter = agreed(door, "written")
    source = owner.query(Agreement).one().id
    paper = Paper(
        dispute_id=matter, kind="agreement", source_id=source, copies=1, made_at=now(), made_by=1
    )
    owner.add(paper)
    owner.flush()
    owner.add(signature(paper, manner, scan(owner, matter) if scanned else None))
    owner.flush()
    lacks = lacking(owner.get_one(Dispute, matter), shelf(owner, matter))
    assert ("agreement" in {one.form.code for one in lacks}) is not there


def signature(paper: Paper, manner: str, scan_id: int | None) -> PaperSignature:
    """One side's signature."""
    return PaperSignature(
        dispute_id=paper.dispute_id,
        paper_id=paper.id,
        side="applicant",
        manner=manner,
        signed_on=now().date(),
        attachment_id=scan_id,
        noted_by=1,
        noted_at=now(),
    )


def scan(owner: Session, matter: int) -> int:
    """A file that was brought as the signed paper."""
    row = Attachment(
        dispute_id=matter,
        purpose="signed",
        kind="jpeg",
        size=1,
        digest=b"x",
        stored="x",
        note="",
        uploaded_by=1,
        uploaded_at=now(),
    )
    owner.add(row)
    owner.flush()
    return row.id


def test_who_was_told_of_other_ways_holds_the_notice(door: Door, client_of: Client) -> None:
    matter = report(door)
    told = {"reason": "不愿意", "path_options": ["litigation"]}
    act(door, "mei", matter, "accept")
    act(door, "mei", matter, "terminate", **told)
    act(door, "mei", matter, "advise_path", **told)
    act(door, "mei", matter, "plan_follow_up", planned_on=now().date())
    shut = client_of("mei").get(f"/matters/{matter}/mediation/close")
    assert "卷宗还缺：途径告知书。" in shut.text
    made(door("mei")[0], matter, "path_notice")
    assert act(door, "mei", matter, "close", found="平静").state == "closed"


def test_a_file_that_asks_for_an_unknown_paper_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "forms.toml"
    shipped = SHIPPED.read_text(encoding="utf-8")
    broken.write_text(
        shipped.replace('papers = ["oral"]', 'papers = ["nothing"]'), encoding="utf-8"
    )
    with pytest.raises(ValueError, match="agreed_oral"):
        read(broken)
