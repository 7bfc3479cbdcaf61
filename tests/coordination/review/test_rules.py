"""The checklist, who may review whom, starred names and sums, without a database."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuantou.coordination.review import checklist
from yuantou.coordination.review.masking import masked
from yuantou.coordination.review.pairing import ClosedFile, Reviewer, pair
from yuantou.coordination.review.summing import sums
from yuantou.crypto.keyring import KeyRing

ITEMS = checklist.read()
RING = KeyRing({1: b"k" * 32}, b"i" * 32)
areas = st.sampled_from(["211382", "211324", "210102"])
files = st.lists(
    st.builds(ClosedFile, st.integers(1, 10_000), areas, st.frozensets(st.integers(1, 6))),
    unique_by=lambda file: file.dispute_id,
    max_size=20,
)
reviewers = st.lists(
    st.builds(Reviewer, st.integers(1, 99), st.integers(1, 6), areas),
    unique_by=lambda one: one.account_id,
    max_size=6,
)


def test_the_shipped_checklist_covers_papers_and_law() -> None:
    assert {item.group for item in ITEMS} == {"papers", "law"}
    assert {"record", "agreement", "follow_up", "voluntary", "paths", "police"} <= {
        item.code for item in ITEMS
    }
    assert checklist.restored(checklist.kept(ITEMS)) == ITEMS


def test_a_code_used_twice_is_refused(tmp_path: Path) -> None:
    item = '[[item]]\ncode = "a"\ngroup = "law"\nneed = "if"\nname_zh = "甲"\nbasis = ""\n'
    (tmp_path / "twice.toml").write_text(item * 2, encoding="utf-8")
    with pytest.raises(checklist.ChecklistError, match="used twice"):
        checklist.read(tmp_path / "twice.toml")


def test_what_every_file_must_have_is_never_out_of_place() -> None:
    findings = {item.code: {"verdict": "none"} for item in ITEMS}
    must = [item.code for item in ITEMS if item.need == "must"]
    assert checklist.missing(ITEMS, findings) == must
    assert checklist.unexplained(ITEMS, {"free": {"verdict": "flaw", "note": ""}}) == ["free"]


@given(files, reviewers, st.text(max_size=5))
def test_nobody_reviews_his_own_area_or_unit(
    held: list[ClosedFile], many: list[Reviewer], seed: str
) -> None:
    made = pair(held, many, seed)
    assert all(file.area != one.area for file, one in made)
    assert all(one.agency_id not in file.agencies for file, one in made)
    fit = {file.dispute_id for file in held if any(one.may_review(file) for one in many)}
    assert {file.dispute_id for file, _one in made} == fit


def test_the_load_is_even() -> None:
    held = [ClosedFile(number, "211382", frozenset({1})) for number in range(1, 11)]
    two = [Reviewer(1, 2, "211324"), Reviewer(2, 3, "210102")]
    made = [one.account_id for _file, one in pair(held, two, "s")]
    assert (made.count(1), made.count(2)) == (5, 5)


def test_an_erased_key_hides_names_by_their_masks_only() -> None:
    file = {"key": None, "parties": [{"mask": "张∗∗", "sealed": "x"}], "summary": "院墙"}
    assert masked(file, RING) == {"parties": [{"mask": "张∗∗"}], "summary": "院墙"}


def test_sums_count_item_by_item_with_an_interval() -> None:
    judged = [{"free": {"verdict": v}} for v in ("ok", "ok", "flaw", "none")]
    free = next(one for one in sums(ITEMS, judged) if one.item.code == "free")
    assert (free.ok, free.flaw, free.none) == (2, 1, 1)
    assert free.share == "66.7%（20.8%–93.9%）"
