"""Suits after settled matters: which are linked, and what the figure says where nothing is fed."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.orm import Session

from tests.cast import CITY, LINGYUAN, NANJIE
from tests.indicators.conftest import Matter
from tests.judiciary.casefeed.feeds import feed, party
from yuantou.indicators import queries
from yuantou.indicators.figures import Figure
from yuantou.indicators.keeping import keep_all, keep_stale
from yuantou.judiciary.casefeed.models import FeedBatch, FeedParty, FeedSuit, SuitLink

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
LI, WANG, FIRM = b"li", b"wang", b"firm"
SETTLED = {"concluded": "2026-01-10", "closed": "2026-01-20", "outcome": "agreed_written"}
JANUARY = date(2026, 1, 1)
Kept = Callable[..., Figure]


@pytest.fixture
def kept(worker: Session) -> Kept:
    """`kept()`: I16 of Lingyuan in January 2026, freshly computed."""

    def read(month: date = JANUARY, area: str = LINGYUAN) -> Figure:
        keep_all(worker, now=NOW)
        worker.commit()
        return figure(worker, month, area)

    return read


def figure(worker: Session, month: date = JANUARY, area: str = LINGYUAN) -> Figure:
    """I16 of an area and month, as it is said on the day of NOW."""
    ledger = queries.read_ledger(worker, [area], month, month, codes=["I16"], today=NOW.date())
    return ledger.figure("I16", area, month, month)


def linked(owner: Session) -> list[tuple[int, date]]:
    owner.expire_all()
    return [(row.dispute_id, row.filed_on) for row in owner.query(SuitLink)]


def test_without_a_feed_the_figure_is_missing_and_names_the_court(
    matter: Matter, kept: Kept
) -> None:
    matter(NANJIE, **SETTLED)
    one = kept()
    assert one.value is None
    assert one.missing is not None
    assert one.missing.code == "casefeed"
    assert [gap.court_code for gap in one.missing.courts] == ["lingyuan-court"]


def test_a_feed_that_stops_within_the_180_days_leaves_the_figure_missing(
    owner: Session, matter: Matter, kept: Kept
) -> None:
    matter(NANJIE, **SETTLED)
    feed(owner, "2026-01", "2026-04")
    missing = kept().missing
    assert missing is not None
    assert [f"{each:%m}" for each in missing.courts[0].months] == ["05", "06", "07"]


def test_one_shared_person_links_and_a_city_needs_every_county(
    owner: Session, matter: Matter, kept: Kept
) -> None:
    sued, quiet = matter(NANJIE, **SETTLED), matter(NANJIE, **SETTLED)
    party(owner, sued, LI)
    party(owner, quiet, WANG)
    feed(owner, "2026-01", "2026-07", ("2026-03-01", "neighborhood", (LI, b"another")))
    one = kept()
    assert (one.numerator, one.denominator, one.value) == (1, 2, 50)
    assert linked(owner) == [(sued, date(2026, 3, 1))]
    assert kept(area=CITY).missing is not None


def test_a_covered_month_without_suits_is_zero_and_a_young_one_provisional(
    owner: Session, matter: Matter, kept: Kept
) -> None:
    matter(NANJIE, **SETTLED)
    matter(NANJIE, **(SETTLED | {"concluded": "2026-08-10", "closed": "2026-08-20"}))
    feed(owner, "2026-01", "2026-09")
    assert (kept().value, kept().warnings) == (0, ())
    young = kept(date(2026, 8, 1))
    assert young.value == 0
    assert any("暂定" in each for each in young.warnings)


@pytest.mark.parametrize(
    ("kind", "filed", "type_", "changes"),
    [
        ("organisation", "2026-03-01", "neighborhood", {}),
        ("person", "2026-03-01", "contract", {}),
        ("person", "2026-01-10", "neighborhood", {}),
        ("person", "2026-03-01", "neighborhood", {"outcome": "failed"}),
    ],
    ids=["organisation", "other family", "before agreement", "not settled"],
)
def test_what_is_not_linked(
    owner: Session, matter: Matter, kept: Kept, kind: str, filed: str, type_: str,
    changes: dict[str, str | None],
) -> None:  # fmt: skip
    party(owner, matter(NANJIE, **(SETTLED | changes)), FIRM, kind)
    feed(owner, "2026-01", "2026-07", (filed, type_, (FIRM,)))
    kept()
    assert linked(owner) == []


@pytest.mark.parametrize("closed", ["2026-01-20", None])
def test_a_suit_after_agreement_counts_though_the_file_is_closed_later_or_never(
    owner: Session, matter: Matter, kept: Kept, closed: str | None
) -> None:
    sued = matter(NANJIE, **(SETTLED | {"closed": closed}))
    party(owner, sued, LI)
    feed(owner, "2026-01", "2026-07", ("2026-01-15", "neighborhood", (LI,)))
    assert (kept().numerator, kept().denominator) == (1, 1)
    assert linked(owner) == [(sued, date(2026, 1, 15))]


def test_a_late_suit_is_linked_and_not_counted(owner: Session, matter: Matter, kept: Kept) -> None:
    late = matter(NANJIE, **SETTLED)
    party(owner, late, LI)
    feed(owner, "2026-01", "2026-07", ("2026-07-20", "neighborhood", (LI,)))
    assert kept().numerator == 0
    assert linked(owner) == [(late, date(2026, 7, 20))]


def test_what_a_court_takes_back_is_unlinked_and_its_county_computed_anew(
    owner: Session, worker: Session, matter: Matter, kept: Kept
) -> None:
    party(owner, matter(NANJIE, **SETTLED), LI)
    batch = feed(owner, "2026-01", "2026-07", ("2026-03-01", "neighborhood", (LI,)))
    assert kept().numerator == 1
    owner.query(FeedSuit).filter_by(batch_id=batch.id).delete()
    owner.commit()
    assert linked(owner) == []
    assert keep_stale(worker, now=NOW).disputes == 1
    assert figure(worker).numerator == 0


def test_a_release_marks_the_counties_of_its_persons(
    owner: Session, worker: Session, matter: Matter, kept: Kept
) -> None:
    party(owner, matter(NANJIE, **SETTLED), LI)
    assert kept().missing is not None
    keep_stale(worker, now=NOW)
    worker.commit()
    feed(owner, "2026-01", "2026-07", ("2026-03-01", "neighborhood", (LI,)))
    keep_stale(worker, now=NOW)
    assert figure(worker).numerator == 1
    assert owner.query(FeedBatch).count() == 1


def test_forgotten_persons_leave_the_link(owner: Session, matter: Matter, kept: Kept) -> None:
    party(owner, matter(NANJIE, **SETTLED), LI)
    feed(owner, "2026-01", "2026-07", ("2026-03-01", "neighborhood", (LI,)))
    kept()
    owner.query(FeedParty).delete()
    owner.commit()
    assert kept().numerator == 1
