"""The tables of the whole road"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE SEQUENCE dispute_id_seq")
    op.create_table('agreement',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('form', sa.String(length=32), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=True),
    sa.Column('perform_mode', sa.String(length=32), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('signature', sa.String(length=32), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('superseded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('written_by', sa.BigInteger(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement'))
    )
    op.create_index(op.f('ix_agreement_dispute_id'), 'agreement', ['dispute_id'], unique=False)
    op.create_table('area',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('short_name', sa.String(length=200), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('parent_code', sa.String(length=32), nullable=True),
    sa.Column('path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('lng', sa.Double(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.CheckConstraint("level IN ('province', 'city', 'county', 'township')", name=op.f('ck_area_level')),
    sa.ForeignKeyConstraint(['parent_code'], ['area.code'], name=op.f('fk_area_parent_code')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_area')),
    sa.UniqueConstraint('path', name=op.f('uq_area_path'))
    )
    op.create_index(op.f('ix_area_parent_code'), 'area', ['parent_code'], unique=False)
    op.create_table('assessment_report',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('run_id', sa.BigInteger(), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('period_end', sa.Date(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('inputs', sa.LargeBinary(), nullable=False),
    sa.Column('seal', sa.String(length=200), nullable=False),
    sa.Column('algorithm', sa.String(length=32), nullable=False),
    sa.Column('code_version', sa.String(length=32), nullable=False),
    sa.Column('audit_head', sa.Text(), nullable=False),
    sa.Column('sealed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('delivered_to', sa.BigInteger(), nullable=True),
    sa.Column('sign_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('received_by', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_report')),
    sa.UniqueConstraint('run_id', 'area_code', name=op.f('uq_assessment_report_run_id_area_code'))
    )
    op.create_index('ix_assessment_report_area', 'assessment_report', ['area_code', 'period_end'], unique=False)
    op.create_table('assessment_run',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('scheme', sa.String(length=32), nullable=False),
    sa.Column('scheme_version', sa.Integer(), nullable=False),
    sa.Column('period_start', sa.Date(), nullable=False),
    sa.Column('period_end', sa.Date(), nullable=False),
    sa.Column('edition', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('counties', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('error', sa.Text(), nullable=True),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assessment_run')),
    sa.UniqueConstraint('scheme', 'period_end', 'edition', name=op.f('uq_assessment_run_scheme_period_end_edition'))
    )
    op.create_table('audit_event',
    sa.Column('seq', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('agency_id', sa.BigInteger(), nullable=True),
    sa.Column('action', sa.String(length=32), nullable=False),
    sa.Column('object_type', sa.String(length=32), nullable=False),
    sa.Column('object_id', sa.String(length=200), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('previous', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_event'))
    )
    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('calendar_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('worked', sa.Boolean(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_calendar_day'))
    )
    op.create_table('count_batch',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('origin', sa.String(length=32), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=True),
    sa.Column('content_hash', sa.String(length=200), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('entered_by', sa.BigInteger(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_by', sa.BigInteger(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.BigInteger(), nullable=True),
    sa.Column('withdrawn_reason', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_count_batch'))
    )
    op.create_table('court_count',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('batch_id', sa.BigInteger(), nullable=False),
    sa.Column('court_code', sa.String(length=32), nullable=False),
    sa.Column('counts_to_code', sa.String(length=32), nullable=False),
    sa.Column('counts_to_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('regime', sa.String(length=32), nullable=False),
    sa.Column('basis', sa.String(length=32), nullable=False),
    sa.Column('civil_first_new', sa.Integer(), nullable=False),
    sa.Column('admin_first_new', sa.Integer(), nullable=False),
    sa.Column('first_mediation', sa.Integer(), nullable=True),
    sa.Column('first_mediation_success', sa.Integer(), nullable=True),
    sa.Column('prelit', sa.Integer(), nullable=True),
    sa.Column('prelit_success', sa.Integer(), nullable=True),
    sa.Column('withdrawn', sa.Integer(), nullable=True),
    sa.Column('dismissed', sa.Integer(), nullable=True),
    sa.Column('special_procedure', sa.Integer(), nullable=True),
    sa.Column('by_cause', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('by_township', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('attribution', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('content_hash', sa.String(length=200), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_court_count')),
    sa.UniqueConstraint('court_code', 'month', 'revision', name=op.f('uq_court_count_court_code_month_revision'))
    )
    op.create_index('ix_court_count_month', 'court_count', ['month', 'counts_to_path'], unique=False)
    op.create_table('court_month',
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('regime', sa.String(length=32), nullable=False),
    sa.Column('courts_due', sa.Integer(), nullable=False),
    sa.Column('courts_in', sa.Integer(), nullable=False),
    sa.Column('missing', postgresql.ARRAY(sa.String(length=32)), nullable=False),
    sa.Column('components', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('to_date', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('to_date_of', postgresql.ARRAY(sa.String(length=32)), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('area_code', 'month', name=op.f('pk_court_month'))
    )
    op.create_index('ix_court_month_read', 'court_month', ['month', 'area_path'], unique=False)
    op.create_table('deadline',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('county_code', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('rule', sa.String(length=32), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('met_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lapsed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pauses', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('extensions', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deadline'))
    )
    op.create_index('ix_deadline_county', 'deadline', ['county_code', 'rule', 'due_at'], unique=False)
    op.create_index('ix_deadline_dispute', 'deadline', ['dispute_id'], unique=False)
    op.create_index('ix_deadline_open', 'deadline', ['due_at'], unique=False, postgresql_where='met_at IS NULL')
    op.create_table('definition_version',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('code', 'version', name=op.f('pk_definition_version'))
    )
    op.create_table('dispute_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event', sa.String(length=32), nullable=False),
    sa.Column('from_state', sa.String(length=32), nullable=True),
    sa.Column('to_state', sa.String(length=32), nullable=True),
    sa.Column('actor_id', sa.BigInteger(), nullable=True),
    sa.Column('agency_id', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('facts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute_event'))
    )
    op.create_index('ix_dispute_event_dispute', 'dispute_event', ['dispute_id', 'at', 'id'], unique=False)
    op.create_table('dispute_key',
    sa.Column('dispute_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('wrapped', sa.LargeBinary(), nullable=False),
    sa.Column('master_version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('dispute_id', name=op.f('pk_dispute_key'))
    )
    op.create_table('dispute_month',
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('type', sa.String(length=32), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('reported', sa.Integer(), nullable=False),
    sa.Column('closed', sa.Integer(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('area_code', 'month', 'type', name=op.f('pk_dispute_month'))
    )
    op.create_index('ix_dispute_month_read', 'dispute_month', ['level', 'month', 'area_path'], unique=False)
    op.create_table('duplicate_hint',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('other_id', sa.BigInteger(), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('county_code', sa.String(length=32), nullable=False),
    sa.Column('matched_on', sa.String(length=32), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('settled_by', sa.BigInteger(), nullable=True),
    sa.Column('verdict', sa.String(length=32), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duplicate_hint'))
    )
    op.create_index(op.f('ix_duplicate_hint_county_code'), 'duplicate_hint', ['county_code'], unique=False)
    op.create_table('figure_cell',
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('numerator', sa.BigInteger(), nullable=False),
    sa.Column('denominator', sa.BigInteger(), nullable=False),
    sa.Column('computed_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('indicator', 'area_code', 'month', name=op.f('pk_figure_cell'))
    )
    op.create_index('ix_figure_cell_read', 'figure_cell', ['indicator', 'level', 'month', 'area_path'], unique=False)
    op.create_table('follow_up',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reached', sa.Boolean(), nullable=False),
    sa.Column('performed', sa.String(length=32), nullable=True),
    sa.Column('satisfied', sa.String(length=32), nullable=True),
    sa.Column('hidden_risk', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('written_by', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_up'))
    )
    op.create_index(op.f('ix_follow_up_dispute_id'), 'follow_up', ['dispute_id'], unique=False)
    op.create_table('job_run',
    sa.Column('job', sa.String(length=32), nullable=False),
    sa.Column('due', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('owner', sa.String(length=32), nullable=True),
    sa.Column('attempt', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('heartbeat', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('progress', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('job', 'due', name=op.f('pk_job_run'))
    )
    op.create_index('ix_job_run_open', 'job_run', ['state', 'due'], unique=False)
    op.create_table('limit_version',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('code', 'version', name=op.f('pk_limit_version'))
    )
    op.create_table('map_drawing',
    sa.Column('hash', sa.String(length=200), nullable=False),
    sa.Column('stamp', sa.String(length=200), nullable=False),
    sa.Column('topology', sa.LargeBinary(), nullable=False),
    sa.Column('neighbours', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('bounds', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('crs', sa.String(length=200), nullable=False),
    sa.Column('approval_no', sa.String(length=200), nullable=True),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('hash', name=op.f('pk_map_drawing')),
    sa.UniqueConstraint('stamp', name=op.f('uq_map_drawing_stamp'))
    )
    op.create_table('mediation_record',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('attendees', sa.Text(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('written_by', sa.BigInteger(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mediation_record'))
    )
    op.create_index(op.f('ix_mediation_record_dispute_id'), 'mediation_record', ['dispute_id'], unique=False)
    op.create_table('notice',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=True),
    sa.Column('report_id', sa.BigInteger(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('read_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('read_by', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    op.create_index('ix_notice_inbox', 'notice', ['agency_id', 'at'], unique=False)
    op.create_index('ix_notice_unread', 'notice', ['agency_id'], unique=False, postgresql_where=sa.text('read_at IS NULL'))
    op.create_table('number_series',
    sa.Column('county_code', sa.String(length=32), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('county_code', 'year', name=op.f('pk_number_series'))
    )
    op.create_table('party',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('side', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name_enc', sa.LargeBinary(), nullable=False),
    sa.Column('name_mask', sa.String(length=200), nullable=False),
    sa.Column('id_type', sa.String(length=32), nullable=True),
    sa.Column('id_enc', sa.LargeBinary(), nullable=True),
    sa.Column('id_mask', sa.String(length=200), nullable=True),
    sa.Column('phone_enc', sa.LargeBinary(), nullable=True),
    sa.Column('phone_mask', sa.String(length=200), nullable=True),
    sa.Column('address_enc', sa.LargeBinary(), nullable=True),
    sa.Column('id_index', sa.LargeBinary(), nullable=True),
    sa.Column('contact_index', sa.LargeBinary(), nullable=True),
    sa.Column('index_version', sa.Integer(), nullable=False),
    sa.Column('consent', sa.String(length=32), nullable=False),
    sa.Column('minor', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_party'))
    )
    op.create_index('ix_party_contact_index', 'party', ['contact_index'], unique=False)
    op.create_index(op.f('ix_party_dispute_id'), 'party', ['dispute_id'], unique=False)
    op.create_index('ix_party_id_index', 'party', ['id_index'], unique=False)
    op.create_table('path_notice',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('paths', postgresql.ARRAY(sa.String(length=32)), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('manner', sa.String(length=32), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('written_by', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_path_notice'))
    )
    op.create_index(op.f('ix_path_notice_dispute_id'), 'path_notice', ['dispute_id'], unique=False)
    op.create_table('performance',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('agreement_id', sa.BigInteger(), nullable=False),
    sa.Column('found_on', sa.Date(), nullable=False),
    sa.Column('result', sa.String(length=32), nullable=False),
    sa.Column('amount', sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=True),
    sa.Column('evidence', sa.Text(), nullable=False),
    sa.Column('written_by', sa.BigInteger(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_performance'))
    )
    op.create_index(op.f('ix_performance_dispute_id'), 'performance', ['dispute_id'], unique=False)
    op.create_table('scheme_version',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('version', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.PrimaryKeyConstraint('code', 'version', name=op.f('pk_scheme_version'))
    )
    op.create_table('stale_area',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stale_area'))
    )
    op.create_table('suggestion',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('agency_id', sa.BigInteger(), nullable=True),
    sa.Column('page', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion'))
    )
    op.create_table('target',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('indicator', sa.String(length=32), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('value', sa.Double(), nullable=False),
    sa.Column('direction', sa.String(length=32), nullable=False),
    sa.Column('set_by', sa.String(length=200), nullable=False),
    sa.Column('document', sa.Text(), nullable=False),
    sa.Column('set_on', sa.Date(), nullable=False),
    sa.Column('entered_by', sa.BigInteger(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_target')),
    sa.UniqueConstraint('indicator', 'area_code', 'year', 'revision', name=op.f('uq_target_indicator_area_code_year_revision'))
    )
    op.create_table('territory',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('root_code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('manifest', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('content_hash', sa.String(length=200), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_territory')),
    sa.UniqueConstraint('content_hash', name=op.f('uq_territory_content_hash'))
    )
    op.create_table('boundary',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('geometry', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('source_crs', sa.String(length=32), nullable=False),
    sa.Column('approval_no', sa.String(length=200), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('source', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_boundary_area_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_boundary')),
    sa.UniqueConstraint('area_code', 'valid_from', name=op.f('uq_boundary_area_code_valid_from'))
    )
    op.create_table('court',
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('level', sa.String(length=32), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('counts_to', sa.String(length=32), nullable=False),
    sa.Column('counts_to_code', sa.String(length=32), nullable=False),
    sa.Column('counts_to_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('kind', sa.String(length=200), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('verified', sa.Boolean(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_court_area_code')),
    sa.ForeignKeyConstraint(['counts_to_code'], ['area.code'], name=op.f('fk_court_counts_to_code')),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_court')),
    sa.UniqueConstraint('name', name=op.f('uq_court_name'))
    )
    op.create_index('ix_court_counts_to', 'court', ['counts_to_code'], unique=False)
    op.create_table('population',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('persons', sa.BigInteger(), nullable=False),
    sa.Column('parts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.CheckConstraint('persons >= 0', name=op.f('ck_population_persons')),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_population_area_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_population')),
    sa.UniqueConstraint('area_code', 'year', 'kind', name=op.f('uq_population_area_code_year_kind'))
    )
    op.create_table('agency',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('parent_id', sa.BigInteger(), nullable=True),
    sa.Column('court_code', sa.String(length=32), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_agency_area_code')),
    sa.ForeignKeyConstraint(['court_code'], ['court.code'], name=op.f('fk_agency_court_code')),
    sa.ForeignKeyConstraint(['parent_id'], ['agency.id'], name=op.f('fk_agency_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agency')),
    sa.UniqueConstraint('code', name=op.f('uq_agency_code'))
    )
    op.create_index(op.f('ix_agency_area_path'), 'agency', ['area_path'], unique=False)
    op.create_table('account',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('login', sa.String(length=200), nullable=False),
    sa.Column('display_name', sa.String(length=200), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.String(length=32), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('must_change', sa.Boolean(), nullable=False),
    sa.Column('password_set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('session_epoch', sa.Integer(), nullable=False),
    sa.Column('last_sign_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('language', sa.String(length=32), nullable=True),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_account_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login'))
    )
    op.create_index(op.f('ix_account_agency_id'), 'account', ['agency_id'], unique=False)
    op.create_table('participation',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.String(length=32), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_participation_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participation'))
    )
    op.create_index('ix_participation_agency', 'participation', ['agency_id', 'dispute_id'], unique=False)
    op.create_index('ix_participation_dispute', 'participation', ['dispute_id', 'since'], unique=False)
    op.create_table('deputy',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('deputy_id', sa.BigInteger(), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('created_by', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_deputy_account_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['deputy_id'], ['account.id'], name=op.f('fk_deputy_deputy_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deputy'))
    )
    op.create_index('ix_deputy_days', 'deputy', ['deputy_id', 'first_day', 'last_day'], unique=False)
    op.create_table('dispute',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=200), nullable=True),
    sa.Column('submission', sa.String(length=200), nullable=False),
    sa.Column('state', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('type', sa.String(length=32), nullable=False),
    sa.Column('source', sa.String(length=32), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('county_code', sa.String(length=32), nullable=False),
    sa.Column('lng', sa.Double(), nullable=True),
    sa.Column('lat', sa.Double(), nullable=True),
    sa.Column('crs', sa.String(length=32), nullable=True),
    sa.Column('lng_normal', sa.Double(), nullable=True),
    sa.Column('lat_normal', sa.Double(), nullable=True),
    sa.Column('occurred_on', sa.Date(), nullable=False),
    sa.Column('involved', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=14, scale=2, asdecimal=False), nullable=True),
    sa.Column('flags', postgresql.ARRAY(sa.String(length=32)), nullable=False),
    sa.Column('risk', sa.String(length=32), nullable=True),
    sa.Column('pathway', sa.String(length=32), nullable=True),
    sa.Column('complexity', sa.String(length=32), nullable=True),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('pressing', sa.Boolean(), nullable=False),
    sa.Column('refused', sa.Boolean(), nullable=False),
    sa.Column('returns', sa.Integer(), nullable=False),
    sa.Column('demo', sa.Boolean(), nullable=False),
    sa.Column('reporting_agency_id', sa.BigInteger(), nullable=False),
    sa.Column('reporter_id', sa.BigInteger(), nullable=False),
    sa.Column('handler_agency_id', sa.BigInteger(), nullable=False),
    sa.Column('mediator_id', sa.BigInteger(), nullable=True),
    sa.Column('master_id', sa.BigInteger(), nullable=True),
    sa.Column('court_case', sa.String(length=200), nullable=True),
    sa.Column('outcome', sa.String(length=32), nullable=True),
    sa.Column('next_due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('next_due_rule', sa.String(length=32), nullable=True),
    sa.Column('reported_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('triaged_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dispatched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('mediation_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('performed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reopened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_dispute_area_code')),
    sa.ForeignKeyConstraint(['handler_agency_id'], ['agency.id'], name=op.f('fk_dispute_handler_agency_id')),
    sa.ForeignKeyConstraint(['mediator_id'], ['account.id'], name=op.f('fk_dispute_mediator_id')),
    sa.ForeignKeyConstraint(['reporter_id'], ['account.id'], name=op.f('fk_dispute_reporter_id')),
    sa.ForeignKeyConstraint(['reporting_agency_id'], ['agency.id'], name=op.f('fk_dispute_reporting_agency_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dispute')),
    sa.UniqueConstraint('number', name=op.f('uq_dispute_number')),
    sa.UniqueConstraint('submission', name=op.f('uq_dispute_submission'))
    )
    op.create_index('ix_dispute_county_reported', 'dispute', ['county_code', 'reported_at', 'id'], unique=False)
    op.create_index('ix_dispute_handler', 'dispute', ['handler_agency_id', 'state'], unique=False)
    op.create_index('ix_dispute_next_due', 'dispute', ['county_code', 'next_due_at'], unique=False)
    op.create_index('ix_dispute_path', 'dispute', ['area_path'], unique=False)
    op.create_index('ix_dispute_pressing', 'dispute', ['area_path'], unique=False, postgresql_where="pressing AND state NOT IN ('draft', 'not_accepted', 'merged', 'closed')")
    op.create_index('ix_dispute_reported', 'dispute', ['reported_at', 'id'], unique=False)
    op.create_index('ix_dispute_reporting', 'dispute', ['reporting_agency_id', 'reported_at'], unique=False)
    op.create_table('named_handler',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('dispute_id', sa.BigInteger(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('named_by', sa.BigInteger(), nullable=False),
    sa.Column('named_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_named_handler_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_named_handler')),
    sa.UniqueConstraint('account_id', 'dispute_id', name=op.f('uq_named_handler_account_id_dispute_id'))
    )
    op.create_index(op.f('ix_named_handler_dispute_id'), 'named_handler', ['dispute_id'], unique=False)
    op.create_table('password_used',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_password_used_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_password_used'))
    )
    op.create_index(op.f('ix_password_used_account_id'), 'password_used', ['account_id'], unique=False)


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
