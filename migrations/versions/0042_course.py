"""What waits for an office among the questions about figures is counted on every page."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The questions of an office that are not closed."""
    op.create_index(
        "ix_integrity_question_office",
        "integrity_question",
        ["office_id"],
        postgresql_where=sa.text("state <> 'closed'"),
    )


def downgrade() -> None:
    """Without it."""
    op.drop_index("ix_integrity_question_office", "integrity_question")
