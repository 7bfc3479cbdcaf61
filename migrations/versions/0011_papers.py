"""Files of a matter, papers made of it and how they were signed, and an office's own forms."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
HANGING = ("attachment", "paper", "paper_signature")
GRANTS = (
    "SELECT, INSERT, UPDATE (withdrawn_at, withdrawn_by, withdrawn_reason) "
    "ON attachment TO yuantou_app",
    "SELECT, INSERT, UPDATE (copies, made_at, made_by) ON paper TO yuantou_app",
    "SELECT, INSERT, UPDATE (struck_at, struck_by, struck_reason) ON paper_signature "
    "TO yuantou_app",
    "SELECT, INSERT, UPDATE (until, ended_by) ON paper_template TO yuantou_app",
    "SELECT ON attachment, paper, paper_signature TO yuantou_worker",
)


def upgrade() -> None:
    """Tables, who may use them, and the walls around what hangs on a dispute."""
    op.create_table('attachment',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('purpose', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('stored', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('uploaded_by', sa.BigInteger(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.BigInteger(), nullable=True),
    sa.Column('withdrawn_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('stored', name=op.f('uq_attachment_stored'))
    )
    op.create_index('ix_attachment_dispute', 'attachment', ['dispute_id', 'uploaded_at'], unique=False)
    op.create_index('uq_attachment_standing', 'attachment', ['dispute_id', 'purpose', 'digest'], unique=True, postgresql_where='withdrawn_at IS NULL')
    op.create_table('paper',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('source_id', sa.BigInteger(), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('made_by', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper')),
    sa.UniqueConstraint('dispute_id', 'kind', 'source_id', name=op.f('uq_paper_dispute_id_kind_source_id'))
    )
    op.create_table('paper_signature',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('paper_id', sa.BigInteger(), nullable=False),
    sa.Column('side', sa.String(length=32), nullable=False),
    sa.Column('manner', sa.String(length=32), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('attachment_id', sa.BigInteger(), nullable=True),
    sa.Column('noted_by', sa.BigInteger(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('struck_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('struck_by', sa.BigInteger(), nullable=True),
    sa.Column('struck_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_signature'))
    )
    op.create_index(op.f('ix_paper_signature_dispute_id'), 'paper_signature', ['dispute_id'], unique=False)
    op.create_table('paper_template',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('uploaded_by', sa.BigInteger(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_template')),
    sa.UniqueConstraint('kind', 'area_path', 'version', name=op.f('uq_paper_template_kind_area_path_version'))
    )
    op.create_index('uq_paper_template_in_force', 'paper_template', ['kind', 'area_path'], unique=True, postgresql_where='until IS NULL')

    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    for table in HANGING:
        op.execute(f"CREATE POLICY visible ON {table} TO yuantou_app "
                   f"USING ({OF_VISIBLE}) WITH CHECK ({OF_VISIBLE})")
        op.execute(f"CREATE POLICY work ON {table} FOR SELECT TO yuantou_worker USING (true)")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def downgrade() -> None:
    """Going back would lose what was written since."""
    raise NotImplementedError("restore a back-up instead")
