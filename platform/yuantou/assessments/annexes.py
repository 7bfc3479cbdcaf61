"""What a report tells beyond its scheme, from the sealed inputs alone: no clock, no database.

A difference between two periods is claimed only where an exact test says so: limits that hold 95 %
for a figure; for the list of causes Benjamini-Hochberg at 5 % over all causes of the list.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from geo.differences import compare_rates, compare_shares
from geo.false_discovery import benjamini_hochberg
from yuantou.assessments.measures import Count, Scale, interval
from yuantou.assessments.sealing import rounded
from yuantou.indicators import rates
from yuantou.indicators.disclosure import conceal, small

Document = Mapping[str, Any]
Pair = tuple[Count, Count]  # now, and in the same months of last year
Row = tuple[str, int, int | None]  # name, number, number of last year
Columns = tuple[list[int], list[int]]
LISTED, LEVEL = 10, 0.05
SMALLEST = 3  # fewer are not written (disclosure)
COUNT_PLACES = 1


def annexed(inputs: Document, rate_places: int, share_places: int) -> dict[str, Any]:
    """`annex` for the content; nothing for a report that was sealed before there was one."""
    found = inputs.get("annex")
    return {"annex": _annex(found, inputs, rate_places, share_places)} if found else {}


def _annex(
    found: Document, inputs: Document, rate_places: int, share_places: int
) -> dict[str, Any]:
    persons = int(inputs["population"]["persons"]) if inputs["population"] else 0
    causes = found["causes"]
    return {
        "figures": _figures(found, persons, rate_places, share_places),
        "year_ago": _year_ago(inputs),
        "types": _listed(_told_types(found)),
        "causes": _of_courts(causes, veiled="veiled" in found) if causes else None,
        "overdue": _numbered(found["overdue"]) if "veiled" in found else found["overdue"],
        "red": found["red"],
        "owners": found["owners"],
        "previous": found["previous"],
        **({"concealed": True} if "veiled" in found else {}),
    }


def _told_types(found: Document) -> list[Row]:
    """The types that may be told; of the year before None where its number may not."""
    shut = found.get("veiled", {}).get("county", {"now": (), "before": ()})
    return [
        (name, now, None if code in shut["before"] and before >= SMALLEST else before)
        for code, name, now, before in found["types"]
        if code not in shut["now"]
    ]


def _numbered(late: Document) -> dict[str, Any]:
    """Overdue matters, a few of them by number: how many are restricted does not follow."""
    return {**late, "numbers": late["numbers"][: max(late["count"] - SMALLEST, 0)]}


def _year_ago(inputs: Document) -> str:
    """What the test says of the headline against last year; `year_ago` says whether it may."""
    code, year = inputs["about"]["headline"], int(inputs["about"]["period_start"][:4]) - 1
    found, words = inputs["figures"][code], inputs["definitions"][code]
    own, before = found["own"], found["before"].get(str(year)) or {"events": None, "whole": None}
    if found["missing"] or own["events"] is None or before["events"] is None:
        return "unknown"
    rate = words["kind"] == "rate"  # of one population: its cases alone are compared
    wholes = (1, 1) if rate else (own["whole"], before["whole"])
    if not all(wholes):
        return "unknown"
    counts = Count(own["events"], wholes[0]), Count(before["events"], wholes[1])
    return _changes([(words["kind"], *counts)])[0]


def _figures(
    found: Document, persons: int, rate_places: int, share_places: int
) -> list[dict[str, Any]]:
    scales = [
        Scale(code, words["kind"], words["per"], _places(words["kind"], rate_places, share_places))
        for code in found["codes"]
        if (words := found["definitions"][code])
    ]
    counts = [
        (_count(one["own"], scale, persons), _count(one["before"], scale, persons))
        for scale in scales
        if (one := found["figures"][scale.code])
    ]
    changes = _changes([(scale.kind, *both) for scale, both in zip(scales, counts, strict=True)])
    return [
        {
            "code": scale.code,
            "definition": found["definitions"][scale.code],
            "beside": found["beside"][scale.code],
            "missing": found["figures"][scale.code]["missing"]
            or (None if own else "没有可算的分母"),
            "own": _written(own, scale),
            "before": _written(before, scale),
            "change": change,
        }
        for scale, (own, before), change in zip(scales, counts, changes, strict=True)
    ]


def _places(kind: str, rate_places: int, share_places: int) -> int:
    return {"rate": rate_places, "count": 0}.get(kind, share_places)


def _count(found: Document, scale: Scale, persons: int) -> Count | None:
    """Events and whole; a count stands on one and the same time, a rate on one population."""
    if found["events"] is None:
        return None
    whole = {"count": 1, "rate": persons}.get(scale.kind, found["whole"])
    return Count(found["events"], whole) if whole else None


def _written(count: Count | None, scale: Scale) -> dict[str, Any] | None:
    if count is None:
        return None
    whole = None if scale.kind == "count" else count.whole
    if scale.kind == "count":
        low, high = rates.poisson(count.events, 1, 1)
        return _texts(str(count.events), low, high, COUNT_PLACES, count.events, whole)
    limits = interval(count, scale)
    value = rounded(limits.mean, scale.places)
    if scale.kind == "ratio":
        return _texts(value, None, None, scale.places, count.events, whole)
    return _texts(value, limits.low, limits.high, scale.places, count.events, whole)


def _texts(
    value: str | None, low: float | None, high: float | None, places: int, events: int,
    whole: int | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "value": value,
        "low": rounded(low, places),
        "high": rounded(high, places),
        "numerator": events,
        "denominator": whole,
    }


def _changes(asked: Sequence[tuple[str, Count | None, Count | None]]) -> list[str]:
    """Of kinds and counts, now and in the same months of last year: up, down, same (cannot be told
    apart) or unknown. All shares are tested at once, and all others."""
    found = ["unknown"] * len(asked)
    shares, others = [], []
    for place, (kind, own, before) in enumerate(asked):
        if own is None or before is None or kind == "ratio":
            continue
        if kind != "share":
            others.append((place, own, before))
        elif min(own.whole - own.events, before.whole - before.events) >= 0:
            shares.append((place, own, before))
    for test, pairs in ((_of_shares, shares), (_of_rates, others)):
        told = test([pair[1:] for pair in pairs]) if pairs else []
        for (place, *_counts), change in zip(pairs, told, strict=True):
            found[place] = change
    return found


def _of_shares(pairs: Sequence[Pair]) -> list[str]:
    own, before = _columns(pairs)
    gap = compare_shares(*own, *before)
    return [
        "up" if low > 0 else "down" if high < 0 else "same"
        for low, high in zip(gap.lower.tolist(), gap.upper.tolist(), strict=True)
    ]


def _of_rates(pairs: Sequence[Pair]) -> list[str]:
    own, before = _columns(pairs)
    return [
        "same" if p >= LEVEL else "up" if _above(*pair) else "down"
        for p, pair in zip(compare_rates(*own, *before).p.tolist(), pairs, strict=True)
    ]


def _above(own: Count, before: Count) -> bool:
    return own.events * before.whole > before.events * own.whole


def _columns(pairs: Sequence[Pair]) -> tuple[Columns, Columns]:
    """Events and wholes of now, and of before."""
    sides = zip(*pairs, strict=True)
    own, before = (([one.events for one in side], [one.whole for one in side]) for side in sides)
    return own, before


def _of_courts(causes: Document, *, veiled: bool) -> dict[str, Any]:
    now, before = causes["now"], causes["before"]
    whole = before["sent"] == before["months"] == now["months"] == now["sent"]
    names = sorted(now["counts"].keys() | before["counts"].keys())
    rows: list[Row] = [
        (name, now["counts"].get(name, 0), before["counts"].get(name, 0)) for name in names
    ]
    if veiled:
        rows = _told_causes(rows)
    return {
        "rows": _listed(rows, comparable=whole),
        "months": now["months"],
        "sent": now["sent"],
        "comparable": whole,
    }


def _told_causes(rows: Sequence[Row]) -> list[Row]:
    """The causes that may be told beside the sum of all, which the courts' own figures are."""
    cells: dict[tuple[int, int], int | None] = {}
    for at, (_name, now, before) in enumerate(rows):
        cells[at, 0], cells[at, 1] = now, before
    parts = list(cells)
    for part in (0, 1):
        cells[-1, part] = sum(cells[key] or 0 for key in parts if key[1] == part)
    shut = conceal(cells, [((-1, n), [key for key in parts if key[1] == n]) for n in (0, 1)])
    return [
        (name, now, None if (at, 1) in shut and not small(before) else before)
        for at, (name, now, before) in enumerate(rows)
        if (at, 0) not in shut
    ]


def _listed(rows: Sequence[Row], comparable: bool = True) -> list[dict[str, Any]]:
    """The largest by name, number, number of last year, and what the test says of the change."""
    largest = sorted(rows, key=lambda row: (-row[1], row[0]))[:LISTED]
    kept = [row for row in largest if row[1] >= SMALLEST]
    changes = _tested(kept) if comparable else ["unknown"] * len(kept)
    return [
        {"name": name, "now": now, "before": _told(before, comparable), "change": change}
        for (name, now, before), change in zip(kept, changes, strict=True)
    ]


def _told(number: int | None, comparable: bool) -> str | None:
    if number is None or not comparable:
        return None
    return f"<{SMALLEST}" if 0 < number < SMALLEST else str(number)


def _tested(rows: Sequence[Row]) -> list[str]:
    """The change of each row; unknown where the number of last year is not told."""
    known = [(at, row[1], row[2]) for at, row in enumerate(rows) if row[2] is not None]
    found = ["unknown"] * len(rows)
    if not known:
        return found
    now, before = [row[1] for row in known], [row[2] for row in known]
    ones = [1] * len(known)
    adjusted = benjamini_hochberg(compare_rates(now, ones, before, ones).p)
    for p, (at, mine, theirs) in zip(adjusted, known, strict=True):
        found[at] = "same" if float(p) >= LEVEL else "up" if mine > theirs else "down"
    return found
