"""A draw is by chance, in proportion, at least one of each stratum, and repeatable by anyone."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuantou.coordination.sampling.drawing import allocate, draw, frame_digest, ranked

FRAME = [[matter, matter % 3] for matter in range(1, 61)]
sizes = st.dictionaries(st.integers(1, 50), st.integers(1, 300), min_size=1, max_size=12)


@given(sizes, st.integers(1, 400))
def test_every_stratum_gets_one_and_none_more_than_it_has(held: dict[int, int], total: int) -> None:
    shares = allocate(held, total)
    assert sum(shares.values()) == min(max(total, len(held)), sum(held.values()))
    assert all(1 <= shares[stratum] <= size for stratum, size in held.items())


def test_allocation_is_proportional_with_the_largest_remainder() -> None:
    assert allocate({1: 50, 2: 30, 3: 20}, 10) == {1: 5, 2: 3, 3: 2}
    assert allocate({1: 47, 2: 47, 3: 6}, 10) == {1: 5, 2: 4, 3: 1}
    assert allocate({1: 990, 2: 5, 3: 5}, 10) == {1: 8, 2: 1, 3: 1}


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    assert draw(FRAME, 12, "20261101") == draw(list(reversed(FRAME)), 12, "20261101")
    assert draw(FRAME, 12, "20261101") != draw(FRAME, 12, "20261102")


def test_anybody_can_repeat_the_order_with_sha256() -> None:
    by_hand = sorted(range(1, 9), key=lambda n: hashlib.sha256(f"7:{n}".encode()).hexdigest())
    assert ranked(range(1, 9), "7") == by_hand


def test_each_matter_has_the_same_chance() -> None:
    drawn = [matter for seed in range(600) for matter, _unit in draw(FRAME, 15, str(seed))]
    expected = 600 * 15 / 60
    seen = [drawn.count(matter) for matter, _unit in FRAME]
    spread = sum((n - expected) ** 2 for n in seen) / (expected * 0.75)
    assert 35 < spread < 90  # chi-square with about 57 degrees of freedom


def test_the_digest_tells_lists_apart() -> None:
    assert frame_digest(FRAME) == frame_digest(list(reversed(FRAME)))
    assert frame_digest(FRAME) != frame_digest(FRAME[:-1])


@pytest.mark.parametrize("total", [0, 1, 1000])
def test_asking_too_few_or_too_many_takes_what_is_possible(total: int) -> None:
    assert 3 <= len(draw(FRAME, total, "1")) <= len(FRAME)
