"""A version that takes effect in the middle of a period: rows, words and comparisons follow it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.cast import KAZUO, LINGYUAN, NANJIE
from tests.indicators.conftest import AT, Matter
from yuantou.access.viewer import Viewer
from yuantou.assessments.runs.members import members_of
from yuantou.indicators import queries
from yuantou.indicators.catalogue import body
from yuantou.indicators.definitions import versions
from yuantou.indicators.eras import alike_since, told
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.membership import members
from yuantou.indicators.models import DefinitionVersion

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)
Change = Callable[..., None]


@pytest.fixture
def change(owner: Session) -> Change:
    """`change(name_zh="…")`: a second version of I07, or another `code`, from February."""

    def put(code: str = "I07", **values: object) -> None:
        first = versions(owner)[code][-1]
        later = replace(first, version=2, valid_from=FEBRUARY, **values)  # type: ignore[arg-type]
        owner.add(
            DefinitionVersion(
                code=code,
                version=2,
                valid_from=FEBRUARY,
                body=body(later),
                reason="",
                proposed_at=AT,
                approved_at=AT,
            )
        )
        owner.commit()

    return put


@pytest.fixture
def matters(matter: Matter) -> None:
    """One that failed in each month and one that was agreed in each; one answered by its unit."""
    for day in ("2026-01-20", "2026-02-20"):
        for outcome in ("agreed_oral", "failed"):
            matter(NANJIE, concluded=day, outcome=outcome)


@pytest.mark.usefixtures("matters")
def test_the_rows_of_both_versions_are_the_figure(
    change: Change, worker: Session, viewer_session: Callable[[str], tuple[Session, Viewer]]
) -> None:
    change(numerator=("concluded",))
    keep_all(worker, now=AT)
    worker.commit()
    figure = queries.figure(worker, "I07", LINGYUAN, JANUARY, FEBRUARY)
    assert (figure.numerator, figure.denominator, figure.version) == (3, 4, 2)
    session, gao = viewer_session("gao")
    found = members(session, gao.scope, figure, as_of=AT)
    assert sum(row.in_numerator for row in found.rows) == 3
    assert (found.inside, found.outside) == (4, 0)
    assert [row.reason_zh for row in found.rows if row.day < FEBRUARY] == [
        "没有达成协议" if not row.in_numerator else "达成协议"
        for row in found.rows
        if row.day < FEBRUARY
    ]


@pytest.mark.usefixtures("matters")
def test_what_a_run_keeps_is_what_its_figure_counts(change: Change, worker: Session) -> None:
    change(numerator=("concluded",))
    made = versions(worker)["I07"][-1]
    span = (JANUARY, FEBRUARY)
    ((_unit, rows),) = members_of(worker, made, *span, units=[LINGYUAN], as_of=AT)
    assert (sum(hit for _id, hit in rows), len(rows)) == (3, 4)


@pytest.mark.usefixtures("matters")
def test_a_period_of_two_versions_says_so_and_is_not_compared(
    change: Change, worker: Session
) -> None:
    change(numerator=("concluded",))
    keep_all(worker, now=AT)
    figure = queries.figure(worker, "I07", LINGYUAN, JANUARY, FEBRUARY)
    assert any("2026-01—2026-01 v1、2026-02—2026-02 v2" in text for text in figure.warnings)
    found = queries.year_on_year(worker, "I07", LINGYUAN, JANUARY, FEBRUARY)
    assert (found.value, "口径在这以后换过" in str(found.reason_zh)) == (None, True)
    alone = queries.figure(worker, "I07", LINGYUAN, FEBRUARY, FEBRUARY)
    assert (alone.version, alone.warnings) == (2, ())


@pytest.mark.usefixtures("matters")
def test_other_words_alone_are_no_other_count(change: Change, worker: Session) -> None:
    change(name_zh="调解成功率")
    keep_all(worker, now=AT)
    held = versions(worker)["I07"]
    assert (alike_since(held, FEBRUARY), told(held, JANUARY, FEBRUARY)) == (date.min, "")
    assert queries.figure(worker, "I07", KAZUO, JANUARY, FEBRUARY).warnings == ()


STOCK: tuple[
    dict[str, str], ...
] = (  # settled in January or February, gone to court in January or February, still open
    {"closed": "2026-01-20", "outcome": "replied"},
    {"closed": "2026-02-10", "outcome": "replied"},
    {"closed": "2026-01-21", "outcome": "failed"},
    {"closed": "2026-02-11", "outcome": "failed"},
    {"closed": "2026-01-22", "outcome": "merged", "state": "merged"},
    {"closed": "2026-02-12", "outcome": "merged", "state": "merged"},
    {},
)


@pytest.mark.parametrize(
    "values",
    [
        {"exclusions": ()},
        {"numerator": ("accepted",)},
        {"numerator": ("accepted",), "exclusions": ()},
    ],
    ids=["exclusions", "numerator", "both"],
)
@pytest.mark.parametrize("span", [(JANUARY, JANUARY), (FEBRUARY, FEBRUARY), (JANUARY, FEBRUARY)])
def test_a_stock_lists_its_rows_by_the_versions_of_their_months(
    change: Change,
    matter: Matter,
    worker: Session,
    viewer_session: Callable[[str], tuple[Session, Viewer]],
    values: dict[str, tuple[str, ...]],
    span: tuple[date, date],
) -> None:
    for each in STOCK:
        matter(NANJIE, accepted="2025-12-06", **each)
        matter(NANJIE, accepted="2026-01-06", **each)
    change("I08", **values)
    keep_all(worker, now=AT)
    worker.commit()
    figure = queries.figure(worker, "I08", LINGYUAN, *span)
    session, gao = viewer_session("gao")
    rows = members(session, gao.scope, figure, as_of=AT).rows
    hits, tries = sum(row.in_numerator for row in rows), sum(row.in_denominator for row in rows)
    assert (hits, tries) == (figure.numerator, figure.denominator)
    made = versions(worker)["I08"][figure.version - 1]
    ((_unit, kept),) = members_of(worker, made, *span, units=[LINGYUAN], as_of=AT)
    assert (sum(hit for _id, hit in kept), len(kept)) == (hits, tries)
