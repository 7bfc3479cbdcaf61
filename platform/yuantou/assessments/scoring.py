"""Points of one report by its scheme, from the sealed figures alone: decimals, no clock, no chance.

Points are reckoned on the figures as they are printed, so that whoever holds the report can do the
sums again. Where a figure may not be judged its points are withheld, and the total says out of how
many points was judged; withheld points are never spread over the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from yuantou.assessments.rows import HUNDRED, ONE, ZERO, Band, Row
from yuantou.assessments.scheme import Scheme
from yuantou.assessments.sealing import rounded

Document = Mapping[str, Any]


class Withheld(LookupError):
    """Why no points can be given; `code` is explained in explaining.py."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Facts:
    """What a row is judged by. `within`: no test tells it from its baseline."""

    value: Decimal
    baseline: Decimal | None = None
    within: bool = False
    last_year: Decimal | None = None
    mean: Decimal | None = None


def points(row: Row, facts: Facts) -> Decimal:
    """The points of a figure by its row, within the floor and cap; Withheld without base."""
    found = _METHODS[row.method](row, facts)
    return min(max(found, row.floor), row.most)


def band_of(row: Row, place: Decimal) -> Band:
    """The band in which a place lies; its bound belongs to it."""
    return next(each for each in row.bands if each.to is None or place <= each.to)


def place_in_bands(row: Row, facts: Facts) -> Decimal:
    """The value, or its percentage of the own baseline."""
    if row.of == "value":
        return facts.value
    return facts.value / _base(facts.baseline, "no_baseline") * HUNDRED


def rewarded(row: Row, facts: Facts) -> Decimal:
    """The value that a change is reckoned on: what goes beyond `reward_to` earns nothing."""
    if row.reward_to is None:
        return facts.value
    return (max if row.direction == "down" else min)(facts.value, row.reward_to)


def gap(row: Row, facts: Facts) -> Decimal:
    """How far a value is on the wrong side of its target, 0 where it meets it."""
    target = row.target or ZERO
    return max(target - facts.value if row.direction == "up" else facts.value - target, ZERO)


def _threshold(row: Row, facts: Facts) -> Decimal:
    return row.weight - (row.step or ZERO) * gap(row, facts)


def _yoy(row: Row, facts: Facts) -> Decimal:
    last = _base(facts.last_year, "no_last_year")
    return row.weight * (ONE + _better(row, rewarded(row, facts) / last - ONE))


def _bands(row: Row, facts: Facts) -> Decimal:
    if row.noise and _base(facts.baseline, "no_baseline") and facts.within:
        return max(each.score for each in row.bands)
    return band_of(row, place_in_bands(row, facts)).score


def _relative(row: Row, facts: Facts) -> Decimal:
    mean = _base(facts.mean, "no_mean")
    return row.weight * (ONE + _better(row, facts.value / mean - ONE))


def _better(row: Row, change: Decimal) -> Decimal:
    return (row.slope or ZERO) * (change if row.direction == "up" else -change)


def _base(value: Decimal | None, code: str) -> Decimal:
    if not value or value < ZERO:
        raise Withheld(code)
    return value


_METHODS = {
    "threshold_linear": _threshold,
    "yoy_linear": _yoy,
    "band": _bands,
    "relative_mean": _relative,
}


def scored(inputs: Document, scheme: Scheme, indicators: Iterable[Document]) -> dict[str, Any]:
    """{"score": …} of a report by a scheme that gives points; nothing by one that gives none."""
    if not scheme.score:
        return {}
    by_code = {each["code"]: each for each in indicators}
    merits = list(inputs.get("merits", ()))
    lines = [
        figure_line(row, scheme, inputs, by_code[row.code]) for row in scheme.score if row.of_figure
    ]
    extra = [line for row in scheme.score if not row.of_figure for line in _merits(row, merits)]
    return {"score": {**total(scheme, lines, extra), "ranks": inputs.get("ranks")}}


def figure_line(row: Row, scheme: Scheme, inputs: Document, figure: Document) -> dict[str, Any]:
    """One row of the score with everything that its explanation needs."""
    line = {
        "code": row.code,
        "name": figure["definition"]["name_zh"],
        "method": row.method,
        "weight": shown(row.weight, scheme),
        "decision": row.decision,
        "state": "withheld",
        "reason": None,
        "points": None,
        "facts": None,
    }
    try:
        facts = facts_of(row, scheme, inputs, figure)
        line["facts"] = _told(row, facts)
        given = points(row, facts)
    except Withheld as why:
        return {**line, "reason": why.code}
    if row.indicative:
        return {**line, "state": "indicative"}
    return {**line, "state": "judged", "points": shown(given, scheme)}


def facts_of(row: Row, scheme: Scheme, inputs: Document, figure: Document) -> Facts:
    """What the row is judged by; Withheld where the data may not be judged."""
    _gate(row, scheme, inputs, figure)
    before, mean = figure["baseline"], figure[row.mean]
    return Facts(
        value=Decimal(figure["own"]["value"]),
        baseline=Decimal(before["value"]) if before else None,
        within=figure["verdict"] == "within",
        last_year=_last_year(scheme, inputs, figure),
        mean=Decimal(mean["value"]) if mean else None,
    )


def _gate(row: Row, scheme: Scheme, inputs: Document, figure: Document) -> None:
    if figure["missing"]:
        raise Withheld(figure["missing"]["code"])
    own, kind = figure["own"], figure["definition"]["kind"]
    if own is None:
        raise Withheld("population" if kind == "rate" else "empty")
    least = row.least or (scheme.least_persons if kind == "rate" else scheme.least_cases)
    if own["denominator"] < least:
        raise Withheld("small")
    if inputs["figures"][row.code].get("provisional") and not row.provisional:
        raise Withheld("provisional")


def _last_year(scheme: Scheme, inputs: Document, figure: Document) -> Decimal | None:
    """The same months of last year, a rate on this report's population; None across a break."""
    words, own = figure["definition"], figure["own"]
    year = int(inputs["about"]["period_start"][:4]) - 1
    before = inputs["figures"][figure["code"]]["before"].get(str(year))
    if before is None or before["events"] is None:
        return None
    rate = words["kind"] == "rate"
    whole = own["denominator"] if rate else before["whole"]
    if not whole:
        return None
    places = scheme.rate_places if rate else scheme.share_places
    found = rounded(Decimal(before["events"]) * words["per"] / whole, places)
    return Decimal(found) if found is not None else None


def _told(row: Row, facts: Facts) -> dict[str, Any]:
    """The facts and the rule as text, as far as the method reads them."""
    told: dict[str, Any] = {"value": facts.value, "direction": row.direction}
    if row.method == "threshold_linear":
        told |= {"target": row.target, "step": row.step, "gap": gap(row, facts)}
    elif row.method == "yoy_linear":
        told |= {"base": facts.last_year, "slope": row.slope, "reward_to": row.reward_to}
    elif row.method == "relative_mean":
        told |= {"base": facts.mean, "slope": row.slope, "mean": row.mean}
    else:
        told |= _told_of_bands(row, facts)
    return {key: _text(value) for key, value in told.items() if value is not None}


def _told_of_bands(row: Row, facts: Facts) -> dict[str, Any]:
    told: dict[str, Any] = {"of": row.of, "base": facts.baseline if row.of != "value" else None}
    if row.of != "value" and not facts.baseline:
        return told
    place = place_in_bands(row, facts)
    band = band_of(row, place)
    below = max(
        (each.to for each in row.bands if each.to is not None and each.to < place), default=None
    )
    excused = "yes" if row.noise and facts.within else None
    return told | {"place": rounded(place, 1), "above": below, "to": band.to, "excused": excused}


def _text(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _merits(row: Row, merits: Sequence[Document]) -> list[dict[str, Any]]:
    """What was put down for a row of events and approved by a second person."""
    return [
        {
            "code": row.code,
            "name": row.name_zh,
            "method": row.method,
            "most": _text(row.weight),
            "effect": row.effect,
            "cut": _text(row.cut),
            **{key: each.get(key) for key in ("points", "reason", "evidence", "on")},
        }
        for each in merits
        if each["row"] == row.code
    ]


def total(
    scheme: Scheme, lines: Sequence[Document], extra: Sequence[Document] = ()
) -> dict[str, Any]:
    """The sum of the judged points with bonus, malus and veto, and of how many was judged."""
    judged = [line for line in lines if line["state"] == "judged"]
    own = sum((Decimal(line["points"]) for line in judged), ZERO)
    bonus, malus = _side(extra, "bonus"), _side(extra, "malus")
    vetoes = [each for each in extra if each["method"] == "veto"]
    sum_ = _after(vetoes, max(own + bonus - malus, ZERO))
    return {
        "level": scheme.level,
        "places": scheme.places,
        "lines": list(lines),
        "extra": list(extra),
        "own": shown(own, scheme),
        "bonus": shown(bonus, scheme),
        "malus": shown(malus, scheme),
        "points": shown(sum_, scheme) if judged else None,
        "judged": shown(sum((Decimal(line["weight"]) for line in judged), ZERO), scheme),
        "of": shown(scheme.of, scheme),
    }


def _side(extra: Sequence[Document], method: str) -> Decimal:
    """Bonus or malus, by row no more than the row gives at most."""
    sums: dict[str, Decimal] = {}
    most: dict[str, Decimal] = {}
    for each in extra:
        if each["method"] == method:
            sums[each["code"]] = sums.get(each["code"], ZERO) + Decimal(each["points"])
            most[each["code"]] = Decimal(each["most"])
    return sum((min(found, most[code]) for code, found in sums.items()), ZERO)


def _after(vetoes: Sequence[Document], points: Decimal) -> Decimal:
    if any(each["effect"] == "zero" for each in vetoes):
        return ZERO
    for each in vetoes:
        points = points * (HUNDRED - Decimal(each["cut"])) / HUNDRED
    return points


def shown(value: Decimal, scheme: Scheme) -> str:
    """Points as they are sealed: fixed places, half up."""
    return str(value.quantize(ONE.scaleb(-scheme.places), ROUND_HALF_UP))
