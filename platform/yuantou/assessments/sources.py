"""The sources that a report names: the types most reported, and the townships that report them."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.concealing import Veiled
from yuantou.assessments.periods import months_back
from yuantou.assessments.scheme import Scheme
from yuantou.disputes import codes
from yuantou.indicators.queries import dispute_counts

PLACES_NAMED = 2
SMALLEST = 3  # fewer are not written (disclosure)


def leading(
    session: Session, scheme: Scheme, end: date, veiled: Veiled
) -> dict[str, list[dict[str, Any]]]:
    """The types most reported in each county, with the townships that report them most."""
    start = months_back(end, scheme.source_months - 1)
    places = _places(session, start, end)
    words = codes.read().types
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    counts = dispute_counts(session, "county", start, end, least=SMALLEST)
    for one in sorted(counts, key=lambda each: (-each.reported, each.type)):
        told = not veiled.source(one.area_code, one.type)
        if told and len(found[one.area_code]) < scheme.source_count:
            found[one.area_code].append(
                {
                    "type": one.type,
                    "name": words[one.type].name_zh if one.type in words else one.type,
                    "reported": one.reported,
                    "places": places[one.area_code, one.type][:PLACES_NAMED],
                }
            )
    return dict(found)


def _places(session: Session, start: date, end: date) -> dict[tuple[str, str], list[str]]:
    """Names of the townships that report a type most, by county and type."""
    townships = queries.townships(session)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    counts = dispute_counts(session, "township", start, end, least=SMALLEST)
    for one in sorted(counts, key=lambda each: (-each.reported, each.area_code)):
        if one.area_code in townships:
            name, county = townships[one.area_code]
            found[county, one.type].append(name)
    return found
