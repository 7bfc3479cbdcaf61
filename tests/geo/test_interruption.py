"""Interrupted series: a published example, R's numbers, and what must always hold."""

import doctest

import numpy as np
import pytest

import geo.interruption
from geo.interruption import UNKNOWN, Effect, Interruption, compared, interrupted

# Sicily 2002-2006: acute coronary episodes by month and the standardised population; smoking was
# banned from the 37th month on. Bernal, Cummins and Gasparrini (2017), sicily.csv.
EPISODES = (
    *(728, 659, 791, 734, 757, 726, 760, 740, 720, 814, 795, 858, 887, 766, 851, 769, 781, 756),
    *(766, 752, 765, 831, 879, 928, 914, 808, 937, 840, 916, 828, 845, 818, 860, 839, 887, 886),
    *(831, 796, 833, 820, 877, 758, 767, 738, 781, 843, 850, 908, 1021, 859, 976, 888, 962, 838),
    *(810, 876, 843, 936, 912),
)
PERSONS = (
    *(379875.3, 376495.5, 377040.8, 377116.4, 377383.4, 374113.1, 379513.3, 376295.5, 374653.2),
    *(378485.6, 375955.5, 378349.7, 376762.4, 379032.3, 379360.4, 376162, 377972.4, 381830.7),
    *(379888.6, 380872.2, 380966.9, 381240.4, 382104.9, 381802.7, 381656.3, 383680, 383504.2),
    *(386462.9, 383783.1, 380836.8, 383483, 380906.2, 382926.8, 384052.4, 384449.6, 383428.4),
    *(388153.2, 388373.2, 386470.1, 386033.2, 383686.4, 385509.3, 385901.9, 386516.6, 388436.5),
    *(383255.2, 390148.7, 385874.9, 391613.6, 391750.4, 394005.6, 391364.9, 391664.6, 389022.3),
    *(391878.5, 388575.3, 392989, 390018.8, 390712.3),
)
BAN = 36


def limits(effect: Effect) -> tuple[float, float, float]:
    return effect.ratio, effect.lower, effect.upper


def test_the_doctest_is_true() -> None:
    result = doctest.testmod(geo.interruption)
    assert (result.attempted > 0, result.failed) == (True, 0)


def test_the_smoking_ban_as_published() -> None:
    # The paper: 0.894 (0.864-0.925) without, 0.885 (0.839-0.933) with overdispersion and season.
    plain = interrupted(EPISODES, BAN, PERSONS, slope=False, errors="poisson")
    assert limits(plain.level) == pytest.approx((0.894, 0.864, 0.925), abs=1e-3)
    yearly = interrupted(
        EPISODES, BAN, PERSONS, slope=False, period=12, harmonics=2, quantile="normal"
    )
    assert limits(yearly.level) == pytest.approx((0.885, 0.839, 0.933), abs=5e-4)


def test_every_digit_is_that_of_r() -> None:
    # R's glm(family = quasipoisson), with tsModel's harmonic(month, 2, 12) written out.
    plain = interrupted(EPISODES, BAN, PERSONS, slope=False, quantile="normal")
    assert limits(plain.level) == pytest.approx((0.894376508, 0.839189004, 0.953193303), abs=1e-7)
    assert plain.dispersion == pytest.approx(3.559194632, rel=1e-5)
    bent = interrupted(EPISODES, BAN, PERSONS, period=12, harmonics=2, quantile="normal")
    assert limits(bent.level) == pytest.approx((0.876464418, 0.826753210, 0.929164673), abs=1e-7)
    assert limits(bent.slope) == pytest.approx((1.001483327, 0.997849532, 1.005130355), abs=1e-7)
    assert limits(bent.whole) == pytest.approx((0.892499076, 0.843082309, 0.944812378), abs=1e-7)


def test_newey_west_is_that_of_its_definition() -> None:
    # Bread and meat computed in R from the same fit, lag 3, times 59 / 56: 0.0328417946.
    found = interrupted(
        EPISODES, BAN, PERSONS, slope=False, errors="newey-west", lag=3, quantile="normal"
    )
    width = np.log(found.level.upper / found.level.lower) / (2 * 1.959963985)
    assert width == pytest.approx(0.0328417946, rel=1e-6)


def test_a_made_change_is_found_and_no_change_is_not() -> None:
    draw = np.random.default_rng(7)
    found = [made(draw, 0.6) for _ in range(200)]
    inside = sum(one.whole.lower <= 0.6 <= one.whole.upper for one in found)
    assert 180 <= inside <= 198
    quiet = sum(made(draw, 1.0).whole.p < 0.05 for _ in range(200))
    assert quiet <= 18


def made(draw: np.random.Generator, ratio: float) -> Interruption:
    usual = 30 * np.exp(0.005 * np.arange(30))
    usual[24:] *= ratio
    return interrupted(draw.poisson(usual), 24, slope=False)


def test_a_longer_exposure_changes_nothing_in_a_ratio() -> None:
    once = interrupted(EPISODES, BAN, PERSONS)
    thrice = interrupted(EPISODES, BAN, [3 * each for each in PERSONS])
    assert limits(thrice.whole) == pytest.approx(limits(once.whole), rel=1e-9)
    assert thrice.expected == pytest.approx(once.expected, rel=1e-9)


def test_what_is_not_known_is_left_out() -> None:
    counts: list[float | None] = list(EPISODES)
    counts[3] = counts[50] = None
    found = interrupted(counts, BAN, PERSONS, slope=False)
    assert found.level.ratio == pytest.approx(0.894, abs=0.01)
    assert np.isfinite(found.expected).all()


def test_nothing_afterwards_is_zero_with_an_upper_limit() -> None:
    found = interrupted([10, 12, 9, 11, 10, 8, 12, 10, 9, 11, 10, 10] + [0] * 3, 12, slope=False)
    assert (found.whole.ratio, found.whole.lower) == (0, 0)
    assert 3.6889 / 30 < found.whole.upper < 0.25
    assert found.level is UNKNOWN


def test_a_comparison_takes_out_what_changed_everywhere() -> None:
    here, there = Effect(0.5, 0.4, 0.625, 0.0), Effect(0.8, 0.64, 1.0, 0.05)
    found = compared(here, there)
    assert found.ratio == pytest.approx(0.625)
    assert found.lower == pytest.approx(0.625 * 0.8 ** np.sqrt(2))
    assert compared(here, Effect(0.0, 0.0, 0.3, np.nan)) is UNKNOWN


@pytest.mark.parametrize(
    ("counts", "start", "words"),
    [
        ([1, 2, 3], 0, "both sides"),
        ([1, 2, 3, 4], 2, "not enough known periods"),
        ([0, 0, 0, 0, 0, 4, 5], 5, "nothing was counted"),
        ([1, -2, 3, 4], 2, "counts negative at position 1"),
    ],
)
def test_what_cannot_be_fitted_is_refused(counts: list[int], start: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        interrupted(counts, start)
