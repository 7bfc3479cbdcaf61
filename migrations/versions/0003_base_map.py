"""Who reads and draws the base map; sums of all counties for judging hot and cold spots."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COUNTY_COUNTS = """
CREATE FUNCTION county_counts(since date, until date, of_type text)
RETURNS TABLE (area_code varchar, reported bigint) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public
AS $$ SELECT area_code, sum(reported)::bigint FROM dispute_month
      WHERE level = 'county' AND month BETWEEN since AND until
        AND (of_type = '' OR type = of_type) GROUP BY area_code $$"""


def upgrade() -> None:
    op.execute(COUNTY_COUNTS)
    op.execute("REVOKE ALL ON FUNCTION county_counts(date, date, text) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION county_counts(date, date, text) TO yuantou_app")
    op.execute("GRANT SELECT ON map_drawing TO yuantou_app")
    op.execute("GRANT SELECT, INSERT ON map_drawing TO yuantou_worker")


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
