"""Whatever is asked and subtracted, a count of one or two does not come out."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.arrays import Integers
from yuantou.indicators.disclosure import Group, Side, Veil, fixed_period, veil

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
