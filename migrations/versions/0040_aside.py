"""What changed is known matter by matter, and the entries of a county are laid aside."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

# More rows than that are a list or a feed that came in: its counties are read whole.
FEW = 20000
MARKS = (
    ("mark_disputes_stale", "changed c", "c.county_code", "c.id"),
    ("mark_moved_stale", "gone c", "c.county_code", "c.id"),
    ("mark_hanging_stale", "changed c JOIN dispute d ON d.id = c.dispute_id", "d.county_code",
     "d.id"),
    ("mark_suits_stale", "changed c JOIN dispute d ON d.id = c.dispute_id", "d.county_code",
     "d.id"),
)  # fmt: skip
OF_UNITS = (
    ("mark_units_stale", "changed c", "c.area_path"),
    ("mark_reports_stale", "changed c JOIN screening_unit u ON u.id = c.unit_id", "u.area_path"),
)
# All at once, or those of a few matters by their keys: one plan cannot serve both.
LINK = """
CREATE OR REPLACE FUNCTION link_matters(which bigint[]) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public
AS $$
DECLARE made bigint;
BEGIN
  IF which IS NULL THEN
    DELETE FROM matter_link;
    WITH keyed AS (
      SELECT id_index AS key, dispute_id FROM party
      WHERE kind = 'person' AND id_index IS NOT NULL
      UNION ALL
      SELECT contact_index, dispute_id FROM party
      WHERE kind = 'person' AND contact_index IS NOT NULL),
    shared AS (
      SELECT array_agg(dispute_id) AS ids FROM keyed GROUP BY key
      HAVING min(dispute_id) <> max(dispute_id)),
    pairs AS (
      SELECT DISTINCT a AS one, b AS other
      FROM shared, unnest(ids) a, unnest(ids) b WHERE a <> b)
    INSERT INTO matter_link (earlier_id, later_id, reported_at)
    SELECT e.id, l.id, l.reported_at
    FROM pairs p JOIN dispute e ON e.id = p.one JOIN dispute l ON l.id = p.other
    WHERE (l.reported_at, l.id) > (e.reported_at, e.id) AND l.type = e.type
      AND l.state NOT IN ('draft', 'merged');
  ELSE
    DELETE FROM matter_link WHERE earlier_id = ANY (which) OR later_id = ANY (which);
    WITH mine AS (
      SELECT id_index AS key, dispute_id FROM party
      WHERE kind = 'person' AND id_index IS NOT NULL AND dispute_id = ANY (which)
      UNION
      SELECT contact_index, dispute_id FROM party
      WHERE kind = 'person' AND contact_index IS NOT NULL AND dispute_id = ANY (which)),
    pairs AS (
      SELECT m.dispute_id AS one, p.dispute_id AS other
      FROM mine m JOIN party p ON p.id_index = m.key AND p.kind = 'person'
      UNION
      SELECT m.dispute_id, p.dispute_id
      FROM mine m JOIN party p ON p.contact_index = m.key AND p.kind = 'person')
    INSERT INTO matter_link (earlier_id, later_id, reported_at)
    SELECT e.id, l.id, l.reported_at
    FROM (SELECT one, other FROM pairs UNION SELECT other, one FROM pairs) p
    JOIN dispute e ON e.id = p.one JOIN dispute l ON l.id = p.other
    WHERE (l.reported_at, l.id) > (e.reported_at, e.id) AND l.type = e.type
      AND l.state NOT IN ('draft', 'merged');
  END IF;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$"""
LINK_BEFORE = LINK.replace(", reported_at)", ")").replace("l.id, l.reported_at", "l.id")
LEFT = """
CREATE OR REPLACE FUNCTION matter_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  UPDATE deadline SET area_path = NEW.area_path, county_code = NEW.county_code
  WHERE dispute_id = NEW.id;
  UPDATE duplicate_hint SET area_path = NEW.area_path, county_code = NEW.county_code
  WHERE dispute_id = NEW.id;
  RETURN NULL;
END $$"""
LEFT_BEFORE = LEFT.replace(
    "  RETURN NULL;",
    "  INSERT INTO stale_area (kind, area_code, at)\n"
    "  VALUES ('disputes', OLD.county_code, clock_timestamp());\n  RETURN NULL;",
)


def _marking(name: str, source: str, county: str, matter: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
DECLARE
  many boolean := (SELECT count(*) FROM {source.split()[0]}) > {FEW};
  moment timestamptz := clock_timestamp();
BEGIN
  INSERT INTO stale_area (kind, area_code, dispute_id, at)
  SELECT DISTINCT 'disputes', {county}, CASE WHEN NOT many THEN {matter} END, moment
  FROM {source};
  RETURN NULL;
END $$"""  # noqa: S608 — from constants


def _marking_units(name: str, source: str, path: str, kind: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT '{kind}', split_part({path}, '/', 3), clock_timestamp()
  FROM {source} WHERE split_part({path}, '/', 3) <> '';
  RETURN NULL;
END $$"""  # noqa: S608 — from constants


def _marking_areas(name: str, source: str, county: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'disputes', {county}, clock_timestamp() FROM {source};
  RETURN NULL;
END $$"""  # noqa: S608 — from constants


def _limits_are_marked_by(function: str) -> None:
    for event in ("INSERT", "UPDATE"):
        op.execute(f"DROP TRIGGER stale_{event.lower()} ON deadline")
        op.execute(
            f"CREATE TRIGGER stale_{event.lower()} AFTER {event} ON deadline "
            f"REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )


def upgrade() -> None:
    """Marks name the matter; what can be read again from the rows is not written durably."""
    op.add_column("stale_area", sa.Column("dispute_id", sa.BigInteger()))
    for name, source, county, matter in MARKS:
        op.execute(_marking(name, source, county, matter))
    for name, source, path in OF_UNITS:
        op.execute(_marking_units(name, source, path, "units"))
    _links_say_when()
    op.execute(LEFT)
    _limits_are_marked_by("mark_hanging_stale")
    op.create_table(
        "entry_pack",
        sa.Column("county_code", sa.String(32), primary_key=True),
        sa.Column("subject", sa.String(32), primary_key=True),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("places", JSONB(), nullable=False),
        sa.Column("columns", sa.ARRAY(sa.LargeBinary()), nullable=False),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "entry_change",
        sa.Column("county_code", sa.String(32), primary_key=True),
        sa.Column("dispute_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        prefixes=["UNLOGGED"],
    )
    op.execute('ALTER TABLE entry_pack ALTER COLUMN "columns" SET STORAGE EXTERNAL')
    for table in ("stale_area", "entry_pack", "entry_change"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
        )
    for table in ("entry_pack", "entry_change"):
        op.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO yuantou_worker")


def _links_say_when() -> None:
    """The later matter's day is what links are asked for; drafts and merged ones are none."""
    op.add_column("matter_link", sa.Column("reported_at", sa.DateTime(timezone=True)))
    op.execute("""DELETE FROM matter_link l USING dispute d
                  WHERE d.id = l.later_id AND d.state IN ('draft', 'merged')""")
    op.execute("""UPDATE matter_link l SET reported_at = d.reported_at FROM dispute d
                  WHERE d.id = l.later_id""")
    op.execute("DELETE FROM matter_link WHERE reported_at IS NULL")
    op.alter_column("matter_link", "reported_at", nullable=False)
    op.execute(LINK)


def downgrade() -> None:
    """Marks name areas alone."""
    op.drop_table("entry_change")
    op.drop_table("entry_pack")
    op.execute("DROP POLICY work ON stale_area")
    op.execute("ALTER TABLE stale_area DISABLE ROW LEVEL SECURITY")
    _limits_are_marked_by("mark_disputes_stale")
    op.execute(LEFT_BEFORE)
    for name, source, path in OF_UNITS:
        op.execute(_marking_units(name, source, path, "disputes"))
    for name, source, county, _matter in MARKS:
        op.execute(_marking_areas(name, source, county))
    op.drop_column("stale_area", "dispute_id")
    op.execute(LINK_BEFORE)
    op.drop_column("matter_link", "reported_at")
