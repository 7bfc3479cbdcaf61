"""What a department may see and say of its own figures, and suits filed after agreement."""

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


def upgrade() -> None:
    """Walls for what a department was given; suits are linked from agreement on."""
    for policy in POLICIES:
        op.execute(f"CREATE POLICY {policy}")
    op.execute(LINK)
    op.execute(ANEW)


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
