"""W10 where no court of a county sends what it judges by: that is said in red, not passed over."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.alerts.findings import Finding, Reason
from yuantou.alerts.raising import raise_finding, said
from yuantou.alerts.rules import Rule
from yuantou.calendar.clock import local
from yuantou.disputes.matter import N_

MISSING = "MISSING"
MONTHS = 6  # a court that sent either in so many months is not missed here
_BLIND = text("""
    SELECT c.code, c.name, c.counts_to_code AS area FROM court c
    WHERE c.valid_to IS NULL
      AND EXISTS (SELECT 1 FROM dispute d WHERE d.county_code = c.counts_to_code)
      AND NOT EXISTS (SELECT 1 FROM suit_feed_month f
                      WHERE f.court_code = c.code AND f.month >= :since)
      AND NOT EXISTS (SELECT 1 FROM court_count k
                      WHERE k.court_code = c.code AND k.month >= :since
                        AND k.released_at IS NOT NULL AND k.by_township <> '{}')
    ORDER BY c.code""")


def missing_suits(session: Session, rule: Rule, now: datetime) -> int:
    """Step: one warning a quarter for each court without case feed and without township counts."""
    today, raised = local(now).date(), 0
    month = today.year * 12 + today.month - 1 - MONTHS
    since = today.replace(year=month // 12, month=month % 12 + 1, day=1)
    for row in session.execute(_BLIND, {"since": since}):
        key = f"missing:suits:{row.code}:{today.year}q{(today.month + 2) // 3}"
        if not said(session, key):
            finding = _finding(rule, row.code, row.name)
            raised += raise_finding(session, finding, now, area=row.area, key=key)
    return raised


def _finding(rule: Rule, code: str, name: str) -> Finding:
    say = N_(
        "%(court)s近 %(months)s 个月没有报送逐案数据，也没有报送分乡镇件数，"
        "“一地同类案件起诉骤增”没法判断。没有数据不等于没有问题。"
    )
    reason = Reason(say, {"court": name, "months": MONTHS})
    facts = {"court": code, "rule": rule.code}
    return Finding(MISSING, rule.version, "red", (reason,), facts)
