"""One quarter tested and asked about: all units and detectors under one false discovery rate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from geo.false_discovery import benjamini_hochberg
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.database.jobs import Progress
from yuantou.disputes.service import working_calendar
from yuantou.indicators.integrity.detectors import Finding, crowds, pairs, shares
from yuantou.indicators.integrity.gathering import Items, read
from yuantou.indicators.integrity.kinds import KINDS, MOST_MATTERS, Kind
from yuantou.indicators.integrity.models import IntegrityQuestion, IntegrityRound
from yuantou.indicators.integrity.permuting import STAGES
from yuantou.indicators.integrity.texts import families
from yuantou.notices.service import notify

LOCK = 0x59544947
BURST_MINUTES = 10.0
OFFICES = (
    AgencyKind.COUNTY_CENTRE,
    AgencyKind.CITY_COORDINATION,
    AgencyKind.PROVINCE_COORDINATION,
)


@dataclass(frozen=True)
class Terms:
    """At which false discovery rate questions are asked, and how long a unit has to answer."""

    rate: float
    answer_workdays: int
    stages: Sequence[int] = STAGES


@dataclass(frozen=True)
class Suspicion:
    """A finding that is worth a question: its kind, its adjusted p value, its matters."""

    kind: str
    finding: Finding
    q: float
    matters: tuple[int, ...]


def ask(
    session: Session, quarter: date, terms: Terms, *, now: datetime, progress: Progress
) -> IntegrityRound | None:
    """Use case of the worker: test a quarter once and write the questions; None: it was tested."""
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    if session.get(IntegrityRound, quarter) is not None:
        return None
    given: dict[str, Items | None] = {}
    for place, code in enumerate(KINDS, start=1):
        given[code] = read(session, code, quarter)
        progress(place, 2 * len(KINDS))
    found, tests = suspicions(given, quarter, terms)
    _write(session, found, quarter, terms, now)
    made = IntegrityRound(
        first_day=quarter,
        ran_at=now,
        tests=tests,
        asked=len(found),
        rate=terms.rate,
        missing=[code for code, items in given.items() if items is None],
    )
    session.add(made)
    record(session, action="integrity:ask", object_type="integrity_round",
           object_id=quarter.isoformat(), account_id=None,
           facts={"tests": tests, "asked": len(found)})  # fmt: skip
    session.flush()
    progress(2 * len(KINDS), 2 * len(KINDS))
    return made


def suspicions(
    given: Mapping[str, Items | None], quarter: date, terms: Terms
) -> tuple[list[Suspicion], int]:
    """Judge all units by all kinds and keep what holds at the rate; and how many tests there were.

    The seed is the quarter and the kind, so that a quarter can be judged again alike.
    """
    judged = [
        (kind, items, finding)
        for place, kind in enumerate(KINDS.values())
        if (items := given.get(kind.code)) is not None and len(items.unit)
        for finding in judge(kind, items, (quarter.year, quarter.month, place), terms.stages)
    ]
    adjusted = benjamini_hochberg([finding.p for _kind, _items, finding in judged])
    return [
        Suspicion(kind.code, finding, float(q), _matters(items, finding))
        for (kind, items, finding), q in zip(judged, adjusted, strict=True)
        if q <= terms.rate
    ], len(judged)


def judge(
    kind: Kind, items: Items, seed: Sequence[int], stages: Sequence[int] = STAGES
) -> list[Finding]:
    """All units by one kind."""
    if kind.test == "crowds":
        return crowds(
            items.unit, items.stratum, items.value.astype(float), window=BURST_MINUTES,
            seed=seed, least=kind.least, stages=stages,
        )  # fmt: skip
    if kind.test == "pairs":
        labels = families([str(each) for each in items.value])
        return pairs(items.unit, items.stratum, labels, seed=seed, least=kind.least, stages=stages)
    hit = items.value.astype(bool)
    return shares(items.unit, items.stratum, hit, seed=seed, least=kind.least, stages=stages)


def lapse(session: Session, now: datetime) -> int:
    """Use case of the worker: what was not answered in time goes to the office as it stands."""
    late = session.execute(
        update(IntegrityQuestion)
        .where(
            IntegrityQuestion.state == "open",
            IntegrityQuestion.lapsed_at.is_(None),
            IntegrityQuestion.due_on < local(now).date(),
        )
        .values(lapsed_at=now)
        .returning(IntegrityQuestion.id, IntegrityQuestion.office_id)
    ).all()
    for row in late:
        if row.office_id is not None:
            notify(session, agency_id=row.office_id, kind="integrity", now=now,
                   title="数据核问：单位没有按期说明", link=f"/integrity/{row.id}")  # fmt: skip
    if late:
        record(session, action="integrity:lapse", object_type="integrity_question",
               object_id=late[0].id, account_id=None,
               facts={"questions": [row.id for row in late]})  # fmt: skip
    return len(late)


def _matters(items: Items, finding: Finding) -> tuple[int, ...]:
    marked = dict.fromkeys(int(items.dispute[place]) for place in finding.marked)
    return tuple(marked)[:MOST_MATTERS]


def _write(
    session: Session, found: Sequence[Suspicion], quarter: date, terms: Terms, now: datetime
) -> None:
    asked = {each.finding.unit for each in found}
    units = {row.id: row for row in session.scalars(select(Agency).where(Agency.id.in_(asked)))}
    offices = _offices(session)
    due_on = working_calendar(session).workday_after(local(now).date(), terms.answer_workdays)
    rows = [
        _question(each, units[each.finding.unit], offices, quarter, due_on, now) for each in found
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        notify(session, agency_id=row.agency_id, kind="integrity", now=now,
               title="数据核问：请贵单位说明", link=f"/integrity/{row.id}")  # fmt: skip


def _question(
    each: Suspicion, unit: Agency, offices: Mapping[str, int], quarter: date, due_on: date,
    now: datetime,
) -> IntegrityQuestion:  # fmt: skip
    finding = each.finding
    return IntegrityQuestion(
        agency_id=unit.id,
        area_path=unit.area_path,
        office_id=_office(unit, offices),
        kind=each.kind,
        first_day=quarter,
        items=finding.items,
        hits=finding.hits,
        expected=finding.expected,
        ratio=min(finding.ratio, 9_999.0),
        p=finding.p,
        q=each.q,
        draws=finding.draws,
        matters=list(each.matters),
        state="open",
        asked_at=now,
        due_on=due_on,
        answer="",
        outcome_words="",
    )


def _offices(session: Session) -> dict[str, int]:
    """The office that answers for each area, by the area's path."""
    asked = select(Agency.area_path, Agency.id).where(Agency.kind.in_(OFFICES), Agency.active)
    return {row.area_path: row.id for row in session.execute(asked.order_by(Agency.id.desc()))}


def _office(unit: Agency, offices: Mapping[str, int]) -> int | None:
    """The lowest office over the unit that is not the unit itself."""
    parts = unit.area_path.strip("/").split("/")
    paths = ["/".join(parts[:depth]) + "/" for depth in range(len(parts), 0, -1)]
    held = [offices[path] for path in paths if path in offices]
    return next((office for office in held if office != unit.id), None)
