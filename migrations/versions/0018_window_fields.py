"""The window: what the register asks of a party.

Sex, ethnicity and occupation are asked by the forms of 司法部 2010-12; they are sealed like the
name, and go with it when a matter is erased.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ASKED = ("gender_enc", "ethnicity_enc", "occupation_enc")
ERASED = """
DO $$
DECLARE stood CONSTANT text := pg_get_functiondef('erase_matter(bigint, text)'::regprocedure);
        made CONSTANT text := replace(stood, 'address_enc = NULL,',
          'address_enc = NULL, gender_enc = NULL, ethnicity_enc = NULL, occupation_enc = NULL,');
BEGIN
  IF made = stood THEN RAISE 'erase_matter does not clear the address of a party'; END IF;
  EXECUTE made;
END $$;
"""


def upgrade() -> None:
    """Columns of a party, and their erasing; the grants and walls of the table hold for them."""
    for name in ASKED:
        op.add_column("party", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.execute(ERASED)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
