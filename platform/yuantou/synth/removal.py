"""Taking the synthetic province away, whole, and refusing to mix it with real data."""

from typing import Any, LiteralString

import psycopg
from psycopg import sql

from yuantou.access.roles import ADMINISTRATORS

_HANGING = """SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE a.attname = 'dispute_id' AND NOT a.attisdropped AND c.relkind = 'r'
  AND c.relnamespace = 'public'::regnamespace AND c.relname NOT IN ('notice', 'duplicate_hint')
ORDER BY c.relname"""
_OF_DEMO_ANALYSES: LiteralString = (
    "analysis_id IN (SELECT n.id FROM analysis n JOIN agency a ON a.id = n.agency_id WHERE a.demo)"
)
OF_AGENCIES: tuple[tuple[str, LiteralString], ...] = (
    ("screening_round", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("paper_template", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("sensitive_date", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("roster_entry", "centre_id IN (SELECT id FROM agency WHERE demo)"),
    ("red_duty", "centre_id IN (SELECT id FROM agency WHERE demo)"),
    ("import_batch", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("import_match", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("integrity_question", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("common_source", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    (
        "place",
        "batch_id IN (SELECT b.id FROM place_batch b JOIN agency a ON a.id = b.agency_id "
        "WHERE a.demo)",
    ),
    ("place_batch", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("integrity_round", "NOT EXISTS (SELECT FROM integrity_question)"),
    ("governance_event", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("effect_measure", _OF_DEMO_ANALYSES),
    ("meeting_task", "host_id IN (SELECT id FROM agency WHERE demo)"),
    ("meeting_agency", "host_id IN (SELECT id FROM agency WHERE demo)"),
    ("recommendation", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("meeting", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("analysis_draft", _OF_DEMO_ANALYSES),
    ("analysis_member", _OF_DEMO_ANALYSES),
    ("analysis", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    ("appraisal_project", "agency_id IN (SELECT id FROM agency WHERE demo)"),
    (
        "research_pull",
        "topic_id IN (SELECT t.id FROM research_topic t JOIN agency a ON a.id = t.agency_id "
        "WHERE a.demo)",
    ),
    ("research_topic", "agency_id IN (SELECT id FROM agency WHERE demo)"),
)
KEPT = (
    "figure_line", "figure_pack", "dispute_month", "court_month", "lateness", "entry_pack",
    "entry_change",
)  # fmt: skip
# What demo accounts logged while trying the product is demo data too.
_GOING = """CREATE TEMP TABLE going ON COMMIT DROP AS SELECT id FROM dispute
WHERE demo OR reporter_id IN (SELECT id FROM account WHERE demo)"""
_REAL = """SELECT
(SELECT count(*) FROM dispute WHERE NOT demo
   AND reporter_id NOT IN (SELECT id FROM account WHERE demo)),
(SELECT count(*) FROM account WHERE NOT demo AND role <> ALL(%s)),
(SELECT count(*) FROM court_count c JOIN count_batch b ON b.id = c.batch_id
   WHERE NOT c.demo AND b.entered_by NOT IN (SELECT id FROM account WHERE demo))"""
_DEMO_REPORTS = (
    "report_id IN (SELECT p.id FROM assessment_report p JOIN assessment_run r ON r.id = p.run_id "
    "WHERE r.demo)"
)
_DEMO_COMPLAINTS: LiteralString = (
    "writer_id IN (SELECT id FROM account WHERE demo) "
    "OR to_agency_id IN (SELECT id FROM agency WHERE demo)"
)
_DEMO_BATCHES = (
    "(SELECT batch_id FROM court_count WHERE demo) UNION SELECT id FROM count_batch "
    "WHERE entered_by IN (SELECT id FROM account WHERE demo)"
)


class RealData(RuntimeError):
    """There are real disputes or accounts; the message says how many and what to do."""


def refuse_beside_real(connection: psycopg.Connection[Any]) -> None:
    """RealData where a dispute is real, or an account that is neither demo nor administrator."""
    found = connection.execute(_REAL, [sorted(ADMINISTRATORS)]).fetchone() or (0, 0, 0)
    if any(found):
        raise RealData(
            f"库里有真实数据(纠纷 {found[0]} 件、账号 {found[1]} 个、法院数据 {found[2]} 行),"
            "演示数据不与真实数据混放。请另建一个数据库(DATABASE_URL)再生成。"
        )


def remove_disputes(connection: psycopg.Connection[Any]) -> int:
    """Delete synthetic disputes, counts and targets with all that hangs on them."""
    connection.execute(_GOING)
    connection.execute("ANALYZE going")
    gone = _number(connection, "SELECT count(*) FROM going")
    real = _number(connection, "SELECT count(*) FROM dispute") - gone
    for table in ("duplicate_hint", "notice"):
        _delete(connection, table, "dispute_id IN (SELECT id FROM going)")
    hanging = [row[0] for row in connection.execute(_HANGING)]
    if real:
        for table in hanging:
            _delete(connection, table, "dispute_id IN (SELECT id FROM going)")
        _delete(connection, "dispute", "id IN (SELECT id FROM going)")
    else:
        tables = map(sql.Identifier, (*hanging, "dispute", "number_series"))
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(tables)))
    connection.execute("DROP TABLE going")
    _forget_sources(connection)
    _remove_counts(connection)
    _forget_figures(connection)
    return gone


def remove_all(connection: psycopg.Connection[Any]) -> int:
    """Delete every demo row, agencies and accounts too; returns the number of disputes."""
    gone = remove_disputes(connection)
    for table in ("notice", "restatement"):
        _delete(connection, table, _DEMO_REPORTS)
    _delete(connection, "assessment_report", "run_id IN (SELECT id FROM assessment_run WHERE demo)")
    for table in ("assessment_draft", "run_act", "sealed_member", "objection"):
        _delete(connection, table, "run_id IN (SELECT id FROM assessment_run WHERE demo)")
    _delete(connection, "assessment_run", "demo")
    _delete(connection, "notice", "agency_id IN (SELECT id FROM agency WHERE demo)")
    _delete(connection, "complaint", _DEMO_COMPLAINTS)
    for table, of_demo in OF_AGENCIES:
        _delete(connection, table, of_demo)
    for table in ("sample_round", "review_round"):
        _delete(connection, table, "agency_id IN (SELECT id FROM agency WHERE demo)")
    _delete(connection, "sample_stratum", "round_id NOT IN (SELECT id FROM sample_round)")
    _delete(connection, "account", "demo")
    connection.execute("UPDATE agency SET parent_id = NULL WHERE demo")
    _delete(connection, "agency", "demo")
    return gone


def _remove_counts(connection: psycopg.Connection[Any]) -> None:
    connection.execute(f"CREATE TEMP TABLE going_batches ON COMMIT DROP AS {_DEMO_BATCHES}")
    _delete(connection, "court_count", "batch_id IN (SELECT batch_id FROM going_batches)")
    _delete(connection, "count_batch", "id IN (SELECT batch_id FROM going_batches)")
    connection.execute("DROP TABLE going_batches")
    _delete(connection, "feed_batch", "demo")
    _delete(connection, "suit_feed_month", "batch_id NOT IN (SELECT id FROM feed_batch)")
    _delete(connection, "supplied_count", "demo")
    _delete(connection, "village_year", "demo")
    _delete(connection, "target", "demo OR entered_by IN (SELECT id FROM account WHERE demo)")


def _forget_sources(connection: psycopg.Connection[Any]) -> None:
    """Sources that no matter belongs to any more, unless somebody named them."""
    empty: LiteralString = "NOT IN (SELECT source_id FROM common_source_matter)"
    for table in ("common_source_area", "common_source_key"):
        _delete(connection, table, f"source_id {empty}")
    _delete(connection, "common_source", f"origin <> 'typed' AND id {empty}")


def _forget_figures(connection: psycopg.Connection[Any]) -> None:
    """Kept figures were made of what is gone: drop them, and mark every county as stale."""
    for table in KEPT:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    connection.execute(
        "INSERT INTO stale_area (kind, area_code, at) SELECT kind, code, clock_timestamp() "
        "FROM area, (VALUES ('disputes'), ('counts')) AS k (kind) WHERE level = 'county'"
    )


def _delete(connection: psycopg.Connection[Any], table: str, where: LiteralString) -> None:
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), sql.SQL(where))
    )


def _number(connection: psycopg.Connection[Any], question: LiteralString) -> int:
    return int((connection.execute(question).fetchone() or (0,))[0])
