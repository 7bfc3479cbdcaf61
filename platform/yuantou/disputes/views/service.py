"""Keeping, changing and forgetting saved views."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.views.models import SavedView
from yuantou.disputes.views.queries import MOST, own_view


class TooManyViewsError(Exception):
    """One person keeps no more than MOST views."""

    def __init__(self) -> None:
        super().__init__(_("最多保存 %(n)s 个视图，请先删去不用的", n=MOST))


def save(
    session: Session,
    *,
    by: Viewer,
    name: str,
    asked: Mapping[str, Any],
    shared: bool = False,
    standard: bool = False,
) -> int:
    """Keep a question under a name; the same name again replaces what it stood for."""
    kept = session.scalar(select(func.count()).where(SavedView.account_id == by.id)) or 0
    same = select(SavedView.id).where(SavedView.account_id == by.id, SavedView.name == name)
    if kept >= MOST and session.scalar(same) is None:
        raise TooManyViewsError
    if standard:
        _let_go(session, by)
    new = {"asked": dict(asked), "shared": shared, "standard": standard}
    values = new | {
        "account_id": by.id,
        "agency_id": by.agency.id,
        "name": name,
        "made_at": clock.now(),
    }
    made = session.scalars(
        insert(SavedView)
        .values(values)
        .on_conflict_do_update(index_elements=["account_id", "name"], set_=new)
        .returning(SavedView.id)
    ).one()
    return _finish(session, by, "view:save", made)


def settle(
    session: Session, *, by: Viewer, view_id: int, name: str, shared: bool, standard: bool
) -> int | None:
    """Change name, sharing or default of one's own view; None: there is no such view."""
    view = own_view(session, by, view_id)
    if view is None:
        return None
    if standard:
        _let_go(session, by)
    view.name, view.shared, view.standard = name, shared, standard
    return _finish(session, by, "view:settle", view.id)


def forget(session: Session, *, by: Viewer, view_id: int) -> int | None:
    """Delete one's own view; None: there is no such view."""
    view = own_view(session, by, view_id)
    if view is None:
        return None
    session.delete(view)
    return _finish(session, by, "view:forget", view.id)


def _let_go(session: Session, by: Viewer) -> None:
    """At most one view is the default."""
    own = update(SavedView).where(SavedView.account_id == by.id, SavedView.standard)
    session.execute(own.values(standard=False))


def _finish(session: Session, by: Viewer, action: str, number: int) -> int:
    record(
        session,
        action=action,
        object_type="saved_view",
        object_id=number,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={},
    )
    session.commit()
    return number
