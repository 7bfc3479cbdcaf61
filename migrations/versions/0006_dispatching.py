"""Duties, transfers, whistles and referrals; a matter that moves to another area takes along what
hangs on it, and the figures of the area it left are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FUNCTIONS = """
CREATE OR REPLACE FUNCTION matters_of_unit() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public
AS $$ SELECT dispute_id FROM participation WHERE agency_id = setting_id('app.unit')
        AND (until IS NULL OR part NOT IN ('assisting', 'called', 'receiving')) $$;

CREATE FUNCTION matter_moved() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public
AS $$
BEGIN
  UPDATE deadline SET area_path = NEW.area_path, county_code = NEW.county_code
  WHERE dispute_id = NEW.id;
  UPDATE duplicate_hint SET area_path = NEW.area_path, county_code = NEW.county_code
  WHERE dispute_id = NEW.id;
  INSERT INTO stale_area (kind, area_code, at)
  VALUES ('disputes', OLD.county_code, clock_timestamp());
  RETURN NULL;
END $$;

CREATE TRIGGER moved AFTER UPDATE OF area_path, county_code ON dispute FOR EACH ROW
WHEN (OLD.area_path IS DISTINCT FROM NEW.area_path) EXECUTE FUNCTION matter_moved()
"""
HANGING = ("transfer", "whistle", "referral")
OF_VISIBLE = "EXISTS (SELECT 1 FROM dispute d WHERE d.id = dispute_id)"


def upgrade() -> None:
    _duty()
    _transfer()
    _whistle()
    _referral()
    op.drop_index("ix_participation_agency", table_name="participation")
    op.create_index(
        "ix_participation_agency",
        "participation",
        ["agency_id", "dispute_id"],
        postgresql_include=["part", "until"],
    )
    for statement in FUNCTIONS.split("\n\n"):
        op.execute(statement)
    op.execute("REVOKE ALL ON FUNCTION matter_moved() FROM PUBLIC")
    op.execute("GRANT SELECT, INSERT, UPDATE ON duty TO yuantou_app")
    op.execute("GRANT SELECT ON duty TO yuantou_worker")
    for table in HANGING:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO yuantou_app")
        op.execute(f"GRANT SELECT, UPDATE (reminded_at) ON {table} TO yuantou_worker")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY visible ON {table} TO yuantou_app "
                   f"USING ({OF_VISIBLE}) WITH CHECK ({OF_VISIBLE})")
        op.execute(f"CREATE POLICY work ON {table} TO yuantou_worker USING (true) WITH CHECK (true)")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO yuantou_app")


def downgrade() -> None:
    """Going back would lose what was written since."""
    raise NotImplementedError("restore a back-up instead")


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _agency(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _of_agency(name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["agency.id"], ondelete="CASCADE")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _code(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.String(length=32), nullable=nullable)


def _words(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _duty() -> None:
    op.create_table(
        "duty",
        _key(),
        _agency("agency_id"),
        _code("area_code"),
        sa.Column("area_path", sa.String(length=160, collation="C"), nullable=False),
        _code("type"),
        _code("gb31000", nullable=True),
        _words("basis"),
        _day("valid_from"),
        _day("valid_to", nullable=True),
        sa.Column("example", sa.Boolean(), nullable=False),
        _id("entered_by", nullable=True),
        _moment("entered_at"),
        _of_agency("agency_id"),
        sa.ForeignKeyConstraint(["area_code"], ["area.code"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_duty_area", "duty", ["area_path", "type"])
    op.create_index("ix_duty_agency", "duty", ["agency_id"])


def _transfer() -> None:
    op.create_table(
        "transfer",
        _key(),
        _id("dispute_id"),
        _agency("from_agency_id"),
        _agency("to_agency_id"),
        _code("from_area_code"),
        _words("reason"),
        _id("asked_by"),
        _moment("asked_at"),
        _moment("due_at"),
        _code("outcome", nullable=True),
        _words("answer", nullable=True),
        _id("answered_by", nullable=True),
        _moment("answered_at", nullable=True),
        _moment("reminded_at", nullable=True),
        _of_agency("from_agency_id"),
        _of_agency("to_agency_id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_transfer_dispute", "transfer", ["dispute_id"])
    op.create_index("ix_transfer_receiver", "transfer", ["to_agency_id", "answered_at"])
    op.create_index("ix_transfer_sender", "transfer", ["from_agency_id", "answered_at"])


def _whistle() -> None:
    op.create_table(
        "whistle",
        _key(),
        _id("dispute_id"),
        _agency("caller_agency_id"),
        _id("caller_id"),
        _agency("agency_id"),
        _words("wanted"),
        _moment("blown_at"),
        _moment("due_at"),
        _code("response", nullable=True),
        _words("answer", nullable=True),
        _id("answered_by", nullable=True),
        _moment("answered_at", nullable=True),
        _moment("arrived_at", nullable=True),
        _moment("reminded_at", nullable=True),
        _of_agency("caller_agency_id"),
        _of_agency("agency_id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_whistle_dispute", "whistle", ["dispute_id"])
    op.create_index("ix_whistle_called", "whistle", ["agency_id", "answered_at"])
    op.create_index("ix_whistle_caller", "whistle", ["caller_agency_id", "blown_at"])


def _referral() -> None:
    op.create_table(
        "referral",
        _key(),
        _id("dispute_id"),
        _code("direction"),
        _code("body"),
        sa.Column("external_name", sa.String(length=200), nullable=False),
        sa.Column("external_number", sa.String(length=200), nullable=True),
        _agency("agency_id"),
        _words("reason"),
        _day("passed_on"),
        _day("due_on"),
        _words("answer", nullable=True),
        _day("answered_on", nullable=True),
        _moment("answered_at", nullable=True),
        _id("answered_by", nullable=True),
        _id("entered_by"),
        _moment("entered_at"),
        _moment("reminded_at", nullable=True),
        _of_agency("agency_id"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_referral_dispute", "referral", ["dispute_id"])
    op.create_index("ix_referral_agency", "referral", ["agency_id", "answered_at"])
    op.create_index("ix_referral_number", "referral", ["external_number"])
