"""Marks on paper: hatching and dots stay inside, lines are cut, parts never give a rest away."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from yuantou.maps.makeup import _parts
from yuantou.maps.outlines import dots, hatching, kilometre, placed, rings
from yuantou.maps.plate import wrapped

SHAPE = shapely.Polygon([(0, 0), (30, 5), (22, 28), (12, 14), (2, 26)])
BOUNDS = (118.8, 38.7, 125.8, 43.5)
FRAME = (10.0, 20.0, 190.0, 140.0)


@pytest.mark.parametrize("rising", [True, False])
def test_hatching_lies_within_and_slants_as_it_says(rising: bool) -> None:
    lines = hatching(SHAPE, rising=rising, gap=2)
    assert len(lines) > 10
    wider = SHAPE.buffer(0.01)
    assert all(wider.covers(shapely.LineString(line)) for line in lines)
    for (x1, y1), (x2, y2) in lines:
        if abs(x1 - x2) > 1e-6:
            slope = (y2 - y1) / (x2 - x1)  # downwards on paper
            assert (slope < 0) == rising


def test_dots_lie_within() -> None:
    found = dots(SHAPE, 2)
    assert found
    assert all(SHAPE.covers(shapely.Point(at)) for at in found)


def test_north_is_up_and_everything_fits_the_frame() -> None:
    onto = placed(BOUNDS, FRAME)
    north, south = onto(shapely.Point(122, 43)), onto(shapely.Point(122, 39))
    assert north.y < south.y
    box = onto(shapely.box(*BOUNDS)).bounds
    assert box[0] >= FRAME[0] - 1e-6
    assert box[2] <= FRAME[0] + FRAME[2] + 1e-6
    assert box[3] <= FRAME[1] + FRAME[3] + 1e-6
    degree = onto(shapely.LineString([(122, 41), (122, 42)])).length
    assert kilometre(BOUNDS, FRAME) * 111.32 == pytest.approx(degree)


def test_every_part_of_a_shape_is_a_ring() -> None:
    both = shapely.MultiPolygon([shapely.box(0, 0, 1, 1), shapely.box(2, 0, 3, 1)])
    assert [len(ring) for ring in rings(both)] == [5, 5]


@given(st.text("汉字ab1", max_size=80), st.integers(12, 60))
def test_wrapping_keeps_every_sign(text: str, wide: int) -> None:
    rows = wrapped(text, wide, 3)
    assert "".join(rows) == text
    assert all(len(row) * 3 * 0.56 <= wide for row in rows)


def test_what_restricted_matters_leave_between_parts_and_whole_is_not_worked_out() -> None:
    assert [part.written for part in _parts({"南街": 9, "东街": 5}, whole=15)] == ["9", "—"]
    assert [part.written for part in _parts({"南街": 9, "东街": 5}, whole=14)] == ["9", "5"]
    assert [part.written for part in _parts({"南街": 9, "东街": 5}, whole=20)] == ["9", "5"]


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 9)), st.integers(0, 5))
def test_no_single_hidden_part_is_the_only_unknown(counts: dict[str, int], rest: int) -> None:
    parts = _parts(counts, whole=sum(counts.values()) + rest)
    hidden = [part for part in parts if part.count is None]
    assert all(part.written in ("<3", "—") for part in hidden)
    assert all(part.count is None or part.count == 0 or part.count >= 3 for part in parts)
