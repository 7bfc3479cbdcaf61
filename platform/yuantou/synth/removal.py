"""Taking the synthetic province away, whole, and refusing to mix it with real data."""

from typing import Any

import psycopg
from psycopg import sql

from yuantou.access.roles import ADMINISTRATORS

HANGING = (
    "party", "dispute_key", "participation", "named_handler", "dispute_event", "deadline",
    "mediation_record", "agreement", "performance", "path_notice", "follow_up",
)  # fmt: skip
KEPT = ("figure_cell", "dispute_month", "court_month")
_MADE = "demo OR reporter_id IN (SELECT id FROM account WHERE demo)"


class RealData(RuntimeError):
    """There are real disputes or accounts; the message says how many and what to do."""


def refuse_beside_real(connection: psycopg.Connection[Any]) -> None:
    """RealData where a dispute is not demo, or an account that is neither demo nor administrator."""
    row = connection.execute(
        f"SELECT (SELECT count(*) FROM (SELECT FROM dispute WHERE NOT ({_MADE}) LIMIT 1000) d), "
        "(SELECT count(*) FROM account WHERE NOT demo AND role <> ALL(%s)), "
        "(SELECT count(*) FROM court_count WHERE NOT demo)",
        [sorted(ADMINISTRATORS)],
    ).fetchone()
    assert row is not None
    if any(row):
        raise RealData(
            f"库里有真实数据(纠纷 {row[0]} 件、账号 {row[1]} 个、法院数据 {row[2]} 行),"
            "演示数据不与真实数据混放。请另建一个数据库(DATABASE_URL)再生成。"
        )


def remove_disputes(connection: psycopg.Connection[Any]) -> int:
    """Delete synthetic disputes, counts and targets with all that hangs on them."""
    made = _count(connection, f"SELECT count(*) FROM dispute WHERE {_MADE}")
    real = _count(connection, f"SELECT count(*) FROM dispute WHERE NOT coalesce({_MADE}, false)")
    connection.execute(
        f"CREATE TEMP TABLE going ON COMMIT DROP AS SELECT id FROM dispute WHERE {_MADE}"
    )
    for table in ("duplicate_hint", "notice"):
        _delete(connection, table, "dispute_id IN (SELECT id FROM going)")
    if real:
        for table in HANGING:
            _delete(connection, table, "dispute_id IN (SELECT id FROM going)")
        _delete(connection, "dispute", "id IN (SELECT id FROM going)")
    else:
        for table in (*HANGING, "dispute", "number_series"):
            connection.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier(table)))
    _delete(connection, "count_batch", "id IN (SELECT batch_id FROM court_count WHERE demo)")
    for table in ("court_count", "target"):
        _delete(connection, table, "demo")
    _forget_figures(connection)
    return made


def remove_all(connection: psycopg.Connection[Any]) -> int:
    """Delete every demo row, agencies and accounts too; returns the number of disputes."""
    made = remove_disputes(connection)
    demo_run = "run_id IN (SELECT id FROM assessment_run WHERE demo)"
    _delete(
        connection, "notice", f"report_id IN (SELECT id FROM assessment_report WHERE {demo_run})"
    )
    _delete(connection, "assessment_report", demo_run)
    _delete(connection, "assessment_run", "demo")
    _delete(connection, "notice", "agency_id IN (SELECT id FROM agency WHERE demo)")
    _delete(connection, "suggestion", "account_id IN (SELECT id FROM account WHERE demo)")
    _delete(connection, "account", "demo")
    connection.execute("UPDATE agency SET parent_id = NULL WHERE demo")
    _delete(connection, "agency", "demo")
    return made


def _forget_figures(connection: psycopg.Connection[Any]) -> None:
    """Kept figures were made of what is gone: drop them, and mark every county as stale."""
    for table in KEPT:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    connection.execute(
        "INSERT INTO stale_area (kind, area_code, at) SELECT kind, code, clock_timestamp() "
        "FROM area, (VALUES ('disputes'), ('counts')) AS k (kind) WHERE level = 'county'"
    )


def _delete(connection: psycopg.Connection[Any], table: str, where: str) -> None:
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), sql.SQL(where))  # type: ignore[arg-type]
    )


def _count(connection: psycopg.Connection[Any], question: str) -> int:
    row = connection.execute(question).fetchone()  # type: ignore[arg-type]
    return int(row[0]) if row else 0
