"""In which order the duty list names owners, and how to and fro is counted."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from yuantou.coordination.dispatching.owners import Row, overlap, rank
from yuantou.coordination.dispatching.rounds import rounds, total

COUNTY, TOWNSHIP = "210000/211300/211382/", "210000/211300/211382/211382001/"
DAY = date(2026, 1, 1)


def row(agency: int, path: str = COUNTY, narrow: str = "") -> Row:
    return Row(
        agency, f"单位{agency}", "凌源市", path, "house_homestead", narrow, "依据", DAY, False
    )


def order(*rows: Row, **more: object) -> list[int]:
    found = rank(rows, kinds=("0902", "0403"), **more)  # type: ignore[arg-type]
    return [owner.agency_id for owner in found]


def test_the_nearest_area_wins() -> None:
    assert order(row(1), row(2, TOWNSHIP), row(3, "210000/211300/")) == [2, 1, 3]


def test_who_owns_the_whole_type_comes_before_who_owns_a_kind_of_it() -> None:
    assert order(row(1, narrow="0403"), row(2)) == [2, 1]


def test_a_duty_for_another_kind_is_not_named() -> None:
    assert order(row(1, narrow="0602"), row(2, narrow="0902")) == [2]


def test_who_sent_it_back_comes_last_and_whom_he_named_comes_first() -> None:
    assert order(row(1, TOWNSHIP), row(2), row(3), returned={1}, suggested=3) == [3, 2, 1]


def test_each_agency_is_named_once_for_its_best_reason() -> None:
    assert order(row(1), row(1, TOWNSHIP), row(2)) == [1, 2]


@pytest.mark.parametrize(
    ("span", "meets"),
    [
        ((date(2026, 1, 1), None), True),
        ((date(2025, 1, 1), date(2025, 6, 30)), True),
        ((date(2024, 1, 1), date(2024, 12, 31)), False),
    ],
)
def test_spans_meet_on_their_last_day_too(span: tuple[date, date | None], meets: bool) -> None:
    assert overlap(span, [(date(2025, 6, 30), None)]) is meets


@dataclass
class Event:
    """What happened."""

    event: str
    agency_id: int | None = None
    facts: dict[str, object] = field(default_factory=dict)


def test_returns_and_transfers_are_counted_between_the_same_two() -> None:
    story = [
        Event("dispatched", 1),
        Event("returned", 2),
        Event("designated", 1),
        Event("returned", 2),
        Event("transfer_declined", 9, {"from_agency_id": 1}),
        Event("transferred", 9, {"from_agency_id": 1}),
    ]
    assert rounds(story) == {(1, 2): 2, (1, 9): 2}
    assert total(rounds(story)) == 4


def test_an_offer_taken_back_was_never_a_round() -> None:
    story = [Event("transfer_offered", 1), Event("transfer_withdrawn", 1, {"from_agency_id": 1})]
    assert not rounds(story)
