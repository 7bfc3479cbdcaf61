"""What reviews read: who may review, the rounds and files of a viewer, one file with stars."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.coordination.review.masking import masked
from yuantou.coordination.review.models import ReviewFile, ReviewRound
from yuantou.coordination.review.pairing import Reviewer
from yuantou.crypto.keyring import KeyRing
from yuantou.disputes.models import Dispute

REVIEWERS = {  # the kind of centre whose coordinators review, by who organises
    AgencyKind.COUNTY_CENTRE: (AgencyKind.TOWNSHIP_CENTRE, "township"),
    AgencyKind.CITY_COORDINATION: (AgencyKind.COUNTY_CENTRE, "coordinator"),
    AgencyKind.PROVINCE_COORDINATION: (AgencyKind.COUNTY_CENTRE, "coordinator"),
}


def reviewers(session: Session, viewer: Viewer) -> list[Reviewer]:
    """Coordinators below the organiser, each of his own township or county."""
    kind, role = REVIEWERS[AgencyKind(viewer.agency.kind)]
    asked = (
        select(Account.id, Agency.id.label("agency_id"), Agency.area_code)
        .join(Agency, Agency.id == Account.agency_id)
        .where(
            within(Agency.area_path, Range.below(viewer.agency.area_path)),
            Agency.kind == kind,
            Agency.active,
            Account.role == role,
            Account.disabled_at.is_(None),
        )
    )
    rows = session.execute(asked.order_by(Account.id))
    return [Reviewer(row.id, row.agency_id, row.area_code) for row in rows]


def by_township(viewer: Viewer) -> bool:
    """A county lets its townships review one another; city and province their counties."""
    return viewer.agency.kind == AgencyKind.COUNTY_CENTRE


def organised(session: Session, viewer: Viewer) -> Sequence[Row[Any]]:
    """Rounds of the viewer's unit, newest first, with how many files are judged."""
    asked: Any = (
        select(
            ReviewRound,
            func.count(ReviewFile.id).label("files"),
            func.count(ReviewFile.submitted_at).label("judged"),
        )
        .outerjoin(ReviewFile, ReviewFile.round_id == ReviewRound.id)
        .where(ReviewRound.agency_id == viewer.agency.id)
        .group_by(ReviewRound.id)
    )
    found: Sequence[Row[Any]] = session.execute(
        asked.order_by(ReviewRound.id.desc()).limit(50)
    ).all()
    return found


def to_review(session: Session, viewer: Viewer) -> Sequence[Row[Any]]:
    """Files that wait for the viewer's judgement."""
    asked: Any = (
        select(ReviewFile, ReviewRound.name)
        .join(ReviewRound, ReviewRound.id == ReviewFile.round_id)
        .where(
            ReviewFile.reviewer_id == viewer.id,
            ReviewFile.submitted_at.is_(None),
            ReviewFile.until > func.now(),
            ReviewRound.closed_at.is_(None),
        )
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(ReviewFile.id)).all()
    return found


def about_unit(session: Session, viewer: Viewer) -> Sequence[Row[Any]]:
    """Judged files of the viewer's unit, those without an answer first."""
    asked: Any = (
        select(ReviewFile, ReviewRound.name, Dispute.title, Dispute.number)
        .join(ReviewRound, ReviewRound.id == ReviewFile.round_id)
        .outerjoin(Dispute, Dispute.id == ReviewFile.dispute_id)
        .where(
            ReviewFile.reviewed_agency_id == viewer.agency.id,
            ReviewFile.submitted_at.is_not(None),
        )
    )
    order = (ReviewFile.replied_at.is_not(None), ReviewFile.id.desc())
    found: Sequence[Row[Any]] = session.execute(asked.order_by(*order).limit(100)).all()
    return found


def round_of(session: Session, viewer: Viewer, round_id: int) -> ReviewRound | None:
    """A round that the viewer's unit organises."""
    held = session.get(ReviewRound, round_id)
    return held if held is not None and held.agency_id == viewer.agency.id else None


def files_of(session: Session, round_id: int) -> Sequence[Row[Any]]:
    """The files of a round for its organiser: the reviewed unit, and the reviewer's."""
    reviewed, reviewer = Agency.__table__.alias("reviewed"), Agency.__table__.alias("reviewer")
    asked: Any = (
        select(ReviewFile, reviewed.c.name.label("unit"), reviewer.c.name.label("reviewer"))
        .join(reviewed, reviewed.c.id == ReviewFile.reviewed_agency_id)
        .join(reviewer, reviewer.c.id == ReviewFile.reviewer_agency_id)
        .where(ReviewFile.round_id == round_id)
    )
    found: Sequence[Row[Any]] = session.execute(
        asked.order_by(reviewed.c.area_path, reviewed.c.id, ReviewFile.id)
    ).all()
    return found


def file_of(session: Session, file_id: int) -> ReviewFile | None:
    """A file that the viewer organises, reviews, or has to answer for."""
    return session.get(ReviewFile, file_id)


def file_under_review(session: Session, file_id: int, ring: KeyRing) -> dict[str, Any] | None:
    """The file with starred names; None unless it is assigned to the viewer and still open."""
    found = session.scalar(select(func.file_under_review(file_id)))
    return masked(found, ring) if found else None
