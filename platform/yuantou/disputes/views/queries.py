"""Reading saved views: one's own, and what colleagues of the unit share."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.disputes.views.models import SavedView

MOST = 30


def views_of(session: Session, viewer: Viewer) -> Sequence[SavedView]:
    """The viewer's own views first, then the unit's shared ones, in the order they were made."""
    asked = select(SavedView).order_by(SavedView.account_id != viewer.id, SavedView.id)
    return session.scalars(asked.limit(2 * MOST)).all()


def own_view(session: Session, viewer: Viewer, view_id: int) -> SavedView | None:
    """A view that the viewer himself saved."""
    asked = select(SavedView).where(SavedView.id == view_id, SavedView.account_id == viewer.id)
    return session.scalars(asked).first()


def first_of(kept: Sequence[SavedView], account_id: int) -> SavedView | None:
    """The view that its owner wants to see first."""
    return next((view for view in kept if view.standard and view.account_id == account_id), None)
