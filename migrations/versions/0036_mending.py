"""What a second reading asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


BEGUN = """
CREATE FUNCTION county_begun(until date) RETURNS SETOF varchar
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT a.code FROM area a WHERE a.level = 'county'
      AND EXISTS (SELECT 1 FROM dispute_month m
                  WHERE m.area_code = a.code AND m.month <= until) $$"""

# The minutes are one paper for all who were called: who came, and who does what by when.
CALLED = """
CREATE FUNCTION meetings_of_unit() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT meeting_id FROM meeting_agency WHERE agency_id = setting_id('app.unit') $$"""
READS_MINUTES = "meeting_id IN (SELECT meetings_of_unit())"


def upgrade() -> None:
    """Batches know when their page last asked for a step; which counties have begun."""
    op.execute(BEGUN)
    op.execute("REVOKE ALL ON FUNCTION county_begun(date) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION county_begun(date) TO yuantou_app")
    op.execute(CALLED)
    op.execute("REVOKE ALL ON FUNCTION meetings_of_unit() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION meetings_of_unit() TO yuantou_app")
    for table in ("meeting_agency", "meeting_task"):
        op.execute(f"CREATE POLICY called ON {table} FOR SELECT TO yuantou_app "
                   f"USING ({READS_MINUTES})")
    op.add_column("batch", sa.Column("attended_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE batch SET attended_at = made_at")
    op.alter_column("batch", "attended_at", nullable=False)
    op.create_index("ix_batch_waiting", "batch", ["attended_at"], postgresql_where=WAITING)


def downgrade() -> None:
    """Back to batches that only their page moves."""
    for table in ("meeting_agency", "meeting_task"):
        op.execute(f"DROP POLICY called ON {table}")
    op.execute("DROP FUNCTION meetings_of_unit()")
    op.execute("DROP FUNCTION county_begun(date)")
    op.drop_index("ix_batch_waiting", table_name="batch", postgresql_where=WAITING)
    op.drop_column("batch", "attended_at")
