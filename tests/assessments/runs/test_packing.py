"""A list of matters comes back as it was packed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuantou.assessments.runs.packing import pack, unpack

MEMBERS = st.lists(st.tuples(st.integers(1, 2**40), st.booleans()), max_size=60)


@given(MEMBERS)
def test_what_was_packed_comes_back_in_order(members: list[tuple[int, bool]]) -> None:
    keys = np.array([2 * key + hit for key, hit in members], dtype=np.int64)
    assert unpack(pack(keys)) == sorted(members)
    assert pack(keys) == pack(keys[::-1])


def test_other_bytes_are_refused() -> None:
    with pytest.raises(ValueError, match="not a packed list"):
        unpack(b"nothing")
