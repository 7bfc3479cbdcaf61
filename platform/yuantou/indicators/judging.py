"""From counts to a figure: value, interval, warnings, and the change against an earlier one.

Null and zero, said once for every figure:

| numerator | denominator | the figure |
|---|---|---|
| any | missing | missing: what is lacking is named |
| missing | any | missing: never read as 0 |
| 0 | above 0 | 0, with its interval |
| 0 or more | 0 | missing: there was nothing to judge |
| above the denominator | above 0 | a share is said with a warning and without interval |
"""

from datetime import datetime

from yuantou.indicators import rates
from yuantou.indicators.figures import Change, Figure, Missing, PopulationUsed
from yuantou.indicators.periods import months
from yuantou.indicators.words import say

USUAL = (20, 500)
YEAR = 12


def judged(blank: Figure, hits: int, tries: int, at: datetime | None = None) -> Figure:
    """A share of `tries`; nothing to judge is missing, not 0. `at`: when they were computed."""
    if tries <= 0:
        return blank.told(None, hits, tries, missing=Missing("empty", say("empty")), at=at)
    above = blank.definition.kind == "share" and hits > tries
    return blank.told(
        rates.ratio(hits, tries, blank.definition.factor),
        hits,
        tries,
        warnings=(say("above_whole"),) if above else (),
        at=at,
    )


def rated(
    blank: Figure, cases: int, used: PopulationUsed | None, at: datetime | None = None
) -> Figure:
    """A rate over the persons of a population, or missing without one."""
    if used is None or not used.persons:
        return blank.told(numerator=cases, missing=Missing("population", say("population")), at=at)
    value = rates.ratio(cases, used.persons, blank.definition.factor)
    return blank.told(
        value,
        cases,
        used.persons,
        population=used,
        indicative=blank.level == "township",
        warnings=_warnings(blank, value, used),
        at=at,
    )


def counted(blank: Figure, cases: int, at: datetime | None = None) -> Figure:
    """A bare count."""
    return blank.told(float(cases), cases, at=at)


def compared(this: Figure, prior: Figure, bridge: bool) -> Change:
    """The change against the same months a year earlier, or why it cannot be said."""
    label = say("bridge") if bridge else say("same_period")
    if prior.value is None:
        message = prior.missing.message_zh if prior.missing else ""
        return Change(None, this, prior, bridge, label, say("prior_missing", why=message))
    if this.definition.kind in ("share", "ratio"):
        return Change((this.value or 0) - prior.value, this, prior, bridge, label)
    if not prior.value:
        return Change(None, this, prior, bridge, label, say("prior_zero"))
    if this.definition.kind == "count":
        return Change((this.value or 0) / prior.value - 1, this, prior, bridge, label)
    change = rates.relative_change(
        this.numerator or 0, prior.numerator or 0, this.denominator or 0, prior.denominator
    )
    return Change(change, this, prior, bridge, label)


def _warnings(figure: Figure, value: float | None, used: PopulationUsed) -> tuple[str, ...]:
    found = []
    if used.old:
        found.append(say("old_population", kind=used.kind_zh, year=used.year))
    if figure.code == "R_admin" and figure.level == "county":
        found.append(say("admin_seat"))
    if figure.code == "R_filed" and figure.level == "county" and _unusual(figure, value):
        found.append(say("unusual", low=USUAL[0], high=USUAL[1]))
    return tuple(found)


def _unusual(figure: Figure, value: float | None) -> bool:
    """Whether a year at this pace would lie outside what counties report."""
    count = len(list(months(figure.start, figure.end)))
    return not USUAL[0] <= (value or 0) * YEAR / count <= USUAL[1]
