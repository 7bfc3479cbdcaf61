"""Functions, triggers, grants and row-level security of the whole road."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE FUNCTION setting(name text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(current_setting(name, true), '') COLLATE "C" $$;

CREATE FUNCTION setting_id(name text) RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting(name, true), '')::bigint $$;

CREATE FUNCTION matters_of_unit() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public
AS $$ SELECT dispute_id FROM participation WHERE agency_id = setting_id('app.unit') $$;

CREATE FUNCTION matters_named() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public
AS $$ SELECT dispute_id FROM named_handler
      WHERE account_id = setting_id('app.account')
         OR account_id IN (SELECT account_id FROM deputy
                           WHERE deputy_id = setting_id('app.account')
                             AND (now() AT TIME ZONE 'Asia/Shanghai')::date
                                 BETWEEN first_day AND last_day) $$;

CREATE FUNCTION name_handler(matter bigint, handler bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public
AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM dispute WHERE id = matter
                   AND (reporter_id = setting_id('app.account') OR NOT restricted AND (
                     reporting_agency_id = setting_id('app.unit')
                     OR handler_agency_id = setting_id('app.unit')
                     OR (area_path >= setting('app.lo') AND area_path < setting('app.hi'))))
                   AND NOT EXISTS (SELECT 1 FROM named_handler WHERE dispute_id = matter))
     AND matter NOT IN (SELECT matters_named()) THEN
    RAISE insufficient_privilege USING MESSAGE = 'only a named handler may name another';
  END IF;
  INSERT INTO named_handler (dispute_id, account_id, named_by, named_at)
  VALUES (matter, handler, setting_id('app.account'), now()) ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION manages(holder bigint) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public
AS $$ SELECT EXISTS (SELECT 1 FROM account mine JOIN account theirs ON theirs.id = holder
                     WHERE mine.id = setting_id('app.account') AND mine.disabled_at IS NULL
                       AND (mine.role = 'system_administrator'
                            OR (mine.role = 'unit_administrator'
                                AND mine.agency_id = theirs.agency_id))) $$;

CREATE FUNCTION matters_in_hand(holder bigint) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public
AS $$
  SELECT count(*)::int FROM (
    SELECT d.id FROM dispute d JOIN account a ON a.id = holder
    WHERE d.handler_agency_id = a.agency_id AND d.mediator_id = holder
      AND d.state NOT IN ('closed', 'not_accepted', 'merged')
    UNION SELECT dispute_id FROM named_handler WHERE account_id = holder) held
  WHERE manages(holder) $$;

CREATE FUNCTION hand_over(leaver bigint, successor bigint) RETURNS int LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public
AS $$
DECLARE place account; matters bigint[];
BEGIN
  SELECT * INTO STRICT place FROM account WHERE id = leaver;
  IF NOT manages(leaver) OR NOT EXISTS
     (SELECT 1 FROM account WHERE id = successor AND id <> leaver AND disabled_at IS NULL
        AND agency_id = place.agency_id AND role NOT IN ('unit_administrator')) THEN
    RAISE insufficient_privilege USING MESSAGE = 'matters go to a colleague of the same unit';
  END IF;
  WITH moved AS (
    UPDATE dispute SET mediator_id = successor, version = version + 1, updated_at = now()
    WHERE handler_agency_id = place.agency_id AND mediator_id = leaver
      AND state NOT IN ('closed', 'not_accepted', 'merged') RETURNING id),
  named AS (
    INSERT INTO named_handler (dispute_id, account_id, named_by, named_at)
    SELECT dispute_id, successor, setting_id('app.account'), now() FROM named_handler
    WHERE account_id = leaver ON CONFLICT DO NOTHING),
  held AS (SELECT id FROM moved UNION
           SELECT dispute_id FROM named_handler WHERE account_id = leaver)
  SELECT coalesce(array_agg(id), '{}') INTO matters FROM held;
  DELETE FROM named_handler WHERE account_id = leaver;
  INSERT INTO dispute_event (dispute_id, at, event, actor_id, agency_id, note, facts)
  SELECT id, clock_timestamp(), 'handed_over', setting_id('app.account'), place.agency_id, '',
         jsonb_build_object('from', leaver, 'to', successor) FROM unnest(matters) AS held(id);
  RETURN cardinality(matters);
END $$;

CREATE FUNCTION next_number(county text, in_year int) RETURNS int LANGUAGE sql SECURITY DEFINER
SET search_path = public
AS $$ INSERT INTO number_series AS s (county_code, year, last) VALUES (county, in_year, 1)
      ON CONFLICT (county_code, year) DO UPDATE SET last = s.last + 1 RETURNING last $$;

CREATE FUNCTION report_match_outside(matter bigint) RETURNS int LANGUAGE sql SECURITY DEFINER
SET search_path = public
AS $$
  WITH mine AS (SELECT d.id, d.area_path, d.county_code, p.id_index, p.contact_index
                FROM dispute d JOIN party p ON p.dispute_id = d.id
                WHERE d.id = matter AND NOT d.restricted
                  AND setting_id('app.unit') IN (d.reporting_agency_id, d.handler_agency_id)),
  found AS (SELECT m.id, o.dispute_id AS other, m.area_path, m.county_code,
                   CASE WHEN o.id_index = m.id_index THEN 'id' ELSE 'contact' END AS matched
            FROM mine m JOIN party o
              ON (o.id_index = m.id_index OR o.contact_index = m.contact_index)
             AND o.dispute_id <> m.id),
  outside AS (SELECT DISTINCT ON (f.other) f.*, d.county_code AS there
              FROM found f JOIN dispute d ON d.id = f.other
              WHERE NOT d.restricted
                AND NOT (d.area_path >= setting('app.lo') AND d.area_path < setting('app.hi'))
                AND NOT EXISTS (SELECT 1 FROM participation q
                                WHERE q.dispute_id = d.id AND q.agency_id = setting_id('app.unit'))
                AND NOT EXISTS (SELECT 1 FROM duplicate_hint h
                                WHERE h.dispute_id = f.id AND h.other_id = f.other)),
  told AS (INSERT INTO duplicate_hint
             (dispute_id, other_id, area_path, county_code, matched_on, raised_at)
           SELECT id, other, area_path, county_code, matched, now() FROM outside RETURNING 1)
  SELECT count(*)::int FROM told $$;

CREATE FUNCTION audit_hash(previous bytea, seq bigint, at timestamptz, account_id bigint,
  agency_id bigint, action text, object_type text, object_id text, facts jsonb)
RETURNS bytea LANGUAGE sql IMMUTABLE
AS $$ SELECT sha256(previous || convert_to(concat_ws(E'\\x1f', seq,
        to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), coalesce(account_id, 0),
        coalesce(agency_id, 0), action, object_type, object_id, facts::text), 'UTF8')) $$;

CREATE FUNCTION audit_append(account bigint, agency bigint, action text, object_type text,
  object_id text, facts jsonb) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
DECLARE head audit_head; place bigint; moment timestamptz := clock_timestamp(); link bytea;
BEGIN
  SELECT * INTO STRICT head FROM audit_head WHERE id = 1 FOR UPDATE;
  place := head.seq + 1;
  link := audit_hash(head.hash, place, moment, account, agency, action, object_type, object_id, facts);
  INSERT INTO audit_event (seq, at, account_id, agency_id, action, object_type, object_id, facts,
                           previous, hash)
  VALUES (place, moment, account, agency, action, object_type, object_id, facts, head.hash, link);
  UPDATE audit_head SET seq = place, hash = link WHERE id = 1;
  RETURN place;
END $$;

CREATE FUNCTION sealed_in_chain(place bigint, link bytea, run text, area text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$
  SELECT facts -> 'seals' ->> area FROM audit_event e
  WHERE seq > place AND action = 'assessment:seal' AND object_id = run
    AND hash = audit_hash(previous, seq, at, account_id, agency_id, action, object_type, object_id,
                          facts)
    AND (place = 0 OR EXISTS (SELECT 1 FROM audit_event h WHERE h.seq = place AND h.hash = link))
  ORDER BY seq LIMIT 1 $$;

CREATE FUNCTION mark_disputes_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'disputes', county_code, clock_timestamp() FROM changed;
  RETURN NULL;
END $$;

CREATE FUNCTION mark_counts_stale() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  INSERT INTO stale_area (kind, area_code, at)
  SELECT DISTINCT 'counts', counts_to_code, clock_timestamp() FROM changed;
  RETURN NULL;
END $$;

INSERT INTO audit_head VALUES (1, 0, sha256('源头'));
"""

TRIGGERS = [
    f"CREATE TRIGGER stale_{event.lower()} AFTER {event} ON {table} "
    f"REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    for table, function in (("dispute", "mark_disputes_stale"), ("deadline", "mark_disputes_stale"),
                            ("court_count", "mark_counts_stale"))
    for event in ("INSERT", "UPDATE")
]

READ, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"
GRANTS = {
    "yuantou_app": {
        "territory area boundary population court": (READ,),
        "limit_version definition_version scheme_version": (READ,),
        "agency account password_used": (READ, ADD, CHANGE),
        "deputy calendar_day": (READ, ADD, CHANGE, REMOVE),
        "dispute party participation deadline agreement": (READ, ADD, CHANGE),
        "dispute_key": (READ, ADD, CHANGE, REMOVE),
        "dispute_event mediation_record performance path_notice follow_up": (READ, ADD),
        "named_handler": (READ, REMOVE),
        "duplicate_hint": (READ, CHANGE),
        "count_batch court_count": (READ, ADD, CHANGE),
        "figure_cell dispute_month court_month": (READ,),
        "target": (READ, ADD),
        "assessment_run": (READ,),
        "assessment_report": (READ, "UPDATE (received_at, received_by)"),
        "notice": (READ, ADD, "UPDATE (read_at, read_by)"),
        "suggestion": (READ, ADD, CHANGE),
        "job_run": (READ,),
        "audit_event": (READ,),
    },
    "yuantou_worker": {
        "territory area boundary population court agency account": (READ,),
        "limit_version definition_version scheme_version calendar_day target": (READ,),
        "dispute participation mediation_record agreement performance path_notice": (READ,),
        "follow_up dispute_event": (READ,),
        "deadline": (READ, CHANGE),
        "count_batch court_count": (READ,),
        "figure_cell dispute_month court_month": (READ, ADD, CHANGE, REMOVE),
        "stale_area": (READ, REMOVE),
        "assessment_run assessment_report": (READ, ADD, CHANGE),
        "notice": (READ, ADD),
        "job_run": (READ, ADD, CHANGE, REMOVE),
        "audit_head audit_event": (READ,),
    },
}

IN_FULL = "(area_path >= setting('app.lo') AND area_path < setting('app.hi'))"
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
IN_COURTS = ("((counts_to_path >= setting('app.courts_lo') "
             "AND counts_to_path < setting('app.courts_hi')) OR court_code = setting('app.court'))")
SEES_DISPUTE = f"""
  ({IN_FULL}
   OR (pressing AND area_path >= setting('app.red_lo') AND area_path < setting('app.red_hi'))
   OR reporting_agency_id = setting_id('app.unit')
   OR handler_agency_id = setting_id('app.unit')
   OR id IN (SELECT matters_of_unit()))
  AND (NOT restricted OR id IN (SELECT matters_named()))"""
OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
HANGING = ("party dispute_key participation dispute_event deadline mediation_record agreement "
           "performance path_notice follow_up").split()


def _policies() -> list[str]:
    app = "TO yuantou_app"
    made = [
        f"CREATE POLICY read ON dispute FOR SELECT {app} USING ({SEES_DISPUTE})",
        f"CREATE POLICY change ON dispute FOR UPDATE {app} USING ({SEES_DISPUTE}) WITH CHECK (true)",
        f"CREATE POLICY add ON dispute FOR INSERT {app} "
        "WITH CHECK (reporting_agency_id = setting_id('app.unit'))",
        f"CREATE POLICY named ON named_handler {app} "
        "USING (dispute_id IN (SELECT matters_named()))",
        f"CREATE POLICY hinted ON duplicate_hint {app} USING ({IN_FULL})",
        f"CREATE POLICY counted ON court_count {app} USING ({IN_COURTS})",
        f"CREATE POLICY batched ON count_batch {app} USING (entered_by = setting_id('app.account') "
        "OR EXISTS (SELECT 1 FROM court_count c WHERE c.batch_id = count_batch.id)) "
        "WITH CHECK (true)",
        f"CREATE POLICY mine ON notice FOR SELECT {app} USING (agency_id = setting_id('app.unit') "
        "AND coalesce(account_id, setting_id('app.account')) = setting_id('app.account') "
        f"AND (dispute_id IS NULL OR {OF_VISIBLE}))",
        f"CREATE POLICY tell ON notice FOR INSERT {app} WITH CHECK (true)",
        f"CREATE POLICY mark ON notice FOR UPDATE {app} USING (agency_id = setting_id('app.unit'))",
        f"CREATE POLICY reported ON assessment_report {app} USING ({IN_SUMS})",
        f"CREATE POLICY audited ON audit_event FOR SELECT {app} USING (setting('app.audit') = 'on')",
        f"CREATE POLICY aimed ON target FOR SELECT {app} USING ({IN_SUMS})",
        f"CREATE POLICY aim ON target FOR INSERT {app} WITH CHECK ({IN_SUMS})",
    ]
    made += [f"CREATE POLICY summed ON {table} {app} USING ({IN_SUMS} OR level IN ('province', 'city'))"
             for table in ("figure_cell", "dispute_month", "court_month")]
    made += [f"CREATE POLICY visible ON {table} {app} USING ({OF_VISIBLE}) WITH CHECK ({OF_VISIBLE})"
             for table in HANGING]
    guarded = ["dispute", "named_handler", "duplicate_hint", "court_count", "count_batch", "notice",
               "assessment_report", "audit_event", "target", "figure_cell", "dispute_month",
               "court_month", *HANGING]
    made += [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY" for table in guarded]
    made += [f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
             for table in guarded]
    return made


def upgrade() -> None:
    for statement in FUNCTIONS.split("\n\n"):
        if statement.strip():
            op.execute(statement)
    for trigger in TRIGGERS:
        op.execute(trigger)
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION setting(text), setting_id(text), matters_of_unit(), "
               "matters_named(), audit_append(bigint, bigint, text, text, text, jsonb), "
               "audit_hash(bytea, bigint, timestamptz, bigint, bigint, text, text, text, jsonb), "
               "sealed_in_chain(bigint, bytea, text, text) "
               "TO yuantou_app, yuantou_worker")
    op.execute("GRANT EXECUTE ON FUNCTION name_handler(bigint, bigint), next_number(text, int), "
               "matters_in_hand(bigint), hand_over(bigint, bigint), "
               "report_match_outside(bigint) TO yuantou_app")
    op.execute("GRANT USAGE ON SCHEMA public TO yuantou_app, yuantou_worker")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker")
    for role, tables in GRANTS.items():
        for names, rights in tables.items():
            for table in names.split():
                for right in rights:
                    op.execute(f"GRANT {right} ON {table} TO {role}")
    for policy in _policies():
        op.execute(policy)


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")
