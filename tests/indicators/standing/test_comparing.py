"""Many pairs tested at once say what each says alone."""

from yuantou.indicators.standing.comparing import (
    ALIKE,
    HIGHER,
    LOWER,
    UNKNOWN,
    compare,
    compare_all,
)

PAIRS = [
    ("rate", (110, 100_000), (210, 300_000)),
    ("share", (10, 40), (80, 100)),
    ("rate", (110, 100_000), (300, 300_000)),
    ("share", (50, 40), (80, 100)),  # above its whole
    ("ratio", (1, 2), (1, 2)),
    ("rate", None, (1, 2)),
    ("share", (8, 10), (80, 100)),
]


def test_each_of_many_is_told_as_it_is_alone() -> None:
    found = compare_all(PAIRS)
    assert [one.code for one in found] == [HIGHER, LOWER, ALIKE, UNKNOWN, UNKNOWN, UNKNOWN, ALIKE]
    assert found == [compare(*pair) for pair in PAIRS]
    assert compare_all([]) == []
