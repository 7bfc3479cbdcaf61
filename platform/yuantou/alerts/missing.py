"""W10 where no court of a county sends what it judges by: that is said in red, not passed over."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from yuantou.alerts.findings import Finding, Reason
from yuantou.alerts.raising import raise_finding, said
from yuantou.alerts.rules import Rule
from yuantou.calendar.clock import local
from yuantou.disputes.matter import N_

MISSING = "MISSING"
MONTHS = 6  # a court that sent either in so many months is not missed here
ONE = N_(
    "%(court)s近 %(months)s 个月没有报送逐案数据，也没有报送分乡镇件数，"
    "“一地同类案件起诉骤增”没法判断。没有数据不等于没有问题。"
)
MANY = N_(
    "这里 %(count)s 个县（市、区）的法院近 %(months)s 个月都没有报送逐案数据，"
    "也没有报送分乡镇件数，"
    "“一地同类案件起诉骤增”没法判断。没有数据不等于没有问题。"
)
_COUNTIES = text("""
    SELECT a.path, min(c.name) AS court, bool_and(NOT EXISTS (
             SELECT 1 FROM suit_feed_month f WHERE f.court_code = c.code AND f.month >= :since
             UNION ALL
             SELECT 1 FROM court_count k WHERE k.court_code = c.code AND k.month >= :since
               AND k.released_at IS NOT NULL AND k.by_township <> '{}')) AS blind
    FROM court c JOIN area a ON a.code = c.counts_to_code
    WHERE c.valid_to IS NULL AND a.level = 'county'
      AND EXISTS (SELECT 1 FROM dispute d WHERE d.county_code = a.code)
    GROUP BY a.path ORDER BY a.path""")


def missing_suits(session: Session, rule: Rule, now: datetime) -> int:
    """Step: once a quarter, one warning for the widest place none of whose courts send either."""
    today, raised = local(now).date(), 0
    quarter = f"{today.year}q{(today.month + 2) // 3}"
    counties = session.execute(_COUNTIES, {"since": _months_before(today)}).all()
    for path, held in _widest(counties):
        codes = path.strip("/").split("/")
        if not any(said(session, _key(code, quarter)) for code in codes):
            key = _key(codes[-1], quarter)
            raised += raise_finding(session, _finding(rule, held), now, area=codes[-1], key=key)
    return raised


def _widest(counties: Sequence[Row[Any]]) -> Iterator[tuple[str, list[Row[Any]]]]:
    """Paths of the widest places whose counties are all blind, with these counties."""
    told: set[str] = set()
    for county in counties:
        parts = county.path.strip("/").split("/")
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth]) + "/"
            held = [one for one in counties if one.path.startswith(path)]
            wide_enough = len(held) > 1 or depth == len(parts)
            if wide_enough and all(one.blind for one in held):
                if path not in told:
                    yield path, held
                told.add(path)
                break


def _finding(rule: Rule, held: Sequence[Row[Any]]) -> Finding:
    values: dict[str, object] = {"months": MONTHS}
    say, more = (ONE, {"court": held[0].court}) if len(held) == 1 else (MANY, {"count": len(held)})
    facts = {"rule": rule.code, "counties": len(held)}
    return Finding(MISSING, rule.version, "red", (Reason(say, values | more),), facts)


def _months_before(day: date) -> date:
    month = day.year * 12 + day.month - 1 - MONTHS
    return date(month // 12, month % 12 + 1, 1)


def _key(code: str, quarter: str) -> str:
    return f"missing:suits:{code}:{quarter}"
