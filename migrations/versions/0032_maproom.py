"""What the map room asks of all counties: sums to judge hot spots by, and a county's make-up.

`county_cells` and `county_left` say nothing of persons and serve the statistic alone, as
`county_counts` does. `county_makeup` adds up the matters of one county in the viewer's sums range;
restricted ones count in the channels and are in no group by agency or series.
"""

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

FUNCTIONS = {
    "county_cells(text, date, date)": """
CREATE FUNCTION county_cells(of_indicator text, since date, until date)
RETURNS TABLE (area_code varchar, numerator bigint, denominator bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT c.area_code, sum(c.numerator)::bigint, sum(c.denominator)::bigint FROM figure_cell c
      WHERE c.indicator = of_indicator AND c.level = 'county' AND c.month BETWEEN since AND until
      GROUP BY c.area_code $$""",
    "county_left(date, text)": """
CREATE FUNCTION county_left(until date, of_type text)
RETURNS TABLE (area_code varchar, still_open bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT m.area_code, sum(m.reported - m.closed)::bigint FROM dispute_month m
      WHERE m.level = 'county' AND m.month <= until AND (of_type = '' OR m.type = of_type)
      GROUP BY m.area_code $$""",
    "county_makeup(text, date, date, text)": """
CREATE FUNCTION county_makeup(of_county text, since date, after date, of_type text)
RETURNS TABLE (dimension text, value text, number bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  WITH mine AS (
    SELECT d.id, d.source, d.handler_agency_id, d.restricted FROM dispute d
    WHERE d.county_code = of_county AND d.state <> 'draft'
      AND d.reported_at >= since::timestamp AT TIME ZONE 'Asia/Shanghai'
      AND d.reported_at < after::timestamp AT TIME ZONE 'Asia/Shanghai'
      AND (of_type = '' OR d.type = of_type)
      AND setting('app.sum_lo') <> ''
      AND d.area_path >= setting('app.sum_lo') AND d.area_path < setting('app.sum_hi'))
  SELECT 'source', m.source::text, count(*) FROM mine m GROUP BY m.source
  UNION ALL
  SELECT 'agency', a.name::text, count(*) FROM mine m JOIN agency a ON a.id = m.handler_agency_id
  WHERE NOT m.restricted GROUP BY a.id, a.name
  UNION ALL
  SELECT 'series', s.series_id::text, count(*) FROM mine m
  JOIN series_member s ON s.dispute_id = m.id AND s.removed_at IS NULL
  WHERE NOT m.restricted GROUP BY s.series_id $$""",
}


def upgrade() -> None:
    """Three doors, each for the sums that its name says."""
    for signature, body in FUNCTIONS.items():
        op.execute(body)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO yuantou_app")


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
