"""Versions of rules that wait for a second person go into the inbox of who may approve them."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.alerts.models import RuleVersion
from yuantou.notices.tasks import Task, Tasks, bring

MOST = 20


def _waiting(viewer: Viewer) -> Select[str, int]:
    return (
        select(RuleVersion.code, RuleVersion.version)
        .where(
            RuleVersion.proposed_by != viewer.id,
            RuleVersion.approved_at.is_(None),
            RuleVersion.rejected_at.is_(None),
        )
        .limit(MOST)
    )


def number(viewer: Viewer, _now: datetime) -> ScalarSelect[int] | None:
    """How many versions others proposed."""
    if not viewer.may(Permission.FIGURES_DEFINE):
        return None
    return select(func.count()).select_from(_waiting(viewer).subquery()).scalar_subquery()


def read(session: Session, viewer: Viewer, _now: datetime) -> Sequence[Task]:
    """The same, told."""
    return [
        Task(
            title=_("预警规则 %(code)s 第 %(n)s 版待批准", code=code, n=version),
            link=url_for("amending.show", code=code, version=version),
            note=_("第二个人批准"),
        )
        for code, version in session.execute(_waiting(viewer))
    ]


bring(Tasks(number, read))
