"""The migrations, the models and the row-level security tell the same story."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from tests.conftest import Database
from yuantou.database.migrating import metadata, scripts
from yuantou.database.session import make_engine

DISPUTE_CONTENT = text("""
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE a.attname = 'dispute_id' AND c.relkind IN ('r', 'p')
      AND c.relnamespace = 'public'::regnamespace AND NOT c.relrowsecurity""")
LOOSE_VIEWS = text("""
    SELECT relname FROM pg_class WHERE relkind IN ('v', 'm')
      AND relnamespace = 'public'::regnamespace
      AND NOT coalesce(reloptions::text LIKE '%security_invoker=true%', false)""")
UNGUARDED_DEFINERS = text("""
    SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace
      AND NOT coalesce(proconfig::text LIKE '%search_path%', false)""")
PUBLIC_FUNCTIONS = text("""
    SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      AND has_function_privilege('public', oid, 'EXECUTE')""")
POWERS = text("""
    SELECT rolname FROM pg_roles WHERE rolname IN ('yuantou_app', 'yuantou_worker')
      AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)""")


@pytest.fixture
def engine(database: Database) -> Engine:
    """The owner's engine."""
    database.sessions("owner")
    return database.engines["owner"]


def test_the_migrations_have_one_head() -> None:
    assert len(scripts().get_heads()) == 1


def test_the_migrations_make_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


@pytest.mark.parametrize(
    "question", [DISPUTE_CONTENT, LOOSE_VIEWS, UNGUARDED_DEFINERS, PUBLIC_FUNCTIONS, POWERS]
)
def test_nothing_slips_past_row_level_security(engine: Engine, question: object) -> None:
    with engine.connect() as connection:
        assert connection.scalars(question).all() == []  # type: ignore[call-overload]


def test_connections_count_days_in_shanghais_time(database: Database) -> None:
    engine = make_engine(database.connections.app)
    with engine.connect() as connection:
        assert connection.scalar(text("SHOW TimeZone")) == "Asia/Shanghai"
    engine.dispose()
