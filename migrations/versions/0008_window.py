"""The window's roster and duty, and rounds of screening with their reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# Whose area holds the other's: a county and its townships, a township and its county.
NEAR = ("EXISTS (SELECT 1 FROM agency a WHERE a.id = setting_id('app.unit') AND "
        "(starts_with(a.area_path, {0}.area_path) OR starts_with({0}.area_path, a.area_path)))")
MINE = "{0} = setting_id('app.unit')"
OF_ROUND = "EXISTS (SELECT 1 FROM screening_round r WHERE r.id = round_id)"
OF_OWN_ROUND = ("EXISTS (SELECT 1 FROM screening_round r WHERE r.id = round_id "
                "AND r.agency_id = setting_id('app.unit'))")
OF_UNIT = "EXISTS (SELECT 1 FROM screening_unit u WHERE u.id = unit_id)"
OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"

GRANTS = {
    "yuantou_app": {
        "roster_entry red_duty sensitive_date": "SELECT, INSERT, UPDATE, DELETE",
        "screening_round": "SELECT, INSERT, UPDATE",
        "screening_unit": "SELECT, INSERT, UPDATE, DELETE",
        "screening_report screening_find": "SELECT, INSERT",
    },
    "yuantou_worker": {
        "screening_round": "SELECT, UPDATE (reminded_at)",
        "screening_unit screening_report red_duty": "SELECT",
    },
}

POLICIES = {
    "roster_entry": (("SELECT", NEAR, None), ("ALL", MINE.format("centre_id"), "same")),
    "red_duty": (("SELECT", NEAR, None), ("ALL", MINE.format("centre_id"), "same")),
    "sensitive_date": (("SELECT", "true", None), ("ALL", MINE.format("agency_id"), "same")),
    "screening_round": (("SELECT", NEAR, None), ("ALL", MINE.format("agency_id"), "same")),
    "screening_unit": (
        ("SELECT", OF_ROUND, None),
        ("UPDATE", OF_ROUND, "same"),
        ("INSERT", None, OF_OWN_ROUND),
        ("DELETE", OF_OWN_ROUND, None),
    ),
    "screening_report": (
        ("SELECT", OF_UNIT, None),
        ("INSERT", None, f"{MINE.format('agency_id')} AND {OF_UNIT}"),
    ),
    "screening_find": (
        ("SELECT", OF_VISIBLE, None),
        ("INSERT", None, f"{OF_VISIBLE} AND {OF_UNIT}"),
    ),
}


def upgrade() -> None:
    _tables()
    for role, rights in GRANTS.items():
        for tables, right in rights.items():
            for table in tables.split():
                op.execute(f"GRANT {right} ON {table} TO {role}")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app, yuantou_worker")
    for table, policies in POLICIES.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        for act, using, check in policies:
            op.execute(_policy(table, act, using, using if check == "same" else check))
        op.execute(f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)")


def _policy(table: str, act: str, using: str | None, check: str | None) -> str:
    made = f"CREATE POLICY {act.lower()}_app ON {table} FOR {act} TO yuantou_app"
    made += f" USING ({using.format(table)})" if using else ""
    return made + (f" WITH CHECK ({check.format(table)})" if check else "")


def downgrade() -> None:
    raise NotImplementedError("Restore a back-up instead.")


def _tables() -> None:
    op.create_table('roster_entry',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=True),
    sa.Column('agency_name', sa.String(length=200), nullable=False),
    sa.Column('mode', sa.String(length=32), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('person', sa.String(length=200), nullable=False),
    sa.Column('window_no', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=200), nullable=False),
    sa.Column('noted_by', sa.BigInteger(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_entry')),
    sa.UniqueConstraint('centre_id', 'day', 'agency_name', 'person', name=op.f('uq_roster_entry_centre_id_day_agency_name_person'))
    )
    op.create_index('ix_roster_entry_day', 'roster_entry', ['day', 'area_path'], unique=False)
    op.create_table('red_duty',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=True),
    sa.Column('person', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=200), nullable=False),
    sa.Column('noted_by', sa.BigInteger(), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_red_duty')),
    sa.UniqueConstraint('centre_id', 'day', name=op.f('uq_red_duty_centre_id_day'))
    )
    op.create_index('ix_red_duty_day', 'red_duty', ['day', 'area_path'], unique=False)
    op.create_table('screening_round',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('submission', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('themes', postgresql.ARRAY(sa.String(length=60)), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('opened_by', sa.BigInteger(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_screening_round_area_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screening_round')),
    sa.UniqueConstraint('submission', name=op.f('uq_screening_round_submission'))
    )
    op.create_index('ix_screening_round_days', 'screening_round', ['area_path', 'ends_on'], unique=False)
    op.create_table('screening_unit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('round_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('area_code', sa.String(length=32), nullable=False),
    sa.Column('area_path', sa.String(length=160, collation='C'), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=True),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['area_code'], ['area.code'], name=op.f('fk_screening_unit_area_code')),
    sa.ForeignKeyConstraint(['round_id'], ['screening_round.id'], name=op.f('fk_screening_unit_round_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screening_unit')),
    sa.UniqueConstraint('round_id', 'area_path', 'name', name=op.f('uq_screening_unit_round_id_area_path_name'))
    )
    op.create_index('ix_screening_unit_agency', 'screening_unit', ['agency_id'], unique=False)
    op.create_index(op.f('ix_screening_unit_round_id'), 'screening_unit', ['round_id'], unique=False)
    op.create_table('screening_report',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('visited', sa.Integer(), nullable=True),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('signed_by', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('account_id', sa.BigInteger(), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['screening_unit.id'], name=op.f('fk_screening_report_unit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screening_report'))
    )
    op.create_index(op.f('ix_screening_report_unit_id'), 'screening_report', ['unit_id'], unique=False)
    op.create_table('screening_find',
    sa.Column('dispute_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('unit_id', sa.BigInteger(), nullable=False),
    sa.Column('linked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['unit_id'], ['screening_unit.id'], name=op.f('fk_screening_find_unit_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('dispute_id', name=op.f('pk_screening_find'))
    )
    op.create_index(op.f('ix_screening_find_unit_id'), 'screening_find', ['unit_id'], unique=False)
    op.create_table('sensitive_date',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('agency_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('first', sa.String(length=32), nullable=False),
    sa.Column('last', sa.String(length=32), nullable=False),
    sa.Column('themes', postgresql.ARRAY(sa.String(length=60)), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sensitive_date'))
    )
    op.create_index(op.f('ix_sensitive_date_agency_id'), 'sensitive_date', ['agency_id'], unique=False)
