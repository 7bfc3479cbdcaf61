"""A city's analysis of a cluster takes the whole class: numbered rows, no person, none restricted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

UNIT = "setting_id('app.unit')"
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
CALLED = f"(SELECT m.meeting_id FROM meeting_agency m WHERE m.agency_id = {UNIT})"
SEEN = (
    f"agency_id = {UNIT} OR {IN_SUMS} "
    f"OR id IN (SELECT m.analysis_id FROM meeting m WHERE m.id IN {CALLED}) "
    "OR id IN (SELECT r.analysis_id FROM recommendation r WHERE r.sent_at IS NOT NULL "
    f"AND r.addressee_id = {UNIT})"
)
# A county whose matters are in a class that the city leads sees the analysis and its own rows.
LED = (
    f"cardinality(counties) > 0 AND EXISTS (SELECT 1 FROM agency g WHERE g.id = {UNIT} "
    "AND g.kind = 'county_centre' AND g.area_code = ANY (counties))"
)

FUNCTIONS = {
    # No door of its own: the two behind it ask it with their owner's rights. Only what a warning
    # of several places tells of, and only for the office that coordinates the area over them.
    "class_members(bigint)": """
CREATE FUNCTION class_members(asked bigint) RETURNS SETOF dispute LANGUAGE sql STABLE
SET search_path = public
AS $$
  WITH led AS (
    SELECT w.type_code, w.facts,
      coalesce(timezone('Asia/Shanghai', (w.facts ->> 'first')::timestamp),
               w.raised_at - interval '180 days') AS since,
      coalesce(timezone('Asia/Shanghai', (w.facts ->> 'last')::timestamp + interval '1 day'),
               w.raised_at) AS until
    FROM warning w
    WHERE w.id = asked AND w.dispute_id IS NULL AND setting('app.sum_lo') <> ''
      AND w.area_path >= setting('app.sum_lo') AND w.area_path < setting('app.sum_hi')
      AND jsonb_array_length(w.facts -> 'members') > 1
      AND EXISTS (SELECT 1 FROM agency g WHERE g.id = setting_id('app.unit')
                  AND g.kind IN ('city_coordination', 'province_coordination')))
  SELECT d.* FROM led
  JOIN area a ON led.facts -> 'members' ? a.code
   AND a.path >= setting('app.sum_lo') AND a.path < setting('app.sum_hi')
  JOIN dispute d ON d.area_path >= a.path AND d.area_path < left(a.path, -1) || '0'
  WHERE d.reported_at >= led.since AND d.reported_at < led.until
    AND d.state NOT IN ('draft', 'merged', 'not_accepted')
    AND (led.type_code IS NULL OR d.type = led.type_code) $$""",
    "class_of_warning(bigint)": """
CREATE FUNCTION class_of_warning(asked bigint)
RETURNS TABLE (id bigint, type varchar, county_code varchar, reported_at timestamptz,
               involved int, amount numeric, restricted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT CASE WHEN NOT d.restricted THEN d.id END, CASE WHEN NOT d.restricted THEN d.type END,
    CASE WHEN NOT d.restricted THEN d.county_code END,
    CASE WHEN NOT d.restricted THEN d.reported_at END,
    CASE WHEN NOT d.restricted THEN d.involved END,
    CASE WHEN NOT d.restricted THEN d.amount END, d.restricted
  FROM class_members(asked) d $$""",
    "freeze_class(bigint)": """
CREATE FUNCTION freeze_class(asked bigint) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$
  WITH made AS (
    SELECT a.id, a.warning_id, a.opened_at FROM analysis a
    WHERE a.id = asked AND a.agency_id = setting_id('app.unit') AND cardinality(a.counties) > 0
      AND NOT EXISTS (SELECT 1 FROM analysis_member m WHERE m.analysis_id = a.id)),
  taken AS (
    INSERT INTO analysis_member (analysis_id, dispute_id)
    SELECT made.id, d.id FROM made CROSS JOIN LATERAL class_members(made.warning_id) d
    WHERE NOT d.restricted RETURNING analysis_id, dispute_id),
  told AS (
    INSERT INTO dispute_event (dispute_id, at, event, actor_id, agency_id, note, facts)
    SELECT t.dispute_id, made.opened_at, 'analysed', setting_id('app.account'),
           setting_id('app.unit'), '', jsonb_build_object('analysis_id', t.analysis_id)
    FROM taken t JOIN made ON made.id = t.analysis_id RETURNING 1)
  SELECT count(*)::int FROM told $$""",
    "class_rows(bigint)": """
CREATE FUNCTION class_rows(asked bigint)
RETURNS TABLE (number varchar, county_code varchar, type varchar, reported_at timestamptz,
               state varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT d.number, d.county_code, d.type, d.reported_at, d.state
  FROM analysis a JOIN analysis_member m ON m.analysis_id = a.id
  JOIN dispute d ON d.id = m.dispute_id
  WHERE a.id = asked AND a.agency_id = setting_id('app.unit') AND cardinality(a.counties) > 0
    AND NOT d.restricted AND d.state <> 'draft'
  ORDER BY d.county_code, d.reported_at DESC, d.id DESC $$""",
}


# What a county's figure is made of is read from the index alone: its matters are many pages wide.
# All matters of a county lie in it, so that its place is looked at once and not row by row.
MAKEUP = """
CREATE OR REPLACE FUNCTION county_makeup(of_county text, since date, after date, of_type text)
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
      AND {place})
  SELECT 'source', m.source::text, count(*) FROM mine m GROUP BY m.source
  UNION ALL
  SELECT 'agency', a.name::text, count(*) FROM mine m JOIN agency a ON a.id = m.handler_agency_id
  WHERE NOT m.restricted GROUP BY a.id, a.name
  UNION ALL
  SELECT 'series', s.series_id::text, count(*) FROM mine m
  JOIN series_member s ON s.dispute_id = m.id AND s.removed_at IS NULL
  WHERE NOT m.restricted GROUP BY s.series_id $$"""
OF_ROWS = "d.area_path >= setting('app.sum_lo') AND d.area_path < setting('app.sum_hi')"
OF_COUNTY = (
    "EXISTS (SELECT 1 FROM area p WHERE p.code = of_county "
    "AND p.path >= setting('app.sum_lo') AND p.path < setting('app.sum_hi'))"
)
INDEX = ("ix_dispute_county_reported", "dispute", ["county_code", "reported_at", "id"])
BESIDE = ["type", "state", "source", "restricted", "handler_agency_id"]


def upgrade() -> None:
    """A column for the counties, the doors to the class, and a wall that lets the counties in;
    a county's make-up, and pressing matters of a type, out of an index."""
    op.add_column(
        "analysis",
        sa.Column(
            "counties",
            postgresql.ARRAY(sa.String(32)),
            nullable=False,
            server_default=sa.text("'{}'"),
        ),
    )
    for signature, body in FUNCTIONS.items():
        op.execute(body)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        if not signature.startswith("class_members"):
            op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO yuantou_app")
    op.execute(f"ALTER POLICY seen ON analysis USING ({SEEN} OR {LED})")
    op.drop_index(INDEX[0], INDEX[1])
    op.create_index(*INDEX, postgresql_include=BESIDE)
    op.create_index(
        "ix_dispute_pressing_type",
        "dispute",
        ["type", "reported_at"],
        postgresql_where=sa.text("pressing"),
    )
    op.execute(MAKEUP.format(place=OF_COUNTY))


def downgrade() -> None:
    """A city's class is what it may open, and a county's make-up is read row by row."""
    op.execute(MAKEUP.format(place=OF_ROWS))
    op.drop_index("ix_dispute_pressing_type", "dispute")
    op.drop_index(INDEX[0], INDEX[1])
    op.create_index(*INDEX)
    op.execute(f"ALTER POLICY seen ON analysis USING ({SEEN})")
    for signature in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {signature}")
    op.drop_column("analysis", "counties")
