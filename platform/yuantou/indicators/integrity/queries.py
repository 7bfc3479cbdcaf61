"""What the pages of questions read; row-level security has the last word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.scope import within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.database.paging import Sheet
from yuantou.disputes.models import Dispute
from yuantou.indicators.integrity.models import IntegrityQuestion, IntegrityRound


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of questions is narrowed to; empty is everything."""

    kind: str = ""
    state: str = ""
    quarter: date | None = None

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """As the database asks it."""
        found = []
        if self.kind:
            found.append(IntegrityQuestion.kind == self.kind)
        if self.state:
            found.append(IntegrityQuestion.state == self.state)
        if self.quarter:
            found.append(IntegrityQuestion.first_day == self.quarter)
        return found


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Questions to the viewer's own unit; for an office those of its area that were heard."""
    own = IntegrityQuestion.agency_id == viewer.agency.id
    if not viewer.may(Permission.INTEGRITY_LOOK):
        return own
    heard = or_(IntegrityQuestion.state != "open", IntegrityQuestion.lapsed_at.is_not(None))
    return or_(own, and_(heard, within(IntegrityQuestion.area_path, viewer.scope.sums)))


def questions(
    session: Session, viewer: Viewer, wanted: Wanted, page: int, *, own: bool
) -> tuple[Sequence[Row[Any]], Sheet]:
    """A page of the questions to the viewer's own unit, or of those to others.

    They come with the names of their units, in the order of areas: nobody is ranked.
    """
    mine = IntegrityQuestion.agency_id == viewer.agency.id
    asked_for = (visible(viewer), mine if own else ~mine, *wanted.conditions)
    sheet = Sheet.of(session.scalar(select(func.count()).where(*asked_for)) or 0, page)
    asked: Any = (
        select(IntegrityQuestion, Agency.name.label("unit"))
        .join(Agency, Agency.id == IntegrityQuestion.agency_id)
        .where(*asked_for)
        .order_by(
            IntegrityQuestion.first_day.desc(),
            IntegrityQuestion.area_path,
            IntegrityQuestion.agency_id,
            IntegrityQuestion.kind,
        )
    )
    return session.execute(asked.limit(sheet.size).offset(sheet.start)).all(), sheet


def quarters(session: Session, viewer: Viewer) -> Sequence[date]:
    """The quarters of the questions in sight, the newest first."""
    day = IntegrityQuestion.first_day
    return session.scalars(select(day).where(visible(viewer)).distinct().order_by(day.desc())).all()


def question(session: Session, viewer: Viewer, question_id: int) -> IntegrityQuestion | None:
    """One question in the viewer's sight."""
    asked = select(IntegrityQuestion).where(IntegrityQuestion.id == question_id, visible(viewer))
    return session.scalars(asked).first()


def matters(session: Session, viewer: Viewer, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Those of the matters that the viewer may open."""
    asked: Any = select(Dispute.id, Dispute.number, Dispute.title, Dispute.reported_at).where(
        Dispute.id.in_(ids), viewer.scope.opens(Dispute)
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(Dispute.id)).all()
    return found


def rounds(session: Session) -> Sequence[IntegrityRound]:
    """The quarters that were tested, newest first."""
    asked = select(IntegrityRound).order_by(IntegrityRound.first_day.desc())
    return session.scalars(asked.limit(8)).all()


def unit_name(session: Session, agency_id: int) -> str:
    """The name of a unit."""
    return session.get_one(Agency, agency_id).name
