"""Whether a county differs from its peers and its own past: said only where a test says so.

`frozen` is read at gathering, over all counties at once, and written as text into the inputs;
`findings` is reckoned from the frozen inputs alone. Words are for the page and the files.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from yuantou.assessments.sealing import rounded
from yuantou.indicators.figures import Figure
from yuantou.indicators.standing.comparing import HIGHER, LOWER, Finding
from yuantou.indicators.standing.placing import ABOVE, BELOW, UNJUDGED, Minimums, stand
from yuantou.indicators.standing.showing import minimums
from yuantou.territory.models import Area

UNKNOWN = "unknown"
_ABOUT = {ABOVE: HIGHER, BELOW: LOWER}


def among(
    codes: Sequence[str], counties: Sequence[Area], own: Mapping[tuple[str, str], Figure]
) -> dict[str, dict[str, Any]]:
    """Every county among the others, by the figures that stand in their reports."""
    least = minimums()
    return {code: frozen([own[code, each.code] for each in counties], least) for code in codes}


def frozen(figures: Sequence[Figure], least: Minimums) -> dict[str, dict[str, str | int | None]]:
    """By county: its verdict among all counties, after the spread that all share; texts only."""
    standing = stand(figures, least, grouping=False)
    if standing is None:
        return {}
    spread = rounded(standing.phi, 2)
    return {
        place.figure.area_code: {
            "verdict": place.verdict,
            "phi": spread,
            "judged": standing.judged,
        }
        for place in standing.places
    }


def findings(among: Mapping[str, Any] | None, past: Finding) -> dict[str, str]:
    """What may be claimed: `peers` and `past`, each higher, lower, alike or unknown."""
    verdict = (among or {}).get("verdict", UNJUDGED)
    peers = UNKNOWN if verdict == UNJUDGED else _ABOUT.get(verdict, "alike")
    return {"peers": peers, "past": past.code}


def sentence(name: str, found: Mapping[str, str]) -> str:
    """One plain sentence of an indicator; no difference is claimed that no test found."""
    peers = {
        HIGHER: _("高于全省各县区的共同水平，超出偶然和共有差异"),
        LOWER: _("低于全省各县区的共同水平，超出偶然和共有差异"),
        "alike": _("与全省各县区的差别不超出偶然和共有差异"),
    }.get(found["peers"], _("与各县区比：数据不足，不作判断"))
    past = {
        HIGHER: _("比自己前几年同期高，超出偶然"),
        LOWER: _("比自己前几年同期低，超出偶然"),
        "alike": _("与自己前几年同期的差别不超出偶然"),
    }.get(found["past"], _("与往年比：数据不足，不作判断"))
    return _("%(name)s：%(peers)s；%(past)s。", name=name, peers=peers, past=past)
