"""Analyses, meetings, recommendations, what they did, appraisals, and research."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UNIT = "setting_id('app.unit')"
IN_SUMS = "(area_path >= setting('app.sum_lo') AND area_path < setting('app.sum_hi'))"
OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"
MINE = f"agency_id = {UNIT}"
HOSTED = f"(host_id = {UNIT} OR agency_id = {UNIT} OR {IN_SUMS})"
# A letter is its sender's alone until it is sent; then the addressee's, and the area's office's.
LETTER = f"({MINE} OR (sent_at IS NOT NULL AND (addressee_id = {UNIT} OR {IN_SUMS})))"
CALLED = f"(SELECT m.meeting_id FROM meeting_agency m WHERE m.agency_id = {UNIT})"
MEETING = f"({MINE} OR {IN_SUMS} OR id IN {CALLED})"
# Whoever is called to a meeting on an analysis, or is written to because of it, reads its sums.
ANALYSIS = (
    f"({MINE} OR {IN_SUMS} OR id IN (SELECT m.analysis_id FROM meeting m WHERE m.id IN {CALLED}) "
    f"OR id IN (SELECT r.analysis_id FROM recommendation r WHERE r.sent_at IS NOT NULL "
    f"AND r.addressee_id = {UNIT}))"
)
OF_ANALYSIS = "EXISTS (SELECT 1 FROM analysis a WHERE a.id = analysis_id)"
OF_OBJECT = (
    "CASE kind WHEN 'analysis' THEN EXISTS (SELECT 1 FROM analysis o WHERE o.id = object_id) "
    "WHEN 'meeting' THEN EXISTS (SELECT 1 FROM meeting o WHERE o.id = object_id) "
    "WHEN 'task' THEN EXISTS (SELECT 1 FROM meeting_task o WHERE o.id = object_id) "
    "WHEN 'recommendation' THEN EXISTS (SELECT 1 FROM recommendation o WHERE o.id = object_id) "
    "WHEN 'appraisal' THEN EXISTS (SELECT 1 FROM appraisal_project o WHERE o.id = object_id) "
    "WHEN 'research' THEN EXISTS (SELECT 1 FROM research_topic o WHERE o.id = object_id) "
    "ELSE false END"
)
# What is published serves those above and below the office that wrote it.
SHARED = (
    f"({MINE} OR {IN_SUMS} OR (state = 'published' AND EXISTS (SELECT 1 FROM agency g "
    f"WHERE g.id = {UNIT} AND (left(g.area_path, length(research_topic.area_path)) "
    "= research_topic.area_path))))"
)
READ = {
    "analysis": ANALYSIS,
    "analysis_member": f"({OF_VISIBLE} AND {OF_ANALYSIS})",
    "analysis_draft": OF_ANALYSIS,
    "meeting": MEETING,
    "meeting_agency": HOSTED,
    "meeting_task": HOSTED,
    "recommendation": LETTER,
    "effect_measure": OF_OBJECT,
    "appraisal_project": f"({MINE} OR {IN_SUMS})",
    "research_topic": SHARED,
    "research_pull": "EXISTS (SELECT 1 FROM research_topic t WHERE t.id = topic_id)",
    "governance_event": OF_OBJECT,
}
ADD = {
    "analysis": MINE,
    "analysis_member": f"({OF_VISIBLE} AND EXISTS (SELECT 1 FROM analysis a "
    f"WHERE a.id = analysis_id AND a.{MINE}))",
    "analysis_draft": f"EXISTS (SELECT 1 FROM analysis a WHERE a.id = analysis_id AND a.{MINE})",
    "meeting": MINE,
    "meeting_agency": f"host_id = {UNIT}",
    "meeting_task": f"host_id = {UNIT}",
    "recommendation": MINE,
    "appraisal_project": MINE,
    "research_topic": MINE,
    "research_pull": f"EXISTS (SELECT 1 FROM research_topic t WHERE t.id = topic_id AND t.{MINE})",
    "governance_event": OF_OBJECT,
}
CHANGE = {
    "analysis": (
        MINE,
        "version, title, question, findings, advice, state, settled_by, settled_at",
    ),
    "meeting": (
        MINE,
        "version, title, held_at, place, agenda, decisions, state, recorded_by, recorded_at",
    ),
    "meeting_agency": (f"host_id = {UNIT}", "attended, person"),
    "meeting_task": (
        f"(host_id = {UNIT} OR agency_id = {UNIT})",
        "state, due_on, report, reported_by, reported_at, judged_by, judged_at, told",
    ),
    "recommendation": (
        f"({MINE} OR (sent_at IS NOT NULL AND addressee_id = {UNIT}))",
        "version, year, serial, number, addressee_id, title, problem, basis, advice, state, "
        "signed_by, signed_name, signed_at, sent_at, due_on, received_by, received_at, reply, "
        "replied_by, replied_at, verdict, judged_by, judged_at, told",
    ),
    "appraisal_project": (
        MINE,
        "version, name, kind, body, risk, decision, appraised_on, reported_on, measures, state",
    ),
    "research_topic": (
        MINE,
        "version, title, question, keywords, state, report, file, file_name, file_hash, "
        "published_by, published_at",
    ),
}
WORKER = (
    "GRANT SELECT ON analysis, analysis_member, meeting, meeting_agency, meeting_task, "
    "recommendation TO yuantou_worker",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON effect_measure TO yuantou_worker",
    "GRANT UPDATE (told) ON meeting_task TO yuantou_worker",
    "GRANT UPDATE (told) ON recommendation TO yuantou_worker",
    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker",
)


def _walls() -> list[str]:
    app, made = "TO yuantou_app", list(WORKER)
    for table, seen in READ.items():
        made.append(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        made.append(
            f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)"
        )
        made.append(f"CREATE POLICY seen ON {table} FOR SELECT {app} USING ({seen})")
        made.append(f"GRANT SELECT ON {table} {app}")
    for table, own in ADD.items():
        made.append(f"CREATE POLICY add ON {table} FOR INSERT {app} WITH CHECK ({own})")
        made.append(f"GRANT INSERT ON {table} {app}")
    for table, (own, columns) in CHANGE.items():
        made.append(
            f"CREATE POLICY change ON {table} FOR UPDATE {app} USING ({own}) WITH CHECK ({own})"
        )
        made.append(f"GRANT UPDATE ({columns}) ON {table} {app}")
    return made


def upgrade() -> None:
    """Tables and walls."""
    _governance_event()
    _analysis()
    _analysis_member()
    _analysis_draft()
    _meeting()
    _meeting_agency()
    _meeting_task()
    _recommendation()
    _effect_measure()
    _appraisal_project()
    _research_topic()
    _research_pull()
    for statement in _walls():
        op.execute(statement)


def _governance_event() -> None:
    op.create_table(
        "governance_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=32), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_governance_event")),
    )
    op.create_index(
        "ix_governance_event_object", "governance_event", ["kind", "object_id", "id"], unique=False
    )


def _analysis() -> None:
    op.create_table(
        "analysis",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("type_code", sa.String(length=32), nullable=True),
        sa.Column("warning_id", sa.BigInteger(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("frozen", postgresql.JSONB(), nullable=False),
        sa.Column("frozen_hash", sa.String(length=200), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'settled', 'dropped')", name=op.f("ck_analysis_state")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_analysis_agency_id")),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_analysis_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis")),
        sa.UniqueConstraint("submission", name=op.f("uq_analysis_submission")),
    )
    op.create_index(op.f("ix_analysis_agency_id"), "analysis", ["agency_id"], unique=False)
    op.create_index(op.f("ix_analysis_area_path"), "analysis", ["area_path"], unique=False)


def _analysis_member() -> None:
    op.create_table(
        "analysis_member",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("analysis_id", sa.BigInteger(), nullable=False),
        sa.Column("dispute_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis.id"], name=op.f("fk_analysis_member_analysis_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_member")),
        sa.UniqueConstraint(
            "analysis_id", "dispute_id", name=op.f("uq_analysis_member_analysis_id_dispute_id")
        ),
    )
    op.create_index(
        op.f("ix_analysis_member_dispute_id"), "analysis_member", ["dispute_id"], unique=False
    )


def _analysis_draft() -> None:
    op.create_table(
        "analysis_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("analysis_id", sa.BigInteger(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis.id"], name=op.f("fk_analysis_draft_analysis_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_draft")),
    )
    op.create_index(
        op.f("ix_analysis_draft_analysis_id"), "analysis_draft", ["analysis_id"], unique=False
    )


def _meeting() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("analysis_id", sa.BigInteger(), nullable=True),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("called_by", sa.BigInteger(), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('called', 'held', 'cancelled')", name=op.f("ck_meeting_state")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_meeting_agency_id")),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis.id"], name=op.f("fk_meeting_analysis_id")
        ),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"], name=op.f("fk_meeting_area_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("submission", name=op.f("uq_meeting_submission")),
    )
    op.create_index(op.f("ix_meeting_agency_id"), "meeting", ["agency_id"], unique=False)
    op.create_index(op.f("ix_meeting_analysis_id"), "meeting", ["analysis_id"], unique=False)
    op.create_index(op.f("ix_meeting_area_path"), "meeting", ["area_path"], unique=False)


def _meeting_agency() -> None:
    op.create_table(
        "meeting_agency",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("host_id", sa.BigInteger(), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_meeting_agency_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_agency_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_agency")),
        sa.UniqueConstraint(
            "meeting_id", "agency_id", name=op.f("uq_meeting_agency_meeting_id_agency_id")
        ),
    )
    op.create_index(
        op.f("ix_meeting_agency_agency_id"), "meeting_agency", ["agency_id"], unique=False
    )


def _meeting_task() -> None:
    op.create_table(
        "meeting_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("meeting_id", sa.BigInteger(), nullable=False),
        sa.Column("host_id", sa.BigInteger(), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.BigInteger(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("judged_by", sa.BigInteger(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'reported', 'done', 'dropped')", name=op.f("ck_meeting_task_state")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_meeting_task_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_task_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_task")),
        sa.UniqueConstraint("submission", name=op.f("uq_meeting_task_submission")),
    )
    op.create_index(op.f("ix_meeting_task_agency_id"), "meeting_task", ["agency_id"], unique=False)
    op.create_index(
        op.f("ix_meeting_task_meeting_id"), "meeting_task", ["meeting_id"], unique=False
    )
    op.create_index(
        "ix_meeting_task_open",
        "meeting_task",
        ["due_on"],
        unique=False,
        postgresql_where="state = 'open'",
    )


def _recommendation() -> None:
    op.create_table(
        "recommendation",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=200), nullable=True),
        sa.Column("analysis_id", sa.BigInteger(), nullable=True),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("addressee_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("drafted_by", sa.BigInteger(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by", sa.BigInteger(), nullable=True),
        sa.Column("signed_name", sa.String(length=200), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("received_by", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_by", sa.BigInteger(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("judged_by", sa.BigInteger(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "kind IN ('judicial', 'procuratorial', 'risk')", name=op.f("ck_recommendation_kind")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'signed', 'sent', 'received', 'replied', 'accepted', 'archived', 'withdrawn')",
            name=op.f("ck_recommendation_state"),
        ),
        sa.ForeignKeyConstraint(
            ["addressee_id"], ["agency.id"], name=op.f("fk_recommendation_addressee_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_recommendation_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis.id"], name=op.f("fk_recommendation_analysis_id")
        ),
        sa.ForeignKeyConstraint(
            ["area_code"], ["area.code"], name=op.f("fk_recommendation_area_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint(
            "agency_id",
            "kind",
            "year",
            "serial",
            name=op.f("uq_recommendation_agency_id_kind_year_serial"),
        ),
        sa.UniqueConstraint("submission", name=op.f("uq_recommendation_submission")),
    )
    op.create_index(
        op.f("ix_recommendation_addressee_id"), "recommendation", ["addressee_id"], unique=False
    )
    op.create_index(
        op.f("ix_recommendation_analysis_id"), "recommendation", ["analysis_id"], unique=False
    )
    op.create_index(
        op.f("ix_recommendation_area_path"), "recommendation", ["area_path"], unique=False
    )
    op.create_index(
        "ix_recommendation_due",
        "recommendation",
        ["due_on"],
        unique=False,
        postgresql_where="state IN ('sent', 'received')",
    )


def _effect_measure() -> None:
    op.create_table(
        "effect_measure",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("object_id", sa.BigInteger(), nullable=False),
        sa.Column("analysis_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("horizon", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_measure")),
        sa.UniqueConstraint(
            "kind", "object_id", "horizon", name=op.f("uq_effect_measure_kind_object_id_horizon")
        ),
    )
    op.create_index(
        op.f("ix_effect_measure_analysis_id"), "effect_measure", ["analysis_id"], unique=False
    )


def _appraisal_project() -> None:
    op.create_table(
        "appraisal_project",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("body", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("risk", sa.String(length=32), nullable=True),
        sa.Column("decision", sa.String(length=32), nullable=True),
        sa.Column("appraised_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("registered_by", sa.BigInteger(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'appraised', 'closed', 'dropped')",
            name=op.f("ck_appraisal_project_state"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_appraisal_project_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["area_code"], ["area.code"], name=op.f("fk_appraisal_project_area_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appraisal_project")),
        sa.UniqueConstraint("submission", name=op.f("uq_appraisal_project_submission")),
    )
    op.create_index(
        op.f("ix_appraisal_project_agency_id"), "appraisal_project", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_appraisal_project_area_path"), "appraisal_project", ["area_path"], unique=False
    )


def _research_topic() -> None:
    op.create_table(
        "research_topic",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("keywords", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=32), nullable=False),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        sa.Column("agency_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("file", sa.LargeBinary(), nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_hash", sa.String(length=200), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'published', 'dropped')", name=op.f("ck_research_topic_state")
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name=op.f("fk_research_topic_agency_id")
        ),
        sa.ForeignKeyConstraint(
            ["area_code"], ["area.code"], name=op.f("fk_research_topic_area_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_topic")),
        sa.UniqueConstraint("submission", name=op.f("uq_research_topic_submission")),
    )
    op.create_index(
        op.f("ix_research_topic_agency_id"), "research_topic", ["agency_id"], unique=False
    )
    op.create_index(
        op.f("ix_research_topic_area_path"), "research_topic", ["area_path"], unique=False
    )


def _research_pull() -> None:
    op.create_table(
        "research_pull",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("submission", sa.String(length=200), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("codes", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("areas", postgresql.ARRAY(sa.String(length=32)), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("content", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("taken_by", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["research_topic.id"], name=op.f("fk_research_pull_topic_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_research_pull")),
        sa.UniqueConstraint("submission", name=op.f("uq_research_pull_submission")),
    )
    op.create_index(op.f("ix_research_pull_topic_id"), "research_pull", ["topic_id"], unique=False)
    # ### end Alembic commands ###


def downgrade() -> None:
    """Restore a back-up instead."""
    raise NotImplementedError("Restore a back-up instead.")
