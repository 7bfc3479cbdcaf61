"""The ratio of two Poisson rates, against published and hand-reckoned values."""

import pytest

from yuantou.bulletins.change import DOWN, FLAT, UP, change


def test_no_case_at_all_is_no_change() -> None:
    assert change(0, 0, 28) is None


def test_the_interval_is_that_of_the_binomial_share() -> None:
    """11 of 15: Clopper-Pearson 0.449 to 0.922 (Clopper and Pearson 1934), exposure 1."""
    found = change(11, 4, 1)
    assert found is not None
    assert found.ratio == pytest.approx(11 / 4)
    assert found.low == pytest.approx(0.4490 / 0.5510, abs=0.01)
    assert found.high == pytest.approx(0.9221 / 0.0779, abs=0.2)


@pytest.mark.parametrize(
    ("now", "earlier", "verdict"),
    [
        (20, 80, UP),
        (3, 24, FLAT),
        (4, 24, FLAT),
        (0, 80, DOWN),
        (9, 0, UP),
        (3, 0, UP),
        (1, 0, FLAT),
    ],
)
def test_only_an_interval_that_leaves_one_out_shows_a_change(
    now: int, earlier: int, verdict: str
) -> None:
    found = change(now, earlier, 8)
    assert found is not None
    assert found.verdict == verdict


def test_without_an_earlier_case_the_ratio_has_no_upper_bound() -> None:
    found = change(9, 0, 8)
    assert found is not None
    assert (found.ratio, found.high) == (None, None)


@pytest.mark.parametrize("bad", [(-1, 0, 1.0), (0, -1, 1.0), (1, 1, 0.0)])
def test_what_is_no_count_is_refused(bad: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        change(*bad)
