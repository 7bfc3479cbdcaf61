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


def upgrade() -> None:
    """Walls for what a department was given; suits are linked from agreement on."""
    _settlements()
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


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
