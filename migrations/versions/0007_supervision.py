"""Supervision, call-back samples and cross-review: tables, walls, and the few doors in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Who draws a sample or a review needs to know which files there are, not what is in them.
CLOSED_MATTERS = """
CREATE FUNCTION closed_matters(first_day date, last_day date)
RETURNS TABLE (dispute_id bigint, agency_id bigint, county_code text, area_code text,
               agencies bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT d.id, d.handler_agency_id, d.county_code, d.area_code,
         array(SELECT p.agency_id FROM participation p WHERE p.dispute_id = d.id
                 AND p.part IN ('reporting', 'handling', 'assisting')
               UNION SELECT d.reporting_agency_id UNION SELECT d.handler_agency_id)
  FROM dispute d
  WHERE d.state = 'closed' AND NOT d.restricted
    AND d.closed_at >= first_day::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND d.closed_at < (last_day + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND d.area_path >= setting('app.sum_lo') AND d.area_path < setting('app.sum_hi')
    AND EXISTS (SELECT 1 FROM account a WHERE a.id = setting_id('app.account')
                  AND a.role IN ('coordinator', 'city', 'province')) $$"""

# Sums of a round for the unit that drew it, without reading what single parties said.
SAMPLE_SUMS = """
CREATE FUNCTION sample_sums(asked_round bigint)
RETURNS TABLE (agency_id bigint, called int, reached int, genuine int, genuine_of int,
               performed int, performed_of int, satisfied int, satisfied_of int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT s.handler_agency_id, count(*)::int,
    (count(*) FILTER (WHERE s.reached))::int,
    (count(*) FILTER (WHERE s.genuine = 'yes'))::int,
    (count(*) FILTER (WHERE s.genuine IN ('yes', 'no')))::int,
    (count(*) FILTER (WHERE s.performed = 'yes'))::int,
    (count(*) FILTER (WHERE s.performed IN ('yes', 'partly', 'no')))::int,
    (count(*) FILTER (WHERE s.satisfied = 'yes'))::int,
    (count(*) FILTER (WHERE s.satisfied IN ('yes', 'fair', 'no')))::int
  FROM sample_answer s JOIN sample_round r ON r.id = s.round_id
  WHERE r.id = asked_round AND r.agency_id = setting_id('app.unit')
  GROUP BY s.handler_agency_id $$"""

# That a matter was called back stands in its history once the round is closed, not what was said.
NOTE_SAMPLE = """
CREATE FUNCTION note_sample(asked_round bigint) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$
  WITH told AS (
    INSERT INTO dispute_event (dispute_id, at, event, actor_id, agency_id, note, facts)
    SELECT t.dispute_id, clock_timestamp(), 'sample_called', setting_id('app.account'),
           r.agency_id, '', jsonb_build_object('round_id', r.id)
    FROM sample_task t JOIN sample_round r ON r.id = t.round_id
    WHERE r.id = asked_round AND r.agency_id = setting_id('app.unit')
      AND r.closed_at IS NOT NULL AND t.answered_at IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM dispute_event e WHERE e.dispute_id = t.dispute_id
                        AND e.event = 'sample_called' AND e.facts ->> 'round_id' = r.id::text)
    RETURNING 1)
  SELECT count(*)::int FROM told $$"""

# One closed file for the reviewer to whom it is assigned, while it is. Names stay sealed.
FILE_UNDER_REVIEW = """
CREATE FUNCTION file_under_review(asked_file bigint) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT jsonb_build_object(
    'number', d.number, 'title', d.title, 'summary', d.summary, 'type', d.type,
    'state', d.state, 'outcome', d.outcome, 'refused', d.refused, 'flags', to_jsonb(d.flags),
    'amount', d.amount, 'reported_at', d.reported_at, 'accepted_at', d.accepted_at,
    'closed_at', d.closed_at,
    'key', (SELECT jsonb_build_object('wrapped', encode(k.wrapped, 'base64'),
                                      'version', k.master_version)
            FROM dispute_key k WHERE k.dispute_id = d.id),
    'parties', (SELECT coalesce(jsonb_agg(jsonb_build_object('side', p.side, 'kind', p.kind,
                  'mask', p.name_mask, 'sealed', encode(p.name_enc, 'base64'),
                  'consent', p.consent, 'minor', p.minor, 'identified', p.id_mask IS NOT NULL)
                  ORDER BY p.position), '[]') FROM party p WHERE p.dispute_id = d.id),
    'events', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', e.at, 'event', e.event,
                 'note', e.note) ORDER BY e.at, e.id), '[]')
               FROM dispute_event e WHERE e.dispute_id = d.id
                 AND e.event NOT IN ('party_opened', 'exported')),
    'records', (SELECT coalesce(jsonb_agg(jsonb_build_object('held_at', m.held_at,
                  'place', m.place, 'attendees', m.attendees, 'content', m.content)
                  ORDER BY m.held_at), '[]')
                FROM mediation_record m WHERE m.dispute_id = d.id),
    'agreements', (SELECT coalesce(jsonb_agg(jsonb_build_object('form', a.form,
                     'content', a.content, 'amount', a.amount, 'signature', a.signature,
                     'effective_on', a.effective_on, 'due_on', a.due_on) ORDER BY a.written_at),
                     '[]') FROM agreement a WHERE a.dispute_id = d.id),
    'performances', (SELECT coalesce(jsonb_agg(jsonb_build_object('found_on', f.found_on,
                       'result', f.result, 'evidence', f.evidence) ORDER BY f.found_on), '[]')
                     FROM performance f WHERE f.dispute_id = d.id),
    'notices', (SELECT coalesce(jsonb_agg(jsonb_build_object('told_at', n.told_at,
                  'paths', to_jsonb(n.paths), 'note', n.note) ORDER BY n.told_at), '[]')
                FROM path_notice n WHERE n.dispute_id = d.id),
    'follow_ups', (SELECT coalesce(jsonb_agg(jsonb_build_object('called_at', u.called_at,
                     'reached', u.reached, 'performed', u.performed, 'note', u.note)
                     ORDER BY u.called_at), '[]')
                   FROM follow_up u WHERE u.dispute_id = d.id))
  FROM review_file f JOIN review_round r ON r.id = f.round_id JOIN dispute d ON d.id = f.dispute_id
  WHERE f.id = asked_file AND f.reviewer_id = setting_id('app.account')
    AND f.submitted_at IS NULL AND f.until > now() AND r.closed_at IS NULL
    AND d.state = 'closed' AND NOT d.restricted $$"""

# The reviewer's steps stand in the history of a matter that he himself cannot reach.
NOTE_REVIEW = """
CREATE FUNCTION note_review(asked_file bigint, happened text) RETURNS int
LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$
  WITH told AS (
    INSERT INTO dispute_event (dispute_id, at, event, actor_id, agency_id, note, facts)
    SELECT f.dispute_id, clock_timestamp(), happened, NULL, f.organiser_agency_id, '',
           jsonb_build_object('review_file', f.id)
    FROM review_file f
    WHERE f.id = asked_file AND f.reviewer_id = setting_id('app.account')
      AND happened IN ('review_opened', 'file_reviewed')
      AND NOT EXISTS (SELECT 1 FROM dispute_event e WHERE e.dispute_id = f.dispute_id
                        AND e.event = happened AND e.facts ->> 'review_file' = f.id::text)
    RETURNING 1)
  SELECT count(*)::int FROM told $$"""

FUNCTIONS = {
    "closed_matters(date, date)": CLOSED_MATTERS,
    "sample_sums(bigint)": SAMPLE_SUMS,
    "note_sample(bigint)": NOTE_SAMPLE,
    "file_under_review(bigint)": FILE_UNDER_REVIEW,
    "note_review(bigint, text)": NOTE_REVIEW,
}
GRANTS = {
    "supervision sample_round sample_task sample_answer review_round review_file": "SELECT, INSERT, UPDATE",
    "supervision_letter sample_stratum": "SELECT, INSERT",
    "supervision_reply": "SELECT, INSERT, UPDATE",
}
OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
UNIT = "setting_id('app.unit')"
DRAWN = f"agency_id = {UNIT}"
CALLED = f"id IN (SELECT t.round_id FROM sample_task t WHERE t.caller_agency_id = {UNIT})"
ASKED_ABOUT = ("closed_at IS NOT NULL AND id IN "
               f"(SELECT s.round_id FROM sample_stratum s WHERE s.agency_id = {UNIT})")
OWN_ROUND = f"drawer_agency_id = {UNIT}"
OWN_CALL = f"caller_agency_id = {UNIT}"
REVIEWED = f"(reviewed_agency_id = {UNIT} AND submitted_at IS NOT NULL)"
REVIEWING = "reviewer_id = setting_id('app.account')"
ORGANISED = f"organiser_agency_id = {UNIT}"
POLICIES = {
    "supervision": (OF_VISIBLE, OF_VISIBLE),
    "supervision_letter": (OF_VISIBLE, OF_VISIBLE),
    "supervision_reply": (OF_VISIBLE, OF_VISIBLE),
    "sample_round": (f"{DRAWN} OR {CALLED} OR ({ASKED_ABOUT})", DRAWN),
    "sample_stratum": (f"{OWN_ROUND} OR agency_id = {UNIT}", OWN_ROUND),
    "sample_task": (f"{OWN_ROUND} OR {OWN_CALL}", f"{OWN_ROUND} OR {OWN_CALL}"),
    "sample_answer": (f"{OWN_CALL} OR ({OWN_ROUND} AND handler_agency_id <> {UNIT})", OWN_CALL),
    "review_round": (f"agency_id = {UNIT} OR id IN (SELECT f.round_id FROM review_file f)",
                     f"agency_id = {UNIT}"),
    "review_file": (f"{ORGANISED} OR {REVIEWING} OR {REVIEWED}",
                    f"{ORGANISED} OR {REVIEWING} OR {REVIEWED}"),
}


def upgrade() -> None:
    _tables()
    for signature, body in FUNCTIONS.items():
        op.execute(body)
        op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO yuantou_app")
    for tables, rights in GRANTS.items():
        for table in tables.split():
            op.execute(f"GRANT {rights} ON {table} TO yuantou_app")
            op.execute(f"GRANT SELECT ON {table} TO yuantou_worker")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker")
    for table, (seen, written) in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} TO yuantou_app "
                   f"USING ({seen}) WITH CHECK ({written})")
        op.execute(f"CREATE POLICY work ON {table} FOR SELECT TO yuantou_worker USING (true)")


def _tables() -> None:
        op.create_table('supervision',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('dispute_id', sa.BigInteger(), nullable=False),
        sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('rank', sa.SmallInteger(), nullable=False),
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_supervision_agency_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision'))
        )
        op.create_index(op.f('ix_supervision_dispute_id'), 'supervision', ['dispute_id'], unique=False)
        op.create_index('ix_supervision_open', 'supervision', ['dispute_id'], unique=True, postgresql_where=sa.text('closed_at IS NULL'))
        op.create_index('ix_supervision_path', 'supervision', ['area_path', 'state'], unique=False)
        op.create_table('supervision_letter',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('supervision_id', sa.BigInteger(), nullable=False),
        sa.Column('dispute_id', sa.BigInteger(), nullable=False),
        sa.Column('kind', sa.String(length=32), nullable=False),
        sa.Column('number', sa.String(length=200), nullable=True),
        sa.Column('from_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('to_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('demands', sa.Text(), nullable=False),
        sa.Column('decided_by', sa.Text(), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('issued_by', sa.BigInteger(), nullable=False),
        sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['from_agency_id'], ['agency.id'], name=op.f('fk_supervision_letter_from_agency_id')),
        sa.ForeignKeyConstraint(['to_agency_id'], ['agency.id'], name=op.f('fk_supervision_letter_to_agency_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_letter')),
        sa.UniqueConstraint('from_agency_id', 'number', name=op.f('uq_supervision_letter_from_agency_id_number'))
        )
        op.create_index(op.f('ix_supervision_letter_dispute_id'), 'supervision_letter', ['dispute_id'], unique=False)
        op.create_index(op.f('ix_supervision_letter_supervision_id'), 'supervision_letter', ['supervision_id'], unique=False)
        op.create_table('supervision_reply',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('supervision_id', sa.BigInteger(), nullable=False),
        sa.Column('dispute_id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('words', sa.Text(), nullable=False),
        sa.Column('written_by', sa.BigInteger(), nullable=False),
        sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('verdict', sa.String(length=32), nullable=True),
        sa.Column('verdict_words', sa.Text(), nullable=False),
        sa.Column('judged_by', sa.BigInteger(), nullable=True),
        sa.Column('judged_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_supervision_reply_agency_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_reply'))
        )
        op.create_index(op.f('ix_supervision_reply_dispute_id'), 'supervision_reply', ['dispute_id'], unique=False)
        op.create_index(op.f('ix_supervision_reply_supervision_id'), 'supervision_reply', ['supervision_id'], unique=False)
        op.create_table('sample_round',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('submission', sa.String(length=200), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('asked', sa.Integer(), nullable=False),
        sa.Column('method', sa.String(length=32), nullable=False),
        sa.Column('seed', sa.String(length=200), nullable=False),
        sa.Column('frame', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('frame_hash', sa.String(length=200), nullable=False),
        sa.Column('frame_size', sa.Integer(), nullable=False),
        sa.Column('drawn_by', sa.BigInteger(), nullable=False),
        sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_by', sa.BigInteger(), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('results', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_sample_round_agency_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_round')),
        sa.UniqueConstraint('submission', name=op.f('uq_sample_round_submission'))
        )
        op.create_table('sample_stratum',
        sa.Column('round_id', sa.BigInteger(), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('drawer_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('population', sa.Integer(), nullable=False),
        sa.Column('drawn', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('round_id', 'agency_id', name=op.f('pk_sample_stratum'))
        )
        op.create_table('sample_task',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('round_id', sa.BigInteger(), nullable=False),
        sa.Column('dispute_id', sa.BigInteger(), nullable=False),
        sa.Column('drawer_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('handler_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('caller_agency_id', sa.BigInteger(), nullable=True),
        sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint('caller_agency_id <> handler_agency_id', name=op.f('ck_sample_task_another_unit')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_task')),
        sa.UniqueConstraint('round_id', 'dispute_id', name=op.f('uq_sample_task_round_id_dispute_id'))
        )
        op.create_index(op.f('ix_sample_task_caller_agency_id'), 'sample_task', ['caller_agency_id'], unique=False)
        op.create_index(op.f('ix_sample_task_round_id'), 'sample_task', ['round_id'], unique=False)
        op.create_table('sample_answer',
        sa.Column('task_id', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('round_id', sa.BigInteger(), nullable=False),
        sa.Column('dispute_id', sa.BigInteger(), nullable=False),
        sa.Column('drawer_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('handler_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('caller_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('reached', sa.Boolean(), nullable=False),
        sa.Column('genuine', sa.String(length=32), nullable=True),
        sa.Column('performed', sa.String(length=32), nullable=True),
        sa.Column('satisfied', sa.String(length=32), nullable=True),
        sa.Column('note', sa.Text(), nullable=False),
        sa.Column('called_by', sa.BigInteger(), nullable=False),
        sa.Column('called_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('task_id', name=op.f('pk_sample_answer'))
        )
        op.create_index(op.f('ix_sample_answer_round_id'), 'sample_answer', ['round_id'], unique=False)
        op.create_table('review_round',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('submission', sa.String(length=200), nullable=False),
        sa.Column('agency_id', sa.BigInteger(), nullable=False),
        sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
        sa.Column('name', sa.String(length=200), nullable=False),
        sa.Column('first_day', sa.Date(), nullable=False),
        sa.Column('last_day', sa.Date(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('per_area', sa.Integer(), nullable=False),
        sa.Column('method', sa.String(length=32), nullable=False),
        sa.Column('seed', sa.String(length=200), nullable=False),
        sa.Column('frame', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('frame_hash', sa.String(length=200), nullable=False),
        sa.Column('frame_size', sa.Integer(), nullable=False),
        sa.Column('items', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('opened_by', sa.BigInteger(), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('closed_by', sa.BigInteger(), nullable=True),
        sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['agency_id'], ['agency.id'], name=op.f('fk_review_round_agency_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_round')),
        sa.UniqueConstraint('submission', name=op.f('uq_review_round_submission'))
        )
        op.create_table('review_file',
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('round_id', sa.BigInteger(), nullable=False),
        sa.Column('dispute_id', sa.BigInteger(), nullable=False),
        sa.Column('organiser_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('reviewed_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('area_code', sa.String(length=32), nullable=False),
        sa.Column('reviewer_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('reviewer_id', sa.BigInteger(), nullable=False),
        sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('until', sa.DateTime(timezone=True), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('findings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('opinion', sa.Text(), nullable=False),
        sa.Column('reply', sa.Text(), nullable=True),
        sa.Column('replied_by', sa.BigInteger(), nullable=True),
        sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_file')),
        sa.UniqueConstraint('round_id', 'dispute_id', name=op.f('uq_review_file_round_id_dispute_id'))
        )
        op.create_index(op.f('ix_review_file_reviewed_agency_id'), 'review_file', ['reviewed_agency_id'], unique=False)
        op.create_index(op.f('ix_review_file_reviewer_id'), 'review_file', ['reviewer_id'], unique=False)
        op.create_index(op.f('ix_review_file_round_id'), 'review_file', ['round_id'], unique=False)


def downgrade() -> None:
    """Going back would lose what was written since."""
    raise NotImplementedError("restore a back-up instead")
