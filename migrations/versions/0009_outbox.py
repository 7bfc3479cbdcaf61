"""Inbox and outbox, channels of a person, reminders that were sent, bulletins."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# Written with the notice, whoever writes it: the teller can read neither the other unit's people
# nor their channels. A notice about a matter with a mediator of that unit goes to him alone (and
# to who stands in for him); one about a restricted matter to its named handlers alone.
ENQUEUE = """
CREATE FUNCTION enqueue_notices() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO outbox_message (notice_id, account_id, channel, topic, number, link, urgent, state,
                              attempts, not_before, queued_at, error)
  SELECT n.id, a.id, c.channel, n.topic, d.number, n.link,
         n.urgent OR coalesce(d.risk = 'red', false), 'waiting', 0, n.at, n.at, ''
  FROM fresh n
  JOIN account a ON a.agency_id = n.agency_id AND a.disabled_at IS NULL
  JOIN account_channel c ON c.account_id = a.id AND c.active AND n.topic <> ALL (c.muted)
  LEFT JOIN dispute d ON d.id = n.dispute_id
  LEFT JOIN account m ON m.id = d.mediator_id AND m.agency_id = n.agency_id
  WHERE (coalesce(n.account_id, m.id) IS NULL OR coalesce(n.account_id, m.id) = a.id
         OR EXISTS (SELECT 1 FROM deputy s WHERE s.account_id = coalesce(n.account_id, m.id)
                      AND s.deputy_id = a.id
                      AND (now() AT TIME ZONE 'Asia/Shanghai')::date
                          BETWEEN s.first_day AND s.last_day))
    AND (NOT coalesce(d.restricted, false)
         OR EXISTS (SELECT 1 FROM named_handler h WHERE h.dispute_id = d.id AND (
              h.account_id = a.id
              OR EXISTS (SELECT 1 FROM deputy s WHERE s.account_id = h.account_id
                           AND s.deputy_id = a.id
                           AND (now() AT TIME ZONE 'Asia/Shanghai')::date
                               BETWEEN s.first_day AND s.last_day))))
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$"""

MINE = """
  (CASE WHEN account_id IS NULL THEN agency_id = setting_id('app.unit')
        ELSE account_id = setting_id('app.account')
             OR account_id IN (SELECT s.account_id FROM deputy s
                               WHERE s.deputy_id = setting_id('app.account')
                                 AND (now() AT TIME ZONE 'Asia/Shanghai')::date
                                     BETWEEN s.first_day AND s.last_day) END)"""
SEEN = "(dispute_id IS NULL OR EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id))"
KEEPER = """EXISTS (SELECT 1 FROM account k WHERE k.id = setting_id('app.account')
                      AND k.role = 'system_administrator' AND k.disabled_at IS NULL)"""
OWN = "account_id = setting_id('app.account')"
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
TROUBLED = "state IN ('failed', 'unknown')"

RULES = (
    "GRANT SELECT, INSERT ON account_channel TO yuantou_app",
    "GRANT UPDATE (active, address_enc, master_version, address_mask, muted, daily, changed_at) "
    "ON account_channel TO yuantou_app",
    "GRANT SELECT, UPDATE (daily_sent_on) ON account_channel TO yuantou_worker",
    "GRANT SELECT, UPDATE (state, attempts, not_before, claim, claimed_at, ended_at, error) "
    "ON outbox_message TO yuantou_app",
    "GRANT SELECT, DELETE, UPDATE (state, attempts, not_before, claim, claimed_at, ended_at, error)"
    " ON outbox_message TO yuantou_worker",
    "GRANT SELECT ON deputy TO yuantou_worker",
    "GRANT SELECT, INSERT ON reminder_sent TO yuantou_worker",
    "GRANT SELECT ON bulletin TO yuantou_app",
    "GRANT SELECT, INSERT ON bulletin TO yuantou_worker",
    "ALTER TABLE account_channel ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE outbox_message ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE bulletin ENABLE ROW LEVEL SECURITY",
    f"CREATE POLICY own ON account_channel TO yuantou_app USING ({OWN}) WITH CHECK ({OWN})",
    f"CREATE POLICY look ON outbox_message FOR SELECT TO yuantou_app USING ({OWN} OR {KEEPER})",
    f"CREATE POLICY again ON outbox_message FOR UPDATE TO yuantou_app "
    f"USING ({KEEPER} AND {TROUBLED}) WITH CHECK (state = 'waiting')",
    f"CREATE POLICY summed ON bulletin FOR SELECT TO yuantou_app USING ({IN_SUMS})",
    "CREATE POLICY work ON account_channel TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY work ON outbox_message TO yuantou_worker USING (true) WITH CHECK (true)",
    "CREATE POLICY work ON bulletin TO yuantou_worker USING (true) WITH CHECK (true)",
    "DROP POLICY mine ON notice",
    "DROP POLICY mark ON notice",
    f"CREATE POLICY mine ON notice FOR SELECT TO yuantou_app USING ({MINE} AND {SEEN})",
    f"CREATE POLICY mark ON notice FOR UPDATE TO yuantou_app USING ({MINE})",
    ENQUEUE,
    "REVOKE ALL ON FUNCTION enqueue_notices() FROM PUBLIC",
    "CREATE TRIGGER outbox_insert AFTER INSERT ON notice REFERENCING NEW TABLE AS fresh "
    "FOR EACH STATEMENT EXECUTE FUNCTION enqueue_notices()",
)


def upgrade() -> None:
    op.add_column("notice", sa.Column("topic", sa.String(32), server_default="other",
                                      nullable=False))
    op.add_column("notice", sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"),
                                      nullable=False))
    op.create_index("ix_notice_newest", "notice", ["agency_id", "id"])
    _channels()
    _outbox()
    _reminders_and_bulletins()
    for rule in RULES:
        op.execute(rule)


def _channels() -> None:
    op.create_table(
        "account_channel",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("address_enc", sa.LargeBinary(), nullable=True),
        sa.Column("master_version", sa.Integer(), nullable=True),
        sa.Column("address_mask", sa.String(200), nullable=False),
        sa.Column("muted", postgresql.ARRAY(sa.String(32)), nullable=False),
        sa.Column("daily", sa.Boolean(), nullable=False),
        sa.Column("daily_sent_on", sa.Date(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], ondelete="CASCADE",
                                name=op.f("fk_account_channel_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_channel")),
        sa.UniqueConstraint("account_id", "channel",
                            name=op.f("uq_account_channel_account_id_channel")),
    )


def _outbox() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("number", sa.String(200), nullable=True),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.String(32), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("notice_id", "account_id", "channel",
                            name=op.f("uq_outbox_message_notice_id_account_id_channel")),
    )
    op.create_index("ix_outbox_message_open", "outbox_message", ["state", "not_before"],
                    postgresql_where=sa.text("state IN ('waiting', 'sending')"))
    op.create_index("ix_outbox_message_trouble", "outbox_message", ["ended_at"],
                    postgresql_where=sa.text("state IN ('failed', 'unknown')"))
    op.create_index("ix_outbox_message_account", "outbox_message", ["account_id", "id"])


def _reminders_and_bulletins() -> None:
    op.create_table(
        "reminder_sent",
        sa.Column("deadline_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deadline_id", "code", "due_on", name=op.f("pk_reminder_sent")),
    )
    op.create_table(
        "bulletin",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("area_code", sa.String(32), nullable=False),
        sa.Column("area_path", sa.String(160, collation="C"), nullable=False),
        sa.Column("rhythm", sa.String(32), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("period_end", sa.Date(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("audit_head", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin")),
        sa.UniqueConstraint("area_code", "rhythm", "period_start", "edition",
                            name=op.f("uq_bulletin_area_code_rhythm_period_start_edition")),
    )
    op.create_index("ix_bulletin_list", "bulletin", ["area_path", "rhythm", "period_start"])


def downgrade() -> None:
    """Going back would lose what was written since."""
    raise NotImplementedError("restore a back-up instead")
