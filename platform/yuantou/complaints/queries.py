"""Reading complaints; row-level security leaves the writer's own and those to answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.complaints.models import Complaint
from yuantou.complaints.routing import OFFICES, Office
from yuantou.disputes.models import Dispute
from yuantou.limits.terms import due

PAGE = 20
STATES = ("open", "late", "answered")
MOST_AGENCIES = 300
RULE = "complaint_answer"
_MATTER = re.compile(r"/matters/(\d{1,18})(?:[/?#]|$)")
COUNTY_LEVEL = 3


@dataclass(frozen=True)
class Wanted:
    """What of a list is wanted; '' is all. `page` begins with 1."""

    state: str = ""
    kind: str = ""
    page: int = 1


@dataclass(frozen=True)
class Listed:
    """A page of a list, and whether there is another."""

    rows: Sequence[Complaint]
    more: bool = False


def written_by(session: Session, viewer: Viewer, wanted: Wanted, now: datetime) -> Listed:
    """What one left, newest first."""
    asked = select(Complaint).where(Complaint.writer_id == viewer.id)
    return _listed(session, asked.order_by(Complaint.id.desc()), wanted, now)


def to_answer(session: Session, viewer: Viewer, wanted: Wanted, now: datetime) -> Listed:
    """What one's office has to answer: open ones first, the earliest due at the top."""
    asked = select(Complaint).where(Complaint.to_agency_id == viewer.agency.id)
    order = (Complaint.answered_at.is_not(None), Complaint.due_at, Complaint.id)
    return _listed(session, asked.order_by(*order), wanted, now)


def waiting(session: Session, viewer: Viewer) -> int:
    """How many wait for the answer of one's office."""
    mine = Complaint.to_agency_id == viewer.agency.id
    asked = select(func.count()).select_from(Complaint)
    return session.scalar(asked.where(mine, Complaint.answered_at.is_(None))) or 0


def _listed(session: Session, asked: Select[Complaint], wanted: Wanted, now: datetime) -> Listed:
    if wanted.kind:
        asked = asked.where(Complaint.kind == wanted.kind)
    states = {
        "open": Complaint.answered_at.is_(None),
        "late": and_(Complaint.answered_at.is_(None), Complaint.due_at < now),
        "answered": Complaint.answered_at.is_not(None),
    }
    if wanted.state in states:
        asked = asked.where(states[wanted.state])
    rows = session.scalars(asked.offset((wanted.page - 1) * PAGE).limit(PAGE + 1)).all()
    return Listed(rows[:PAGE], len(rows) > PAGE)


def matter_on(session: Session, viewer: Viewer, page: str) -> Dispute | None:
    """The matter on whose page the entry was pressed, where the viewer may see it."""
    found = _MATTER.match(page)
    return matter(session, viewer, int(found[1])) if found else None


def matter(session: Session, viewer: Viewer, number: int) -> Dispute | None:
    """A matter in sight by its id."""
    asked = select(Dispute).where(Dispute.id == number, viewer.scope.opens(Dispute))
    return session.scalars(asked).first()


def agencies_near(session: Session, viewer: Viewer) -> list[tuple[int, str]]:
    """Agencies that one can complain of: those of the county, or the centres of a larger area,
    and the offices above."""
    path = viewer.agency.area_path
    parts = path.strip("/").split("/")
    near = Agency.active, Agency.kind != AgencyKind.ADMINISTRATION
    asked = select(Agency.id, Agency.name).where(*near)
    if len(parts) >= COUNTY_LEVEL:
        county = "/".join(parts[:COUNTY_LEVEL]) + "/"
        below = asked.where(within(Agency.area_path, Range.below(county)))
    else:
        centres = Agency.kind.in_((AgencyKind.COUNTY_CENTRE, AgencyKind.CITY_COORDINATION))
        below = asked.where(within(Agency.area_path, Range.below(path)), centres)
    rows = session.execute(below.order_by(Agency.kind, Agency.id).limit(MOST_AGENCIES)).all()
    above = asked.where(Agency.kind.in_(OFFICES[1:]), Agency.area_path.in_(_paths_over(path)))
    rows = [*rows, *session.execute(above).all()]
    return list({row.id: (row.id, row.name) for row in rows}.values())


def offices(session: Session, path: str) -> list[Office]:
    """The offices over an area that answer complaints."""
    asked = select(Agency.id, Agency.kind, Agency.area_path).where(
        Agency.kind.in_(OFFICES), Agency.active, Agency.area_path.in_(_paths_over(path))
    )
    return [Office(row.id, row.kind, row.area_path) for row in session.execute(asked)]


def administration(session: Session) -> int | None:
    """The office that runs the platform."""
    kind = Agency.kind == AgencyKind.ADMINISTRATION
    return session.scalar(select(Agency.id).where(kind, Agency.active).order_by(Agency.id).limit(1))


def answer_due(session: Session, at: datetime) -> datetime:
    """By when a complaint of that moment is answered."""
    return due(session, RULE, at)


def agency_names(session: Session, ids: set[int]) -> dict[int, str]:
    """Names of these agencies."""
    rows = session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _paths_over(path: str) -> list[str]:
    parts = path.strip("/").split("/")
    return ["/".join(parts[: each + 1]) + "/" for each in range(len(parts))]
