"""One definition, three answers: the sums, the members, and what a change moves."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count as numbers
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, GONGYINGZI, LINGYUAN, NANJIE
from tests.conftest import Database
from tests.indicators.conftest import AT, Matter
from yuantou.disputes.models import Dispute
from yuantou.indicators.catalogue import body
from yuantou.indicators.compiler import entries, spans
from yuantou.indicators.definitions import versions
from yuantou.indicators.figures import Figure
from yuantou.indicators.judging import judged
from yuantou.indicators.keeping import keep_all, keep_stale, lay_aside
from yuantou.indicators.models import (
    DefinitionVersion,
    DisputeMonth,
    FigureCell,
    FigurePart,
    MatterLink,
)
from yuantou.territory.models import Area

PLACES = (NANJIE, DONGJIE, GONGYINGZI)
TYPES = ("neighborhood", "contract")
DAYS = st.dates(date(2025, 12, 1), date(2026, 3, 20))
OUTCOMES = ("agreed_oral", "agreed_written", "failed", "terminated", "replied", None)
STATES = ("in_mediation", "closed", "merged", "not_accepted", "follow_up", "draft")
MOMENTS = ("accepted_at", "concluded_at", "performed_at", "closed_at", "reopened_at")
PERSONS = (b"one", b"two", None)

# What an office does to matters, as rows change: (what, which matter, with what).
ACTS = st.one_of(
    st.tuples(st.just("report"), st.sampled_from(PLACES), DAYS),
    st.tuples(st.just("set"), st.sampled_from(MOMENTS), st.one_of(DAYS, st.none())),
    st.tuples(st.just("outcome"), st.just(""), st.sampled_from(OUTCOMES)),
    st.tuples(st.just("state"), st.just(""), st.sampled_from(STATES)),
    st.tuples(st.just("type"), st.just(""), st.sampled_from(TYPES)),
    st.tuples(st.just("area"), st.just(""), st.sampled_from(PLACES)),
    st.tuples(st.just("restrict"), st.just(""), st.booleans()),
    st.tuples(st.just("party"), st.just(""), st.sampled_from(PERSONS)),
    st.tuples(st.just("reopen"), st.just(""), DAYS),
    st.tuples(st.just("deadline"), st.sampled_from(("finish", "accept", "follow_up")), DAYS),
    st.tuples(st.just("meet"), st.just(""), DAYS),
    st.tuples(st.just("agreement"), st.sampled_from(("oral", "written")), DAYS),
    st.tuples(st.just("supersede"), st.just(""), st.just(None)),
    st.tuples(st.just("call"), st.sampled_from(("satisfied", "dissatisfied", None)), DAYS),
    st.tuples(st.just("keep"), st.just(""), st.just(None)),
    st.tuples(st.just("lay"), st.just(""), st.just(None)),
)
HISTORIES = st.lists(st.tuples(ACTS, st.integers(0, 9)), min_size=4, max_size=24)


class Desk:
    """Rows of matters, changed as an office's acts change them."""

    def __init__(self, owner: Session, matter: Matter) -> None:
        self.owner, self.matter = owner, matter
        self.made: list[int] = []
        self.keys = numbers(1)

    def act(self, what: str, how: str, value: Any, which: int) -> None:
        """One act; without a matter to act on, a new one is reported."""
        if what == "report" or not self.made:
            place = how if what == "report" else NANJIE
            day = value if what == "report" else date(2026, 1, 5)
            self.made.append(self.matter(place, reported=day.isoformat()))
            return
        bound = {"id": self.made[which % len(self.made)], "value": value, "how": how}
        for statement in WRITES[what]:
            self.owner.execute(text(statement.format(how=how)), bound)
        self.owner.commit()


NOON = "CAST(:value AS date) + interval '4 hours'"
WRITES: dict[str, tuple[str, ...]] = {
    "set": ("UPDATE dispute SET {how} = " + NOON + " WHERE id = :id",),
    "reopen": (
        "INSERT INTO dispute_event (dispute_id, at, event, note, facts) SELECT id, closed_at, "
        "'closed', '', '{{}}' FROM dispute WHERE id = :id AND closed_at IS NOT NULL",
        "INSERT INTO dispute_event (dispute_id, at, event, note, facts) SELECT id, " + NOON + ", "
        "'reopened', '', '{{}}' FROM dispute WHERE id = :id AND closed_at IS NOT NULL",
        "UPDATE dispute SET reopened_at = " + NOON + ", closed_at = NULL, concluded_at = NULL, "
        "performed_at = NULL, outcome = NULL WHERE id = :id AND closed_at IS NOT NULL",
    ),
    "outcome": ("UPDATE dispute SET outcome = :value WHERE id = :id",),
    "state": ("UPDATE dispute SET state = :value WHERE id = :id",),
    "type": ("UPDATE dispute SET type = :value WHERE id = :id",),
    "area": (
        "UPDATE dispute d SET area_code = a.code, area_path = a.path, county_code = "
        "split_part(a.path, '/', 3) FROM area a WHERE a.code = :value AND d.id = :id",
        "UPDATE deadline l SET county_code = d.county_code FROM dispute d "
        "WHERE d.id = l.dispute_id AND d.id = :id",
    ),
    "restrict": ("UPDATE dispute SET restricted = :value WHERE id = :id",),
    "party": (
        "INSERT INTO party (dispute_id, position, side, kind, name_enc, name_mask, id_index, "
        "index_version, consent, minor) VALUES (:id, 1, 'applicant', 'person', 'x', '某', "
        ":value, 1, 'unasked', false)",
    ),
    "deadline": (
        "INSERT INTO deadline (dispute_id, county_code, area_path, agency_id, rule, rule_version, "
        "started_at, due_at, pauses, extensions) SELECT id, county_code, area_path, "
        "handler_agency_id, :how, 1, reported_at, " + NOON + ", '[]', '[]' FROM dispute "
        "WHERE id = :id",
    ),
    "meet": ("UPDATE deadline SET met_at = " + NOON + " WHERE dispute_id = :id",),
    "agreement": (
        "INSERT INTO agreement (dispute_id, form, content, amount, perform_mode, due_on, "
        "effective_on, written_by, written_at) VALUES (:id, :how, '', 100, 'by_date', :value, "
        ":value, 1, now())",
    ),
    "supersede": ("UPDATE agreement SET superseded_at = now() WHERE dispute_id = :id",),
    "call": (
        "INSERT INTO follow_up (dispute_id, called_at, reached, satisfied, hidden_risk, note, "
        "written_by) VALUES (:id, "
        + NOON
        + ", CAST(:how AS text) IS NOT NULL, :how, false, '', 1)",
    ),
}


@pytest.fixture
def sessions(database: Database) -> Iterator[Session]:
    """The worker's session."""
    with database.sessions("worker")() as session:
        yield session


def kept(session: Session) -> set[tuple[str, ...]]:
    """All kept rows, without the moment of their computing."""
    return {
        (table.__name__, *map(str, row))
        for table in (FigureCell, FigurePart, DisputeMonth)
        for row in session.execute(
            select(*(c for c in table.__table__.columns if c.name != "computed_at"))
        )
    }


def whole_and_members_agree(session: Session) -> None:
    """Every county cell is the sum of the entries that membership lists."""
    cells = {
        (row.indicator, row.area_code, row.month): (row.numerator, row.denominator)
        for row in session.scalars(select(FigureCell).where(FigureCell.level == "county"))
    }
    for span in spans(versions(session)):
        made = span.definition
        if made.of_stock:
            continue
        over: Counter[tuple[str, date]] = Counter()
        hits: Counter[tuple[str, date]] = Counter()
        for row in session.execute(entries(made, AT)):
            if row.why is None and row.county is not None:
                place = row.county, row.day.replace(day=1)
                over[place] += 1
                hits[place] += row.hit
        told = {(made.code, *place): (hits[place], n) for place, n in over.items()}
        assert told == {key: cell for key, cell in cells.items() if key[0] == made.code}


def parts_add_up(session: Session) -> None:
    """Every matter has a type, so the parts by type are the cell."""
    cells = {
        (row.indicator, row.area_code, row.month): (row.numerator, row.denominator)
        for row in session.scalars(select(FigureCell).where(FigureCell.level == "county"))
    }
    sums: Counter[tuple[str, str, date]] = Counter()
    over: Counter[tuple[str, str, date]] = Counter()
    for row in session.scalars(select(FigurePart).where(FigurePart.dimension == "type")):
        place = row.indicator, row.area_code, row.month
        sums[place] += row.numerator
        over[place] += row.denominator
    told = {place: (sums[place], over[place]) for place in sums if sums[place] or over[place]}
    assert told == cells


def play(owner: Session, worker: Session, matter: Matter, history: Any) -> None:
    """Acts, with the kept figures brought up now and then; then against computing all anew."""
    owner.rollback()
    worker.rollback()
    owner.execute(
        text(
            "TRUNCATE dispute, party, deadline, agreement, follow_up, stale_area, matter_link, "
            "settlement, entry_pack, entry_change CASCADE"
        )
    )
    owner.commit()
    keep_all(worker, now=AT)
    worker.commit()
    desk = Desk(owner, matter)
    for (what, how, value), which in history:
        if what == "keep":
            keep_stale(worker, now=AT)
            worker.commit()
        elif what == "lay":
            lay_aside(worker, most=100, now=AT)
            worker.commit()
        else:
            desk.act(what, how, value, which)
    keep_stale(worker, now=AT)
    stepwise = kept(worker)
    whole_and_members_agree(worker)
    parts_add_up(worker)
    linked = set(worker.execute(select(MatterLink.earlier_id, MatterLink.later_id)))
    worker.execute(text("SELECT link_matters(NULL)"))
    assert linked == set(worker.execute(select(MatterLink.earlier_id, MatterLink.later_id)))
    keep_all(worker, now=AT)
    assert stepwise == kept(worker)
    worker.rollback()
    owner.expire_all()


CALM = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


@settings(max_examples=12, deadline=None, suppress_health_check=CALM,
          phases=(Phase.explicit, Phase.reuse, Phase.generate))  # fmt: skip
@given(HISTORIES)
def test_whatever_happens_step_by_step_is_all_at_once_and_members_add_up(
    owner: Session, sessions: Session, matter: Matter, history: Any
) -> None:
    play(owner, sessions, matter, history)


@pytest.mark.soak
@settings(max_examples=2000, deadline=None, suppress_health_check=CALM)
@given(HISTORIES)
def test_thousands_of_histories(
    owner: Session, sessions: Session, matter: Matter, history: Any
) -> None:
    play(owner, sessions, matter, history)


def test_a_matter_that_moves_is_taken_from_the_county_it_left(
    owner: Session, sessions: Session, matter: Matter
) -> None:
    one = matter(NANJIE, accepted="2026-01-06", concluded="2026-01-20", outcome="failed")
    keep_all(sessions, now=AT)
    owner.execute(text(WRITES["area"][0]), {"id": one, "value": GONGYINGZI})
    owner.commit()
    assert keep_stale(sessions, now=AT).disputes == 2
    assert sessions.scalar(cell("I07", LINGYUAN)) is None
    assert sessions.scalar(cell("I07", owner.get_one(Area, GONGYINGZI).path.split("/")[2])) == 1


def cell(code: str, area: str) -> Any:
    """The denominator of the one cell of an indicator and area."""
    return select(FigureCell.denominator).where(
        FigureCell.indicator == code, FigureCell.area_code == area
    )


def test_the_same_person_with_the_same_quarrel_within_90_days_came_back(
    owner: Session, sessions: Session, matter: Matter, party: Callable[[int, bytes], None]
) -> None:
    ended = {"accepted": "2025-12-02", "closed": "2025-12-20", "outcome": "agreed_oral"}
    first = matter(NANJIE, reported="2025-12-01", **ended)
    again = matter(DONGJIE, reported="2026-02-01")
    other = matter(NANJIE, reported="2025-12-02", **ended)
    for one, person in ((first, b"zhang"), (again, b"zhang"), (other, b"li")):
        party(one, person)
    keep_stale(sessions, now=AT)
    assert sessions.execute(select(MatterLink.earlier_id, MatterLink.later_id)).all() == [
        (first, again)
    ]
    found = sessions.get_one(FigureCell, ("I15", LINGYUAN, date(2025, 12, 1)))
    assert (found.numerator, found.denominator) == (1, 2)


def test_a_version_of_another_subject_goes_on_where_the_one_before_ended(
    owner: Session, sessions: Session, matter: Matter
) -> None:
    one = matter(NANJIE, concluded="2026-01-20", outcome="failed")
    call = {"id": one, "how": "satisfied", "value": date(2026, 2, 10)}
    owner.execute(text(WRITES["call"][0]), call)
    later = replace(versions(owner)["I17R"][-1], code="I07", version=2, valid_from=date(2026, 2, 1))
    owner.add(
        DefinitionVersion(
            code="I07",
            version=2,
            valid_from=later.valid_from,
            body=body(later),
            reason="",
            proposed_at=AT,
            approved_at=AT,
        )
    )
    owner.commit()
    keep_all(sessions, now=AT)
    cells = select(FigureCell.month, FigureCell.version).where(
        FigureCell.indicator == "I07", FigureCell.area_code == LINGYUAN
    )
    counted = {(date(2026, 1, 1), 1), (date(2026, 2, 1), 2)}
    assert set(sessions.execute(cells)) == counted
    parts = select(FigurePart.month, FigurePart.version).where(
        FigurePart.indicator == "I07", FigurePart.dimension == "type"
    )
    assert set(sessions.execute(parts)) == counted


@pytest.fixture
def party(owner: Session) -> Callable[[int, bytes], None]:
    """`party(dispute, b"key")`: a natural person known by a blind index."""

    def write(dispute_id: int, key: bytes) -> None:
        owner.execute(text(WRITES["party"][0]), {"id": dispute_id, "value": key})
        owner.commit()

    return write


def test_exclusions_say_their_reason_and_count_nowhere(
    owner: Session, sessions: Session, matter: Matter
) -> None:
    one = matter(NANJIE, concluded="2026-01-20", outcome="failed", state="merged")
    made = versions(owner)["I07"][-1]
    row = owner.execute(entries(made, AT)).one()
    assert (row.dispute_id, row.why) == (one, "merged")
    keep_all(sessions, now=AT)
    assert sessions.scalar(cell("I07", LINGYUAN)) is None


@pytest.mark.parametrize(
    ("hits", "tries", "value", "missing"),
    [(0, 4, 0.0, None), (3, 4, 75.0, None), (0, 0, None, "empty"), (5, 4, 125.0, None)],
)
def test_null_and_zero(
    owner: Session, blank: Any, hits: int, tries: int, value: float | None, missing: str | None
) -> None:
    made = judged(blank, hits, tries)
    assert made.value == value
    assert (made.missing.code if made.missing else None) == missing
    assert (made.low is None) == (value is None or hits > tries)


@pytest.fixture
def blank(owner: Session) -> Any:
    """An empty figure of I07."""
    month = date(2026, 1, 1)
    made = versions(owner)["I07"][-1]
    return Figure(made, LINGYUAN, "凌源市", "county", month, month, regime="file_first")


def test_parts_by_township_leave_restricted_matters_out(
    owner: Session, sessions: Session, matter: Matter
) -> None:
    for restricted in (False, True):
        matter(NANJIE, concluded="2026-01-20", outcome="failed", restricted=restricted)
    keep_all(sessions, now=AT)
    parts = {
        row.dimension: (row.value, row.denominator)
        for row in sessions.scalars(select(FigurePart).where(FigurePart.indicator == "I07"))
    }
    assert parts["township"] == (NANJIE, 1)
    assert parts["type"] == ("neighborhood", 2)
    assert sessions.scalar(cell("I07", LINGYUAN)) == 2
    assert owner.query(Dispute).count() == 2


SUMS = text("""SELECT set_config('app.sum_lo', :low, true),
                      set_config('app.sum_hi', :high, true)""")


def test_parts_are_told_within_the_sums_of_a_viewer(
    owner: Session, sessions: Session, matter: Matter, database: Database
) -> None:
    matter(NANJIE, concluded="2026-01-20", outcome="failed")
    keep_all(sessions, now=AT)
    sessions.commit()
    path = owner.get_one(Area, LINGYUAN).path
    with database.sessions("app")() as app:
        seen = []
        for low, high in ((path, path[:-1] + "0"), ("/none/", "/none0")):
            app.execute(SUMS, {"low": low, "high": high})
            seen.append(
                len(app.scalars(select(FigurePart).where(FigurePart.indicator == "I07")).all())
            )
    assert seen == [3, 0]
