"""The three database roles, and the refusal to run as one that row-level security cannot bind."""

from sqlalchemy import Engine, text

OWNER = "yuantou_owner"
APP = "yuantou_app"
WORKER = "yuantou_worker"

_POWERS = text("""
    SELECT r.rolname, r.rolsuper, r.rolbypassrls,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                     AND pg_has_role(current_user, c.relowner, 'USAGE')) AS owns
    FROM pg_roles r WHERE r.rolname = current_user""")


class PrivilegedRole(RuntimeError):
    """The application was asked to run as a role that can bypass row-level security."""


def refuse_privileged(engine: Engine) -> None:
    """Raise PrivilegedRole when the engine's role is superuser, BYPASSRLS or owns tables."""
    with engine.connect() as connection:
        row = connection.execute(_POWERS).one()
    if row.rolsuper or row.rolbypassrls or row.owns:
        engine.dispose()
        raise PrivilegedRole(
            f"数据库角色 {row.rolname} 能绕过行级安全，拒绝启动。"
            f"请用 {APP} 一类的普通角色连接（见 docs/operations.md）。"
        )
