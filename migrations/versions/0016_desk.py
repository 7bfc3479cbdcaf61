"""The desk: supervision at T+1, transfers with a fresh clock."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"

# What the morning's job writes when a limit has passed: an urging, its letter, its place in the
# history. It changes no matter.
GRANTS = (
    "SELECT ON supervision_cause TO yuantou_app",
    "SELECT, INSERT ON supervision_cause TO yuantou_worker",
    "INSERT, UPDATE ON supervision TO yuantou_worker",
    "INSERT ON supervision_letter TO yuantou_worker",
    "INSERT ON dispute_event TO yuantou_worker",
)
POLICIES = (
    f"CREATE POLICY visible ON supervision_cause FOR SELECT TO yuantou_app USING ({OF_VISIBLE})",
    "CREATE POLICY work ON supervision_cause TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY press ON supervision TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY press ON supervision_letter FOR INSERT TO yuantou_worker WITH CHECK (true)",
)

# The ministry's register counts every matter of the area, restricted ones as well: sums by agency
# and kind, no matter and no person. Who answers for no area counts what his unit takes part in.
REGISTERED_ENDINGS = """
CREATE FUNCTION registered_endings(first_day date, after date, ended text[])
RETURNS TABLE (agency text, kind text, type text, source text, involved bigint,
               amount float, complexity text, outcome text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT a.name, a.kind, d.type, d.source, sum(d.involved),
         sum(coalesce((SELECT sum(g.amount) FROM agreement g
                       WHERE g.dispute_id = d.id AND g.superseded_at IS NULL), d.amount))::float,
         d.complexity, d.outcome, count(*)
  FROM dispute d JOIN agency a ON a.id = d.handler_agency_id
  WHERE d.outcome = ANY (ended)
    AND d.concluded_at >= first_day::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND d.concluded_at < after::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND CASE WHEN setting('app.sum_lo') = '' THEN d.id IN (SELECT matters_of_unit())
             ELSE d.area_path >= setting('app.sum_lo') AND d.area_path < setting('app.sum_hi') END
  GROUP BY a.area_path, a.name, a.kind, d.type, d.source, d.complexity, d.outcome
  ORDER BY a.area_path, a.name, d.type, d.source $$"""


def upgrade() -> None:
    """The desk: supervision at T+1, transfers with a fresh clock."""
    op.alter_column("supervision_letter", "issued_by", nullable=True)
    op.create_table(
        "supervision_cause",
        sa.Column("deadline_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("supervision_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deadline_id", name=op.f("pk_supervision_cause")),
    )
    op.create_index(op.f("ix_supervision_cause_dispute_id"), "supervision_cause", ["dispute_id"])
    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    op.execute(REGISTERED_ENDINGS)
    op.execute("REVOKE ALL ON FUNCTION registered_endings(date, date, text[]) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION registered_endings(date, date, text[]) TO yuantou_app")
    op.execute("ALTER TABLE supervision_cause ENABLE ROW LEVEL SECURITY")
    for policy in POLICIES:
        op.execute(policy)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
