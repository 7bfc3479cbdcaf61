"""How long settled matters last: reopened, reported anew, sued, or not watched so far."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import CITY, KAZUO, LINGYUAN, NANJIE
from tests.indicators.conftest import Matter, moment
from tests.judiciary.casefeed.feeds import party
from yuantou.disputes.models import DisputeEvent
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.models import FigurePart
from yuantou.indicators.standing.lasting import (
    DIMENSION,
    keep_lasting,
    keep_settlements,
    lasting,
    read_days,
    together,
)
from yuantou.territory.models import Area

NOW = datetime(2026, 9, 1, 1, 0, tzinfo=UTC)
SPAN = date(2026, 1, 1), date(2026, 12, 1)
AGREED = {"outcome": "agreed_oral", "concluded": "2026-01-20"}


def happened(owner: Session, dispute: int, **days: str) -> None:
    """Write events of a matter in the order given."""
    for event, day in days.items():
        owner.add(DisputeEvent(dispute_id=dispute, at=moment(day), event=event, note="", facts={}))
    owner.commit()


def days_of(worker: Session, code: str = CITY) -> dict[int, tuple[int, int]]:
    """Keep everything and read the counts by day under an area."""
    keep_all(worker, now=NOW)
    return together([*read_days(worker, worker.get_one(Area, code), *SPAN).values()])


def test_what_came_back_and_what_is_watched_are_counted_by_day(
    worker: Session, owner: Session, matter: Matter
) -> None:
    first = matter(NANJIE, closed="2026-02-01", **AGREED)
    matter(NANJIE, closed="2026-08-22", **AGREED)
    matter(NANJIE, closed="2026-02-01", outcome="failed")
    again = matter(NANJIE, reported="2026-03-03")
    for one in (first, again):
        party(owner, one, b"zhang")
    assert days_of(worker) == {30: (1, 0), 10: (0, 1)}
    owner.execute(text("UPDATE dispute SET state = 'merged' WHERE id = :id"), {"id": again})
    owner.commit()
    assert days_of(worker) == {181: (0, 1), 10: (0, 1)}


def test_a_reopened_matter_lasted_from_its_closing_to_its_return(
    worker: Session, owner: Session, matter: Matter
) -> None:
    one = matter(NANJIE, state="in_mediation", reopened="2026-03-13")
    happened(owner, one, agreed="2026-01-20", closed="2026-02-01", reopened="2026-03-13")
    assert days_of(worker) == {40: (1, 0)}
    owner.execute(
        text(
            "UPDATE dispute SET outcome = 'agreed_oral', closed_at = :at, state = 'closed' "
            "WHERE id = :id"
        ),
        {"at": moment("2026-04-01"), "id": one},
    )
    happened(owner, one, mediation_started="2026-03-15")
    assert days_of(worker) == {40: (1, 0), 153: (0, 1)}


def test_what_was_never_agreed_does_not_come_in_by_its_reopening(
    worker: Session, owner: Session, matter: Matter
) -> None:
    one = matter(NANJIE, state="in_mediation", reopened="2026-03-13")
    happened(owner, one, mediation_failed="2026-01-20", closed="2026-02-01", reopened="2026-03-13")
    assert days_of(worker) == {}


def test_a_return_after_the_longest_time_is_no_return(
    worker: Session, owner: Session, matter: Matter
) -> None:
    first = matter(NANJIE, closed="2026-01-25", **AGREED)
    again = matter(NANJIE, reported="2026-08-03")
    for one in (first, again):
        party(owner, one, b"zhang")
    assert days_of(worker) == {181: (0, 1)}


def test_a_suit_ends_it(worker: Session, owner: Session, matter: Matter) -> None:
    first = matter(NANJIE, closed="2026-02-01", **AGREED)
    owner.execute(
        text(
            "INSERT INTO suit_link (dispute_id, suit_id, filed_on, cause) VALUES (:d, 1, :on, '')"
        ),
        {"d": first, "on": date(2026, 2, 21)},
    )
    owner.commit()
    keep_settlements(worker, [LINGYUAN], NOW)
    keep_lasting(worker, [LINGYUAN], NOW)
    found = read_days(worker, worker.get_one(Area, CITY), *SPAN)
    assert found == {(LINGYUAN, 2026): {20: (1, 0)}}


def test_a_suit_between_agreement_and_closing_ends_it_on_the_day_of_closing(
    worker: Session, owner: Session, matter: Matter
) -> None:
    first = matter(NANJIE, closed="2026-02-01", **AGREED)
    for suit, day in ((1, date(2026, 1, 20)), (2, date(2026, 1, 25))):
        owner.execute(
            text("INSERT INTO suit_link (dispute_id, suit_id, filed_on, cause) "
                 "VALUES (:d, :suit, :on, '')"),
            {"d": first, "suit": suit, "on": day},
        )  # fmt: skip
    owner.commit()
    keep_settlements(worker, [LINGYUAN], NOW)
    keep_lasting(worker, [LINGYUAN], NOW)
    found = read_days(worker, worker.get_one(Area, CITY), *SPAN)
    assert found == {(LINGYUAN, 2026): {0: (1, 0)}}
    kept = lasting({**found[LINGYUAN, 2026], 181: (0, 9)})
    assert kept.curve.survival.tolist() == [0.9, 0.9]


def test_the_curve_weighs_those_not_watched_to_the_end() -> None:
    """Freireich's 6-MP arm (1963), weeks as days: S(90) is unknown, the steps are published."""
    watched = {6: (3, 1), 7: (1, 0), 9: (0, 1), 10: (1, 1), 11: (0, 1), 13: (1, 0), 16: (1, 0)}
    later = {17: (0, 1), 19: (0, 1), 20: (0, 1), 22: (1, 0), 23: (1, 0), 25: (0, 1)}
    found = lasting({**watched, **later, 32: (0, 2), 34: (0, 1), 35: (0, 1)})
    assert found.closed == 21
    assert found.early == 9
    assert found.curve.times.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.curve.survival[0] != found.curve.survival[0]  # NaN: nobody was watched so long


def test_nothing_returned_is_not_certainty_and_nothing_closed_is_missing() -> None:
    sure = lasting({181: (0, 30)})
    assert sure.curve.survival.tolist() == [1.0, 1.0]
    assert sure.curve.lower[1] == pytest.approx(0.025 ** (1 / 30))
    assert sure.curve.watched.tolist() == [30, 30]
    assert lasting({}).closed == 0


def test_counties_add_up_to_their_city(worker: Session, matter: Matter) -> None:
    for place in (LINGYUAN, LINGYUAN, KAZUO):
        matter(place, closed="2026-02-01", **AGREED)
    keep_all(worker, now=NOW)
    rows = worker.scalars(select(FigurePart.area_code).where(FigurePart.dimension == DIMENSION))
    assert sorted(rows) == [KAZUO, LINGYUAN]
    assert days_of(worker) == {181: (0, 3)}
    assert days_of(worker, KAZUO) == {181: (0, 1)}
