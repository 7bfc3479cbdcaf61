"""The desk: supervision at T+1, transfers with a fresh clock."""

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The desk: supervision at T+1, transfers with a fresh clock."""


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
