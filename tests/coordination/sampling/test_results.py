"""What a closed round shows: intervals, and nobody who could be reckoned out."""

import pytest

from yuantou.coordination.sampling.models import SampleRound
from yuantou.coordination.sampling.results import LEAST, Results, results_of

NAMES = {1: "甲", 2: "乙", 3: "丙"}


def row(unit: int, reached: int, satisfied: int, drawn: int = 9) -> dict[str, int]:
    return {
        "agency_id": unit,
        "population": 30,
        "drawn": drawn,
        "reached": reached,
        "satisfied": satisfied,
        "satisfied_of": reached,
    }


def shown(rows: list[dict[str, int]], only: int | None = None) -> Results:
    found = results_of(SampleRound(results=rows), NAMES, only)
    assert found is not None
    return found


def satisfied(results: Results) -> dict[str, str]:
    return {name: shares[3].percent for name, _row, shares in results.units}


def test_an_open_round_shows_nothing() -> None:
    assert results_of(SampleRound(results=None), NAMES, None) is None


def test_the_whole_is_the_sum_with_its_interval() -> None:
    whole = shown([row(1, 8, 6), row(2, 6, 6), row(3, 6, 3)]).whole[3]
    assert (whole.percent, whole.interval, whole.counted) == ("75.0%", "53.1%–88.8%", "15 / 20")


def test_one_small_unit_hides_a_second_so_that_it_cannot_be_reckoned() -> None:
    assert satisfied(shown([row(1, 1, 1), row(2, 6, 3), row(3, 9, 9)])) == {
        "甲": "—",
        "乙": "—",
        "丙": "100.0%",
    }


def test_two_small_units_that_come_to_enough_hide_no_third() -> None:
    assert satisfied(shown([row(1, 2, 1), row(2, 1, 1), row(3, 9, 9)]))["丙"] == "100.0%"


def test_a_unit_sees_the_whole_and_itself_in_no_rank() -> None:
    results = shown([row(1, 8, 6), row(2, 6, 6)], only=2)
    assert satisfied(results) == {"乙": "100.0%"}
    assert results.whole[3].percent == "85.7%"


@pytest.mark.parametrize("others", range(1, LEAST))
def test_a_unit_cannot_reckon_out_the_few_others(others: int) -> None:
    assert satisfied(shown([row(1, others, others), row(2, 6, 6)], only=2)) == {"乙": "—"}
