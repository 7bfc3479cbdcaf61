"""Versions that wait for a second person go into the inbox of who may approve them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.second_person import undecided
from yuantou.access.viewer import Viewer
from yuantou.notices.tasks import Task, Tasks

MOST = 20


def proposals(model: Any, title: Callable[[str, int], str], endpoint: str) -> Tasks:
    """What a room of versions brings: those of `model` that others proposed, said by `title`."""

    def waiting(viewer: Viewer) -> Select[str, int]:
        return (
            select(model.code, model.version)
            .where(model.proposed_by != viewer.id, *undecided(model))
            .limit(MOST)
        )

    def number(viewer: Viewer, _now: datetime) -> ScalarSelect[int] | None:
        """How many versions others proposed."""
        if not viewer.may(Permission.FIGURES_DEFINE):
            return None
        return select(func.count()).select_from(waiting(viewer).subquery()).scalar_subquery()

    def read(session: Session, viewer: Viewer, _now: datetime) -> Sequence[Task]:
        """The same, told."""
        return [
            Task(
                title=title(code, version),
                link=url_for(endpoint, code=code, version=version),
                note=_("第二个人批准"),
            )
            for code, version in session.execute(waiting(viewer))
        ]

    return Tasks(number, read)
