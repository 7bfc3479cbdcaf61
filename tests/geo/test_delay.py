"""Late entry: against the published chain ladder, and against a known delay."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.delay import chain_ladder, completeness, nowcast, project, reporting_delay

NAN = float("nan")
# Taylor and Ashe (1983), Journal of Econometrics 23: 37-61, payments by year and delay.
PAYMENTS = [
    [357848, 766940, 610542, 482940, 527326, 574398, 146342, 139950, 227229, 67948],
    [352118, 884021, 933894, 1183289, 445745, 320996, 527804, 266172, 425046],
    [290507, 1001799, 926219, 1016654, 750816, 146923, 495992, 280405],
    [310608, 1108250, 776189, 1562400, 272482, 352053, 206286],
    [443160, 693190, 991983, 769488, 504851, 470639],
    [396132, 937085, 847498, 805037, 705960],
    [440832, 847631, 1131398, 1063269],
    [359480, 1061648, 1443370],
    [376686, 986608],
    [344014],
]
TABLE = np.array([row + [NAN] * (10 - len(row)) for row in PAYMENTS])


def test_reserves_and_errors_as_published() -> None:
    # Mack (1993), ASTIN Bulletin 23: 213-225, table 2 (in units; total 18,680,856).
    ladder = chain_ladder(np.cumsum(TABLE, axis=1))
    assert ladder.total_reserve == pytest.approx(18_680_856, abs=0.6)
    assert ladder.total_standard_error == pytest.approx(2_447_095, abs=0.6)
    assert ladder.reserve == pytest.approx(
        [0, 94_634, 469_511, 709_638, 984_889, 1_419_459, 2_177_641, 3_920_301, 4_278_972,
         4_625_811], abs=0.6)  # fmt: skip
    assert ladder.standard_error == pytest.approx(
        [0, 75_535, 121_699, 133_549, 261_406, 411_010, 558_317, 875_328, 971_258,
         1_363_155], abs=0.6)  # fmt: skip


def test_a_nowcast_expects_what_the_chain_ladder_does() -> None:
    ladder = chain_ladder(np.cumsum(TABLE, axis=1))
    found = nowcast(TABLE, draws=99)
    assert found.expected == pytest.approx(ladder.ultimate)
    assert found.expected.sum() - found.seen.sum() == pytest.approx(18_680_856, abs=0.6)
    assert (found.lower[0], found.upper[0]) == (found.seen[0], found.seen[0])
    assert (found.lower[1:] < found.expected[1:]).all()
    assert (found.expected[1:] < found.upper[1:]).all()


def records(rng: np.random.Generator, days: int = 400, each: int = 6) -> tuple[np.ndarray, ...]:
    occurred = np.repeat(np.arange(days), rng.poisson(each, days))
    return occurred, np.minimum(rng.geometric(0.08, len(occurred)) - 1, 60)


def test_the_true_delay_is_found_although_the_slow_are_unseen() -> None:
    occurred, late = records(np.random.default_rng(1))
    now = 399
    seen = occurred + late <= now
    delay = reporting_delay(occurred[seen], (occurred + late)[seen], now)
    truth = 1 - 0.92 ** np.arange(1, 31)
    assert delay.share[:30] == pytest.approx(truth, abs=0.03)
    young = seen & (occurred > now - 15)
    assert (late[young] <= 7).mean() > truth[7] + 0.1


def test_limits_hold_the_truth_as_often_as_they_say() -> None:
    truth, ages = 1 - 0.92 ** np.arange(1, 62), np.array([0, 5, 14, 30])
    held = np.zeros(4)
    for seed in range(200):
        occurred, late = records(np.random.default_rng(seed), 120, 3)
        seen = occurred + late <= 119
        delay = reporting_delay(occurred[seen], (occurred + late)[seen], 119, longest=60)
        _, lower, upper = completeness(delay, ages)
        held += (lower <= truth[ages]) & (truth[ages] <= upper)
    assert (held / 200 > 0.9).all()


def test_a_nowcast_holds_the_final_count() -> None:
    rng = np.random.default_rng(2)
    held = []
    for seed in range(150):
        final = rng.multinomial(rng.poisson(40, 12), [0.5, 0.2, 0.15, 0.1, 0.05]).astype(float)
        future = np.arange(12)[:, None] + np.arange(5) > 11
        found = nowcast(np.where(future, NAN, final), draws=399, seed=seed)
        total = final.sum(axis=1)
        held.append(((found.lower <= total) & (total <= found.upper))[8:])
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_dates_do_as_well_as_numbers() -> None:
    start = np.array(["2026-10-01", "2026-10-03", "2026-10-20", "NaT"], dtype="datetime64[D]")
    end = start + np.array([2, 0, 1, 0])
    by_date = reporting_delay(start, end, np.datetime64("2026-10-31"))
    by_number = reporting_delay([0, 2, 19], [2, 2, 20], 30)
    assert by_date.share == pytest.approx(by_number.share)
    assert by_date.share == pytest.approx([1 / 3, 2 / 3, 1])


def test_the_triangle_and_the_records_say_the_same() -> None:
    occurred, late = records(np.random.default_rng(3), 40, 5)
    seen = occurred + late <= 39
    kept = late <= 20
    table = np.full((40, 21), NAN)
    for day in range(40):
        width = min(21, 40 - day)
        table[day, :width] = np.bincount(late[seen & kept & (occurred == day)], minlength=21)[
            :width
        ]
    delay = reporting_delay(occurred[seen], (occurred + late)[seen], 39, longest=20)
    found = nowcast(table, draws=9)
    share = completeness(delay, np.arange(39, -1, -1))[0]
    assert found.completeness == pytest.approx(share)


def test_age_beyond_the_longest_delay_is_complete() -> None:
    delay = reporting_delay([0, 0, 0, 5], [0, 1, 2, 5], 10)
    share, lower, upper = completeness(delay, [2, 99, None])
    assert (share[1], lower[1], upper[1]) == (1, 1, 1)
    assert np.isnan([share[2], lower[2], upper[2]]).all()


def test_nothing_late_so_far_is_not_proof() -> None:
    # Exact binomial limit of 20 of 20 entered at once: 0.025 ** (1 / 20).
    delay = reporting_delay(np.zeros(20), np.zeros(20), 30, longest=5)
    share, lower, upper = completeness(delay, 0)
    assert [float(share), float(upper)] == [1, 1]
    assert lower == pytest.approx(0.025 ** (1 / 20))


def test_what_the_data_cannot_tell_is_missing() -> None:
    none = reporting_delay([], [], 5)
    assert none.share.tolist() == [1]
    unseen = reporting_delay([10], [10], 12, longest=5)
    assert np.isnan(unseen.share).tolist() == [True] * 5 + [False]
    found = project([3, None], [0, 9], unseen, draws=9)
    assert np.isnan([found.expected[0], found.lower[0], found.expected[1]]).all()
    assert project([], [], unseen).expected.tolist() == []


def test_a_month_without_entries_may_still_get_some() -> None:
    found = nowcast([[10.0, 10.0], [8.0, 12.0], [0.0, NAN]], seed=3)
    assert found.expected[2] == 0
    assert found.upper[2] >= 2


@given(st.integers(1, 6), st.randoms(use_true_random=False))
def test_scale_order_and_seed(factor: int, rng: Random) -> None:
    table = np.array([[5.0, 3, 2], [4, 4, 1], [6, 2, NAN], [7, NAN, NAN]])
    order = [0, 1, 2, 3]
    rng.shuffle(order)
    plain = nowcast(table, draws=49, seed=1)
    assert nowcast(table[order], draws=9).expected == pytest.approx(plain.expected[order])
    assert nowcast(table * factor, draws=9).expected == pytest.approx(plain.expected * factor)
    assert nowcast(table, draws=49, seed=1).upper.tolist() == plain.upper.tolist()
    ladder = chain_ladder(np.cumsum(table, axis=1))
    assert chain_ladder(np.cumsum(table, axis=1) * factor).total_standard_error == pytest.approx(
        ladder.total_standard_error * factor, nan_ok=True
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: reporting_delay([1], [0], 5), "entered before it occurred at position 0"),
        (lambda: reporting_delay([1], [6], 5), "entered after now at position 0"),
        (lambda: reporting_delay([1, 2], [3], 5), "2 occurred but 1 entered"),
        (lambda: reporting_delay([1], [1], 5, longest=-1), "longest must not be negative"),
        (lambda: nowcast([[1, NAN, 2]]), "row with a hole at position 0"),
        (lambda: nowcast([[1, NAN], [1, NAN]]), "no row is known to the last column"),
        (lambda: nowcast([1, 2]), "a table of periods by delays"),
        (lambda: chain_ladder([[NAN, 1]]), "row with a hole"),
        (lambda: nowcast([[-1.0]]), "counts_by_age negative"),
        (lambda: project([1], [1, 2], reporting_delay([0], [0], 1)), "must be as long"),
        (lambda: project([1], [1], reporting_delay([0], [0], 1), draws=0), "draws must be"),
        (lambda: completeness(reporting_delay([0], [0], 1), -1), "age negative"),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator]
