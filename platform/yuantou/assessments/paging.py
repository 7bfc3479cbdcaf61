"""A long list of units, read a page at a time, of all places in sight or of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, defer

from yuantou.access.viewer import Viewer
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.database.paging import Sheet, page_asked
from yuantou.database.text import clean
from yuantou.territory.models import Area


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a list that a page is asked for."""

    place: str = ""
    page: int = 1

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> "Part":
        """What the address asks for; what is no number is the first page."""
        return cls(clean(arguments.get("place", ""))[:20], page_asked(arguments))


def within(session: Session, viewer: Viewer, place: str) -> str:
    """The path of a place in the viewer's area, else that of the area."""
    own = viewer.agency.area_path
    area = session.get(Area, place) if place else None
    return area.path if area and area.path.startswith(own) else own


def sent_number(session: Session, run: AssessmentRun, under: str) -> int:
    """How many reports of a run are in sight at and below a path."""
    return session.scalar(select(func.count()).where(*_sent(run, under))) or 0


def sent(
    session: Session, run: AssessmentRun, under: str, sheet: Sheet
) -> Sequence[AssessmentReport]:
    """A page of these reports, by unit, without their contents."""
    return session.scalars(
        select(AssessmentReport)
        .where(*_sent(run, under))
        .options(defer(AssessmentReport.content), defer(AssessmentReport.inputs))
        .order_by(AssessmentReport.area_path, AssessmentReport.area_code)
        .limit(sheet.size)
        .offset(sheet.start)
    ).all()


def _sent(run: AssessmentRun, under: str) -> tuple[ColumnElement[bool], ...]:
    path = AssessmentReport.area_path
    return AssessmentReport.run_id == run.id, path.startswith(under, autoescape=True)
