"""What many matters share, and where tribunals stand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
OWN = "agency_id = setting_id('app.unit')"
TOUCHES = "EXISTS (SELECT 1 FROM common_source_area a WHERE a.source_id = common_source.id)"
OF_OWN_SOURCE = (
    "EXISTS (SELECT 1 FROM common_source s WHERE s.id = source_id AND s.origin = 'typed' "
    "AND s.agency_id = setting_id('app.unit'))"
)
TABLES = (
    "common_source", "common_source_key", "common_source_matter", "common_source_area",
    "place_batch", "place",
)  # fmt: skip

FUNCTIONS = (
    # The worker reads no party: it gets keys, by which organisations alone can be told apart.
    """
    CREATE FUNCTION organisations_shared(since timestamptz)
    RETURNS TABLE (dispute_id bigint, party_id bigint, key bytea) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public AS $$
      WITH seen AS (
        SELECT p.dispute_id, p.id AS party_id, p.id_index, p.contact_index, d.county_code,
               upper(regexp_replace(normalize(p.name_mask, NFKC), '[\\s·•-]+', '', 'g')) AS name
        FROM party p JOIN dispute d ON d.id = p.dispute_id
        WHERE p.kind = 'organisation' AND p.side IN ('applicant', 'respondent')
          AND d.reported_at >= since AND d.state NOT IN ('draft', 'merged', 'not_accepted')),
      told AS (
        SELECT s.dispute_id, s.party_id, k.key FROM seen s, unnest(ARRAY[
          s.id_index, s.contact_index,
          CASE WHEN length(s.name) >= 4
               THEN sha256(convert_to(s.county_code || E'\\x1f' || s.name, 'UTF8')) END
        ]) AS k(key) WHERE k.key IS NOT NULL),
      often AS (
        SELECT t.key FROM told t GROUP BY t.key HAVING min(t.dispute_id) <> max(t.dispute_id))
      SELECT t.dispute_id, t.party_id, t.key FROM told t JOIN often USING (key) $$""",
    """
    CREATE FUNCTION counterparts_of(sources bigint[])
    RETURNS TABLE (source_id bigint, county_code text, people bigint) LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public AS $$
      SELECT m.source_id, d.county_code::text,
             count(DISTINCT coalesce(o.id_index, o.contact_index, int8send(o.id)))
      FROM common_source_matter m
      JOIN dispute d ON d.id = m.dispute_id
      JOIN party o ON o.dispute_id = m.dispute_id AND o.side IN ('applicant', 'respondent')
      LEFT JOIN party p ON p.id = m.party_id
      WHERE m.source_id = ANY (sources) AND o.side <> coalesce(p.side, 'respondent')
      GROUP BY GROUPING SETS ((m.source_id, d.county_code), (m.source_id)) $$""",
    "REVOKE ALL ON FUNCTION organisations_shared(timestamptz), counterparts_of(bigint[]) "
    "FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION organisations_shared(timestamptz), counterparts_of(bigint[]) "
    "TO yuantou_worker",
)
WALLS = (
    *(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in TABLES),
    *(
        f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
        for table in TABLES
    ),
    f"CREATE POLICY known ON common_source FOR SELECT TO yuantou_app "
    f"USING ({TOUCHES} OR {OWN} OR {IN_SUMS})",
    f"CREATE POLICY mark ON common_source FOR INSERT TO yuantou_app "
    f"WITH CHECK (origin = 'typed' AND {OWN} AND {IN_SUMS})",
    f"CREATE POLICY change ON common_source FOR UPDATE TO yuantou_app "
    f"USING (origin = 'typed' AND {OWN}) WITH CHECK (origin = 'typed' AND {OWN})",
    f"CREATE POLICY visible ON common_source_matter FOR SELECT TO yuantou_app USING ({OF_VISIBLE})",
    f"CREATE POLICY attach ON common_source_matter FOR INSERT TO yuantou_app "
    f"WITH CHECK (by_hand AND {OF_VISIBLE} AND {OF_OWN_SOURCE})",
    f"CREATE POLICY detach ON common_source_matter FOR DELETE TO yuantou_app "
    f"USING (by_hand AND {OF_VISIBLE} AND {OF_OWN_SOURCE})",
    f"CREATE POLICY summed ON common_source_area FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    f"CREATE POLICY known ON place_batch FOR SELECT TO yuantou_app USING ({OWN} OR {IN_SUMS})",
    f"CREATE POLICY load ON place_batch FOR INSERT TO yuantou_app WITH CHECK ({OWN} AND {IN_SUMS})",
    f"CREATE POLICY change ON place_batch FOR UPDATE TO yuantou_app USING ({OWN}) "
    f"WITH CHECK ({OWN})",
    f"CREATE POLICY placed ON place FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    "CREATE POLICY load ON place FOR INSERT TO yuantou_app WITH CHECK "
    f"({IN_SUMS} AND EXISTS (SELECT 1 FROM place_batch b WHERE b.id = batch_id "
    "AND b.agency_id = setting_id('app.unit')))",
    "CREATE POLICY change ON place FOR UPDATE TO yuantou_app USING "
    f"({IN_SUMS} AND EXISTS (SELECT 1 FROM place_batch b WHERE b.id = batch_id "
    "AND b.agency_id = setting_id('app.unit')))",
    "GRANT SELECT, INSERT, UPDATE (name, kind, ended_at) ON common_source TO yuantou_app",
    "GRANT SELECT, INSERT, DELETE ON common_source_matter TO yuantou_app",
    "GRANT SELECT ON common_source_area TO yuantou_app",
    "GRANT SELECT, INSERT, UPDATE (undone_at, undone_by, undone_reason) "
    "ON place_batch TO yuantou_app",
    "GRANT SELECT, INSERT, UPDATE (until) ON place TO yuantou_app",
    *(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO yuantou_worker"
        for table in TABLES[:4]
    ),
    "GRANT SELECT ON place_batch, place TO yuantou_worker",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Tables, the worker's two questions about parties, walls."""
    _sources()
    _hanging()
    _places()
    for statement in (*FUNCTIONS, *WALLS):
        op.execute(statement)


def _sources() -> None:
    op.create_table(
        "common_source",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disputes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("weeks", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("usual", postgresql.ARRAY(sa.Float()), nullable=False),
        sa.Column("last_week_end", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("observed", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=True),
        sa.Column("low", sa.Float(), nullable=True),
        sa.Column("high", sa.Float(), nullable=True),
        sa.Column("llr", sa.Float(), nullable=True),
        sa.Column("p", sa.Float(), nullable=True),
        sa.Column("q", sa.Float(), nullable=True),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "origin IN ('party', 'cause', 'typed')", name=op.f("ck_common_source_origin")
        ),
        sa.CheckConstraint(
            "state IN ('rising', 'steady', 'few')", name=op.f("ck_common_source_state")
        ),
        sa.CheckConstraint(
            "(name IS NULL) = (origin = 'party')", name=op.f("ck_common_source_name")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_common_source")),
        sa.UniqueConstraint("submission", name=op.f("uq_common_source_submission")),
    )
    op.create_index("ix_common_source_path", "common_source", ["area_path"])
    op.create_table(
        "common_source_key",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["common_source.id"],
            name=op.f("fk_common_source_key_source_id_common_source"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_common_source_key")),
    )
    op.create_index("ix_common_source_key_source", "common_source_key", ["source_id"])


def _hanging() -> None:
    op.create_table(
        "common_source_matter",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=True),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("added_by", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["common_source.id"],
            name=op.f("fk_common_source_matter_source_id_common_source"),
        ),
        sa.PrimaryKeyConstraint("source_id", "dispute_id", name=op.f("pk_common_source_matter")),
    )
    op.create_index("ix_common_source_matter_dispute", "common_source_matter", ["dispute_id"])
    op.create_table(
        "common_source_area",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("county_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("disputes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.Column("recent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"],
            ["common_source.id"],
            name=op.f("fk_common_source_area_source_id_common_source"),
        ),
        sa.PrimaryKeyConstraint("source_id", "county_code", name=op.f("pk_common_source_area")),
    )
    op.create_index("ix_common_source_area_path", "common_source_area", ["area_path"])


def _places() -> None:
    op.create_table(
        "place_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content_hash", sa.String(length=200), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_batch")),
    )
    op.create_index("ix_place_batch_agency", "place_batch", ["agency_id", "id"])
    op.create_table(
        "place",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("given_lng", sa.Float(), nullable=False),
        sa.Column("given_lat", sa.Float(), nullable=False),
        sa.Column("datum", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('tribunal', 'mediation', 'township')", name=op.f("ck_place_kind")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["place_batch.id"], name=op.f("fk_place_batch_id_place_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_index("ix_place_slot", "place", ["slot", "id"])
    op.create_index("ix_place_path", "place", ["area_path"])
    op.create_index("ix_place_batch", "place", ["batch_id"])


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
