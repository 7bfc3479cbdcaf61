"""Reasons are stored as codes and said in the language of the page; older rows still read."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from yuantou.alerts.detection.words import ALL_TYPES, FOUND_BY, TOGETHER, found_by, says
from yuantou.alerts.words import sentence

OLD: dict[str, Any] = {
    "say": FOUND_BY,
    "with": {"detectors": "短期突增（EARS）、缓慢累积（CUSUM）", "rate": "5"},
}


@pytest.mark.parametrize("reason", [found_by(["D_EARS", "D_CUSUM"], 0.05), OLD])
def test_detectors_are_named_in_the_language_of_the_page(
    app: Flask, reason: dict[str, Any]
) -> None:
    with app.test_request_context(), force_locale("zh"):
        assert "“短期突增（EARS）、缓慢累积（CUSUM）”" in sentence(reason)
    with app.test_request_context(), force_locale("en"):
        assert "Short burst (EARS), " in sentence(reason)
        assert "突增" not in sentence(reason)


def test_codes_are_what_is_stored() -> None:
    assert found_by(["D_SCAN"], 0.1)["with"]["detectors"] == ["D_SCAN"]


def test_a_list_of_places_and_all_types_are_said_too(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        told = {"type": ALL_TYPES, "first": "2026-11-02", "last": "2026-11-22", "observed": "9",
                "expected": "2.5"}  # fmt: skip
        together = sentence(says(TOGETHER, names="甲县、乙县", number=2, **told))
        assert "甲县, 乙县" in together
        assert ALL_TYPES not in sentence(says("%(type)s", type=ALL_TYPES))
