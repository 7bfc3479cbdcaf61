"""Engine, sessions and the viewer's scope.

Every transaction carries the scope of its viewer as PostgreSQL settings; row-level security
reads them. A session without a scope sees nothing.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction, sessionmaker

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    """Declarative root of every table."""

    metadata = MetaData(naming_convention=NAMING)
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 — read by SQLAlchemy as is


TIMEZONE = "Asia/Shanghai"
SETTINGS = (
    "app.account",
    "app.unit",
    "app.lo",
    "app.hi",
    "app.red_lo",
    "app.red_hi",
    "app.sum_lo",
    "app.sum_hi",
    "app.courts_lo",
    "app.courts_hi",
    "app.court",
    "app.audit",
)
_APPLY = text(
    "SELECT " + ", ".join(f"set_config('{name}', :v{i}, true)" for i, name in enumerate(SETTINGS))
)


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine whose dates are Shanghai's; server-side preparation is off because a plan
    kept from the first viewer's scope is wrong for the next."""
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=8,
        pool_pre_ping=True,
        hide_parameters=True,  # a traceback in a log must not show what was typed in
        connect_args={"prepare_threshold": None, "options": f"-c TimeZone={TIMEZONE}"},
    )


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Return a factory of sessions on `engine`."""
    return sessionmaker(engine, expire_on_commit=False)


def set_scope(session: Session, settings: Mapping[str, str]) -> None:
    """Give `session` the settings that row-level security reads, from its next statement on."""
    session.info["scope"] = dict(settings)
    if session.in_transaction():
        _apply(session.connection(), settings)


def _apply(connection: Connection, settings: Mapping[str, str]) -> None:
    values: dict[str, Any] = {f"v{i}": settings.get(name, "") for i, name in enumerate(SETTINGS)}
    connection.execute(_APPLY, values)


@event.listens_for(Session, "after_begin")
def _scope_transaction(
    session: Session, transaction: SessionTransaction, connection: Connection
) -> None:
    if not transaction.nested:
        _apply(connection, session.info.get("scope", {}))
