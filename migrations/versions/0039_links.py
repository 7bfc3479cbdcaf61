"""Links between matters that are known once they are made anew, and matters that were reopened."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

# Who made a million links in this transaction asks for them next: the planner must know of them.
KNOW_LINKS = """
CREATE FUNCTION know_links() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$ BEGIN ANALYZE matter_link; END $$"""


def upgrade() -> None:
    """The worker may have the links counted for the planner, and nothing else.

    What was reopened is one matter in sixty, and is asked for by its county.
    """
    op.execute(KNOW_LINKS)
    op.create_index(
        "ix_dispute_reopened",
        "dispute",
        ["county_code"],
        postgresql_where=sa.text("reopened_at IS NOT NULL"),
    )
    op.execute("REVOKE EXECUTE ON FUNCTION know_links() FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION know_links() TO yuantou_worker")


def downgrade() -> None:
    """Links are counted when the server finds the time."""
    op.drop_index("ix_dispute_reopened", "dispute")
    op.execute("DROP FUNCTION know_links()")
