"""W11 asks about data that repeats; W10 without anything to judge by says so in red."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.alerts.conftest import NOW, Night, of
from tests.cast import KAZUO, LINGYUAN, NANJIE
from tests.coordination.matters import Door, report
from yuantou.agencies.models import Agency
from yuantou.alerts.levels import SHIPPED
from yuantou.alerts.models import Alert
from yuantou.alerts.night_rules import Village, village_share
from yuantou.alerts.rules import read
from yuantou.disputes.models import Party
from yuantou.disputes.parties import NewParty
from yuantou.judiciary.models import CourtCount
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.papers.models import PaperSignature

PHONE = "13800000009"
SURNAMES = "赵钱孙李周吴"
RULE = next(rule for rule in read(SHIPPED) if rule.code == "W11")


def left(door: Door, people: int, **changes: Any) -> list[int]:
    """Matters of so many people of other names, each with the same phone."""
    told: dict[str, Any] = {"now": NOW - timedelta(days=9)} | changes
    return [
        report(door, parties=(NewParty("applicant", "person", f"{name}某", phone=PHONE),), **told)
        for name in SURNAMES[:people]
    ]


def test_one_phone_with_many_parties_is_asked_of_each_matters_handlers(
    door: Door, night: Night, owner: Session, client_of: Callable[[str], FlaskClient]
) -> None:
    matters = left(door, 5)
    assert night()["W11"] == 5
    alerts = of(owner, "W11")
    assert [(one.dispute_id, one.level) for one in alerts] == [(one, "blue") for one in matters]
    assert {owner.get_one(Agency, one.owner_agency_id or 0).code for one in alerts} == {
        "nanjie-committee"
    }
    told = str([(one.reasons, one.facts, one.key) for one in alerts])
    assert PHONE not in told
    assert "赵" not in told
    page = client_of("mei").get(f"/matters/{matters[0]}").get_data(as_text=True)
    assert "留给了 5 个不同的当事人" in page
    assert night()["W11"] == 0


def test_fewer_the_same_person_and_restricted_matters_are_not_asked_about(
    door: Door, night: Night, owner: Session
) -> None:
    left(door, 4)
    same = NewParty("applicant", "person", "赵某", phone=PHONE)
    for _each in range(3):
        report(door, parties=(same,), now=NOW - timedelta(days=3))
    fifth = NewParty("applicant", "person", "吴某", phone=PHONE)
    report(door, parties=(fifth,), now=NOW - timedelta(days=3), flags=("domestic_violence",))
    assert night()["W11"] == 0


def test_a_phone_is_compared_within_its_county(door: Door, night: Night) -> None:
    left(door, 3)
    left(door, 5, login="kai", area_code="211324100", now=NOW - timedelta(days=400))
    fourth = [NewParty("applicant", "person", f"{name}某", phone=PHONE) for name in "郑王"]
    for one in fourth:
        report(door, "kai", (one,), now=NOW - timedelta(days=3), area_code="211324100")
    assert night()["W11"] == 0


def test_the_index_of_a_phone_goes_with_the_phone(door: Door, owner: Session) -> None:
    (matter,) = left(door, 1)
    assert owner.query(Party).filter_by(dispute_id=matter).one().phone_index is not None
    owner.execute(text("UPDATE party SET phone_enc = NULL"))
    owner.expire_all()
    assert owner.query(Party).filter_by(dispute_id=matter).one().phone_index is None


def signed(owner: Session, matter: int, picture: bytes) -> PaperSignature:
    """A paper of the matter was signed; the scan is `picture`."""
    file = Attachment(
        dispute_id=matter, purpose="signed", kind="png", size=9, digest=sha256(picture).digest(),
        stored=f"s{matter}", note="", uploaded_by=1, uploaded_at=NOW,
    )  # fmt: skip
    owner.add(file)
    owner.flush()
    row = PaperSignature(
        dispute_id=matter, paper_id=1, side="applicant", manner="signed",
        signed_on=date(2026, 11, 10), attachment_id=file.id, noted_by=1,
        noted_at=NOW - timedelta(days=5),
    )  # fmt: skip
    owner.add(row)
    owner.commit()
    return row


def test_one_picture_of_a_signature_under_many_papers_goes_to_the_county(
    door: Door, night: Night, owner: Session
) -> None:
    matters = [report(door, now=NOW - timedelta(days=20)) for _each in range(4)]
    rows = [signed(owner, matter, b"same") for matter in matters[:3]]
    signed(owner, matters[3], b"another")
    assert night()["W11"] == 1
    (alert,) = of(owner, "W11")
    assert (alert.area_code, alert.facts["matters"]) == (LINGYUAN, matters[:3])
    assert owner.get_one(Agency, alert.owner_agency_id or 0).code == "lingyuan-centre"
    owner.query(Alert).delete()
    rows[0].struck_at = NOW
    owner.commit()
    assert night()["W11"] == 0


def test_a_village_with_most_of_its_township_is_told_to_the_county(
    door: Door, night: Night, owner: Session
) -> None:
    for number in range(20):
        place = "前山村三组" if number < 13 else f"{'东西南'[number % 3]}沟村"
        report(door, place=place, now=NOW - timedelta(days=40, hours=number))
    assert night()["W11"] == 1
    (alert,) = of(owner, "W11")
    assert (alert.area_code, alert.reasons[0]["with"]["village"]) == (NANJIE, "前山村")  # type: ignore[index]
    assert owner.get_one(Agency, alert.owner_agency_id or 0).code == "lingyuan-centre"


@pytest.mark.parametrize(
    ("count", "of_all", "asked"), [(10, 20, False), (11, 20, True), (15, 19, False), (0, 0, False)]
)
def test_a_village_share_begins_above_half_of_enough(count: int, of_all: int, asked: bool) -> None:
    assert (village_share(RULE, Village("前山村", count, of_all)) is not None) is asked


def sent(owner: Session, months: int, townships: dict[str, int]) -> None:
    for month in range(11 - months, 11):
        owner.add(
            CourtCount(
                batch_id=1, court_code="lingyuan-court", counts_to_code=LINGYUAN, demo=False,
                counts_to_path="210000/211300/211382/", month=date(2026, month, 1), revision=1,
                regime="2025", basis="incl", civil_first_new=40, admin_first_new=1,
                by_township=townships, attribution="sued", content_hash=str(month),
                released_at=NOW,
            )
        )  # fmt: skip
    owner.commit()


def test_a_county_without_suits_to_judge_by_is_red_once_a_quarter(
    door: Door, night: Night, owner: Session
) -> None:
    report(door, now=NOW - timedelta(days=30))
    assert night()["MISSING"] == 1
    (alert,) = of(owner, "MISSING")
    assert (alert.area_code, alert.level, alert.facts["rule"]) == (LINGYUAN, "red", "W10")
    alert.state, alert.outcome = "closed", "explained"
    owner.commit()
    assert night(NOW + timedelta(days=30))["MISSING"] == 0
    assert night(NOW + timedelta(days=60))["MISSING"] == 1
    assert KAZUO not in {one.area_code for one in of(owner, "MISSING")}


def test_a_province_without_suits_is_told_once_and_not_county_by_county(
    door: Door, night: Night, owner: Session
) -> None:
    report(door, now=NOW - timedelta(days=30))
    report(door, "kai", area_code="211324100", now=NOW - timedelta(days=30))
    assert night()["MISSING"] == 1
    (alert,) = of(owner, "MISSING")
    assert (alert.area_code, alert.facts["counties"]) == ("210000", 2)
    sent(owner, 3, {NANJIE: 4})
    assert night(NOW + timedelta(days=1))["MISSING"] == 0


@pytest.mark.parametrize(("townships", "missing"), [({}, 1), ({NANJIE: 4}, 0)])
def test_counts_by_township_are_enough_and_counts_of_the_county_are_not(
    door: Door, night: Night, owner: Session, townships: dict[str, int], missing: int
) -> None:
    report(door, now=NOW - timedelta(days=30))
    sent(owner, 3, townships)
    assert night()["MISSING"] == missing


def test_what_cannot_be_so_is_asked_of_the_unit_that_has_it(
    door: Door, night: Night, owner: Session
) -> None:
    at = NOW - timedelta(days=5)
    told: dict[str, Any] = {"now": at, "occurred_on": date(2026, 11, 10)}
    late = report(door, **(told | {"occurred_on": date(2026, 11, 16)}))
    dear = report(door, amount=900_000_000.0, **told)
    twice = [report(door, summary="同一面院墙滴水，两家多年不和", **told) for _each in range(2)]
    report(door, summary="另一面院墙滴水，两家多年不和", **told)
    assert night()["W11"] == 1
    (alert,) = of(owner, "W11")
    assert alert.facts["matters"] == [late, dear, *twice]
    assert [alert.facts[fault] for fault in ("dates", "sums", "twice")] == [1, 1, 2]
    assert owner.get_one(Agency, alert.owner_agency_id or 0).code == "nanjie-committee"
    assert night(NOW + timedelta(days=1))["W11"] == 0
