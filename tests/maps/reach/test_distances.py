"""Great-circle distances, bands at their bounds, and what is nearest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuantou.maps.reach.distances import EARTH_KM, Bands, distances, nearest, thresholds

POSITIONS = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


def test_a_degree_of_latitude_is_known() -> None:
    (apart,) = distances([(119.0, 41.0)], [(119.0, 42.0)])[0]
    assert apart == pytest.approx(EARTH_KM * 3.141592653589793 / 180)


def test_shenyang_to_dalian() -> None:
    (apart,) = distances([(123.4315, 41.8057)], [(121.6147, 38.9140)])[0]
    assert apart == pytest.approx(356.3, abs=0.5)  # great circle of these two points by hand


@given(POSITIONS, POSITIONS)
def test_there_is_as_far_as_back(one: tuple[float, float], other: tuple[float, float]) -> None:
    there, back = distances([one], [other])[0, 0], distances([other], [one])[0, 0]
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= EARTH_KM * 3.1416


@pytest.mark.parametrize(
    ("km", "band"), [(0, "near"), (15, "near"), (15.01, "middle"), (30, "middle"), (30.01, "far")]
)
def test_bands_hold_their_bounds(km: float, band: str) -> None:
    assert Bands(15, 30).of(km) == band
    assert Bands(15, 30).of(None) == ""


def test_the_nearest_of_none_is_nothing() -> None:
    assert nearest([(119.0, 41.0)], []) == [None]
    assert nearest([], [(119.0, 41.0)]) == []
    (found,) = nearest([(119.0, 41.0)], [(120.0, 41.0), (119.1, 41.0)])
    assert found is not None
    assert found[0] == 1


def test_the_thresholds_are_in_order() -> None:
    terms = thresholds()
    assert terms.tribunal.near_km < terms.tribunal.far_km
    assert terms.mediation.near_km < terms.mediation.far_km
    assert terms.months >= 1
