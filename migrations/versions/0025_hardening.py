"""What a hostile reading found: who draws a file to look at it, complaints that name a matter, and
words that outlived an erasure."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

DRAWN = ("review_file", "sample_task")
WRITTEN = {
    "review_file": "opened_at, submitted_at, findings, opinion, reply, replied_by, replied_at",
    "sample_task": "answered_at",
    "sample_answer": "reached, genuine, performed, satisfied, note, called_by, called_at",
}
STATEMENTS = (
    # The same question as closed_matters() asks, of one matter: without it a single statement of
    # the application could name any file of the province to itself and read it as its reviewer.
    """
    CREATE FUNCTION may_be_drawn(matter bigint) RETURNS boolean LANGUAGE sql STABLE
    SECURITY DEFINER SET search_path = public AS $$
      SELECT EXISTS (
        SELECT 1 FROM dispute d JOIN account a ON a.id = setting_id('app.account')
        WHERE d.id = matter AND d.state = 'closed' AND NOT d.restricted
          AND d.area_path >= setting('app.sum_lo') AND d.area_path < setting('app.sum_hi')
          AND a.disabled_at IS NULL AND a.role IN ('coordinator', 'city', 'province')) $$""",
    "REVOKE ALL ON FUNCTION may_be_drawn(bigint) FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION may_be_drawn(bigint) TO yuantou_app",
    *(
        f"CREATE POLICY drawn ON {table} AS RESTRICTIVE FOR INSERT TO yuantou_app "
        "WITH CHECK (may_be_drawn(dispute_id))"
        for table in DRAWN
    ),
    "CREATE POLICY of_its_task ON sample_answer AS RESTRICTIVE FOR INSERT TO yuantou_app "
    "WITH CHECK (EXISTS (SELECT 1 FROM sample_task t WHERE t.id = task_id "
    "AND t.dispute_id = sample_answer.dispute_id))",
    *(f"REVOKE UPDATE ON {table} FROM yuantou_app" for table in WRITTEN),
    *(f"GRANT UPDATE ({columns}) ON {table} TO yuantou_app" for table, columns in WRITTEN.items()),
    "CREATE POLICY of_a_matter_in_sight ON complaint AS RESTRICTIVE FOR INSERT TO yuantou_app "
    "WITH CHECK (dispute_id IS NULL OR EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id))",
    "CREATE POLICY of_a_matter_in_sight ON draft AS RESTRICTIVE FOR INSERT TO yuantou_app "
    "WITH CHECK (EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id))",
    # What is kept as JSON holds words too: lines of an export, findings of a review, why a limit
    # was extended. It goes with the key, whoever takes the key away.
    """
    CREATE FUNCTION forget_words() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public AS $$
    BEGIN
      UPDATE batch_item SET cells = NULL WHERE dispute_id = NEW.dispute_id;
      UPDATE deadline SET extensions = (SELECT coalesce(jsonb_agg(e || '{"reason": ""}'), '[]')
                                        FROM jsonb_array_elements(extensions) AS e)
       WHERE dispute_id = NEW.dispute_id AND extensions <> '[]';
      UPDATE review_file SET findings = (
          SELECT coalesce(jsonb_object_agg(f.key, f.value || '{"note": ""}'), '{}')
            FROM jsonb_each(findings) AS f)
       WHERE dispute_id = NEW.dispute_id AND findings <> '{}';
      RETURN NULL;
    END $$""",
    "REVOKE ALL ON FUNCTION forget_words() FROM PUBLIC",
    "CREATE TRIGGER forgets AFTER UPDATE OF verdict ON erasure FOR EACH ROW "
    "WHEN (NEW.verdict = 'erased') EXECUTE FUNCTION forget_words()",
)


def upgrade() -> None:
    """Narrower doors, and an erasure that leaves no words."""
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
