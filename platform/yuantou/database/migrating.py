"""Running the migrations, as the owner role."""

from importlib import import_module
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, create_engine

from yuantou.database.session import Model

ROOT = Path(__file__).resolve().parents[3]
WITH_TABLES = (
    "territory",
    "agencies",
    "accounts",
    "audit",
    "disputes",
    "disputes.views",
    "limits",
    "mediation",
    "mediation.courts",
    "mediation.attachments",
    "mediation.papers",
    "coordination.batches",
    "coordination.series",
    "intake",
    "intake.window",
    "intake.rounds",
    "intake.drafts",
    "coordination.dispatching",
    "intake.window",
    "intake.rounds",
    "coordination.corrections",
    "coordination.protection",
    "coordination.erasure",
    "coordination.supervision",
    "coordination.sampling",
    "coordination.review",
    "judiciary",
    "judiciary.casefeed",
    "indicators",
    "indicators.integrity",
    "alerts",
    "alerts.detection",
    "alerts.record",
    "alerts.governance",
    "alerts.governance.analyses",
    "alerts.governance.meetings",
    "alerts.governance.recommendations",
    "alerts.governance.effects",
    "alerts.governance.appraisals",
    "research",
    "assessments",
    "assessments.delivery",
    "assessments.runs",
    "assessments.objections",
    "assessments.restatements",
    "assessments.schemes",
    "notices",
    "complaints",
    "reminders",
    "bulletins",
    "maps",
    "maps.sources",
    "maps.reach",
    "exchange.imports",
)


def metadata() -> MetaData:
    """Every table, after importing the models of all capabilities."""
    import_module("yuantou.database.schedule")
    for name in WITH_TABLES:
        import_module(f"yuantou.{name}.models")
    return Model.metadata


def scripts() -> ScriptDirectory:
    """The migrations as Alembic reads them."""
    return ScriptDirectory.from_config(_config())


def known_revisions() -> set[str]:
    """Every schema version that this program can bring up to date."""
    return {script.revision for script in scripts().walk_revisions()}


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Bring the database at `owner_url` to `revision` in one transaction."""
    config = _config()
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
