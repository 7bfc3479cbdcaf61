"""What came out, beside the figures that were published for the real world."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg

from yuantou.synth.seasons import PUBLISHED

REAL_YEAR = 284_000  # disputes a year in Liaoning, 2023
_COURTS = """WITH latest AS (SELECT DISTINCT ON (court_code, month) * FROM court_count
  WHERE demo AND extract(year FROM month) = %s ORDER BY court_code, month, revision DESC)
SELECT sum(civil_first_new + admin_first_new
           + CASE WHEN basis = 'excl' THEN first_mediation_success ELSE 0 END) AS filed,
       sum(coalesce(prelit_success, 0)) AS before_filing,
       sum(first_mediation_success) AS after_filing, sum(first_mediation) AS tried_after,
       sum(prelit) AS tried_before, count(DISTINCT month) AS months
FROM latest"""
_PERSONS = """SELECT sum(persons) FROM (SELECT DISTINCT ON (p.area_code) p.persons
FROM population p JOIN area a ON a.code = p.area_code WHERE a.level = 'county'
ORDER BY p.area_code, p.year DESC, p.kind) AS newest"""


@dataclass(frozen=True)
class Measured:
    """One line: what was measured, what was published, and by whom."""

    name: str
    value: float | None
    published: float
    unit: str
    source: str

    def line(self) -> str:
        """The line for a terminal."""
        if self.value is None:
            return f"  {self.name}\t—\t{self.published:.2f}{self.unit}\t\t{self.source}"
        apart = (self.value / self.published - 1) * 100
        return (
            f"  {self.name}\t{self.value:.2f}{self.unit}\t{self.published:.2f}{self.unit}"
            f"\t{apart:+.1f}%\t{self.source}"
        )


def measure(connection: psycopg.Connection[Any]) -> list[Measured]:
    """Measure what is in the database."""
    return [*_types(connection), *_outcomes(connection), *_courts(connection)]


def table_of(lines: list[Measured]) -> str:
    """The lines under a heading."""
    head = "与公布数据对照(指标、合成、公布、相差、出处):"
    return "\n".join([head, *(line.line() for line in lines)]) + "\n"


def _types(connection: psycopg.Connection[Any]) -> Iterator[Measured]:
    rows = connection.execute("SELECT type, count(*) FROM dispute WHERE demo GROUP BY type")
    counts = dict(rows.fetchall())
    total = sum(counts.values()) or 1
    for code, share in PUBLISHED.items():
        yield Measured(
            f"类型占比 {code}", counts.get(code, 0) / total * 100, share * 100, "%",
            "丽水 2016 年三季度人民调解",
        )  # fmt: skip


def _outcomes(connection: psycopg.Connection[Any]) -> Iterator[Measured]:
    mediated = _share(
        connection,
        "SELECT count(*) FILTER (WHERE outcome LIKE 'agreed%'), count(*) FROM dispute "
        "WHERE demo AND outcome IN ('agreed_oral', 'agreed_written', 'failed', 'terminated')",
    )
    yield Measured("人民调解成功率", mediated, 93.78, "%", "丽水 2016 年三季度")
    performed = _share(
        connection,
        "SELECT count(performed_at), count(*) FROM dispute d JOIN agreement a "
        "ON a.dispute_id = d.id WHERE d.demo AND a.superseded_at IS NULL "
        "AND perform_mode <> 'none' AND coalesce(due_on, effective_on) < current_date",
    )
    yield Measured("自动履行率", performed, 94.52, "%", "最高法 2024 年前三季度")


def _courts(connection: psycopg.Connection[Any]) -> Iterator[Measured]:
    people = _number(connection, _PERSONS) / 10_000
    if not people:
        return
    for year, filed, brought in ((2024, 130.0, 215.0), (2025, 175.1, 175.1)):
        row = connection.execute(_COURTS, [year]).fetchone()
        if row is None or row[5] != 12:
            continue
        yield Measured(f"{year} 年每万人立案", float(row[0]) / people, filed, "", "最高法年度数据")
        if year == 2024:
            total = float(row[0] + row[1]) / people
            yield Measured("2024 年每万人诉至法院", total, brought, "", "最高法年度数据")
            share = float(row[1]) / float(row[4]) * 100
            yield Measured("诉前调解成功率", share, 66.10, "%", "最高法 2024 年前三季度")
        else:
            net = float(row[0] - row[2]) / people
            yield Measured("2025 年每万人净立案", net, 144.4, "", "最高法年度数据")
            share = float(row[2]) / float(row[3]) * 100
            yield Measured("先行调解成功率", share, 65.41, "%", "最高法 2025 年前三季度")


def _share(connection: psycopg.Connection[Any], question: LiteralString) -> float | None:
    part, whole = connection.execute(question).fetchone() or (0, 0)
    return part / whole * 100 if whole else None


def _number(connection: psycopg.Connection[Any], question: LiteralString) -> float:
    return float((connection.execute(question).fetchone() or (0,))[0] or 0)
