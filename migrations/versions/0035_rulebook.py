"""Rules of warning that two people change."""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

W11_NUMBERS = '{"days": 90, "signatures": 3, "phones": 5, "share": 50, "least": 20}'
COLUMNS = """ALTER TABLE warning_rule_version
  ADD COLUMN reason text NOT NULL DEFAULT '', ADD COLUMN proposed_by bigint,
  ADD COLUMN approved_by bigint, ADD COLUMN approved_at timestamptz,
  ADD COLUMN rejected_at timestamptz, ADD COLUMN preview jsonb,
  ADD COLUMN previewed_at timestamptz,
  ADD COLUMN proposed_at timestamptz NOT NULL DEFAULT now()"""
STEPS = (
    COLUMNS,
    "UPDATE warning_rule_version SET approved_at = entered_at, proposed_at = entered_at",
    "UPDATE warning_rule_version SET body = jsonb_set(body, '{numbers}', "
    f"CAST('{W11_NUMBERS}' AS jsonb)) WHERE code = 'W11' AND body -> 'numbers' = '{{}}'",
    "ALTER TABLE warning_rule_version ALTER reason DROP DEFAULT, ALTER proposed_at DROP DEFAULT, "
    "ADD CONSTRAINT ck_warning_rule_version_second_person "
    "CHECK (approved_by IS NULL OR approved_by <> proposed_by)",
    "GRANT INSERT, UPDATE (valid_from, reason, proposed_by, proposed_at, approved_by, approved_at, "
    "rejected_at) ON warning_rule_version TO yuantou_app",
    "GRANT UPDATE (preview, previewed_at) ON warning_rule_version TO yuantou_worker",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def upgrade() -> None:
    """Who proposed a version, who approved it, and what the past looks like by it."""
    for step in STEPS:
        op.execute(step)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
