"""Figures: parts of cells, supplied counts, links between matters, two persons for definitions."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

LINK = """
CREATE FUNCTION link_matters(which bigint[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
DECLARE made bigint;
BEGIN
  DELETE FROM matter_link
  WHERE which IS NULL OR earlier_id = ANY (which) OR later_id = ANY (which);
  WITH mine AS (
    SELECT id_index AS key FROM party
    WHERE kind = 'person' AND id_index IS NOT NULL AND dispute_id = ANY (which)
    UNION
    SELECT contact_index FROM party
    WHERE kind = 'person' AND contact_index IS NOT NULL AND dispute_id = ANY (which)),
  keyed AS (
    SELECT id_index AS key, dispute_id FROM party
    WHERE kind = 'person' AND id_index IS NOT NULL
      AND (which IS NULL OR id_index IN (SELECT key FROM mine))
    UNION ALL
    SELECT contact_index, dispute_id FROM party
    WHERE kind = 'person' AND contact_index IS NOT NULL
      AND (which IS NULL OR contact_index IN (SELECT key FROM mine))),
  shared AS (
    SELECT array_agg(dispute_id) AS ids FROM keyed GROUP BY key
    HAVING min(dispute_id) <> max(dispute_id)),
  pairs AS (
    SELECT DISTINCT a AS one, b AS other
    FROM shared, unnest(ids) a, unnest(ids) b WHERE a <> b)
  INSERT INTO matter_link (earlier_id, later_id)
  SELECT e.id, l.id
  FROM pairs p JOIN dispute e ON e.id = p.one JOIN dispute l ON l.id = p.other
  WHERE (which IS NULL OR e.id = ANY (which) OR l.id = ANY (which))
    AND (l.reported_at, l.id) > (e.reported_at, e.id) AND l.type = e.type
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$"""

MARK_PARTIES = """
CREATE FUNCTION mark_parties_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  IF (SELECT count(*) FROM changed) > 1000 THEN
    INSERT INTO stale_area (kind, area_code, at) VALUES ('parties', '*', clock_timestamp());
  ELSE
    INSERT INTO stale_area (kind, area_code, at)
    SELECT DISTINCT 'parties', dispute_id::text, clock_timestamp() FROM changed;
  END IF;
  RETURN NULL;
END $$"""

MARK_MOVED = """
CREATE FUNCTION mark_moved_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'disputes', county_code, clock_timestamp() FROM gone;
  RETURN NULL;
END $$"""

MARK_HANGING = """
CREATE FUNCTION mark_hanging_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'disputes', d.county_code, clock_timestamp()
  FROM changed c JOIN dispute d ON d.id = c.dispute_id;
  RETURN NULL;
END $$"""

MARK_UNITS = """
CREATE FUNCTION mark_units_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'disputes', split_part(area_path, '/', 3), clock_timestamp()
  FROM changed WHERE split_part(area_path, '/', 3) <> '';
  RETURN NULL;
END $$"""

MARK_REPORTS = """
CREATE FUNCTION mark_reports_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'disputes', split_part(u.area_path, '/', 3), clock_timestamp()
  FROM changed c JOIN screening_unit u ON u.id = c.unit_id
  WHERE split_part(u.area_path, '/', 3) <> '';
  RETURN NULL;
END $$"""

MARKED = (
    ("party", "mark_parties_stale"),
    ("agreement", "mark_hanging_stale"),
    ("follow_up", "mark_hanging_stale"),
    ("confirmation", "mark_hanging_stale"),
    ("screening_unit", "mark_units_stale"),
    ("screening_report", "mark_reports_stale"),
)
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
ABOVE = "level IN ('province', 'city')"
GUARDED = ("figure_part", "supplied_count", "matter_link")


def upgrade() -> None:
    """Tables, marks and walls; the old spelling of the definitions makes way for the new one."""
    _tables()
    for function in (LINK, MARK_PARTIES, MARK_MOVED, MARK_HANGING, MARK_UNITS, MARK_REPORTS):
        op.execute(function)
    op.execute(
        "REVOKE ALL ON FUNCTION link_matters(bigint[]), mark_parties_stale(), mark_moved_stale(), "
        "mark_hanging_stale(), mark_units_stale(), mark_reports_stale() FROM PUBLIC"
    )
    op.execute("GRANT EXECUTE ON FUNCTION link_matters(bigint[]) TO yuantou_worker")
    for table, function in MARKED:
        for event in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER stale_{event.lower()} AFTER {event} ON {table} "
                f"REFERENCING NEW TABLE AS changed FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {function}()"
            )
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER moved_{event.lower()} AFTER {event} ON dispute "
            "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION mark_moved_stale()"
        )
    _walls()
    op.execute("DELETE FROM definition_version WHERE body ->> 'measure' = 'disputes'")


def _tables() -> None:
    op.execute("""
        ALTER TABLE definition_version
          ADD COLUMN reason text NOT NULL DEFAULT '', ADD COLUMN proposed_by bigint,
          ADD COLUMN proposed_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN approved_by bigint,
          ADD COLUMN approved_at timestamptz, ADD COLUMN rejected_at timestamptz,
          ADD COLUMN preview jsonb, ADD COLUMN previewed_at timestamptz""")
    op.execute("UPDATE definition_version SET approved_at = now()")
    op.execute(
        "ALTER TABLE definition_version ALTER reason DROP DEFAULT, ALTER proposed_at DROP DEFAULT"
    )
    op.create_table(
        "figure_part",
        sa.Column("indicator", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("dimension", sa.String(length=32), nullable=False),
        sa.Column("value", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("numerator", sa.BigInteger(), nullable=False),
        sa.Column("denominator", sa.BigInteger(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(
            "indicator", "area_code", "month", "dimension", "value", name=op.f("pk_figure_part")
        ),
    )
    op.create_index(
        "ix_figure_part_read", "figure_part", ["indicator", "dimension", "month", "area_path"]
    )
    op.create_table(
        "matter_link",
        sa.Column("earlier_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("later_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("earlier_id", "later_id", name=op.f("pk_matter_link")),
    )
    op.create_index("ix_matter_link_later", "matter_link", ["later_id"])
    op.create_table(
        "supplied_count",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("component", sa.String(length=32), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplied_count")),
        sa.UniqueConstraint(
            "component",
            "area_code",
            "month",
            "revision",
            name=op.f("uq_supplied_count_component_area_code_month_revision"),
        ),
    )
    op.create_index("ix_supplied_count_read", "supplied_count", ["month", "area_path"])


def _walls() -> None:
    for table in GUARDED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
        )
    op.execute(f"CREATE POLICY summed ON figure_part TO yuantou_app USING ({IN_SUMS})")
    op.execute(
        f"CREATE POLICY summed ON supplied_count FOR SELECT TO yuantou_app USING ({IN_SUMS})"
    )
    op.execute(
        "CREATE POLICY supply ON supplied_count FOR INSERT TO yuantou_app "
        "WITH CHECK (agency_id = setting_id('app.unit'))"
    )
    op.execute(
        "CREATE POLICY visible ON matter_link FOR SELECT TO yuantou_app USING ("
        "EXISTS (SELECT 1 FROM dispute d WHERE d.id = earlier_id) AND "
        "EXISTS (SELECT 1 FROM dispute d WHERE d.id = later_id))"
    )
    op.execute("GRANT SELECT ON figure_part, matter_link TO yuantou_app")
    op.execute("GRANT SELECT, INSERT ON supplied_count TO yuantou_app")
    op.execute("GRANT INSERT, UPDATE ON definition_version TO yuantou_app")
    op.execute("GRANT UPDATE (preview, previewed_at) ON definition_version TO yuantou_worker")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON figure_part TO yuantou_worker")
    op.execute(
        "GRANT SELECT ON supplied_count, matter_link, screening_round, screening_unit, "
        "screening_report, confirmation TO yuantou_worker"
    )


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
