"""What a report tells beyond its scheme, read once for all counties and sealed as inputs."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.assessments.concealing import Veiled
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.calendar.workdays import day_end
from yuantou.coordination.dispatching.models import Duty
from yuantou.disputes import codes
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.queries import Figure, Ledger, dispute_counts
from yuantou.judiciary.models import CourtCount
from yuantou.territory.models import Area

CODES = (  # domain: mediation, disposal, screening, crime, return, satisfaction; refused filing
    "I07", "I07R", "I08", "I15", "I09", "I10", "I10S", "I11", "I12", "I13", "I13S",
    "I14", "I14K", "I14P", "I16", "I17", "I17R", "I18", "C12368",
)  # fmt: skip
OWNERS_NAMED = 2
Words = Mapping[str, Mapping[str, Any]]
_OVERDUE = text("""
    SELECT county_code, count(*),
      (array_agg(number ORDER BY due, number) FILTER (WHERE NOT restricted AND number IS NOT NULL))
        [1:20]
    FROM (SELECT d.county_code, d.number, d.restricted, min(l.due_at) AS due
          FROM deadline l JOIN dispute d ON d.id = l.dispute_id
          WHERE l.met_at IS NULL AND l.lapsed_at IS NULL AND l.due_at <= :end
          GROUP BY d.id) late
    GROUP BY county_code""")
_RED = text("""
    SELECT county_code, count(*) FROM dispute
    WHERE pressing AND risk = 'red' AND reported_at <= :end
      AND state NOT IN ('draft', 'not_accepted', 'merged', 'closed')
    GROUP BY county_code""")


@dataclass(frozen=True)
class Annexes:
    """Everything that was read, laid out by county on demand."""

    run: AssessmentRun
    ledger: Ledger
    definitions: Mapping[str, Definition]
    types: Mapping[str, list[list[Any]]]
    causes: Mapping[str, dict[str, Any]]
    overdue: Mapping[str, dict[str, Any]]
    red: Mapping[str, int]
    duties: Mapping[str, Sequence[tuple[str, str]]]
    before: Mapping[str, dict[str, Any]]
    veiled: Veiled

    def of(self, county: Area, words: Words) -> dict[str, Any]:
        """The inputs of one county; what is missing stays null."""
        known = codes_of(self.definitions)
        return {
            "codes": known,
            "definitions": {code: words[code] for code in known},
            "beside": {code: self.definitions[code].beside for code in known},
            "figures": {code: self._figure(code, county.code) for code in known},
            "types": self.types.get(county.code, []),
            "veiled": self._veiled(county.path),
            "causes": self.causes.get(county.code),
            "overdue": self.overdue.get(county.code, {"count": 0, "numbers": []}),
            "red": self.red.get(county.code, 0),
            "owners": self._owners(county.path),
            "previous": self.before.get(county.code),
        }

    def _figure(self, code: str, county: str) -> dict[str, Any]:
        start, end = self.run.period_start, self.run.period_end.replace(day=1)
        own = self.ledger.figure(code, county, start, end)
        last = self.ledger.figure(code, county, _year_before(start), _year_before(end))
        alike = _year_before(start) >= self.ledger.alike_since(code, end)
        return {
            "own": _count(own),
            "before": _count(last) if alike else {"events": None, "whole": None},
            "missing": own.missing.message_zh if own.missing else None,
        }

    def _veiled(self, path: str) -> dict[str, dict[str, list[str]]]:
        """The types that must not be told of the county, its city and the province."""
        codes = path.strip("/").split("/")
        places = {"province": codes[0], "city": codes[-2], "county": codes[-1]}
        return {level: self.veiled.of(code) for level, code in places.items()}

    def _owners(self, path: str) -> dict[str, list[str]]:
        """The agencies that the duty list names for a type; those of the smallest area first."""
        found: dict[str, list[str]] = defaultdict(list)
        ends = [at for at, sign in enumerate(path, start=1) if sign == "/"]
        for end in reversed(ends):
            for type_, name in self.duties.get(path[:end], ()):
                names = found[type_]
                if name not in names and len(names) < OWNERS_NAMED:
                    names.append(name)
        return dict(found)


def codes_of(definitions: Mapping[str, Definition]) -> list[str]:
    """The figures that a report tells beyond its scheme, in their order."""
    return [code for code in CODES if code in definitions]


def read(
    session: Session,
    run: AssessmentRun,
    ledger: Ledger,
    definitions: Mapping[str, Definition],
    veiled: Veiled,
) -> Annexes:
    """One read of everything for all counties of a run; `ledger` holds their figures."""
    start, end = run.period_start, run.period_end.replace(day=1)
    cutoff = {"end": day_end(run.period_end)}
    late = session.execute(_OVERDUE, cutoff)
    return Annexes(
        run=run,
        ledger=ledger,
        definitions=definitions,
        types=_types(session, start, end),
        causes=_causes(session, start, end),
        overdue={area: {"count": n, "numbers": list(named or ())} for area, n, named in late},
        red={area: number for area, number in session.execute(_RED, cutoff)},  # noqa: C416
        duties=_duties(session, run.period_end),
        before=_before(session, run),
        veiled=veiled,
    )


def _count(figure: Figure) -> dict[str, int | None]:
    if figure.missing or figure.numerator is None:
        return {"events": None, "whole": None}
    return {"events": figure.numerator, "whole": figure.denominator}


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def _types(session: Session, start: date, end: date) -> dict[str, list[list[Any]]]:
    """By county: type, name, reported in the period and in the same months of last year."""
    words = codes.read().types
    now = {
        (one.area_code, one.type): one.reported
        for one in dispute_counts(session, "county", start, end)
    }
    last = {
        (one.area_code, one.type): one.reported
        for one in dispute_counts(session, "county", _year_before(start), _year_before(end))
    }
    found: dict[str, list[list[Any]]] = defaultdict(list)
    for area, type_ in sorted(now.keys() | last.keys()):
        name = words[type_].name_zh if type_ in words else type_
        found[area].append([type_, name, now.get((area, type_), 0), last.get((area, type_), 0)])
    return found


def _causes(session: Session, start: date, end: date) -> dict[str, dict[str, Any]]:
    """What the courts sent by cause, of both years, and how many court months have it."""
    found: dict[str, dict[str, Any]] = {}
    spans = {"now": (start, end), "before": (_year_before(start), _year_before(end))}
    for word, (first, last) in spans.items():
        rows = session.execute(
            select(CourtCount.counts_to_code, CourtCount.by_cause)
            .where(CourtCount.month.between(first, last), CourtCount.released_at.is_not(None))
            .ext(distinct_on(CourtCount.court_code, CourtCount.month))
            .order_by(CourtCount.court_code, CourtCount.month, CourtCount.revision.desc())
        )
        for area, causes in rows:
            held = found.setdefault(area, _no_causes())[word]
            held["months"] += 1
            held["sent"] += causes is not None
            for cause, number in (causes or {}).items():
                held["counts"][cause] = held["counts"].get(cause, 0) + number
    return {area: held for area, held in found.items() if held["now"]["sent"]}


def _no_causes() -> dict[str, Any]:
    return {word: {"months": 0, "sent": 0, "counts": {}} for word in ("now", "before")}


def _duties(session: Session, on: date) -> dict[str, list[tuple[str, str]]]:
    """Type and agency of the duties of each area."""
    rows = session.execute(
        select(Duty.area_path, Duty.type, Agency.name)
        .join(Agency, Agency.id == Duty.agency_id)
        .where(Agency.active, Duty.valid_from <= on + timedelta(days=62))
        .where(or_(Duty.valid_to.is_(None), Duty.valid_to > on))
        .order_by(Duty.type, Agency.name)
    )
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for area, type_, name in rows:
        found[area].append((type_, name))
    return found


def _before(session: Session, run: AssessmentRun) -> dict[str, dict[str, Any]]:
    """The last sealed report of each county before this period, of the same scheme and kind.

    Ad hoc runs are each of their own months: none is another's last.
    """
    if run.kind == "ad_hoc":
        return {}
    rows = session.execute(
        select(AssessmentReport.area_code, AssessmentReport.content, AssessmentReport.seal,
               AssessmentRun.period_end, AssessmentRun.edition)
        .join(AssessmentRun, AssessmentRun.id == AssessmentReport.run_id)
        .where(AssessmentRun.scheme == run.scheme, AssessmentRun.kind == run.kind)
        .where(AssessmentRun.period_end < run.period_end)
        .where(AssessmentRun.period_end >= run.period_end - timedelta(days=370))
        .ext(distinct_on(AssessmentReport.area_code))
        .order_by(AssessmentReport.area_code, AssessmentRun.period_end.desc(),
                  AssessmentRun.edition.desc())
    )  # fmt: skip
    return {
        area: {
            "period_end": end.isoformat(),
            "edition": edition,
            "seal": seal,
            "values": {
                one["code"]: one["own"]["value"] if one["own"] else None
                for one in json.loads(content)["indicators"]
            },
        }
        for area, content, seal, end, edition in rows
    }
