"""What matters share: counted, restricted ones in no place, small counts hidden where they must."""

from datetime import date

from yuantou.alerts.governance.analyses.presenting import compared_words, lines
from yuantou.alerts.governance.analyses.sharing import Taken, digest, leading_type, shared


def taken(number: int, **changes: object) -> Taken:
    """One matter."""
    told: dict[str, object] = {
        "type": "migrant_wages", "area": "211382001", "day": date(2026, 3, number),
        "restricted": False,
        "involved": 2, "amount": 100.0, "organisations": frozenset({"宏达公司"}),
    } | changes  # fmt: skip
    return Taken(id=number, **told)  # type: ignore[arg-type]


def test_an_organisation_that_one_matter_names_is_not_shared() -> None:
    members = [taken(1), taken(2), taken(3, organisations=frozenset({"另一公司"}))]
    assert shared(members)["organisations"] == [["宏达公司", 2]]


def test_restricted_ones_count_in_sums_alone() -> None:
    found = shared([taken(1), taken(2, restricted=True)])
    assert (found["size"], found["types"]) == (2, [["migrant_wages", 2]])
    assert (found["places"], found["organisations"]) == ([["211382001", 1]], [])


def test_the_hash_sees_a_changed_list_and_a_changed_count() -> None:
    frozen = shared([taken(1), taken(2)])
    assert digest([2, 1], frozen) == digest([1, 2], frozen)
    assert digest([1, 2], frozen) != digest([1, 3], frozen)
    assert digest([1, 2], frozen) != digest([1, 2], {**frozen, "size": 3})


def test_half_of_them_name_the_class() -> None:
    assert leading_type([taken(1), taken(2, type="neighborhood")]) == "migrant_wages"
    several = [taken(1, type="a"), taken(2, type="b"), taken(3, type="c")]
    assert leading_type(several) is None


def test_small_counts_hide_and_take_another_along() -> None:
    counted = [["a", 9], ["b", 4], ["c", 1]]
    assert lines(counted, 14, {}, open_=True) == [("a", "9"), ("b", "4"), ("c", "1")]
    assert lines(counted, 14, {}, open_=False) == [("a", "9"), ("b", "—"), ("c", "<3")]


def test_only_what_the_interval_bears_is_claimed() -> None:
    told = {"from": "2026-01-01", "recent": 9, "earlier": 12, "expected": "3.0", "ratio": "3.00"}
    more = compared_words({**told, "lower": "1.20", "upper": "7.00"}, open_=True)
    unsure = compared_words({**told, "lower": "0.80", "upper": "7.00"}, open_=True)
    assert (more.endswith("多于平时。"), unsure.endswith("不能说多于或者少于平时。")) == (
        True,
        True,
    )


def test_a_small_number_of_the_class_is_not_compared_for_those_who_see_sums() -> None:
    told = {"from": "2026-01-01", "recent": 9, "earlier": 2, "expected": "0.5", "ratio": "18.00",
            "lower": "4.00", "upper": "170.00"}  # fmt: skip
    assert compared_words(told, open_=False) == "同类事项不足 3 件，不列比较。"
    assert "18.00" in compared_words(told, open_=True)


def test_what_restricted_matters_leave_between_the_places_is_not_worked_out() -> None:
    counted = [("A", 7), ("B", 4)]
    told = dict(lines(counted, 12, {}, open_=False))
    assert told == {"A": "7", "B": "—"}
    assert dict(lines(counted, 11, {}, open_=False)) == {"A": "7", "B": "4"}
    assert dict(lines(counted, 12, {}, open_=True)) == {"A": "7", "B": "4"}
