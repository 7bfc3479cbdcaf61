"""The audit chain without a queue: rows join it inside the commit, not before it.

Whoever appends leaves an entry; a trigger deferred to the commit locks the head, links the entry
and takes it away. The head is so held while the database commits, and no longer while the
program comes back with its COMMIT. An entry is never seen by another transaction, so the table
need not be logged.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

WORDS = "bigint, bigint, text, text, text, jsonb"
STATEMENTS = (
    f"DROP FUNCTION audit_append({WORDS})",
    """
    CREATE FUNCTION audit_append(account bigint, agency bigint, action text, object_type text,
      object_id text, facts jsonb) RETURNS void LANGUAGE sql SECURITY DEFINER
    SET search_path = public
    AS $$
      INSERT INTO audit_entry (account_id, agency_id, action, object_type, object_id, facts)
      VALUES (account, agency, action, object_type, object_id, facts) $$""",
    """
    CREATE FUNCTION audit_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public
    AS $$
    DECLARE head audit_head; moment timestamptz; link bytea;
    BEGIN
      DELETE FROM audit_entry WHERE id = NEW.id;
      SELECT * INTO STRICT head FROM audit_head WHERE id = 1 FOR UPDATE;
      moment := clock_timestamp();
      link := audit_hash(head.hash, head.seq + 1, moment, NEW.account_id, NEW.agency_id,
                         NEW.action, NEW.object_type, NEW.object_id, NEW.facts);
      INSERT INTO audit_event (seq, at, account_id, agency_id, action, object_type, object_id,
                               facts, previous, hash)
      VALUES (head.seq + 1, moment, NEW.account_id, NEW.agency_id, NEW.action, NEW.object_type,
              NEW.object_id, NEW.facts, head.hash, link);
      UPDATE audit_head SET seq = head.seq + 1, hash = link WHERE id = 1;
      RETURN NULL;
    END $$""",
    "CREATE CONSTRAINT TRIGGER link AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION audit_link()",
    f"REVOKE ALL ON FUNCTION audit_append({WORDS}), audit_link() FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION audit_append({WORDS}) TO yuantou_app, yuantou_worker",
    "ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY work ON audit_entry FOR SELECT TO yuantou_worker USING (true)",
    "GRANT SELECT ON audit_entry TO yuantou_worker",
)


def upgrade() -> None:
    """The table of entries, the trigger, and the function that writes an entry."""
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("object_type", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.String(length=200), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        prefixes=["UNLOGGED"],
    )
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
