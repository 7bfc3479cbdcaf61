"""Entries laid aside for a day: what changed is asked anew, and figures are those of all rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, GONGYINGZI, HEPING, LINGYUAN, NANJIE
from tests.indicators.conftest import AT, Matter
from tests.indicators.test_keeping import kept
from tests.judiciary.casefeed.feeds import party
from yuantou.indicators.aside import MOST
from yuantou.indicators.catalogue import body
from yuantou.indicators.definitions import versions
from yuantou.indicators.keeping import keep_all, keep_stale, lay_aside
from yuantou.indicators.models import DefinitionVersion, EntryChange, EntryPack, FigureCell

ENDED = {"accepted": "2026-01-06", "concluded": "2026-01-20", "outcome": "failed"}


def as_anew(session: Session, now: Any = AT) -> bool:
    """Whether what is kept is what all rows give."""
    stepwise = kept(session)
    keep_all(session, now=now)
    return stepwise == kept(session)


def noted(session: Session) -> set[int]:
    """The matters that changed since their county was laid aside."""
    return set(session.scalars(select(EntryChange.dispute_id)))


def laid(session: Session) -> set[str]:
    """Counties that are laid aside."""
    return set(session.scalars(select(EntryPack.county_code)))


def cell(session: Session, code: str, area: str = LINGYUAN) -> int | None:
    """How many a figure is over."""
    over = select(func.sum(FigureCell.denominator))
    return session.scalar(over.where(FigureCell.indicator == code, FigureCell.area_code == area))


def test_what_changed_after_laying_is_asked_alone(
    worker: Session, owner: Session, matter: Matter
) -> None:
    still, moved = matter(NANJIE, **ENDED), matter(DONGJIE)
    keep_stale(worker, now=AT)
    assert laid(worker) == {LINGYUAN}
    # Its entries were laid aside: of this row alone nothing is asked again.
    owner.execute(text("ALTER TABLE dispute DISABLE TRIGGER USER"))
    owner.execute(text("UPDATE dispute SET outcome = NULL WHERE id = :id"), {"id": still})
    owner.execute(text("ALTER TABLE dispute ENABLE TRIGGER USER"))
    owner.execute(
        text("UPDATE dispute SET outcome = 'failed', concluded_at = :at WHERE id = :id"),
        {"at": AT - timedelta(days=3), "id": moved},
    )
    owner.commit()
    keep_stale(worker, now=AT)
    assert noted(worker) == {moved}
    assert cell(worker, "I07") == 2
    keep_all(worker, now=AT)  # from nothing, every night: what nobody marked is found too
    assert cell(worker, "I07") == 1
    assert laid(worker) == set()


def test_the_night_lays_every_county_aside_a_few_at_a_time(worker: Session, matter: Matter) -> None:
    for place in (NANJIE, GONGYINGZI, HEPING):
        matter(place, **ENDED)
    keep_all(worker, now=AT)
    done = [lay_aside(worker, most=2, now=AT) for _ in range(4)]
    assert sum(done) == len(laid(worker)) >= 3
    assert done[-1] == 0
    matter(NANJIE, **ENDED)
    assert keep_stale(worker, now=AT).disputes == 1
    assert len(noted(worker)) == 1
    assert as_anew(worker)


def test_another_day_reads_the_rows_again(
    worker: Session, matter: Matter, deadline: Callable[..., None]
) -> None:
    due = (AT + timedelta(days=1)).date()
    deadline(matter(NANJIE), "finish", due=due.isoformat())
    keep_stale(worker, now=AT)
    before = cell(worker, "I09") or 0
    matter(NANJIE)
    keep_stale(worker, now=AT + timedelta(days=1))
    assert cell(worker, "I09") == before + 1
    assert as_anew(worker, AT + timedelta(days=1))


def test_another_definition_reads_the_rows_again(
    worker: Session, owner: Session, matter: Matter
) -> None:
    matter(NANJIE, **ENDED)
    keep_stale(worker, now=AT)
    assert cell(worker, "I07") == 1
    later = replace(
        versions(owner)["I07"][-1], version=2, day="reported", valid_from=date(2020, 1, 1)
    )
    owner.add(
        DefinitionVersion(
            code="I07", version=2, valid_from=later.valid_from, body=body(later), reason="",
            proposed_at=AT, approved_at=AT,
        )
    )  # fmt: skip
    owner.commit()
    matter(NANJIE, reported="2026-02-02", accepted="2026-02-03")
    keep_stale(worker, now=AT)
    assert as_anew(worker)


def test_a_list_of_many_matters_has_its_county_read_whole(
    worker: Session, owner: Session, matter: Matter
) -> None:
    one = matter(NANJIE, **ENDED)
    keep_stale(worker, now=AT)
    copied = owner.scalar(
        text("SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
             "WHERE table_name = 'dispute' AND column_name NOT IN ('id', 'number', 'submission')")
    )  # fmt: skip
    owner.execute(
        text(f"INSERT INTO dispute (id, submission, {copied}) SELECT 100000 + n, 'list' || n, "
             f"{copied} FROM dispute, generate_series(1, 20001) n WHERE id = :id"),
        {"id": one},
    )  # fmt: skip
    owner.commit()
    keep_stale(worker, now=AT)
    assert noted(worker) == set()
    assert cell(worker, "I07") == 20002
    assert as_anew(worker)


def test_when_too_much_changed_the_county_is_read_whole(
    worker: Session, owner: Session, matter: Matter
) -> None:
    matter(NANJIE, **ENDED)
    keep_stale(worker, now=AT)
    owner.execute(
        text("INSERT INTO entry_change SELECT :county, n FROM generate_series(1000000, :last) n"),
        {"county": LINGYUAN, "last": 1000000 + MOST},
    )
    owner.commit()
    matter(NANJIE, **ENDED)
    keep_stale(worker, now=AT)
    assert noted(worker) == set()
    assert cell(worker, "I07") == 2


def test_links_follow_a_matter_that_became_another_type(
    worker: Session, owner: Session, matter: Matter
) -> None:
    """It came back as the same type only once the type was corrected."""
    ended = {"accepted": "2025-12-02", "closed": "2025-12-20", "outcome": "agreed_oral"}
    first = matter(NANJIE, reported="2025-12-01", **ended)
    again = matter(NANJIE, reported="2026-01-10", type="contract")
    for one in (first, again):
        party(owner, one, b"zhang")
    keep_stale(worker, now=AT)
    month = date(2025, 12, 1)
    assert worker.get_one(FigureCell, ("I15", LINGYUAN, month)).numerator == 0
    owner.execute(text("UPDATE dispute SET type = 'neighborhood' WHERE id = :id"), {"id": again})
    owner.commit()
    keep_stale(worker, now=AT)
    worker.expire_all()
    assert worker.get_one(FigureCell, ("I15", LINGYUAN, month)).numerator == 1
