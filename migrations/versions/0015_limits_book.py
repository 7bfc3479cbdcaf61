"""Limits that were constants become data."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE hours_version (
  version integer NOT NULL,
  valid_from date NOT NULL,
  body jsonb NOT NULL,
  reason text NOT NULL,
  entered_by bigint,
  entered_at timestamptz NOT NULL,
  CONSTRAINT pk_hours_version PRIMARY KEY (version))
"""


def upgrade() -> None:
    """The working hours: versions that are only added."""
    op.execute(TABLE)
    op.execute("GRANT SELECT, INSERT ON hours_version TO yuantou_app")
    op.execute("GRANT SELECT ON hours_version TO yuantou_worker")


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
