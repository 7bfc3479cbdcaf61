"""Reading recommendations: what waits for whom, what is overdue."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.calendar import clock

WAITING = ("sent", "received")
_Issuer, _Addressee = aliased(Agency), aliased(Agency)


def listing(session: Session, page: int, size: int, *, overdue: bool = False) -> Sequence[Any]:
    """Letters in sight, those without an answer first; one more than a page if there are more."""
    asked = _asked().order_by(
        Recommendation.state.not_in(WAITING), Recommendation.due_on, Recommendation.id.desc()
    )
    if overdue:
        asked = asked.where(
            Recommendation.state.in_(WAITING), Recommendation.due_on < clock.today()
        )
    found: Sequence[Any] = session.execute(asked.offset((page - 1) * size).limit(size + 1)).all()
    return found


def find(session: Session, letter_id: int) -> Any | None:
    """A letter in sight with the names of both units."""
    return session.execute(_asked().where(Recommendation.id == letter_id)).first()


def of_analysis(session: Session, analysis_id: int) -> Sequence[Any]:
    """Letters that an analysis led to."""
    asked = _asked().where(Recommendation.analysis_id == analysis_id)
    return session.execute(asked.order_by(Recommendation.id)).all()


def mine(session: Session, viewer: Viewer) -> Sequence[Any]:
    """What the unit has to receive, to answer, or to judge; the nearest first."""
    asked = _asked().where(waits_for(viewer))
    return session.execute(asked.order_by(Recommendation.due_on, Recommendation.id)).all()


def waits_for(viewer: Viewer) -> ColumnElement[bool]:
    """Whether a letter waits for the viewer's unit."""
    unit = viewer.agency.id
    return ((Recommendation.addressee_id == unit) & Recommendation.state.in_(WAITING)) | (
        (Recommendation.agency_id == unit) & (Recommendation.state == "replied")
    )


def overdue_number(session: Session, today: date) -> int:
    """How many letters in sight are past their day without an answer."""
    asked = select(func.count()).where(
        Recommendation.state.in_(WAITING), Recommendation.due_on < today
    )
    return session.scalar(asked) or 0


def last_serial(session: Session, agency_id: int, kind: str, year: int) -> int:
    """The last number that a unit gave in a year."""
    asked = select(func.max(Recommendation.serial)).where(
        Recommendation.agency_id == agency_id,
        Recommendation.kind == kind,
        Recommendation.year == year,
    )
    return session.scalar(asked) or 0


def _asked() -> Any:
    return (
        select(Recommendation, _Issuer.name.label("issuer"), _Addressee.name.label("addressee"))
        .join(_Issuer, _Issuer.id == Recommendation.agency_id)
        .join(_Addressee, _Addressee.id == Recommendation.addressee_id)
    )


def named(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    """Letters of these ids in sight."""
    found: Sequence[Any] = session.execute(_asked().where(Recommendation.id.in_(ids))).all()
    return found
