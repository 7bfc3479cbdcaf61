"""Lists of disputes that an office brings, and taking them back whole."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

UNDO = """
CREATE FUNCTION undo_import(batch bigint) RETURNS int LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
DECLARE gone bigint[];
BEGIN
  SELECT array_agg(d.id) INTO gone
  FROM import_line l JOIN import_batch b ON b.id = l.batch_id JOIN dispute d ON d.id = l.dispute_id
  WHERE l.batch_id = batch AND b.agency_id = setting_id('app.unit') AND d.state = 'reported'
    AND d.reporting_agency_id = b.agency_id
    AND NOT EXISTS (SELECT 1 FROM dispute_event e
                    WHERE e.dispute_id = d.id AND e.event <> 'reported');
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'disputes', county_code, clock_timestamp() FROM dispute WHERE id = ANY (gone);
  DELETE FROM duplicate_hint WHERE dispute_id = ANY (gone) OR other_id = ANY (gone);
  DELETE FROM deadline WHERE dispute_id = ANY (gone);
  DELETE FROM dispute_event WHERE dispute_id = ANY (gone);
  DELETE FROM participation WHERE dispute_id = ANY (gone);
  DELETE FROM party WHERE dispute_id = ANY (gone);
  DELETE FROM dispute_key WHERE dispute_id = ANY (gone);
  DELETE FROM named_handler WHERE dispute_id = ANY (gone);
  DELETE FROM notice WHERE dispute_id = ANY (gone);
  DELETE FROM import_line WHERE dispute_id = ANY (gone);
  DELETE FROM dispute WHERE id = ANY (gone);
  RETURN coalesce(cardinality(gone), 0);
END $$"""
OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
OWN = "agency_id = setting_id('app.unit')"


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("master_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("columns", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("written", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_import_batch"),
    )
    op.create_index("ix_import_batch_agency", "import_batch", ["agency_id", "at"])
    op.create_table(
        "import_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_line"),
        sa.UniqueConstraint("batch_id", "line", name="uq_import_line_batch_id_line"),
    )
    op.create_index("ix_import_line_dispute_id", "import_line", ["dispute_id"])
    op.create_table(
        "import_match",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("field", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_match"),
        sa.UniqueConstraint("agency_id", "title", name="uq_import_match_agency_id_title"),
    )
    op.execute(UNDO)
    op.execute("REVOKE ALL ON FUNCTION undo_import(bigint) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION undo_import(bigint) TO yuantou_app")
    for table, rule in (
        ("import_batch", OWN),
        ("import_match", OWN),
        ("import_line", OF_VISIBLE),
    ):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO yuantou_app")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY brought ON {table} TO yuantou_app USING ({rule}) WITH CHECK ({rule})"
        )


def downgrade() -> None:
    """Going back would lose what was written since."""
    raise NotImplementedError("restore a back-up instead")
