"""Reading the register of appraised decisions."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.agencies.models import Agency
from yuantou.alerts.governance.appraisals.models import AppraisalProject


def listing(session: Session, page: int, size: int) -> Sequence[Any]:
    """Entries in sight, open ones first; one more than a page if there are more."""
    asked: Any = (
        select(AppraisalProject, Agency.name.label("agency"))
        .join(Agency, Agency.id == AppraisalProject.agency_id)
        .order_by(AppraisalProject.state != "open", AppraisalProject.id.desc())
    )
    found: Sequence[Any] = session.execute(asked.offset((page - 1) * size).limit(size + 1)).all()
    return found


def find(session: Session, project_id: int) -> AppraisalProject | None:
    """An entry in sight."""
    return session.get(AppraisalProject, project_id)
