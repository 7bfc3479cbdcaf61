"""The scan of sources on numbers alone: joined organisations, rising and quiet series."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from yuantou.maps.sources.joining import join
from yuantou.maps.sources.kinds import KINDS, kind_of, label, terms
from yuantou.maps.sources.models import CommonSource
from yuantou.maps.sources.scanning import others, scan, usual
from yuantou.maps.sources.timeline import timeline

TERMS = replace(terms(), replications=199)
FLAT = [100.0] * 52


def test_organisations_with_a_common_key_are_one_also_through_others() -> None:
    rows = [
        (1, 11, b"a"),
        (1, 11, b"b"),
        (2, 21, b"b"),
        (2, 21, b"c"),
        (3, 31, b"c"),
        (4, 41, b"z"),
    ]
    sizes = sorted(len(each.parties) for each in join(rows))
    assert sizes == [1, 3]
    assert {frozenset(e.keys) for e in join(rows)} == {frozenset(e.keys) for e in join(rows[::-1])}


def test_two_parties_of_one_matter_are_one_matter() -> None:
    (shared,) = join([(1, 11, b"a"), (1, 12, b"a"), (2, 21, b"a")])
    assert shared.parties == {1: 11, 2: 21}


def test_a_new_source_rises_and_a_steady_one_does_not() -> None:
    new = [0] * 46 + [2, 3, 4, 4, 3, 4]
    steady = [1] * 52
    found = scan({1: new, 2: steady}, {1: FLAT, 2: FLAT}, TERMS)
    assert (found[1].state, found[2].state) == ("rising", "steady")
    assert found[1].start == 46
    assert found[1].observed == 20
    assert found[1].low is not None
    assert found[1].low > 2 > 1 > (found[1].q or 0)


def test_a_season_that_all_share_is_no_rise() -> None:
    wave = [10.0] * 42 + [100.0] * 10
    with_it = ([1, 0, 0, 0] * 11)[:42] + [3] * 10
    assert scan({1: with_it}, {1: wave}, TERMS)[1].state == "steady"
    assert scan({1: with_it}, {1: FLAT}, TERMS)[1].state == "rising"


def test_too_few_are_not_judged() -> None:
    four, five = [0] * 51 + [4], [0] * 51 + [5]
    found = scan({1: four, 2: five}, {1: FLAT, 2: FLAT}, TERMS)
    assert (found[1].state, found[1].p) == ("few", None)
    assert found[2].state == "rising"


def test_nothing_is_found_in_nothing() -> None:
    assert scan({}, {}, TERMS) == {}
    assert scan({1: [0] * 52}, {1: [0.0] * 52}, TERMS)[1].state == "few"


def test_quiet_sources_stay_quiet() -> None:
    rng = np.random.default_rng(5)
    counts = {key: rng.multinomial(20, np.full(52, 1 / 52)).tolist() for key in range(200)}
    found = scan(counts, dict.fromkeys(counts, FLAT), TERMS)
    assert sum(each.state == "rising" for each in found.values()) <= 1


@given(st.lists(st.integers(0, 9), min_size=4, max_size=52), st.integers(1, 50))
def test_what_is_expected_adds_up_to_what_was_seen(weeks: list[int], scale: int) -> None:
    share = [float(scale)] * len(weeks)
    assert abs(sum(usual(weeks, share)) - sum(weeks)) < 1e-9


def test_a_kind_has_a_name_and_the_label_tells_nobody() -> None:
    assert kind_of("migrant_wages") == "employer"
    assert kind_of("no such type") == "organisation"
    assert set(KINDS) >= {kind_of("property_management"), kind_of("e_commerce"), "policy"}


def test_labels(app: object) -> None:
    with app.app_context():  # type: ignore[attr-defined]
        assert label(12, "property", None) == "某物业企业 #12"
        assert label(12, "project", "滨河改造") == "滨河改造"


def source(weeks: list[int], since: date | None) -> CommonSource:
    """A source as the scan leaves it."""
    made = CommonSource(weeks=weeks, usual=[sum(weeks) / len(weeks)] * len(weeks))
    made.last_week_end, made.since = date(2026, 11, 22), since
    made.state = "rising" if since else "steady"
    return made


def test_the_picture_conceals_small_stretches_from_who_sees_sums() -> None:
    weeks = [0] * 40 + [1, 0, 1, 0, 3, 4, 0, 0, 2, 2, 2, 2]
    since = date(2026, 11, 22) - timedelta(days=7 * 8 - 1)
    exact, sums = (timeline(source(weeks, since), exact=each) for each in (True, False))
    assert exact is not None
    assert sums is not None
    assert [bar.count for bar in exact.bars] == weeks
    assert [bar.count for bar in sums.bars][-3:] == [None, None, 8]  # else the 2 would follow
    assert [bar.rising for bar in exact.bars].index(True) == 44
    assert [bar.rising for bar in sums.bars].index(True) == 11


def test_the_picture_of_own_matters_tells_nothing_of_others() -> None:
    drawn = timeline(source([0] * 50 + [5, 6], None), exact=True, days=[date(2026, 11, 20)] * 2)
    assert drawn is not None
    assert [bar.count for bar in drawn.bars][-2:] == [0, 2]
    assert round(sum(bar.usual for bar in drawn.bars)) == 2
    assert drawn.start_x is None


def test_a_source_is_not_compared_with_itself() -> None:
    own = [0] * 46 + [2, 3, 4, 4, 3, 4]
    every = [float(each + 1) for each in own]
    assert others(every, own, every) == [1.5] * 52
    found = scan({1: own}, {1: others(every, own, every)}, TERMS)[1]
    assert (found.state, found.observed) == ("rising", 20)
    alone = others([float(each) for each in own], own, [1.0] * 52)
    assert scan({1: own}, {1: alone}, TERMS)[1].state == "rising"


def test_before_anybody_wrote_anything_down_nothing_is_expected() -> None:
    every = [0.0] * 40 + [2.0] * 12
    assert others(every, [0] * 40 + [1] * 12, every) == [0.0] * 40 + [1.5] * 12
    new = [0] * 40 + [1] * 12
    assert scan({1: new}, {1: others(every, new, every)}, TERMS)[1].state == "steady"
