"""Small counts are hidden, and nothing lets them be worked out."""

import random

from yuantou.indicators.disclosure import conceal, hierarchy, shown


def test_small_counts_are_hidden_and_none_is_shown() -> None:
    assert conceal({"a": 2, "b": 0, "c": 3, "d": None}) == {"a"}
    assert shown(2, hidden=True) == "<3"
    assert shown(7, hidden=True) == "—"
    assert shown(0, hidden=False) == "0"
    assert shown(1_234, hidden=False) == "1,234"


def test_a_published_sum_takes_a_second_part_with_it() -> None:
    cells = {"city": 40, "a": 2, "b": 30, "c": 8}
    assert conceal(cells, [("city", "abc")]) == {"a", "c"}


def test_two_ones_under_a_published_sum_are_not_enough() -> None:
    cells = {"city": 32, "a": 1, "b": 1, "c": 30}
    assert conceal(cells, [("city", "abc")]) == {"a", "b", "c"}


def test_where_no_part_can_serve_the_sum_itself_goes() -> None:
    assert conceal({"city": 4, "a": 2, "b": 2}, [("city", "ab")]) == {"city", "a", "b"}
    assert conceal({"city": 2, "a": 2}, [("city", "a")]) == {"city", "a"}


def test_a_sum_whose_part_is_unpublished_gives_nothing_away() -> None:
    assert conceal({"city": 40, "a": 2, "b": None, "c": 30}, [("city", "abc")]) == {"a"}


def test_rows_and_columns_both_hold() -> None:
    table = {("k", "x"): 1, ("k", "y"): 20, ("m", "x"): 9, ("m", "y"): 30}
    table |= {("k", "*"): 21, ("m", "*"): 39, ("*", "x"): 10, ("*", "y"): 50}
    sums = [((row, "*"), [(row, "x"), (row, "y")]) for row in "km"]
    sums += [(("*", column), [("k", column), ("m", column)]) for column in "xy"]
    assert conceal(table, sums) == {("k", "x"), ("k", "y"), ("m", "x"), ("m", "y")}


def test_hierarchy_names_each_parent_with_its_children() -> None:
    parents = {"k1": "c1", "k2": "c1", "c1": "p", "p": None}
    assert hierarchy(parents, ["k1", "k2", "c1"]) == [("c1", ["k1", "k2"])]


def test_no_single_hidden_cell_follows_from_a_random_tree() -> None:
    """Whatever the counts, each published sum leaves at least two ways to fill its hidden cells."""
    dice = random.Random(5)
    for _ in range(300):
        parts = {f"k{n}": dice.choice([0, 0, 1, 1, 2, 3, 9]) for n in range(dice.randint(1, 6))}
        cells = {**parts, "city": sum(parts.values())}
        hidden = conceal(cells, [("city", list(parts))])
        assert {key for key, count in cells.items() if 0 < count < 3} <= hidden
        assert _ways(cells, list(parts), hidden) != 1


def _ways(cells: dict[str, int], parts: list[str], hidden: set[str]) -> int:
    """In how many ways an outsider could fill the hidden cells; 0 where none is hidden."""
    inside = [part for part in parts if part in hidden]
    if not inside or "city" in hidden:
        return 0 if not inside else 2
    rest = cells["city"] - sum(cells[part] for part in parts if part not in hidden)
    ways = {0: 1}
    for part in inside:
        span = (1, 2) if cells[part] < 3 and cells[part] else range(rest + 1)
        ways = {
            left: sum(count for before, count in ways.items() if left - before in span)
            for left in range(rest + 1)
        }
    return ways.get(rest, 0)
