"""What a department may see and say of its own figures, settlements, suits after agreement."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# Townships lie within the sums of their area; a department has none, only what bears its name.
OWN = "area_code = 'agency-' || setting('app.unit')"
POLICIES = (
    f"own ON objection TO yuantou_app USING ({OWN}) WITH CHECK ({OWN})",
    f"own ON restatement TO yuantou_app USING ({OWN}) WITH CHECK ({OWN})",
    f"own ON sealed_member FOR SELECT TO yuantou_app USING ({OWN})",
    f"own ON score_event FOR SELECT TO yuantou_app USING ({OWN})",
)
# A suit answers a mediation from the day of agreement on, not only once the file was closed.
LINK = """
CREATE OR REPLACE FUNCTION link_suits(counties text[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
DECLARE made bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM feed_suit) THEN RETURN 0; END IF;
  DELETE FROM suit_link l USING dispute d
  WHERE d.id = l.dispute_id AND d.county_code = ANY (counties) AND NOT EXISTS (
    SELECT 1 FROM feed_suit s JOIN feed_batch b ON b.id = s.batch_id
    WHERE s.id = l.suit_id AND b.released_at IS NOT NULL AND s.type = d.type
      AND d.outcome IN ('agreed_oral', 'agreed_written', 'replied')
      AND s.filed_on > timezone('Asia/Shanghai', coalesce(d.concluded_at, d.closed_at))::date
      AND EXISTS (SELECT 1 FROM party p WHERE p.dispute_id = d.id AND p.kind = 'person'
                    AND p.id_index IS NOT NULL
                    AND (EXISTS (SELECT 1 FROM feed_party f
                                 WHERE f.suit_id = s.id AND f.id_index = p.id_index)
                         OR NOT EXISTS (SELECT 1 FROM feed_party f WHERE f.suit_id = s.id))));
  INSERT INTO suit_link (dispute_id, suit_id, filed_on, cause)
  SELECT DISTINCT d.id, s.id, s.filed_on, s.cause
  FROM dispute d
  JOIN party p ON p.dispute_id = d.id AND p.kind = 'person' AND p.id_index IS NOT NULL
  JOIN feed_party f ON f.id_index = p.id_index
  JOIN feed_suit s ON s.id = f.suit_id
  JOIN feed_batch b ON b.id = s.batch_id
  WHERE d.county_code = ANY (counties) AND b.released_at IS NOT NULL AND s.type = d.type
    AND d.outcome IN ('agreed_oral', 'agreed_written', 'replied')
    AND s.filed_on > timezone('Asia/Shanghai', coalesce(d.concluded_at, d.closed_at))::date
  ON CONFLICT DO NOTHING;
  GET DIAGNOSTICS made = ROW_COUNT;
  RETURN made;
END $$"""
ANEW = """
INSERT INTO stale_area (kind, area_code, at)
SELECT DISTINCT 'disputes', c.counts_to_code, clock_timestamp()
FROM feed_batch b JOIN court c ON c.code = b.court_code WHERE c.counts_to = 'county'"""

# What came back of a settlement may be a suit: who handles the matter sees it, as in suit_link.
SETTLED = (
    "CREATE INDEX ix_settlement_county ON settlement (county_code, closed_on)",
    "ALTER TABLE settlement ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY work ON settlement TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY handled ON settlement FOR SELECT TO yuantou_app USING (EXISTS (SELECT 1 FROM "
    "dispute d WHERE d.id = dispute_id AND d.handler_agency_id = setting_id('app.unit')))",
    "GRANT SELECT ON settlement TO yuantou_app",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON settlement TO yuantou_worker",
)

BELOW_UNIT = (
    "EXISTS (SELECT 1 FROM agency a WHERE a.id = setting_id('app.unit') "
    "AND starts_with(village_year.area_path, a.area_path))"
)
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
LISTED = (
    "ALTER TABLE village_year ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY work ON village_year TO yuantou_worker USING (true) WITH CHECK (true)",
    f"CREATE POLICY summed ON village_year FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    f"CREATE POLICY list ON village_year FOR INSERT TO yuantou_app WITH CHECK ({BELOW_UNIT})",
    f"CREATE POLICY replace ON village_year FOR UPDATE TO yuantou_app USING ({BELOW_UNIT})",
    "GRANT SELECT, INSERT, UPDATE (replaced_at) ON village_year TO yuantou_app",
    "GRANT SELECT ON village_year TO yuantou_worker",
    "GRANT USAGE ON SEQUENCE village_year_id_seq TO yuantou_app",
)


def upgrade() -> None:
    """Walls for what a department was given; suits are linked from agreement on."""
    _settlements()
    _villages()
    for policy in POLICIES:
        op.execute(f"CREATE POLICY {policy}")
    op.execute(LINK)
    op.execute(ANEW)


def _settlements() -> None:
    op.create_table(
        "settlement",
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("county_code", sa.String(length=32), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("dispute_id", "closed_on", name=op.f("pk_settlement")),
    )
    for statement in SETTLED:
        op.execute(statement)


def _villages() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "village_year",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("county_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        *(
            sa.Column(each, sa.Integer(), nullable=False)
            for each in ("suits", "crimes", "petitions_above")
        ),
        sa.Column("screened", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", moment, nullable=False),
        sa.Column("replaced_at", moment, nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_year")),
    )
    op.create_index(
        "uq_village_year_current",
        "village_year",
        ["county_code", "year", "place", "name"],
        unique=True,
        postgresql_where="replaced_at IS NULL",
    )
    for statement in LISTED:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
