"""Questions about the integrity of figures: to a unit first, then to the office of its area."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

UNIT = "agency_id = setting_id('app.unit')"
OFFICE = (
    "agency_id IS DISTINCT FROM setting_id('app.unit') "
    "AND area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi') "
    "AND EXISTS (SELECT 1 FROM account a WHERE a.id = setting_id('app.account') "
    "AND a.role IN ('coordinator', 'city', 'province'))"
)
HEARD = "(state <> 'open' OR lapsed_at IS NOT NULL)"
WALLS = (
    "ALTER TABLE integrity_question ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY work ON integrity_question TO yuantou_worker USING (true) WITH CHECK (true)",
    f"CREATE POLICY asked ON integrity_question FOR SELECT TO yuantou_app USING ({UNIT})",
    f"CREATE POLICY heard ON integrity_question FOR SELECT TO yuantou_app "
    f"USING ({HEARD} AND {OFFICE})",
    f"CREATE POLICY answer ON integrity_question FOR UPDATE TO yuantou_app "
    f"USING ({UNIT} AND state = 'open') WITH CHECK ({UNIT} AND state = 'answered')",
    f"CREATE POLICY judge ON integrity_question FOR UPDATE TO yuantou_app "
    f"USING ({HEARD} AND state <> 'closed' AND {OFFICE}) "
    f"WITH CHECK (state IN ('looked', 'closed') AND {OFFICE})",
    "CREATE POLICY work ON import_line FOR SELECT TO yuantou_worker USING (true)",
    "GRANT SELECT (dispute_id) ON import_line TO yuantou_worker",
    "GRANT SELECT ON integrity_round, integrity_question TO yuantou_app",
    "GRANT UPDATE (state, answer, answered_by, answered_at, looked_by, looked_at, outcome, "
    "outcome_words, closed_by, closed_at) ON integrity_question TO yuantou_app",
    "GRANT SELECT, INSERT ON integrity_round, integrity_question TO yuantou_worker",
    "GRANT UPDATE (lapsed_at) ON integrity_question TO yuantou_worker",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Tables and walls."""
    op.create_table(
        "integrity_round",
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("ran_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tests", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("missing", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.PrimaryKeyConstraint("first_day", name=op.f("pk_integrity_round")),
    )
    _questions()
    for statement in WALLS:
        op.execute(statement)


def _questions() -> None:
    op.create_table(
        "integrity_question",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("office_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("ratio", sa.Float(), nullable=False),
        sa.Column("p", sa.Float(), nullable=False),
        sa.Column("q", sa.Float(), nullable=False),
        sa.Column("draws", sa.Integer(), nullable=False),
        sa.Column("matters", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lapsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_by", sa.BigInteger(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("outcome_words", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'answered', 'looked', 'closed')",
            name=op.f("ck_integrity_question_state"),
        ),
        sa.CheckConstraint(
            "outcome IN ('explained', 'corrected', 'review', 'nothing')",
            name=op.f("ck_integrity_question_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrity_question")),
        sa.UniqueConstraint(
            "agency_id",
            "kind",
            "first_day",
            name=op.f("uq_integrity_question_agency_id_kind_first_day"),
        ),
    )
    op.create_index("ix_integrity_question_path", "integrity_question", ["area_path", "state"])


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
