"""Getis-Ord Gi*: hot and cold spots."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.hotspots import gi_star
from geo.weights import contiguity, distance_band
from tests.geo.land import row_of, squares

GRID = contiguity(squares(4, 3))
values = arrays(np.float64, 12, elements=st.integers(0, 50).map(float))


def test_the_worked_example_of_getis_and_ord() -> None:
    # Six points, band 15; z of Gi* at the first point with binary weights: esda's own test.
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)])
    spots = gi_star([2, 3, 3.2, 5, 8, 7], distance_band(points, 15))
    assert spots["z"][0] == pytest.approx(-1.39727626, abs=1e-8)


def test_crime_in_columbus(columbus: gpd.GeoDataFrame) -> None:
    # esda and R's spdep on the same queen weights: 11 of 49 above 1.96, the highest
    # 3.475051; 9 are left after Benjamini-Hochberg at 5 %.
    spots = gi_star(columbus["CRIME"], contiguity(columbus))
    assert (spots["z"] > 1.96).sum() == 11
    assert spots["z"].max() == pytest.approx(3.475051, abs=1e-6)
    assert spots["significant"].sum() == 9
    assert spots["cluster"].value_counts().to_dict() == {
        "hot": 7, "cold": 2, "not significant": 40,
    }  # fmt: skip


def test_a_planted_cluster_is_found() -> None:
    weights = contiguity(squares(12, 12))
    rates = np.random.default_rng(3).normal(10, 1, 144)
    planted = [13, 14, 15, 25, 26, 27, 37, 38, 39]
    rates[planted] += 6
    spots = gi_star(rates, weights, seed=1, inference="permutation", permutations=9_999)
    assert spots["cluster"][26] == "hot"
    assert (spots["cluster"] == "cold").sum() == 0


def test_the_same_seed_gives_the_same_table() -> None:
    rates = np.arange(12.0) ** 2
    same = gi_star(rates, GRID, seed=7)
    pd.testing.assert_frame_equal(same, gi_star(rates, GRID, seed=7))
    assert (same["p_sim"] != gi_star(rates, GRID, seed=8)["p_sim"]).any()


def test_the_table_keeps_the_codes_of_a_series() -> None:
    codes = ["210102", "210103", "210104", "210105"]
    rates = pd.Series([4, 1, None, 7], index=codes, dtype="Int64")
    spots = gi_star(rates, row_of(4))
    assert spots.index.tolist() == codes
    assert np.isnan(spots["z"]["210104"])


def test_an_island_is_not_judged() -> None:
    weights = contiguity(squares(12), islands="keep").toarray()
    weights[5, :] = weights[:, 5] = 0
    spots = gi_star(np.arange(12.0), weights)
    assert spots.loc[5, ["z", "p", "p_sim", "p_adjusted"]].isna().all()
    assert not spots["significant"][5]
    assert spots["cluster"][5] == "not judged"
    assert spots.drop(index=5)["z"].notna().all()


def test_an_unknown_value_is_left_out_also_as_a_neighbour() -> None:
    rates = np.array([4.0, 1, np.nan, 7, 2, 9])
    spots = gi_star(rates, row_of(6), permutations=0)
    assert np.isnan(spots["z"][2])
    left = gi_star(rates[:2], row_of(2), permutations=0)["z"].to_numpy()
    assert np.isnan(left).all()
    known = np.delete(rates, 2)
    weights = np.delete(np.delete(row_of(6).toarray(), 2, 0), 2, 1)
    assert spots["z"].drop(index=2).to_numpy() == pytest.approx(
        gi_star(known, weights, permutations=0)["z"].to_numpy()
    )


@pytest.mark.parametrize("same", [[0.0] * 12, [1e9 + 0.1] * 12, [0.1 + 0.2, 0.3] * 6])
def test_where_all_are_equal_nothing_is_judged(same: list[float]) -> None:
    spots = gi_star(same, GRID)
    assert spots[["z", "p", "p_sim", "p_adjusted"]].isna().all(axis=None)
    assert set(spots["cluster"]) == {"not judged"}


def test_one_area_and_none_known_are_not_judged() -> None:
    assert gi_star([3.0], [[0]])["cluster"].tolist() == ["not judged"]
    assert gi_star([np.nan, np.nan], row_of(2))["cluster"].tolist() == ["not judged"] * 2


def test_an_area_that_touches_all_others_is_not_judged() -> None:
    spots = gi_star([1.0, 5, 9], row_of(3))
    assert spots[["z", "p", "p_sim"]].isna().all(axis=1).tolist() == [False, True, False]


def test_many_zeros_make_no_cold_spot() -> None:
    # Nearly every draw of three areas sums to 0 too; a tie is no evidence.
    counts = np.zeros(144)
    counts[70] = 9.0
    spots = gi_star(counts, contiguity(squares(12, 12)), seed=2)
    assert spots["p_sim"][0] > 0.5


@given(values, st.floats(0.1, 1e3), st.floats(-100, 100))
def test_scale_and_origin_do_not_matter(rates: np.ndarray, scale: float, shift: float) -> None:
    plain, moved = gi_star(rates, GRID, seed=1), gi_star(rates * scale + shift, GRID, seed=1)
    for column in ("z", "p", "p_sim"):
        assert moved[column].to_numpy() == pytest.approx(
            plain[column].to_numpy(), abs=1e-6, nan_ok=True
        )


@given(values, st.permutations(range(12)))
def test_the_order_of_areas_does_not_matter(rates: np.ndarray, order: list[int]) -> None:
    weights = GRID.toarray()[np.ix_(order, order)]
    z = gi_star(rates[order], weights, permutations=0)["z"].to_numpy()
    plain = gi_star(rates, GRID, permutations=0)["z"].to_numpy()
    assert z == pytest.approx(plain[order], abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"level": 5}, "level must lie between 0 and 1"),
        ({"inference": "guess"}, "inference must be"),
        ({"permutations": -1}, "permutations must not be -1"),
        ({"permutations": 0, "inference": "permutation"}, "permutations must not be 0"),
        ({"values": [1.0, np.inf, 2]}, "values infinite at position 1"),
        ({"values": [[1.0]]}, "one-dimensional"),
        ({"values": [1.0, 2.0]}, "weights must be 2 x 2"),
    ],
)
def test_bad_input_is_named(wrong: dict[str, object], message: str) -> None:
    given_input: dict[str, object] = {"values": [1.0, 2, 3], "weights": row_of(3), **wrong}
    with pytest.raises(ValueError, match=message):
        gi_star(**given_input)  # type: ignore[arg-type]
