"""One set of draws serves all areas, and stays exact."""

from itertools import combinations

import numpy as np
import pytest

from geo.permutations import draw, neighbour_sum_p


@pytest.mark.parametrize(("n", "size"), [(100, 5), (6, 4), (5, 5)])
def test_a_draw_repeats_nobody_and_prefers_nobody(n: int, size: int) -> None:
    chosen = draw(np.random.default_rng(1), n, size, 20_000)
    assert all(len(set(row)) == size for row in chosen[:500].tolist())
    for column in (chosen, chosen[:, :1], chosen[:, -1:]):
        share = np.bincount(column.ravel(), minlength=n) / column.size
        assert share == pytest.approx(np.full(n, 1 / n), abs=6 / np.sqrt(column.size * n))


@pytest.mark.parametrize("degrees", [[1] * 8, [2] * 8, [4] * 8, [6] * 8, [1, 7, 2, 5, 3, 6, 4, 4]])
def test_p_is_that_of_all_possible_neighbours(degrees: list[int]) -> None:
    # Every choice of neighbours among the others, counted one by one.
    values = np.array([1.0, 2, 3, 5, 8, 13, 21, 34])
    sums = np.array([12.5, 20, 9, 40, 3, 55, 60, 8]) * degrees / 2
    p = neighbour_sum_p(values, sums, np.array(degrees), 200_000, seed=3)
    for area, (observed, degree) in enumerate(zip(sums, degrees, strict=True)):
        every = [sum(c) for c in combinations(np.delete(values, area), degree)]
        tail = min(np.mean(np.array(every) >= observed), np.mean(np.array(every) <= observed))
        assert p[area] == pytest.approx(tail, abs=0.005)


def test_areas_of_each_degree_get_their_own_draws() -> None:
    values = np.arange(10.0)
    p = neighbour_sum_p(values, np.full(10, 9.0), np.array([0, 1, 1, 2, 2, 3, 3, 0, 1, 9]), 999, 1)
    assert np.isnan(p).tolist() == [True] + [False] * 6 + [True] + [False] * 2
    assert p[9] == 1 / 1000
