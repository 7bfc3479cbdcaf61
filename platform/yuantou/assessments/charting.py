"""What the charts of a report are drawn from, out of its sealed content."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

Document = Mapping[str, Any]


def years_words(years: Sequence[int]) -> str:
    """Of which years a baseline is."""
    return _("%(years)s 年同期", years="、".join(str(each) for each in years))


def scale(one: Document) -> dict[str, Any]:
    """A figure on its baseline, with the means as ticks."""
    own, before = one["own"], one["baseline"]
    marks = [
        {"label": label, "value": float(found["value"])}
        for label, found in ((_("全市"), one["city"]), (_("全省"), one["province"]))
        if found
    ]
    return {
        "own": float(own["value"]),
        "low": float(own["low"]),
        "high": float(own["high"]),
        "band_low": float(before["low"]) if before else None,
        "band_high": float(before["high"]) if before else None,
        "marks": marks,
        "words": _scale_words(before),
    }


def _scale_words(before: Document | None) -> str:
    if not before:
        return _("没有口径可比的往年同期，不画基线。")
    years = years_words(before["years"])
    return _("自身基线取 %(years)s，同一人口口径。", years=years)


def chart(trend: Document) -> dict[str, Any]:
    """A run of months with its limits and breaks."""
    values = [None if value is None else float(value) for value in trend["values"]]
    return {
        "labels": [f"{text[2:4]}年{int(text[5:7])}月" for text in trend["months"]],
        "values": values,
        "known": any(value is not None for value in values),
        "bounds": [
            {**one, **{key: float(one[key]) for key in ("mean", "lower", "upper")}}
            for one in trend["limits"]
        ],
        "breaks": [
            {"at": at, "text": _("2025年1月起先立案，前后不直接相比")} for at in trend["breaks"]
        ],
    }
