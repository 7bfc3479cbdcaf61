"""Whatever is asked and subtracted, a count of one or two does not come out."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.arrays import Integers
from yuantou.database.connections import ROOT
from yuantou.indicators.catalogue import read
from yuantou.indicators.compiler import flow_of
from yuantou.indicators.disclosure import Group, Side, Veil, fixed_period, veil
from yuantou.indicators.periods import months
from yuantou.indicators.veils import ALL, REST, Kept, Veils, _tables, concealed, side_of, times

PLACES = Side(("a", "b", "c", "city"), (Group(3, (0, 1, 2)),))
TYPES = Side(("x", "y", ""), (Group(2, (0, 1)),))
TIMES = Side(
    (1, 2, 3, 4, "q1", "q2", "year"), (Group(4, (0, 1)), Group(5, (2, 3)), Group(6, (4, 5)))
)
SIDES = (PLACES, TYPES, TIMES)
MARKS = np.random.default_rng(7).integers(1, 2**58, 24)
COUNTS = st.lists(st.sampled_from([0, 0, 1, 1, 2, 3, 4, 9, 30]), min_size=24, max_size=24)


def table(values: list[int]) -> Veil:
    return veil(np.array(values).reshape(3, 2, 4), SIDES)


def made_of(found: Veil) -> Integers:
    """Of every cell of the table, the single cells that it counts."""
    singles = np.eye(24, dtype=np.int64).reshape(3, 2, 4, 24)
    for axis, side in enumerate(SIDES):
        for group in side.groups:
            whole = singles.take(group.parts, axis).sum(axis, keepdims=True)
            singles = np.concatenate((singles, whole), axis)
    return singles.reshape(-1, 24)


def sums_and_differences(answers: Integers) -> Integers:
    """All sums and differences of two answers, with either sign."""
    both = np.concatenate((answers, -answers))
    one, other = np.triu_indices(len(both), 1)
    return np.unique(both[one] + both[other])


@settings(max_examples=60, deadline=None)
@given(values=COUNTS)
def test_no_two_or_three_answers_give_a_small_cell_away(values: list[int]) -> None:
    found = table(values)
    hidden, counts = found.hidden.ravel(), found.counts.ravel()
    small = (counts > 0) & (counts < 3)
    assert hidden[small].all()
    marks = made_of(found) @ MARKS  # what an answer counts, as one number
    told = marks[~hidden]
    pairs = sums_and_differences(told)
    assert not np.isin(marks[small], pairs).any()
    for one in (*told, *-told):
        assert not np.isin(marks[small] - one, pairs).any()


@settings(max_examples=60, deadline=None)
@given(values=COUNTS)
def test_every_sum_leaves_its_hidden_parts_open(values: list[int]) -> None:
    found = table(values)
    for axis, side in enumerate(SIDES):
        counts, hidden = (np.moveaxis(each, axis, 0) for each in (found.counts, found.hidden))
        for group in side.groups:
            lines = hidden[[group.whole, *group.parts]]
            assert not (lines.sum(0) == 1).any()
            told = ~hidden[group.whole]
            left = np.where(hidden[list(group.parts)], counts[list(group.parts)], 0).sum(0)
            number = hidden[list(group.parts)].sum(0)
            all_small = np.where(hidden, counts, 0)[list(group.parts)].max(0) < 3
            one_way = (left == number) | (left == 2 * number)
            assert not (told & (number > 0) & all_small & one_way).any()


def test_where_nothing_is_small_nothing_is_hidden() -> None:
    assert not table([5] * 24).hidden.any()
    assert not table([0] * 24).hidden.any()
    assert table([5] * 24).hides("nowhere", "x", 1)


@pytest.mark.parametrize(
    ("first", "last", "became"),
    [
        ((2026, 2), (2026, 2), ((2026, 2), (2026, 2))),
        ((2026, 1), (2026, 2), ((2026, 1), (2026, 3))),
        ((2026, 1), (2026, 3), ((2026, 1), (2026, 3))),
        ((2026, 2), (2026, 4), ((2026, 1), (2026, 10))),
        ((2025, 11), (2026, 10), ((2026, 1), (2026, 10))),
        ((2026, 10), (2026, 11), ((2026, 10), (2026, 10))),
        ((2026, 11), (2026, 11), ((2026, 11), (2026, 11))),
        ((2024, 3), (2025, 5), ((2025, 1), (2025, 12))),
    ],
)
def test_a_free_span_becomes_a_month_a_quarter_or_a_year(
    first: tuple[int, int], last: tuple[int, int], became: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    found = fixed_period(date(*first, 1), date(*last, 1), date(2026, 10, 1))
    assert found == (date(*became[0], 1), date(*became[1], 1))


JANUARY = date(2024, 1, 1)
LAND = ("p/c/a/", "p/c/b/", "p/d/e/")
YEAR = [JANUARY.replace(month=month) for month in range(1, 13)]
KINDS = Side(("x", "y", REST, ALL), (Group(3, (0, 1, 2)),))
SPARSE = st.lists(st.sampled_from([0, 1, 2, 3, 4, *range(9, 60)]), min_size=108, max_size=108)


def told_and_small(values: list[int]) -> tuple[set[int], set[int], Veil]:
    """What pages of figures and the map tell of a year, as sums of marks; the marks of the small.

    A figure's page: all types, a month, quarter or year, or months from January on. The map: a type
    too. Nobody tells what is of no type that is kept.
    """
    sides = (side_of(LAND), KINDS, times(YEAR))
    singles = np.array(values).reshape(3, 3, 12)
    places = [path.strip("/").split("/")[-1] for path in LAND]
    rows = [
        (place, kind, singles[i, j].tolist())
        for i, place in enumerate(places)
        for j, kind in enumerate(("x", "y", REST))
    ]
    held, table = Veils([concealed(rows, sides)]), veil(singles, sides)
    marks = veil(np.random.default_rng(3).integers(1, 2**54, (3, 3, 12)), sides).counts
    cells = [(first, last) for first in YEAR for last in YEAR if (first, last) in sides[2].keys]
    at = {key: sides[2].keys.index(key) for key in cells}
    told: set[int] = set()
    for i, place in enumerate(sides[0].keys):
        for j, kind in enumerate(sides[1].keys):
            spans = [*at, *((JANUARY, month) for month in YEAR)] if kind == ALL else list(at)
            for first, last in spans if kind != REST else ():
                if not held.hides(str(place), str(kind), first, last):
                    whole = at.get((first, last))
                    found = (
                        marks[i, j, :12][: last.month].sum()
                        if whole is None
                        else marks[i, j, whole]
                    )
                    told.add(int(found))
    small = (table.counts > 0) & (table.counts < 3)
    small[:, 2] = False
    return told, {int(mark) for mark in marks[small]}, table


@settings(max_examples=60, deadline=None)
@given(values=SPARSE)
def test_pages_of_figures_and_the_map_together_give_no_small_cell_away(values: list[int]) -> None:
    told, small, _table = told_and_small(values)
    assert not told & small
    answers = np.array(sorted(told), dtype=np.int64)
    pairs = sums_and_differences(answers)
    wanted = np.array(sorted(small), dtype=np.int64)
    ends = np.concatenate(([0], answers, -answers))
    sought = (wanted[:, None] - ends).ravel()
    assert not (pairs[np.searchsorted(pairs, sought) % len(pairs)] == sought).any()


def test_a_figure_over_a_stock_has_its_table_of_denominators() -> None:
    made = next(each for each in read(ROOT / "config/indicators.toml") if each.of_stock)
    span = list(months(date(2025, 1, 1), date(2025, 10, 1)))
    cells = dict.fromkeys(span, (3, 4))
    kept = Kept({made.code: {"1": cells}, flow_of(made.code): {"1": cells}}, {})
    hits, tries = _tables(made, kept, side_of(["/0/1/", "/0/2/"]), span)
    assert len(tries.sides[2].keys) == len(hits.sides[2].keys) + 1
