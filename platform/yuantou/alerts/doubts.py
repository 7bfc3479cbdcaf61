"""W11: data that wants a look. Questions to the office or to a matter's handlers, never a verdict.

Signatures and phones are compared by hash and blind index inside the database; what comes out are
ids and counts. Restricted matters take no part.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.alerts import gathering, night_rules
from yuantou.alerts.night_rules import Village
from yuantou.alerts.raising import raise_finding, said
from yuantou.alerts.rules import Rule
from yuantou.disputes.models import Dispute
from yuantou.intake.rounds.naming import village_of

_PHONES = text("SELECT mark, matters, people FROM shared_phones(:since, :until, :least)")
_SIGNATURES = text("SELECT mark, county, matters FROM shared_signatures(:since, :until, :least)")
_PLACES = text("""
    SELECT area_code, county_code, place, count(*) AS number FROM dispute
    WHERE reported_at >= :since AND reported_at < :until AND NOT restricted
      AND area_code <> county_code AND state NOT IN ('draft', 'not_accepted', 'merged')
    GROUP BY 1, 2, 3""")
# Matters that cannot be so: their day, their sum, or word for word the same as another.
_SLIPS = text("""
    WITH held AS (
      SELECT id, handler_agency_id AS unit, county_code AS county, occurred_on, amount, reported_at,
             count(*) OVER (PARTITION BY area_code, type, occurred_on, place, involved, amount,
                            md5(summary)) > 1 AND length(summary) >= 12 AS twice
      FROM dispute WHERE reported_at >= :since AND reported_at < :until AND NOT restricted
        AND state NOT IN ('draft', 'not_accepted', 'merged')),
    judged AS (
      SELECT id, unit, county, twice,
             occurred_on > CAST(timezone('Asia/Shanghai', reported_at) AS date)
               OR occurred_on < CAST(reported_at AS date) - make_interval(years => :years) AS dated,
             coalesce(amount < 0 OR amount > :amount, false) AS sum FROM held)
    SELECT unit, county, array_agg(id ORDER BY id) AS matters,
           count(*) FILTER (WHERE dated) AS dates, count(*) FILTER (WHERE sum) AS sums,
           count(*) FILTER (WHERE twice) AS twice
    FROM judged WHERE dated OR sum OR twice GROUP BY unit, county ORDER BY unit""")
TEN_THOUSAND = 10_000


def doubts(session: Session, rule: Rule, now: datetime) -> int:
    """Step: every kind of W11; how many warnings were raised."""
    kinds = (_questions, _signatures, _phones, _villages, _slips)
    return sum(kind(session, rule, now) for kind in kinds)


def _questions(session: Session, rule: Rule, now: datetime) -> int:
    """What units were asked and the office has not looked at."""
    raised = 0
    for office_id, held in gathering.questions(session).items():
        office = session.get_one(Agency, office_id)
        lapsed = sum(row.state == "open" for row in held)
        finding = night_rules.doubtful(rule, [row.id for row in held], lapsed)
        key = f"{rule.code}:{office.area_code}:{held[-1].id}"
        if not said(session, key):
            raised += raise_finding(
                session, finding, now, area=office.area_code, key=key, owner_agency_id=office_id
            )
    return raised


def _signatures(session: Session, rule: Rule, now: datetime) -> int:
    """One picture of a signature under papers of many matters: to the county's office."""
    raised, offices = 0, _offices(session)
    for row in _shared(session, _SIGNATURES, rule, "signatures", now):
        finding = night_rules.same_signature(rule, row.matters)
        raised += raise_finding(
            session, finding, now, area=row.county, key=f"{rule.code}:signature:{row.mark}",
            owner_agency_id=offices.get(row.county),
        )  # fmt: skip
    return raised


def _phones(session: Session, rule: Rule, now: datetime) -> int:
    """One phone with many parties: asked of the handlers of each of the matters, on the matter."""
    raised = 0
    for row in _shared(session, _PHONES, rule, "phones", now):
        finding = night_rules.same_phone(rule, row.people, len(row.matters))
        matters = session.scalars(select(Dispute).where(Dispute.id.in_(row.matters)))
        for matter in matters.all():
            raised += raise_finding(
                session, finding, now, area=matter.area_code, type_code=matter.type,
                dispute_id=matter.id, key=f"{rule.code}:phone:{matter.id}",
            )  # fmt: skip
    return raised


def _villages(session: Session, rule: Rule, now: datetime) -> int:
    """A village with most of its township's matters: to the county's office."""
    raised, offices = 0, _offices(session)
    for area, county, village in _fullest(session, rule, now):
        raised += raise_finding(
            session, night_rules.village_share(rule, village), now, area=area,
            key=f"{rule.code}:village:{area}", owner_agency_id=offices.get(county),
        )  # fmt: skip
    return raised


def _slips(session: Session, rule: Rule, now: datetime) -> int:
    """What was written down and cannot be so: asked of the unit that has the matters."""
    raised = 0
    given = {
        **_span(rule, now),
        "years": int(rule.number("years")),
        "amount": rule.number("amount") * TEN_THOUSAND,
    }
    for row in session.execute(_SLIPS, given).all():
        finding = night_rules.slips(rule, row.matters, row.dates, row.sums, row.twice)
        raised += raise_finding(
            session, finding, now, area=row.county, owner_agency_id=row.unit,
            key=f"{rule.code}:slips:{row.unit}:{_mark(row.matters)}",
        )  # fmt: skip
    return raised


def _mark(matters: Sequence[int]) -> str:
    """The same matters are asked about once."""
    return md5(str(matters).encode(), usedforsecurity=False).hexdigest()[:16]


def _fullest(session: Session, rule: Rule, now: datetime) -> Iterator[tuple[str, str, Village]]:
    """The village with most matters of each township; places without a village count as others."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in session.execute(_PLACES, _span(rule, now)):
        counted[row.area_code, row.county_code][village_of(row.place) or ""] += row.number
    for (area, county), held in sorted(counted.items()):
        named = {name: number for name, number in held.items() if name}
        if len(named) > 1:
            name = max(sorted(named), key=lambda one: named[one])
            yield area, county, Village(name, named[name], held.total())


def _shared(session: Session, asked: Any, rule: Rule, number: str, now: datetime) -> list[Row[Any]]:
    given = {**_span(rule, now), "least": int(rule.number(number))}
    return list(session.execute(asked, given).all())


def _span(rule: Rule, now: datetime) -> dict[str, object]:
    return {"since": now - timedelta(days=rule.number("days")), "until": now}


def _offices(session: Session) -> dict[str, int]:
    """The office of each county."""
    asked = select(Agency.area_code, Agency.id).where(Agency.kind == "county_centre", Agency.active)
    return {row.area_code: row.id for row in session.execute(asked.order_by(Agency.id.desc()))}
