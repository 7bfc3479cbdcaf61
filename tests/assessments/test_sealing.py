"""One spelling, one hash, one way to round."""

import ast
from decimal import Decimal

import pytest

from yuantou.assessments.sealing import Shared, canonical, digest, rounded
from yuantou.assessments.versions import sources
from yuantou.database.connections import ROOT


def test_the_order_of_keys_does_not_matter() -> None:
    assert canonical({"b": [1, None], "a": "区"}) == '{"a":"区","b":[1,null]}'.encode()


def test_a_float_is_refused_wherever_it_stands() -> None:
    with pytest.raises(TypeError, match=r"0\.1"):
        canonical({"a": [{"b": 0.1}]})


def test_a_part_that_many_share_is_spelled_as_if_it_were_each_ones_own() -> None:
    rules = {"b": [1, None], "a": {"区": "县"}}
    shared = Shared(rules)
    for whole in (lambda part: {"x": part}, lambda part: {"y": [part, {"z": part}], "a": "b"}):
        assert canonical(whole(shared)) == canonical(whole(rules))
        assert canonical(whole(Shared({"within": shared}))) == canonical(whole({"within": rules}))
    assert shared == rules


def test_a_float_is_refused_in_a_shared_part_and_what_is_no_document_everywhere() -> None:
    with pytest.raises(TypeError, match=r"0\.1"):
        canonical({"a": Shared({"b": 0.1})})
    with pytest.raises(TypeError, match="Decimal"):
        canonical({"a": Decimal(1)})


def test_sm3_of_the_standard() -> None:
    """GB/T 32905-2016, annex A.1."""
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest(b"abc") == known


def test_sha256_can_be_chosen_and_others_cannot() -> None:
    assert digest(b"", "sha256").startswith("e3b0c442")
    with pytest.raises(ValueError, match="md5"):
        digest(b"", "md5")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "0.3"),
        (64.45, "64.5"),
        (-0.04, "0.0"),
        (-0.06, "-0.1"),
        (Decimal("2.05"), "2.1"),
        (7, "7.0"),
        (None, None),
    ],
)
def test_rounding_is_half_up_and_never_minus_zero(
    value: float | Decimal | None, text: str | None
) -> None:
    assert rounded(value, 1) == text


def test_whatever_a_sealed_document_is_reckoned_by_is_in_the_version_of_the_code() -> None:
    held = {file.resolve() for file in sources()}
    package, waiting = ROOT / "platform", ["assessments/reckoning", "assessments/delivery/summing"]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        file = package / "yuantou" / f"{name}.py"
        if name in seen or not file.exists() or name.split("/")[0] != "assessments":
            continue
        seen.add(name)
        assert file.resolve() in held, name
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("yuantou."):
                waiting.append((node.module or "").removeprefix("yuantou.").replace(".", "/"))
    assert len(seen) > 8
    assert any(file.parent.name == "geo" for file in held)
