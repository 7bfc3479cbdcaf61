"""Corrections, restrictions lifted, personal data erased, and the tracks that lead to a court."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
KEEPS_SECURITY = ("EXISTS (SELECT 1 FROM account a WHERE a.id = setting_id('app.account') "
                  "AND a.role IN ('security_administrator', 'system_administrator'))")
HANGING = ("correction", "restriction_lift", "confirmation", "entrustment")
GRANTS = (
    "SELECT, INSERT ON correction TO yuantou_app",
    "SELECT, INSERT, UPDATE ON restriction_lift, confirmation, entrustment TO yuantou_app",
    "SELECT ON erasure TO yuantou_app",
    "SELECT ON correction, restriction_lift, confirmation, entrustment, erasure TO yuantou_worker",
)

FUNCTIONS = """
CREATE FUNCTION ask_erasure(matter_number text, basis_code text, why text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public
AS $$
DECLARE found dispute; made bigint;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM account WHERE id = setting_id('app.account')
                   AND role = 'security_administrator' AND disabled_at IS NULL) THEN
    RAISE insufficient_privilege USING MESSAGE = 'only a security administrator asks for an erasure';
  END IF;
  SELECT * INTO found FROM dispute WHERE number = matter_number FOR UPDATE;
  IF found.id IS NULL OR found.state NOT IN ('closed', 'not_accepted', 'merged')
     OR EXISTS (SELECT 1 FROM erasure WHERE dispute_id = found.id
                  AND (verdict IS NULL OR verdict = 'erased')) THEN
    RETURN NULL;
  END IF;
  INSERT INTO erasure (dispute_id, number, county_code, basis, reason, asked_by, asked_at, note)
  VALUES (found.id, found.number, found.county_code, basis_code, why, setting_id('app.account'),
          now(), '') RETURNING id INTO made;
  RETURN made;
END $$;

CREATE FUNCTION may_decide_erasure(asker bigint, county text) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public
AS $$ SELECT setting_id('app.account') <> asker AND EXISTS (
        SELECT 1 FROM account a JOIN agency g ON g.id = a.agency_id
        WHERE a.id = setting_id('app.account') AND a.disabled_at IS NULL
          AND (a.role = 'system_administrator'
               OR (a.role = 'coordinator' AND g.kind = 'county_centre' AND g.area_code = county))) $$;

CREATE FUNCTION refuse_erasure(request bigint, words text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public
AS $$
DECLARE asked erasure;
BEGIN
  SELECT * INTO asked FROM erasure WHERE id = request AND verdict IS NULL FOR UPDATE;
  IF asked.id IS NULL THEN RETURN NULL; END IF;
  IF NOT may_decide_erasure(asked.asked_by, asked.county_code) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a second person decides on an erasure';
  END IF;
  UPDATE erasure SET verdict = 'refused', decided_by = setting_id('app.account'),
         decided_at = now(), note = words WHERE id = request;
  RETURN asked.dispute_id;
END $$;

CREATE FUNCTION erase_matter(request bigint, words text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public
AS $$
DECLARE asked erasure; matter bigint; gone CONSTANT text := '已销毁'; place record;
BEGIN
  SELECT * INTO asked FROM erasure WHERE id = request AND verdict IS NULL FOR UPDATE;
  IF asked.id IS NULL THEN RETURN NULL; END IF;
  IF NOT may_decide_erasure(asked.asked_by, asked.county_code) THEN
    RAISE insufficient_privilege USING MESSAGE = 'a second person decides on an erasure';
  END IF;
  matter := asked.dispute_id;
  PERFORM 1 FROM dispute WHERE id = matter AND state IN ('closed', 'not_accepted', 'merged')
    FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  DELETE FROM dispute_key WHERE dispute_id = matter;
  UPDATE party SET name_enc = '', name_mask = gone, id_type = NULL, id_enc = NULL, id_mask = NULL,
         phone_enc = NULL, phone_mask = NULL, address_enc = NULL, id_index = NULL,
         contact_index = NULL WHERE dispute_id = matter;
  UPDATE dispute SET summary = gone, title = gone, place = gone, lng = NULL, lat = NULL,
         lng_normal = NULL, lat_normal = NULL, version = version + 1, updated_at = now()
   WHERE id = matter;
  UPDATE dispute_event SET note = CASE WHEN note = '' THEN '' ELSE gone END,
         facts = facts - 'found' WHERE dispute_id = matter;
  UPDATE deadline SET pauses = (SELECT coalesce(jsonb_agg(p || '{"reason": ""}'), '[]')
                                FROM jsonb_array_elements(pauses) AS p)
   WHERE dispute_id = matter AND pauses <> '[]';
  DELETE FROM duplicate_hint WHERE dispute_id = matter OR other_id = matter;
  UPDATE correction SET before_enc = NULL, after_enc = NULL WHERE dispute_id = matter;
  FOR place IN  -- every text that hangs on a matter, in whichever table
    SELECT c.relname AS home, a.attname AS words FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0
       AND a.atttypid = 'text'::regtype AND NOT a.attisdropped
       AND c.relname NOT IN ('erasure', 'notice', 'dispute_event')
       AND EXISTS (SELECT 1 FROM pg_attribute d WHERE d.attrelid = c.oid
                     AND d.attname = 'dispute_id' AND NOT d.attisdropped) LOOP
    EXECUTE format('UPDATE %I SET %I = $1 WHERE dispute_id = $2 AND %I <> $3',
                   place.home, place.words, place.words) USING gone, matter, '';
  END LOOP;
  UPDATE erasure SET verdict = 'erased', decided_by = setting_id('app.account'),
         decided_at = now(), note = words WHERE id = request;
  INSERT INTO dispute_event (dispute_id, at, event, actor_id, agency_id, note, facts)
  SELECT matter, clock_timestamp(), 'personal_data_erased', a.id, a.agency_id, '',
         jsonb_build_object('basis', asked.basis, 'asked_by', asked.asked_by)
    FROM account a WHERE a.id = setting_id('app.account');
  RETURN matter;
END $$;

CREATE FUNCTION files_past(states text[], outcomes text[], before timestamptz, most int)
RETURNS TABLE (number text, county_code text, closed_at timestamptz, state text, outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT d.number, d.county_code, d.closed_at, d.state, d.outcome FROM dispute d
      WHERE d.closed_at < before AND d.number IS NOT NULL AND d.state = ANY (states)
        AND (cardinality(outcomes) = 0 OR d.outcome = ANY (outcomes))
        AND EXISTS (SELECT 1 FROM dispute_key k WHERE k.dispute_id = d.id)
        AND EXISTS (SELECT 1 FROM account a LEFT JOIN agency g ON g.id = a.agency_id
                    WHERE a.id = setting_id('app.account') AND a.disabled_at IS NULL
                      AND (a.role IN ('security_administrator', 'system_administrator')
                           OR (a.role = 'coordinator' AND g.area_code = d.county_code)))
      ORDER BY d.closed_at LIMIT most $$;
"""


def upgrade() -> None:
    """Tables, walls, and the doors for erasing what no single person may erase."""
    _hanging('correction',
        sa.Column('event_id', sa.BigInteger(), nullable=False),
        sa.Column('field', sa.String(length=32), nullable=False),
        sa.Column('before', sa.String(length=200), nullable=True),
        sa.Column('after', sa.String(length=200), nullable=True),
        sa.Column('before_enc', sa.LargeBinary(), nullable=True),
        sa.Column('after_enc', sa.LargeBinary(), nullable=True))
    _hanging('restriction_lift',
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('asked_by', sa.BigInteger(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by', sa.BigInteger(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('verdict', sa.String(length=32), nullable=True),
        sa.Column('note', sa.Text(), nullable=False))
    _hanging('confirmation',
        sa.Column('agreement_id', sa.BigInteger(), nullable=False),
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('court_code', sa.String(length=32), nullable=True),
        sa.Column('court_agency_id', sa.BigInteger(), nullable=True),
        sa.Column('subjects', postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column('documents', sa.Text(), nullable=False),
        sa.Column('applied_on', sa.Date(), nullable=True),
        sa.Column('court_case', sa.String(length=200), nullable=True),
        sa.Column('decided_on', sa.Date(), nullable=True),
        sa.Column('execution_on', sa.Date(), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint('agreement_id', name=op.f('uq_confirmation_agreement_id')))
    _hanging('entrustment',
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('court_agency_id', sa.BigInteger(), nullable=False),
        sa.Column('court_case', sa.String(length=200), nullable=False),
        sa.Column('procedure', sa.String(length=32), nullable=False),
        sa.Column('materials', sa.Text(), nullable=False),
        sa.Column('sent_by', sa.BigInteger(), nullable=False),
        sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('received_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('extended_on', sa.Date(), nullable=True),
        sa.Column('outcome', sa.String(length=32), nullable=True),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('returned_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False))
    _hanging('erasure',
        sa.Column('number', sa.String(length=200), nullable=False),
        sa.Column('county_code', sa.String(length=32), nullable=False),
        sa.Column('basis', sa.String(length=32), nullable=False),
        sa.Column('reason', sa.Text(), nullable=False),
        sa.Column('asked_by', sa.BigInteger(), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('decided_by', sa.BigInteger(), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('verdict', sa.String(length=32), nullable=True),
        sa.Column('note', sa.Text(), nullable=False))
    for statement in FUNCTIONS.split("\n\n"):
        if statement.strip():
            op.execute(statement)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION ask_erasure(text, text, text), "
               "may_decide_erasure(bigint, text), refuse_erasure(bigint, text), "
               "erase_matter(bigint, text), files_past(text[], text[], timestamptz, int) "
               "TO yuantou_app")
    for grant in GRANTS:
        op.execute(f"GRANT {grant}")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker")
    for table in (*HANGING, "erasure"):
        seen = OF_VISIBLE if table != "erasure" else f"{OF_VISIBLE} OR {KEEPS_SECURITY}"
        check = "" if table == "erasure" else f" WITH CHECK ({OF_VISIBLE})"
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} TO yuantou_app USING ({seen}){check}")
        op.execute(f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)")


def _hanging(table: str, *columns: sa.Column | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column('dispute_id', sa.BigInteger(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
    )
    op.create_index(op.f(f'ix_{table}_dispute_id'), table, ['dispute_id'], unique=False)


def downgrade() -> None:
    """Going back would lose what was written since."""
    raise NotImplementedError("restore a back-up instead")
