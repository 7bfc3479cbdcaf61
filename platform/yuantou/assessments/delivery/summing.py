"""The summary of a city or the province from the sealed reports of its counties: pure sums.

Counties stand in the order of their codes and are never ranked. What a county lacks is left out of
the sum and named; a share of counties that reached a target says how many cannot be judged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from yuantou.assessments.judging import verdict
from yuantou.assessments.measures import Count, Scale, interval
from yuantou.assessments.scheme import Scheme, scheme
from yuantou.assessments.sealing import ROUNDING_RULE, rounded
from yuantou.assessments.trends import Month, trend

Document = Mapping[str, Any]
LISTED, SMALLEST = 10, 3
STANDINGS = ("reached", "not_yet", "unsure", "open", "missing")
YEARLY = ("rate", "count")  # they grow with the year; a share does not


@dataclass(frozen=True)
class Part:
    """One county's sealed report."""

    seal: str
    inputs: Document
    content: Document

    @property
    def area(self) -> str:
        """Its code."""
        return str(self.content["about"]["area"])

    def figure(self, code: str) -> Document:
        """One indicator of it."""
        return self._figures[code]

    @cached_property
    def _figures(self) -> dict[str, Document]:
        return {each["code"]: each for each in self.content["indicators"]}

    @property
    def annex(self) -> Document:
        """What stands beside the scheme; empty for an old report."""
        found: Document = self.content.get("annex") or {}
        return found


def summarise(area: Document, parts: Sequence[Part]) -> dict[str, Any]:
    """The content of a summary of `area` (code, name, level); no county at all is a ValueError."""
    if not parts:
        raise ValueError(f"no report below {area['code']}")
    parts = sorted(parts, key=lambda part: part.area)
    rules = scheme(parts[0].inputs["scheme"])
    return {
        "about": _about(area, parts[0].content["about"])
        | ({"tested": True} if _tested(parts) else {}),
        "scheme": parts[0].inputs["scheme"],
        "rounding": ROUNDING_RULE,
        "indicators": [_indicator(code, parts, rules) for code in rules.indicators],
        "annex": [_annexed(code, parts, rules) for code in _annexed_codes(parts)],
        "types": _types(parts, str(area["level"])),
        "overdue": sum(part.annex["overdue"]["count"] for part in parts if part.annex),
        "red": sum(part.annex["red"] for part in parts if part.annex),
        "trend": _trend(parts, rules),
        "counties": [_county(part, rules.headline) for part in parts],
        **_founded(parts, str(area["code"])),
    }


def _founded(parts: Sequence[Part], area: str) -> dict[str, list[Document]]:
    """The counties of the area that were founded or ended since last year, if any."""
    found = [
        each
        for each in parts[0].inputs.get("founded", ())
        if area in each["path"].strip("/").split("/")
    ]
    return {"founded": found} if found else {}


def _about(area: Document, found: Document) -> dict[str, Any]:
    keys = ("scheme", "scheme_version", "headline", "period_start", "period_end", "demo")
    return {key: found[key] for key in keys} | {
        "area": area["code"],
        "name": area["name"],
        "level": area["level"],
        "edition": area["edition"],
        "kind": found.get("kind", "monthly"),
    }


def _indicator(code: str, parts: Sequence[Part], rules: Scheme) -> dict[str, Any]:
    words = parts[0].figure(code)["definition"]
    known = [part for part in parts if part.figure(code)["own"]]
    lacking = [part for part in parts if not part.figure(code)["own"]]
    scale = _scale(code, words, rules)
    before = [part.figure(code)["baseline"] for part in known]
    own = _sum(part.figure(code)["own"] for part in known)
    base = _sum(before) if known and all(before) else None
    return {
        "code": code,
        "definition": words,
        "own": _written(own, scale),
        "counties": len(known),
        "of": len(parts),
        "lacking": [part.content["about"]["name"] for part in lacking],
        "baseline": _written(base, scale),
        "verdict": verdict(own, base, scale, tested=_tested(parts)),
        "targets": _targets(code, parts),
    }


def _scale(code: str, words: Document, rules: Scheme) -> Scale:
    rate = words["kind"] == "rate"
    places = rules.rate_places if rate else rules.share_places
    return Scale(code, words["kind"], words["per"], places)


def _sum(figures: Any) -> Count | None:
    held = list(figures)
    whole = sum(each["denominator"] for each in held)
    return Count(sum(each["numerator"] for each in held), whole) if whole else None


def _written(count: Count | None, scale: Scale) -> dict[str, Any] | None:
    if count is None:
        return None
    limits = interval(count, scale)
    return {
        "value": rounded(limits.mean, scale.places),
        "low": rounded(limits.low, scale.places),
        "high": rounded(limits.high, scale.places),
        "numerator": count.events,
        "denominator": count.whole,
    }


def _tested(parts: Sequence[Part]) -> bool:
    """Whether every report was judged by the test; older ones were not."""
    return all(part.content["about"].get("tested") for part in parts)


def _targets(code: str, parts: Sequence[Part]) -> dict[str, int] | None:
    """How many counties stand how to their own target; None where none has one."""
    stands = [
        standing(part.figure(code), part.content["about"])
        for part in parts
        if part.figure(code)["target"]
    ]
    return {word: stands.count(word) for word in STANDINGS} if stands else None


def standing(figure: Document, about: Document) -> str:
    """A figure to its target: reached or not only where the 95 % interval says so.

    What grows with the year keeps a ceiling only when the year is over; passed it may be before.
    """
    own, target = figure["own"], figure["target"]
    if not own or not target:
        return "missing"
    low, high, aim = Decimal(own["low"]), Decimal(own["high"]), Decimal(target["value"])
    down = target["direction"] == "down"
    if figure["definition"]["kind"] in YEARLY and not _whole_year(about):
        passed = about["period_start"].endswith("-01-01") and (low > aim if down else low >= aim)
        return ("not_yet" if down else "reached") if passed else "open"
    if high <= aim if down else low >= aim:
        return "reached"
    if low > aim if down else high < aim:
        return "not_yet"
    return "unsure"


def _annexed_codes(parts: Sequence[Part]) -> list[str]:
    return [one["code"] for one in parts[0].annex.get("figures", [])]


def _annexed(code: str, parts: Sequence[Part], rules: Scheme) -> dict[str, Any]:
    held = [one for part in parts for one in part.annex.get("figures", []) if one["code"] == code]
    known = [one for one in held if one["own"]]
    words = held[0]["definition"]
    return {
        "code": code,
        "definition": words,
        "own": _annexed_sum([one["own"] for one in known], _scale(code, words, rules)),
        "counties": len(known),
        "of": len(parts),
    }


def _annexed_sum(figures: Sequence[Document], scale: Scale) -> dict[str, Any] | None:
    if not figures:
        return None
    events = sum(each["numerator"] for each in figures)
    if scale.kind == "count":
        return {"value": str(events), "low": None, "high": None, "numerator": events,
                "denominator": None}  # fmt: skip
    count = _sum(figures)
    if count is None or scale.kind == "ratio":
        return None
    return _written(count, scale)


def _types(parts: Sequence[Part], level: str) -> list[dict[str, Any]]:
    """The largest that may be told; which may not was found over all counties of the run."""
    now: dict[str, int] = {}
    for part in parts:
        annex = part.inputs.get("annex") or {}
        shut = annex.get("veiled", {}).get(level, {}).get("now", ())
        for code, name, number, _before in annex.get("types", []):
            if code not in shut:
                now[name] = now.get(name, 0) + number
    largest = sorted(now.items(), key=lambda pair: (-pair[1], pair[0]))[:LISTED]
    return [{"name": name, "now": number} for name, number in largest if number >= SMALLEST]


def _trend(parts: Sequence[Part], rules: Scheme) -> dict[str, Any]:
    """The headline month by month: only months that every county with a population has."""
    held = [part for part in parts if part.inputs["population"]]
    if not held:
        return trend([], _scale(rules.headline, _words(parts, rules), rules), rules.breaks)
    persons = sum(int(part.inputs["population"]["persons"]) for part in held)
    months = []
    for place, (month, _events) in enumerate(held[0].inputs["trend"]):
        counts = [part.inputs["trend"][place][1] for part in held]
        whole = None not in counts
        months.append(Month(month, Count(sum(counts), persons) if whole else None))
    return trend(months, _scale(rules.headline, _words(parts, rules), rules), rules.breaks)


def _words(parts: Sequence[Part], rules: Scheme) -> Document:
    found: Document = parts[0].figure(rules.headline)["definition"]
    return found


def _county(part: Part, headline: str) -> dict[str, Any]:
    figure = part.figure(headline)
    return {
        "code": part.area,
        "name": part.content["about"]["name"],
        "seal": part.seal,
        "edition": part.content["about"]["edition"],
        "own": figure["own"],
        "verdict": figure["verdict"] if figure["own"] else "unknown",
        "target": figure["target"]["value"] if figure["target"] else None,
        "standing": standing(figure, part.content["about"]) if figure["target"] else None,
    }


def year_end(content: Document) -> bool:
    """Whether the summary speaks of a whole year."""
    return _whole_year(content["about"])


def _whole_year(about: Document) -> bool:
    start, end = (date.fromisoformat(about[key]) for key in ("period_start", "period_end"))
    return (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
