"""What is unusual or missing becomes warnings: the smallest place and the narrowest type speak."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.alerts.detection import words
from yuantou.alerts.detection.judging import ALARM, Verdict, by_row, known
from yuantou.alerts.detection.queries import Silence, SilentCourt
from yuantou.alerts.detection.series import ALL, TOWNSHIP, Place, Series
from yuantou.alerts.detection.terms import Terms
from yuantou.alerts.raising import seen_again
from yuantou.alerts.service import raise_alert
from yuantou.territory.models import Area

MISSING = "MISSING"
CLUSTER = 2  # places, at least


def _names(session: Session) -> Mapping[str, str]:
    rows = session.execute(select(Area.code, Area.name))
    return {row.code: row.name for row in rows}


def raise_unusual(
    session: Session,
    series: Series,
    verdicts: Sequence[Verdict],
    terms: Terms,
    now: datetime,
) -> tuple[int, dict[int, int]]:
    """One warning for each place and type, whichever detectors agree; how many, and by row its id.

    A county's alarm that one of its townships explains, or one of all types that a type explains,
    belongs to that warning. A cluster over several places speaks for itself, to whoever stands
    over all of them; the centre of the county where it is strongest is told. Where the last one
    of a key rests, the alarm belongs to it, and it is noted there as seen again.
    """
    names, warned, made = _names(session), dict[int, int](), 0
    alarms = by_row([each for each in verdicts if each.state == ALARM])
    explained = {row: _explains(series, row, alarms) for row in alarms}
    for row, found in alarms.items():
        if explained[row] is not None:
            continue
        found = _widest_first(found)
        area, type_ = _area(series, found[0]), series.types[row]
        facts, key = _facts(series, found), f"detect:{area}:{type_}"
        alert = raise_alert(
            session,
            rule=found[0].detector,
            version=terms.version,
            level="yellow",
            area=area,
            type_code=type_ or None,
            key=key,
            reasons=_reasons(series, found, terms, names),
            facts=facts,
            told_agency_id=_centre(session, series.places[row], area),
            at=now,
        )
        made += alert is not None
        rule = found[0].detector
        held = alert or seen_again(session, key, rule=rule, facts=facts, at=now)
        if held is not None:
            warned[row] = held.id
    for row in alarms:
        last = row
        while (other := explained[last]) is not None:
            last = other
        if last in warned:
            warned[row] = warned[last]
    return made, warned


def _widest_first(found: Sequence[Verdict]) -> list[Verdict]:
    """A cluster leads the voices of its row: what holds of many places is not one's alone."""
    return sorted(found, key=lambda each: len(each.members) < CLUSTER)


def _area(series: Series, best: Verdict) -> str:
    """The place that an alarm is about: of a cluster the smallest one over all its members."""
    paths = [series.places[row].path.strip("/").split("/") for row in best.members or (best.row,)]
    shared = takewhile(lambda level: len(set(level)) == 1, zip(*paths, strict=False))
    return str([level[0] for level in shared][-1])


def _centre(session: Session, place: Place, area: str) -> int | None:
    """The centre of the county where a cluster over counties is strongest."""
    if area in (place.code, place.county):
        return None
    asked = select(Agency.id).where(
        Agency.area_code == place.county, Agency.kind == "county_centre", Agency.active
    )
    return session.scalar(asked.order_by(Agency.id).limit(1))


def _explains(series: Series, row: int, alarms: Mapping[int, Sequence[Verdict]]) -> int | None:
    """The row of a smaller place or a narrower type whose alarm explains this one."""
    if any(len(each.members) >= CLUSTER for each in alarms[row]):
        return None
    return next((other for other in alarms if _narrower(series, other, row)), None)


def _narrower(series: Series, one: int, other: int) -> bool:
    """Whether a row counts a part of what another counts."""
    place, around = series.places[one], series.places[other]
    kind, kinds = series.types[one], series.types[other]
    inside = place.level == TOWNSHIP and around.level != TOWNSHIP and place.county == around.code
    return (inside or place == around) and kinds in (kind, ALL) and one != other


def _reasons(
    series: Series, found: Sequence[Verdict], terms: Terms, names: Mapping[str, str]
) -> list[words.Reason]:
    best = found[0]
    places = best.members if len(best.members) >= CLUSTER else (best.row,)
    risen = words.risen(
        [names[series.places[row].code] for row in places],
        series.types[best.row] or words.ALL_TYPES,
        (series.week(series.weeks - best.weeks)[0], series.last),
        best.observed,
        best.expected,
    )
    return [risen, words.found_by([each.detector for each in found], terms.rate)]


def _facts(series: Series, found: Sequence[Verdict]) -> dict[str, Any]:
    best = found[0]
    return {
        "detectors": [each.detector for each in found],
        "first": series.week(series.weeks - best.weeks)[0].isoformat(),
        "last": series.last.isoformat(),
        "observed": best.observed,
        "expected": known(best.expected),
        "upper": known(best.upper),
        "p": best.p,
        "q": best.q,
        "members": [series.places[row].code for row in best.members],
    }


def raise_silent(session: Session, silent: Sequence[Silence], terms: Terms, now: datetime) -> int:
    made = 0
    for each in silent:
        reason = words.says(
            words.SILENT, since=each.newest.isoformat(), expected=words.told(each.expected)
        )
        facts = {"since": each.newest.isoformat(), "expected": round(each.expected, 1)}
        key = f"missing:{each.code}"
        made += _raise_missing(session, key, each.code, reason, facts, terms, now)
    return made


def raise_courts(
    session: Session, courts: Sequence[SilentCourt], terms: Terms, now: datetime
) -> int:
    made = 0
    for each in courts:
        month = f"{each.month:%Y-%m}"
        reason = words.says(words.NO_COUNTS, court=each.name, month=month)
        facts = {"court": each.code, "month": month}
        key = f"missing:court:{each.code}:{month}"
        made += _raise_missing(session, key, each.area, reason, facts, terms, now)
    return made


def _raise_missing(
    session: Session,
    key: str,
    area: str,
    reason: words.Reason,
    facts: Mapping[str, Any],
    terms: Terms,
    now: datetime,
) -> int:
    """What should have come and did not is red; where it was said, it is still so."""
    alert = raise_alert(
        session, rule=MISSING, version=terms.version, level="red", area=area, key=key,
        reasons=[reason], facts=facts, at=now,
    )  # fmt: skip
    if alert is None:
        seen_again(session, key, rule=MISSING, facts=facts, at=now)
    return int(alert is not None)
