"""What sealed reports would say today, and which records moved them: for the worker.

Figures are reckoned from today's data by the definitions of then, on the population of then.
Matters that moved are those whose place in the figure is another than when the drafts were
prepared; of each the last entry of its history is named. A figure that moved without any revision
of the court's months, or a matter that moved without any entry, was changed behind the program's
back, and is said so.

The figures of departments and townships are sums of their matters, and are counted from these.

Limits: for a figure whose matters were not kept (units of screening rounds, lists beyond the
bound of runs/members.py, reports from before such lists) only sums are compared. A court's month
that was changed without a revision is told from the sum alone, not by its row.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.reckoning import report
from yuantou.assessments.runs.carrying import carried
from yuantou.assessments.runs.members import members_of, of_matters
from yuantou.assessments.runs.models import SealedMember
from yuantou.assessments.runs.packing import Entry, unpack
from yuantou.assessments.units import COUNTY
from yuantou.calendar.clock import local
from yuantou.disputes.models import DisputeEvent
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.definitions import versions
from yuantou.indicators.figures import Figure
from yuantou.indicators.queries import read_ledger
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Court

MOST_NAMED = 200
Line = dict[str, Any]
Places = dict[int, tuple[int, int]]
Members = Mapping[str, Mapping[str, Sequence[Entry]]]
Known = tuple[int, int | None] | None  # hits and cases as they stand; None where not known


@dataclass(frozen=True)
class Past:
    """A run with its sealed reports, and the definitions that they were made by."""

    run: AssessmentRun
    reports: Sequence[AssessmentReport]
    inputs: Mapping[str, dict[str, Any]]
    made: Mapping[str, Definition]

    @property
    def units(self) -> list[str]:
        """The codes of the reports' units."""
        return [each.area_code for each in self.reports]

    @property
    def listed(self) -> list[Definition]:
        """The definitions whose rows are matters, and which say something at this level."""
        return of_matters(one for one in self.made.values() if self.run.level in one.levels)


def past(session: Session, run: AssessmentRun, reports: Sequence[AssessmentReport]) -> Past:
    """A run as it was sealed; definitions are looked up by the version that the seal names."""
    inputs = {each.area_code: json.loads(each.inputs) for each in reports}
    words = next(iter(inputs.values()))["definitions"]
    held = {(made.code, made.version): made for each in versions(session).values() for made in each}
    made = {code: held.get((code, one["version"])) for code, one in words.items()}
    return Past(run, reports, inputs, {code: one for code, one in made.items() if one})


def lines(session: Session, found: Past, now: datetime) -> dict[str, list[Line]]:
    """By unit one line for every figure: as sent, as known today, what moved it."""
    there = _members(session, found, now)
    of_counties = found.run.level == COUNTY
    today = _figures(session, found) if of_counties else _counted(found, there)
    moved = {area: dict(each) for area, each in _moved(session, found, there)}
    revised = _revised(session, found)
    granted = carried(session, found.run)
    made: dict[str, list[Line]] = defaultdict(list)
    for area in found.units:
        inputs = found.inputs[area]
        again = _again(inputs, today, area, granted.get(area, ()))
        for one in report(inputs)["indicators"]:
            code = one["code"]
            line = _line(one, again[code])
            line["moved"] = moved.get(area, {}).get(code)
            line["courts"] = revised.get(area, []) if _of_courts(found.made.get(code)) else []
            line["unexplained"] = _unexplained(line, found.made.get(code))
            made[area].append(line)
    return made


def _members(session: Session, found: Past, now: datetime) -> Members:
    """The matters in the figures as they stand, by code and unit."""
    run, end = found.run, found.run.period_end.replace(day=1)
    return {
        made.code: dict(
            members_of(
                session,
                made,
                run.period_start,
                end,
                units=found.units,
                as_of=now,
                level=run.level,
            )
        )
        for made in found.listed
    }


def _counted(found: Past, there: Members) -> dict[tuple[str, str], Known]:
    """The figures of units; those over a stock are not said of units, and stay as they were."""
    today: dict[tuple[str, str], Known] = {}
    for made in found.listed:
        for unit in found.units if not made.of_stock else ():
            rows = there[made.code].get(unit, ())
            today[made.code, unit] = (sum(hit for _key, hit in rows), len(rows)) if rows else None
    return today


def _figures(session: Session, found: Past) -> dict[tuple[str, str], Known]:
    start, end = found.run.period_start, found.run.period_end.replace(day=1)
    codes = list(found.made)
    ledger = read_ledger(session, found.units, start, end, codes=codes, instead=dict(found.made))
    return {
        (code, area): _known(ledger.figure(code, area, start, end))
        for code in codes
        for area in found.units
    }


def _known(figure: Figure) -> Known:
    """A rate needs no population of today: it is reckoned on that of then."""
    without = figure.missing is not None and figure.missing.code != "population"
    if without or figure.numerator is None:
        return None
    return figure.numerator, figure.denominator


def _again(
    inputs: Mapping[str, Any],
    today: Mapping[tuple[str, str], Known],
    area: str,
    granted: Sequence[Mapping[str, Any]],
) -> dict[str, dict[str, Any]]:
    """The lines of the report from today's counts and all else as it was."""
    made = deepcopy(dict(inputs))
    for code, figure in made["figures"].items():
        if (code, area) not in today:
            continue
        known = today[code, area]
        moved = [one for one in granted if one["indicator"] == code]
        if known is None:
            figure["own"], figure["missing"] = {"events": None, "whole": None}, {"code": "later"}
            continue
        events, whole = known
        figure["missing"] = None
        rate = inputs["definitions"][code]["kind"] == "rate"
        extra = 0 if rate else sum(int(one["whole"]) for one in moved)
        figure["own"] = {
            "events": events + sum(int(one["events"]) for one in moved),
            "whole": None if whole is None else whole + extra,
        }
    return {one["code"]: one for one in report(made)["indicators"]}


def _line(sent: Mapping[str, Any], today: Mapping[str, Any]) -> Line:
    words = sent["definition"]
    keys = ("numerator",) if words["kind"] == "rate" else ("numerator", "denominator")
    was, now = sent["own"], today["own"]
    same = (was is None) == (now is None) and all(
        (was or {}).get(key) == (now or {}).get(key) for key in keys
    )
    return {
        "code": sent["code"],
        "name": words["name_zh"],
        "unit": words["unit_zh"],
        "sent": was,
        "today": now,
        "same": same,
    }


def _moved(session: Session, found: Past, there: Members) -> Iterator[tuple[str, list[Any]]]:
    """By unit: code and the matters whose place in the figure changed."""
    kept = {
        (row.area_code, row.code): unpack(row.members)
        for row in session.scalars(
            select(SealedMember).where(
                SealedMember.run_id == found.run.id, SealedMember.area_code.in_(found.units)
            )
        )
    }
    by_area: dict[str, list[Any]] = defaultdict(list)
    with_lists = {area for area, _code in kept}
    changed = {
        (area, made.code): _changed(before, there[made.code].get(area, []))
        for made in found.listed
        for area in found.units
        if (before := kept.get((area, made.code), [] if area in with_lists else None)) is not None
    }
    entered = _entered(session, {key for each in changed.values() for key in each}, found)
    for (area, code), each in changed.items():
        by_area[area].append((code, _told(each, entered)))
    yield from by_area.items()


def _entered(session: Session, matters: Collection[int], found: Past) -> dict[int, datetime]:
    """The last entry of each matter since the drafts were made."""
    since = found.run.prepared_at or found.run.started_at
    rows = session.execute(
        select(DisputeEvent.dispute_id, func.max(DisputeEvent.at))
        .where(DisputeEvent.dispute_id == any_(literal(sorted(matters), ARRAY(BigInteger))))
        .where(DisputeEvent.at > since)
        .group_by(DisputeEvent.dispute_id)
    )
    return {key: at for key, at in rows}  # noqa: C416 — typed rows


def _changed(before: Sequence[Entry], after: Sequence[Entry]) -> dict[int, tuple[str, str]]:
    """The matters that stand otherwise now: as they stood, and as they stand."""
    was, now = _places(before), _places(after)
    return {
        key: (_word(was.get(key)), _word(now.get(key)))
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    }


def _places(entries: Sequence[Entry]) -> Places:
    """How often each matter is counted and hits."""
    counted = Counter(key for key, _hit in entries)
    hits = Counter(key for key, hit in entries if hit)
    return {key: (number, hits[key]) for key, number in counted.items()}


def _word(place: tuple[int, int] | None) -> str:
    if place is None:
        return "out"
    return "hit" if place[1] else "counted"


def _told(
    changed: Mapping[int, tuple[str, str]], entered: Mapping[int, datetime]
) -> dict[str, Any]:
    """All are looked at; those without a record are named first, and at most so many."""
    unnoted = [key for key in changed if key not in entered]
    named = [*unnoted, *(key for key in changed if key in entered)][:MOST_NAMED]
    return {
        "number": len(changed),
        "unnoted": len(unnoted),
        "rows": [
            {
                "id": key,
                "was": changed[key][0],
                "now": changed[key][1],
                "at": _minute(entered.get(key)),
            }
            for key in named
        ],
    }


def _revised(session: Session, found: Past) -> dict[str, list[dict[str, Any]]]:
    """Revisions of the period's court months that were released after the drafts were made."""
    since = found.run.prepared_at or found.run.started_at
    rows = session.execute(
        select(CourtCount, Court.name)
        .join(Court, Court.code == CourtCount.court_code)
        .where(
            CourtCount.counts_to_code.in_(found.units),
            CourtCount.month.between(found.run.period_start, found.run.period_end),
            CourtCount.released_at > since,
        )
        .order_by(CourtCount.month, CourtCount.revision)
    )
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for count, court in rows:
        made[count.counts_to_code].append(
            {
                "court": court,
                "month": f"{count.month:%Y-%m}",
                "revision": count.revision,
                "at": _minute(count.released_at),
                "reason": count.reason or "",
            }
        )
    return made


def _minute(at: datetime | None) -> str | None:
    return local(at).isoformat(timespec="minutes") if at else None


def _of_courts(made: Definition | None) -> bool:
    return made is not None and not made.of_matters


def _unexplained(line: Line, made: Definition | None) -> bool:
    """Whether something moved of which the program has no record."""
    if made is None:
        return False
    moved = line["moved"]
    if moved is not None:
        return bool(moved["unnoted"]) or (not line["same"] and not moved["number"])
    return _of_courts(made) and not line["same"] and not line["courts"]
