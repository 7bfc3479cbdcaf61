"""Warnings and their course (alerts)."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
SEEN = (
    f"CASE WHEN dispute_id IS NOT NULL THEN {OF_VISIBLE} "
    f"ELSE {IN_SUMS} OR setting_id('app.unit') IN "
    "(owner_agency_id, former_owner_id, told_agency_id) END"
)
OF_SEEN = "EXISTS (SELECT 1 FROM warning w WHERE w.id = warning_id)"
CHANGED = (
    "version, level, raised_level, area_code, area_path, facts, reasons, owner_agency_id, "
    "owner_account_id, "
    "former_owner_id, due_at, lapsed_at, state, "
    "acknowledged_by, acknowledged_at, downgrade_to, downgrade_reason, downgrade_by, "
    "downgrade_at, downgrade_decided_by, outcome, outcome_note, closed_by, closed_at"
)
FUNCTIONS = {
    "repeated_pairs(timestamptz, int)": """
CREATE FUNCTION repeated_pairs(since timestamptz, days int)
RETURNS TABLE (matter bigint, earlier bigint[]) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public
AS $$
  WITH fresh AS (
    SELECT id, reported_at, restricted FROM dispute
    WHERE reported_at >= since AND state NOT IN ('draft', 'not_accepted', 'merged')),
  mine AS (
    SELECT f.id, p.kind, p.side, k.key
    FROM fresh f JOIN party p ON p.dispute_id = f.id,
         unnest(ARRAY[p.id_index, p.contact_index]) k(key)
    WHERE p.side IN ('applicant', 'respondent') AND k.key IS NOT NULL),
  met AS (
    SELECT m.id, m.side, o.dispute_id AS other, o.id AS their
    FROM mine m JOIN party o ON o.id_index = m.key
    WHERE m.kind = 'person' AND o.dispute_id <> m.id
    UNION
    SELECT m.id, m.side, o.dispute_id, o.id
    FROM mine m JOIN party o ON o.contact_index = m.key
    WHERE m.kind = 'person' AND o.dispute_id <> m.id),
  pair AS (
    SELECT DISTINCT m.id, m.other
    FROM met m JOIN fresh f ON f.id = m.id JOIN dispute d ON d.id = m.other
    WHERE (d.reported_at, d.id) < (f.reported_at, f.id)
      AND d.reported_at >= f.reported_at - make_interval(days => days)
      AND d.state NOT IN ('draft', 'not_accepted', 'merged')
      AND (f.restricted OR NOT d.restricted)
      AND EXISTS (SELECT 1 FROM mine n JOIN party o ON o.dispute_id = m.other
                  WHERE n.id = m.id AND n.side <> m.side AND o.id <> m.their
                    AND (o.id_index = n.key OR o.contact_index = n.key)))
  SELECT id, array_agg(other ORDER BY other) FROM pair GROUP BY id
$$""",
    "common_respondents(timestamptz, timestamptz, int)": """
CREATE FUNCTION common_respondents(since timestamptz, until timestamptz, fewest int)
RETURNS TABLE (mark text, county text, matters bigint[], people int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  WITH against AS (
    SELECT DISTINCT d.id, d.county_code, coalesce(p.id_index, p.contact_index) AS organisation
    FROM dispute d JOIN party p ON p.dispute_id = d.id
    WHERE d.reported_at >= since AND d.reported_at < until AND NOT d.restricted
      AND d.state NOT IN ('draft', 'not_accepted', 'merged')
      AND p.kind = 'organisation' AND p.side = 'respondent'
      AND coalesce(p.id_index, p.contact_index) IS NOT NULL),
  wide AS (
    SELECT county_code, organisation FROM against
    GROUP BY county_code, organisation HAVING count(*) >= fewest)
  SELECT substr(encode(sha256(a.organisation), 'hex'), 1, 16), a.county_code,
         array_agg(DISTINCT a.id ORDER BY a.id),
         count(DISTINCT coalesce(q.id_index, q.contact_index, int8send(a.id)))::int
  FROM wide w JOIN against a USING (county_code, organisation)
  LEFT JOIN party q ON q.dispute_id = a.id AND q.side = 'applicant'
  GROUP BY a.county_code, a.organisation
  HAVING count(DISTINCT coalesce(q.id_index, q.contact_index, int8send(a.id))) >= fewest
$$""",
}
WALLS = (
    "ALTER TABLE warning ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE warning_event ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY seen ON warning FOR SELECT TO yuantou_app USING ({SEEN})",
    f"CREATE POLICY raise ON warning FOR INSERT TO yuantou_app WITH CHECK ({OF_VISIBLE})",
    f"CREATE POLICY handle ON warning FOR UPDATE TO yuantou_app "
    f"USING ({SEEN}) WITH CHECK (NOT trial)",
    "CREATE POLICY work ON warning TO yuantou_worker USING (true) WITH CHECK (true)",
    f"CREATE POLICY seen ON warning_event TO yuantou_app "
    f"USING ({OF_SEEN}) WITH CHECK ({OF_SEEN})",
    "CREATE POLICY work ON warning_event TO yuantou_worker USING (true) WITH CHECK (true)",
    f"GRANT SELECT, INSERT, UPDATE ({CHANGED}) ON warning TO yuantou_app",
    "GRANT SELECT, INSERT ON warning_event TO yuantou_app",
    "GRANT SELECT, INSERT, UPDATE ON warning TO yuantou_worker",
    "GRANT SELECT, INSERT ON warning_event TO yuantou_worker",
    "GRANT SELECT ON warning_rule_version TO yuantou_app, yuantou_worker",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Tables and walls."""
    _warning()
    _event()
    _rule()
    for statement in WALLS:
        op.execute(statement)
    for signature, body in FUNCTIONS.items():
        op.execute(body)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO yuantou_worker")


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _reference(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _code(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _json(name: str) -> sa.Column:
    return sa.Column(name, postgresql.JSONB(), nullable=False)


def _warning() -> None:
    op.create_table(
        "warning",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _code("rule"),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        _code("level"),
        _code("raised_level"),
        _code("area_code"),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        _code("type_code", nullable=True),
        _reference("dispute_id"),
        _reference("source_id"),
        sa.Column("key", sa.String(length=200), nullable=False),
        _json("reasons"),
        _json("facts"),
        _moment("raised_at"),
        _reference("owner_agency_id"),
        _reference("owner_account_id"),
        _reference("former_owner_id"),
        _reference("told_agency_id"),
        _moment("due_at"),
        _moment("lapsed_at", nullable=True),
        _code("state"),
        _reference("acknowledged_by"),
        _moment("acknowledged_at", nullable=True),
        _code("downgrade_to", nullable=True),
        sa.Column("downgrade_reason", sa.Text(), nullable=False),
        _reference("downgrade_by"),
        _moment("downgrade_at", nullable=True),
        _reference("downgrade_decided_by"),
        _code("outcome", nullable=True),
        sa.Column("outcome_note", sa.Text(), nullable=False),
        _reference("closed_by"),
        _moment("closed_at", nullable=True),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.CheckConstraint("level IN ('red', 'yellow', 'blue')", name=op.f("ck_warning_level")),
        sa.CheckConstraint(
            "state IN ('open', 'acknowledged', 'acting', 'closed')", name=op.f("ck_warning_state")
        ),
        sa.CheckConstraint(
            "outcome IN ('real', 'explained', 'nothing')", name=op.f("ck_warning_outcome")
        ),
        sa.CheckConstraint(
            "downgrade_decided_by <> downgrade_by", name=op.f("ck_warning_second_person")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_warning_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning")),
    )
    op.create_index("ix_warning_key", "warning", ["key", "raised_at"])
    op.create_index("ix_warning_path", "warning", ["area_path", "state", "due_at"])
    op.create_index("ix_warning_owner", "warning", ["owner_agency_id", "state"])
    op.create_index(
        "ix_warning_dispute_id",
        "warning",
        ["dispute_id"],
        postgresql_where=sa.text("dispute_id IS NOT NULL"),
    )
    op.create_index(
        "ix_warning_open",
        "warning",
        ["due_at"],
        postgresql_where=sa.text("state <> 'closed' AND NOT trial"),
    )


def _event() -> None:
    op.create_table(
        "warning_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("warning_id", sa.BigInteger(), nullable=False),
        _moment("at"),
        _code("event"),
        _reference("actor_id"),
        _reference("agency_id"),
        sa.Column("note", sa.Text(), nullable=False),
        _json("facts"),
        sa.ForeignKeyConstraint(
            ["warning_id"],
            ["warning.id"],
            name=op.f("fk_warning_event_warning_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_event")),
    )
    op.create_index(op.f("ix_warning_event_warning_id"), "warning_event", ["warning_id"])


def _rule() -> None:
    op.create_table(
        "warning_rule_version",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        _code("code"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        _json("body"),
        _moment("entered_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warning_rule_version")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_warning_rule_version_code_version")),
    )


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
