"""What a figure would be if an objection were upheld: the same inputs with so many more or less."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yuantou.assessments.reckoning import report

Document = Mapping[str, Any]


class Claim(StrEnum):
    """What a unit says of one matter."""

    OUT = "out"
    NO_HIT = "no_hit"
    HIT = "hit"
    ADD = "add"
    ADD_HIT = "add_hit"


@dataclass(frozen=True, slots=True)
class Delta:
    """By how much numerator and denominator would change."""

    events: int
    whole: int


class NotClaimable(ValueError):
    """The claim does not fit what was counted; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def of_matter(claim: Claim, counted: bool | None) -> Delta:
    """What a claim on one matter changes; `counted`: None not counted at all, True if it hit."""
    if claim in (Claim.ADD, Claim.ADD_HIT):
        if counted is not None:
            raise NotClaimable("already_counted")
        return Delta(int(claim is Claim.ADD_HIT), 1)
    if counted is None:
        raise NotClaimable("not_counted")
    if claim is Claim.OUT:
        return Delta(-int(counted), -1)
    if (claim is Claim.HIT) is counted:
        raise NotClaimable("as_counted")
    return Delta(1 if claim is Claim.HIT else -1, 0)


def counterfactual(inputs: Document, code: str, delta: Delta) -> dict[str, Any]:
    """The figure as drafted and as it would be; NotClaimable where nothing can be reckoned."""
    before = report(inputs)
    after = report(adjusted(inputs, code, delta))
    return {
        "code": code,
        "name": _line(before, code)["definition"]["name_zh"],
        "unit": _line(before, code)["definition"]["unit_zh"],
        "before": _told(before, code),
        "after": _told(after, code),
        "score": [_score(before), _score(after)],
    }


def adjusted(inputs: Document, code: str, delta: Delta) -> dict[str, Any]:
    """A copy of the inputs with one own figure changed; out of its bounds is refused."""
    if code not in inputs["figures"]:
        raise NotClaimable("unknown_figure")
    made = deepcopy(dict(inputs))
    figure = made["figures"][code]
    own, rate = figure["own"], inputs["definitions"][code]["kind"] == "rate"
    if figure["missing"] or own["events"] is None:
        raise NotClaimable("missing_figure")
    own["events"] += delta.events
    if not rate:
        own["whole"] = (own["whole"] or 0) + delta.whole
    over = own["whole"] if inputs["definitions"][code]["kind"] == "share" else None
    if own["events"] < 0 or (over is not None and (over < 1 or own["events"] > over)):
        raise NotClaimable("out_of_bounds")
    return made


def _line(content: Document, code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in content["indicators"] if one["code"] == code)
    return found


def _told(content: Document, code: str) -> dict[str, Any]:
    line = _line(content, code)
    return {**(line["own"] or {}), "verdict": line["verdict"]}


def _score(content: Document) -> str | None:
    """The points, of how many were judged, by a scheme that gives any."""
    found = content.get("score") or {}
    return f"{found['points']} / {found['judged']}" if found.get("points") else None
