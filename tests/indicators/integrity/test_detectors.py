"""Detectors on arrays: hand-made cases, calibration of clean data, planted units found."""

from datetime import date

import numpy as np
import pytest

from geo.rates import wilson_interval
from yuantou.indicators.integrity.asking import Terms, suspicions
from yuantou.indicators.integrity.detectors import Least, crowds, pairs, shares
from yuantou.indicators.integrity.gathering import Items
from yuantou.indicators.integrity.permuting import upper_tail
from yuantou.indicators.integrity.texts import families

SEED = (2026, 7, 0)
STAGES = (999, 9_999)
UNITS, EACH = 40, 30
WORDS = "墙水地钱车树门路井房田牛羊粮草桥河山林果"


def _peers(units: int = UNITS, each: int = EACH) -> tuple[np.ndarray, np.ndarray]:
    unit = np.repeat(np.arange(1, units + 1), each)
    return unit, np.zeros(len(unit), dtype=np.int64)


def test_a_share_far_over_its_peers_is_rare_and_says_what_was_expected() -> None:
    unit, stratum = _peers()
    hit = np.arange(len(unit)) % 5 == 0
    hit[unit == 7] = np.arange(EACH) < 24
    found = {each.unit: each for each in shares(unit, stratum, hit, seed=SEED, stages=STAGES)}
    odd = found.pop(7)
    assert (odd.items, odd.hits, len(odd.marked)) == (30, 24, 24)
    assert odd.expected == pytest.approx(30 * hit.sum() / len(hit))
    assert odd.p == 1 / 10_000
    assert {each.p for each in found.values()} == {1.0}


def test_the_mix_of_strata_is_no_excess() -> None:
    """A unit that has only matters of the kind where everybody has hits is like its peers."""
    unit, _ = _peers()
    stratum = (np.arange(len(unit)) % 2).astype(np.int64)
    stratum[unit == 3] = 1
    hit = stratum == 1
    found = shares(unit, stratum, hit, seed=SEED, stages=STAGES)
    odd = next(each for each in found if each.unit == 3)
    assert (odd.hits, odd.expected, odd.p) == (30, 30.0, 1.0)


def test_too_few_items_or_peers_are_not_judged() -> None:
    unit, stratum = _peers(UNITS, 9)
    assert shares(unit, stratum, unit > 0, seed=SEED) == []
    unit, stratum = _peers(5)
    assert shares(unit, stratum, unit == 1, seed=SEED) == []


def test_the_same_seed_gives_the_same_p() -> None:
    def draw(rng: np.random.Generator, times: int) -> np.ndarray:
        return rng.poisson(3.0, times).astype(float)

    first, second = (upper_tail(9, draw, size=1, seed=SEED, stages=STAGES) for _ in range(2))
    assert first == second
    assert first.p == pytest.approx(0.0038, abs=0.002)


def test_one_text_many_times_is_found_where_peers_write_their_own() -> None:
    unit, stratum = _peers(20)
    rng = np.random.default_rng(4)
    texts = ["".join(rng.choice(list(WORDS), 40)) for _ in unit]
    for place in np.flatnonzero(unit == 5)[:12]:
        texts[place] = f"双方到场，经耐心劝说，握手言和，当场付清{place}元，今后互不追究。"
    found = pairs(unit, stratum, families(texts), seed=SEED, stages=STAGES)
    odd = next(each for each in found if each.unit == 5)
    assert (odd.hits, len(odd.marked)) == (66, 12)
    assert odd.p == 1 / 10_000
    assert {each.p for each in found if each.unit != 5} == {1.0}


def test_texts_that_differ_in_numbers_signs_and_a_word_are_one_family() -> None:
    long = "双方因院墙滴水发生争执，调解员到现场查看并询问邻里，提出修建排水沟，双方都表示同意。"
    label = families([long, f"{long}12元!", long.replace("邻里", "邻居"), "短句", "短句",
                      "拖欠工资三个月，经核对工时，用工单位分两次付清欠款。"])  # fmt: skip
    assert label[0] == label[1]
    assert len({int(each) for each in label[[0, 3, 4, 5]]}) == 4


def test_a_burst_is_more_than_the_common_rhythm() -> None:
    rng = np.random.default_rng(2)
    unit, stratum = _peers()
    moment = rng.uniform(0, 90 * 24 * 60, len(unit))
    moment[np.flatnonzero(unit == 9)[:8]] = 50_000 + np.arange(8)
    common = np.flatnonzero(np.arange(len(unit)) % EACH == 0)
    moment[common] = 70_000  # everybody at once: no unit stands out
    found = crowds(unit, stratum, moment, window=10, seed=SEED, stages=STAGES)
    odd = next(each for each in found if each.unit == 9)
    assert odd.hits == 7  # the first of them is at the common moment
    assert odd.p <= 0.001
    assert min(each.p for each in found if each.unit != 9) > 0.01


def _clean(rng: np.random.Generator) -> dict[str, Items | None]:
    """A quarter in which every unit follows the same ways."""
    sizes = rng.integers(8, 60, UNITS)
    unit = np.repeat(np.arange(1, UNITS + 1), sizes)
    stratum = rng.integers(0, 3, len(unit))
    ways = np.array([0.15, 0.3, 0.5])[stratum]
    every = np.arange(len(unit))
    words = np.array([f"听取双方陈述核对材料{WORDS[k] * 9}" for k in rng.integers(0, 6, len(unit))])
    return {
        "deadline_day": Items(every, unit, stratum, rng.random(len(unit)) < ways),
        "instant": Items(every, unit, stratum, rng.random(len(unit)) < ways),
        "refiled": Items(every, unit, stratum, rng.random(len(unit)) < 0.05),
        "same_records": Items(every, unit, stratum, words),
        "bursts": Items(every, unit, stratum * 0, rng.uniform(0, 130_000, len(unit))),
        "sued": None,
    }


def test_clean_quarters_stay_quiet_at_the_promised_rate(capsys: pytest.CaptureFixture[str]) -> None:
    """With no unit at fault every question is false: the rate is that of quarters with one."""
    rounds, terms = 60, Terms(0.05, 10, STAGES)
    rng = np.random.default_rng(20)
    wrong = sum(bool(suspicions(_clean(rng), date(2026, 7, 1), terms)[0]) for _ in range(rounds))
    low, high = (float(each) for each in wilson_interval(wrong, rounds))
    with capsys.disabled():
        print(f"\nintegrity: {wrong}/{rounds} clean quarters asked ({low:.3f}-{high:.3f})")
    assert low <= terms.rate


def test_planted_units_are_found_and_few_others(capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(21)
    terms, right, wrong, rounds = Terms(0.05, 10, STAGES), 0, 0, 10
    for _ in range(rounds):
        given = _clean(rng)
        for code, unit in (("deadline_day", 3), ("instant", 4), ("same_records", 5)):
            items = given[code]
            assert items is not None
            own = np.flatnonzero(items.unit == unit)[:40]
            items.value[own] = "双方握手言和今后互不追究此事" if code == "same_records" else True
        found = {
            (each.kind, each.finding.unit) for each in suspicions(given, date(2026, 7, 1), terms)[0]
        }
        planted = {("deadline_day", 3), ("instant", 4), ("same_records", 5)}
        right, wrong = right + len(found & planted), wrong + len(found - planted)
    with capsys.disabled():
        print(f"\nintegrity: found {right}/{3 * rounds} planted, {wrong} others")
    assert right >= 0.7 * 3 * rounds
    assert wrong <= 0.1 * (right + wrong)


def test_what_is_asked_has_a_least_size() -> None:
    unit, stratum = _peers()
    hit = np.zeros(len(unit), dtype=bool)
    hit[np.flatnonzero(unit == 2)[:4]] = True
    found = shares(unit, stratum, hit, seed=SEED, stages=STAGES)
    assert {each.p for each in found} == {1.0}
    found = shares(unit, stratum, hit, seed=SEED, stages=STAGES, least=Least(hits=4))
    assert min(each.p for each in found) < 0.001
