"""W02: the same two sides again; their warning rests, wakes, and says when it was seen again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.alerts.conftest import NOW, Night, of
from tests.coordination.matters import Door, report
from yuantou.alerts.models import Sighting
from yuantou.calendar.clock import local
from yuantou.disputes.parties import NewParty

ANNA = NewParty("applicant", "person", "张某", "id_card", "211382198001010011", "13800000001")
BEN = NewParty("respondent", "person", "李某", "id_card", "211382198202020028", "13800000002")
FIRM = NewParty("respondent", "organisation", "某物业", "credit_code", "91210000MA0UXXXXX1")


def turned(party: NewParty, side: str) -> NewParty:
    return NewParty(side, party.kind, party.name, party.id_type, party.id_number, party.phone)


def test_the_same_two_sides_whichever_complains(door: Door, night: Night, owner: Session) -> None:
    first = report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=100))
    report(door, parties=(ANNA, FIRM), now=NOW - timedelta(days=2))
    assert night()["W02"] == 0
    last = report(
        door, parties=(turned(BEN, "applicant"), turned(ANNA, "respondent")),
        now=NOW - timedelta(days=1), source="police_110",
    )  # fmt: skip
    assert night()["W02"] == 1
    (alert,) = of(owner, "W02")
    assert (alert.dispute_id, alert.facts["matters"], alert.level) == (
        last,
        [first, last],
        "yellow",
    )
    assert alert.facts["calls"] == 1
    assert "张" not in str(alert.reasons) + str(alert.facts)
    assert night()["W02"] == 0


def test_a_pair_found_to_be_nothing_wakes_once_for_a_further_matter(
    door: Door, night: Night, owner: Session
) -> None:
    for days in (3, 2):
        report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=days))
    night()
    _found_nothing(owner, NOW)
    report(door, parties=(ANNA, BEN), now=NOW + timedelta(hours=1))
    assert [night(NOW + timedelta(days=day))["W02"] for day in (1, 6, 7, 8)] == [0, 0, 1, 0]
    first, second = of(owner, "W02")
    assert (second.facts["count"], second.key) == (3, first.key)
    _found_nothing(owner, NOW + timedelta(days=8))
    assert [night(NOW + timedelta(days=day))["W02"] for day in (9, 20)] == [0, 0]


def _found_nothing(owner: Session, at: datetime) -> None:
    alert = of(owner, "W02")[-1]
    alert.state, alert.outcome, alert.closed_at = "closed", "nothing", at
    owner.commit()


def test_a_pair_keeps_its_warning_when_its_first_matter_leaves_the_window(
    door: Door, night: Night, owner: Session
) -> None:
    for days in (185, 100, 8):
        report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=days))
    night(NOW - timedelta(days=7))
    report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=1))
    assert night()["W02"] == 0
    assert len(of(owner, "W02")) == 1


def test_what_rests_says_on_which_days_it_was_seen_again(
    door: Door, night: Night, owner: Session
) -> None:
    for days in (3, 2):
        report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=days))
    night()
    night(NOW + timedelta(hours=3))
    report(door, parties=(ANNA, BEN), now=NOW + timedelta(hours=9))
    for days in (1, 2, 2):
        night(NOW + timedelta(days=days))
    seen = owner.scalars(select(Sighting).order_by(Sighting.day)).all()
    days_seen = [(local(NOW) + timedelta(days=days)).date() for days in (1, 2)]
    assert [(one.day, one.facts["count"]) for one in seen] == [(day, 3) for day in days_seen]
    assert "matters" not in seen[0].facts


@pytest.mark.parametrize(("days", "raised"), [(179, 1), (180, 1), (182, 0)])
def test_the_window_of_a_pair(door: Door, night: Night, days: int, raised: int) -> None:
    report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=1 + days))
    report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=1))
    assert night()["W02"] == raised


def test_a_restricted_matter_is_not_betrayed_by_a_later_one(door: Door, night: Night) -> None:
    report(door, parties=(ANNA, BEN), flags=("domestic_violence",), now=NOW - timedelta(days=9))
    report(door, parties=(ANNA, BEN), now=NOW - timedelta(days=1))
    assert night()["W02"] == 0
