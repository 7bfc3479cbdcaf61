"""The content of one county's report, from its sealed inputs alone: no clock, no database.

A county is compared with its own earlier years and never ranked. It is `off` its baseline only
where a test says so (judging.py); what is missing gets no value and no verdict.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yuantou.assessments.annexes import annexed
from yuantou.assessments.judging import verdict
from yuantou.assessments.measures import Count, Scale, interval, value_of
from yuantou.assessments.peers import findings
from yuantou.assessments.periods import days_elapsed, days_in_year, year_ago
from yuantou.assessments.scheme import Scheme, scheme
from yuantou.assessments.scoring import scored
from yuantou.assessments.sealing import ROUNDING_RULE, rounded
from yuantou.assessments.trends import Month, trend
from yuantou.indicators.standing.comparing import Finding, compare_all

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class County:
    """The inputs of one county with the scheme they are read by."""

    inputs: Document
    scheme: Scheme

    @property
    def first(self) -> str:
        """The first month of the report."""
        return str(self.inputs["about"]["period_start"][:7])

    @property
    def tested(self) -> bool:
        """Whether it is judged by the test, as all are that are made now."""
        return bool(self.inputs["about"].get("tested"))

    @property
    def of_unit(self) -> bool:
        """Whether it is of a department or a township: figures of matters, no population."""
        return str(self.inputs["about"].get("level", "county")) != "county"

    @property
    def persons(self) -> int:
        """The population of the county, 0 when none was loaded."""
        found = self.inputs["population"]
        return int(found["persons"]) if found else 0

    def scale(self, code: str) -> Scale:
        """How the indicator is written."""
        words = self.inputs["definitions"][code]
        rate = words["kind"] == "rate"
        places = self.scheme.rate_places if rate else self.scheme.share_places
        return Scale(code, words["kind"], words["per"], places)

    def count(self, code: str, found: Document | None) -> Count | None:
        """Events and whole; a rate of any year stands on the one population of the report."""
        if found is None or found["events"] is None:
            return None
        whole = self.persons if self.scale(code).kind == "rate" else found["whole"]
        return Count(found["events"], whole) if whole else None

    def own(self, code: str) -> Count | None:
        """The figure of the report's period, None when it is missing."""
        found = self.inputs["figures"][code]
        return None if found["missing"] else self.count(code, found["own"])

    def across_break(self, month: str) -> bool:
        """Whether the counting of rates changed between `month` and the report's period."""
        return any(month < each.isoformat()[:7] <= self.first for each in self.scheme.breaks)


def report(inputs: Document) -> dict[str, Any]:
    """The content of the report; the same inputs give the same content."""
    county = County(inputs, scheme(inputs["scheme"]))
    indicators = _lines(county)
    return {
        "about": inputs["about"],
        "rounding": ROUNDING_RULE,
        "population": inputs["population"],
        "indicators": indicators,
        "year_ago": _year_ago(county),
        "trend": _trend(county),
        "progress": _progress(county),
        "sources": inputs["sources"],
        "notes": _notes(county),
        **scored(inputs, county.scheme, indicators),
        **annexed(inputs, county.scheme.rate_places, county.scheme.share_places),
    }


def lines(inputs: Document) -> list[dict[str, Any]]:
    """The figures of the report, each with its baseline, its means and its verdict."""
    return _lines(County(inputs, scheme(inputs["scheme"])))


def _lines(county: County) -> list[dict[str, Any]]:
    codes = county.scheme.indicators
    sides = [(county.own(code), *_baseline(county, code)) for code in codes]
    past = compare_all(
        [
            (
                county.scale(code).kind,
                own.pair if own else None,
                before.pair if before else None,
            )
            for code, (own, before, _years) in zip(codes, sides, strict=True)
        ]
    )
    return [
        _indicator(county, code, *both, found)
        for code, both, found in zip(codes, sides, past, strict=True)
    ]


def _indicator(
    county: County,
    code: str,
    own: Count | None,
    before: Count | None,
    years: Sequence[int],
    past: Finding,
) -> dict[str, Any]:
    found, scale = county.inputs["figures"][code], county.scale(code)
    return {
        "code": code,
        "definition": county.inputs["definitions"][code],
        "missing": found["missing"],
        "own": _figure(own, scale),
        "baseline": {**(_figure(before, scale) or {}), "years": years} if before else None,
        "city": _mean(found["city"], scale),
        "province": _mean(found["province"], scale),
        "verdict": verdict(own, before, scale, tested=county.tested, past=past),
        **_findings(county, code, past),
        "target": county.inputs["targets"].get(code),
    }


def _baseline(county: County, code: str) -> tuple[Count | None, list[int]]:
    """The same months of earlier years pooled, and which years; rates stop at a break."""
    counts, years = [], []
    for year, found in sorted(county.inputs["figures"][code]["before"].items(), reverse=True):
        count = county.count(code, found)
        rate = county.scale(code).kind == "rate"
        if count is None or (rate and county.across_break(f"{year}{county.first[4:]}")):
            continue
        counts.append(count)
        years.append(int(year))
    if not counts:
        return None, []
    pooled = Count(sum(each.events for each in counts), sum(each.whole for each in counts))
    return pooled, sorted(years)


def _findings(county: County, code: str, past: Finding) -> dict[str, dict[str, str]]:
    """What tests let one claim; reports sealed before they were made have none."""
    among = county.inputs.get("among")
    if among is None:
        return {}
    return {"findings": findings(among.get(code), past)}


def _figure(count: Count | None, scale: Scale) -> dict[str, Any] | None:
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


def _mean(found: Document | None, scale: Scale) -> dict[str, Any] | None:
    """The mean over those counties of the city or province whose figures are all there."""
    if not found or not found["whole"]:
        return None
    value = value_of(Count(found["events"], found["whole"]), scale)
    return {
        "value": rounded(value, scale.places),
        "counties": found["counties"],
        "of": found["of"],
    }


def _year_ago(county: County) -> dict[str, Any]:
    """The headline figure of the same months last year, on the same population."""
    code, scale = county.scheme.headline, county.scale(county.scheme.headline)
    before_month = year_ago(county.first, 1)
    if county.across_break(before_month):
        return {"missing": "break", "value": None, "change": None}
    own = county.own(code)
    before = county.count(code, county.inputs["figures"][code]["before"].get(before_month[:4]))
    if own is None or before is None or not before.events:
        return {"missing": "counts", "value": None, "change": None}
    value = rounded(value_of(before, scale), scale.places)
    if county.of_unit and scale.kind == "share":
        points = rounded(value_of(own, scale) - value_of(before, scale), scale.places)
        return {"missing": None, "value": value, "change": points, "points": True}
    change = rounded((own.events / before.events - 1) * 100, 1)
    return {"missing": None, "value": value, "change": change}


def _trend(county: County) -> dict[str, Any]:
    code = county.scheme.headline
    months = [
        Month(month, county.count(code, {"events": events, "whole": whole[0] if whole else None}))
        for month, events, *whole in county.inputs["trend"]
    ]
    breaks = () if county.of_unit else county.scheme.breaks  # of the courts' counting
    return trend(months, county.scale(code), breaks)


def _progress(county: County) -> dict[str, Any]:
    """How much of the year has passed, and of the headline's target been used."""
    end = date.fromisoformat(county.inputs["about"]["period_end"])
    elapsed, whole = days_elapsed(end), days_in_year(end)
    code, scale = county.scheme.headline, county.scale(county.scheme.headline)
    target, own = county.inputs["targets"].get(code), county.own(code)
    value = value_of(own, scale) if own else None
    aim = float(target["value"]) if target else 0.0
    from_january = county.first.endswith("-01")  # a target is of the year
    if not from_january or (county.of_unit and scale.kind == "share"):
        value = None  # a share is not used up, and does not grow with the year
    return {
        "days": elapsed,
        "of": whole,
        "passed": rounded(elapsed / whole * 100, 1),
        "target": target,
        "from_january": from_january,
        "used": None if value is None or not aim else rounded(value / aim * 100, 1),
        "forecast": None if value is None else rounded(value * whole / elapsed, scale.places),
    }


def _notes(county: County) -> list[dict[str, Any]]:
    """What a reader must know of the data, by kind; the page has the words."""
    inputs = county.inputs
    notes: list[dict[str, Any]] = [
        {"kind": "courts_missing", **gap} for gap in _gaps(inputs["figures"])
    ]
    notes += [{"kind": "revised", **one} for one in inputs["revised"]]
    notes += [{"kind": "adjusted", **one} for one in inputs.get("adjustments", ())]
    if not county.of_unit:
        notes.append(_population_note(county))
    notes += [{"kind": "founded", **one} for one in inputs.get("founded", ())]
    notes += [{"kind": "warning", "text": text} for text in _warnings(inputs["figures"])]
    return notes


def _gaps(figures: Document) -> list[dict[str, Any]]:
    """The courts whose counts are missing, each with its months, named once."""
    found: dict[str, set[str]] = {}
    for figure in figures.values():
        for gap in (figure["missing"] or {}).get("courts", []):
            found.setdefault(gap["court"], set()).update(gap["months"])
    return [{"court": court, "months": sorted(months)} for court, months in sorted(found.items())]


def _warnings(figures: Document) -> list[str]:
    seen: dict[str, None] = {}
    for figure in figures.values():
        seen.update(dict.fromkeys(figure["warnings"]))
    return list(seen)


def _population_note(county: County) -> dict[str, Any]:
    found = county.inputs["population"]
    if not found:
        return {"kind": "population_missing"}
    age = int(county.first[:4]) - 1 - found["year"]
    old = age >= county.scheme.population_old_after_years
    words = {"persons": found["persons"], "year": found["year"], "name": found["name_zh"]}
    return {"kind": "population_old" if old else "population", "age": age, **words}
