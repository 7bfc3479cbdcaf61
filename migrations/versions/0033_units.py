"""What a department may see and say of its own figures: objection, ledger, members, events."""

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


def upgrade() -> None:
    """Walls for what a department was given."""
    for policy in POLICIES:
        op.execute(f"CREATE POLICY {policy}")


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
