"""Shares from the platform's own matters: who is in the numerator, who in the denominator."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.cast import CITY, KAZUO, LINGYUAN, NANJIE, PROVINCE
from tests.indicators.conftest import AT, Matter
from yuantou.indicators import queries
from yuantou.indicators.figures import Figure
from yuantou.indicators.keeping import keep_all

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def kept(worker: Session) -> Callable[..., Figure]:
    """`kept("I07")`: the figure of Lingyuan in January and February, freshly computed."""

    def read(
        code: str, start: date = JANUARY, end: date = FEBRUARY, area: str = LINGYUAN
    ) -> Figure:
        keep_all(worker, now=AT)
        return queries.figure(worker, code, area, start, end)

    return read


def test_performance_counts_what_is_due_and_has_something_to_give(
    matter: Matter, agreement: Callable[..., None], kept: Callable[..., Figure]
) -> None:
    done = matter(NANJIE, performed="2026-02-01")
    agreement(done, due="2026-02-10")
    agreement(done, due="2026-02-10", superseded=True)
    agreement(matter(NANJIE, performed="2026-01-10"), mode="immediate")
    agreement(matter(NANJIE), due="2026-02-20")
    agreement(matter(NANJIE), due="2026-03-20")
    agreement(matter(NANJIE), due="2026-02-20", amount=None, mode="none")
    one = kept("I06")
    assert (one.numerator, one.denominator) == (2, 3)


def test_success_of_mediation_leaves_out_what_is_still_open(
    matter: Matter, kept: Callable[..., Figure]
) -> None:
    for outcome in ("agreed_oral", "agreed_written", "failed", "terminated", "replied"):
        matter(NANJIE, concluded="2026-01-20", outcome=outcome)
    matter(NANJIE)
    one = kept("I07")
    assert (one.numerator, one.denominator) == (2, 4)
    assert one.value == 50
    assert one.population is None


def test_settled_counts_the_stock_and_not_what_went_to_court(
    matter: Matter, kept: Callable[..., Figure]
) -> None:
    before = {"reported": "2025-11-03", "accepted": "2025-11-04"}
    paid = {"concluded": "2026-01-10", "performed": "2026-01-11", "outcome": "agreed_oral"}
    matter(NANJIE, **before)
    matter(NANJIE, **before, closed="2025-12-20", outcome="replied")
    matter(NANJIE, **before, **paid, closed="2026-01-20")
    matter(NANJIE, accepted="2026-01-06", closed="2026-02-02", outcome="replied")
    matter(NANJIE, accepted="2026-01-06", closed="2026-02-02", outcome="failed")
    matter(NANJIE, accepted="2026-01-06", closed="2026-01-07", outcome="merged", state="merged")
    matter(NANJIE, accepted="2026-01-06", reopened="2026-02-05", state="reopened")
    matter(NANJIE, closed="2026-01-07", outcome="not_accepted", state="not_accepted")
    one = kept("I08")
    assert (one.numerator, one.denominator) == (2, 2 + 4 - 1)
    february = kept("I08", FEBRUARY, FEBRUARY)
    assert (february.numerator, february.denominator) == (1, 4)


def test_in_time_judges_only_what_is_due_and_running(
    matter: Matter, deadline: Callable[..., None], kept: Callable[..., Figure]
) -> None:
    one = matter(NANJIE)
    deadline(one, "finish", due="2026-02-04", met="2026-02-01")
    deadline(one, "finish_simple", due="2026-02-04", met="2026-02-06")
    deadline(one, "finish_complex", due="2026-02-04")
    deadline(one, "finish", due="2026-03-04")
    deadline(one, "finish", due="2026-02-04", lapsed="2026-02-01")
    deadline(one, "finish", due="2026-02-04", pauses=[{"start": "2026-02-01", "end": None}])
    deadline(one, "finish", due="2026-02-04", pauses=[{"start": "x", "end": "y"}])
    deadline(one, "triage", due="2026-02-04", met="2026-02-01")
    assert (kept("I09").numerator, kept("I09").denominator) == (1, 4)


def test_acceptance_and_signing_have_their_own_limits(
    matter: Matter, deadline: Callable[..., None], kept: Callable[..., Figure]
) -> None:
    one = matter(NANJIE)
    deadline(one, "accept", due="2026-01-06", met="2026-01-05")
    deadline(one, "sign_red", due="2026-01-06")
    assert kept("I10").value == 100
    assert kept("I10S").value == 0


def test_city_and_province_are_the_sums_of_their_counties(
    matter: Matter, kept: Callable[..., Figure]
) -> None:
    matter(NANJIE, concluded="2026-01-20", outcome="agreed_oral")
    matter(KAZUO, concluded="2026-01-20", outcome="failed")
    for area in (CITY, PROVINCE):
        one = kept("I07", area=area)
        assert (one.numerator, one.denominator) == (1, 2)


def test_nothing_to_judge_is_missing(kept: Callable[..., Figure]) -> None:
    one = kept("I07")
    assert one.value is None
    assert one.missing is not None
    assert one.missing.code == "empty"


def test_county_rows_count_restricted_matters_and_township_rows_do_not(
    matter: Matter, worker: Session
) -> None:
    matter(NANJIE)
    matter(NANJIE, restricted=True, type="marriage_family")
    matter(NANJIE, closed="2026-02-03", state="closed", outcome="replied")
    matter(NANJIE, state="draft")
    keep_all(worker, now=AT)
    of_county = queries.dispute_counts(worker, "county", JANUARY, FEBRUARY)
    assert {(each.type, each.reported, each.closed) for each in of_county} == {
        ("neighborhood", 2, 1),
        ("marriage_family", 1, 0),
    }
    of_township = queries.dispute_counts(worker, "township", JANUARY, FEBRUARY)
    assert [(each.area_code, each.type, each.reported) for each in of_township] == [
        (NANJIE, "neighborhood", 2)
    ]
    of_province = queries.dispute_counts(worker, "province", JANUARY, FEBRUARY)
    assert {(each.area_code, each.reported - each.closed) for each in of_province} == {
        (PROVINCE, 1)
    }
