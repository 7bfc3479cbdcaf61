"""Courts' case-level feed."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# A suit of the same natural person, of the same family of causes, filed after a matter was closed
# as settled. Only what differs is written, so that figures are not marked stale for nothing. Of a
# suit whose persons were forgotten in time the link stays while the matter keeps its own.
FUNCTIONS = (
    """
    CREATE FUNCTION link_suits(counties text[]) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    DECLARE made bigint;
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM feed_suit) THEN RETURN 0; END IF;
      DELETE FROM suit_link l USING dispute d
      WHERE d.id = l.dispute_id AND d.county_code = ANY (counties) AND NOT EXISTS (
        SELECT 1 FROM feed_suit s JOIN feed_batch b ON b.id = s.batch_id
        WHERE s.id = l.suit_id AND b.released_at IS NOT NULL AND s.type = d.type
          AND d.outcome IN ('agreed_oral', 'agreed_written', 'replied')
          AND s.filed_on > timezone('Asia/Shanghai', d.closed_at)::date
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
        AND s.filed_on > timezone('Asia/Shanghai', d.closed_at)::date
      ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS made = ROW_COUNT;
      RETURN made;
    END $$""",
    """
    CREATE FUNCTION mark_feed_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
      INSERT INTO stale_area (kind, area_code, at)
      SELECT DISTINCT 'disputes', d.county_code, clock_timestamp()
      FROM feed_suit s JOIN feed_party f ON f.suit_id = s.id
      JOIN party p ON p.id_index = f.id_index AND p.kind = 'person'
      JOIN dispute d ON d.id = p.dispute_id
      WHERE s.batch_id = NEW.id;
      RETURN NULL;
    END $$""",
    """
    CREATE FUNCTION unlink_suits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
      DELETE FROM suit_link WHERE suit_id IN (SELECT id FROM gone);
      RETURN NULL;
    END $$""",
    """
    CREATE FUNCTION mark_suits_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public AS $$
    BEGIN
      INSERT INTO stale_area (kind, area_code, at)
      SELECT DISTINCT 'disputes', d.county_code, clock_timestamp()
      FROM changed c JOIN dispute d ON d.id = c.dispute_id;
      RETURN NULL;
    END $$""",
    "REVOKE ALL ON FUNCTION link_suits(text[]), mark_feed_stale(), unlink_suits(), "
    "mark_suits_stale() FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION link_suits(text[]) TO yuantou_worker",
    "CREATE TRIGGER released AFTER UPDATE OF released_at ON feed_batch FOR EACH ROW "
    "WHEN (NEW.released_at IS NOT NULL AND OLD.released_at IS NULL) "
    "EXECUTE FUNCTION mark_feed_stale()",
    "CREATE TRIGGER taken_back AFTER DELETE ON feed_suit REFERENCING OLD TABLE AS gone "
    "FOR EACH STATEMENT EXECUTE FUNCTION unlink_suits()",
    "CREATE TRIGGER stale_insert AFTER INSERT ON suit_link REFERENCING NEW TABLE AS changed "
    "FOR EACH STATEMENT EXECUTE FUNCTION mark_suits_stale()",
    "CREATE TRIGGER stale_delete AFTER DELETE ON suit_link REFERENCING OLD TABLE AS changed "
    "FOR EACH STATEMENT EXECUTE FUNCTION mark_suits_stale()",
)
OWN = "(setting('app.court') <> '' AND court_code = setting('app.court'))"
OF_OWN = "EXISTS (SELECT 1 FROM feed_suit s WHERE s.id = suit_id)"
HANDLED = (
    "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id "
    "AND d.handler_agency_id = setting_id('app.unit'))"
)
# Who supplies a number reads what stands there for the area of his unit, and writes there alone.
BELOW_UNIT = (
    "EXISTS (SELECT 1 FROM agency a WHERE a.id = setting_id('app.unit') "
    "AND starts_with(supplied_count.area_path, a.area_path))"
)
WALLS = (
    *(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for table in ("feed_batch", "feed_suit", "feed_party", "suit_feed_month", "suit_link")
    ),
    *(
        f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
        for table in ("feed_batch", "feed_suit", "feed_party", "suit_feed_month", "suit_link")
    ),
    f"CREATE POLICY own ON feed_batch TO yuantou_app USING {OWN} WITH CHECK {OWN}",
    f"CREATE POLICY own ON feed_suit TO yuantou_app USING {OWN} WITH CHECK {OWN}",
    f"CREATE POLICY own ON feed_party TO yuantou_app USING ({OF_OWN}) WITH CHECK ({OF_OWN})",
    "CREATE POLICY known ON suit_feed_month FOR SELECT TO yuantou_app USING (true)",
    f"CREATE POLICY own ON suit_feed_month FOR INSERT TO yuantou_app WITH CHECK {OWN}",
    f"CREATE POLICY gone ON suit_feed_month FOR DELETE TO yuantou_app USING {OWN}",
    f"CREATE POLICY handled ON suit_link FOR SELECT TO yuantou_app USING ({HANDLED})",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON feed_batch TO yuantou_app",
    "GRANT SELECT, INSERT, DELETE ON feed_suit, feed_party, suit_feed_month TO yuantou_app",
    "GRANT SELECT ON suit_link TO yuantou_app",
    "GRANT SELECT ON suit_link, suit_feed_month TO yuantou_worker",
    "GRANT SELECT, DELETE ON feed_batch TO yuantou_worker",
    "GRANT SELECT, DELETE, UPDATE (case_hash, suit_key) ON feed_suit TO yuantou_worker",
    "GRANT SELECT (suit_id), DELETE ON feed_party TO yuantou_worker",
    f"CREATE POLICY own ON supplied_count FOR SELECT TO yuantou_app USING ({BELOW_UNIT})",
    "CREATE POLICY within ON supplied_count AS RESTRICTIVE FOR INSERT TO yuantou_app "
    f"WITH CHECK ({BELOW_UNIT})",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Tables, links by a function, walls; who supplies a number sees what stands there."""
    _batches()
    _suits()
    _links()
    for statement in (*FUNCTIONS, *WALLS):
        op.execute(statement)


def _batches() -> None:
    op.create_table(
        "feed_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("court_code", sa.String(length=32), nullable=False),
        sa.Column("counts_to_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=True),
        sa.Column("content_hash", sa.String(length=200), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.BigInteger(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_batch")),
    )
    op.create_index("ix_feed_batch_court", "feed_batch", ["court_code", "id"])


def _suits() -> None:
    op.create_table(
        "feed_suit",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("court_code", sa.String(length=32), nullable=False),
        sa.Column("suit_key", sa.LargeBinary(), nullable=True),
        sa.Column("case_hash", sa.LargeBinary(), nullable=True),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["feed_batch.id"],
            name=op.f("fk_feed_suit_batch_id_feed_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_suit")),
        sa.UniqueConstraint(
            "court_code", "suit_key", name=op.f("uq_feed_suit_court_code_suit_key")
        ),
    )
    op.create_index("ix_feed_suit_batch", "feed_suit", ["batch_id"])
    op.create_table(
        "feed_party",
        sa.Column("suit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("id_index", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["suit_id"],
            ["feed_suit.id"],
            name=op.f("fk_feed_party_suit_id_feed_suit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("suit_id", "id_index", name=op.f("pk_feed_party")),
    )
    op.create_index("ix_feed_party_index", "feed_party", ["id_index"])


def _links() -> None:
    op.create_table(
        "suit_feed_month",
        sa.Column("court_code", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("court_code", "month", "batch_id", name=op.f("pk_suit_feed_month")),
    )
    op.create_table(
        "suit_link",
        sa.Column("dispute_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("suit_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("dispute_id", "suit_id", name=op.f("pk_suit_link")),
    )
    op.create_index("ix_suit_link_suit", "suit_link", ["suit_id"])


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
