"""Of two who decide at once the first decides, though the other had the page open before."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from yuantou.access.second_person import Refused
from yuantou.access.viewer import Viewer
from yuantou.assessments import receivers as _loads_schemes  # noqa: F401
from yuantou.assessments.models import SchemeVersion
from yuantou.assessments.schemes.choosing import NewChoice, approve, choose, reject
from yuantou.assessments.schemes.models import SchemeChoice
from yuantou.assessments.service import load_scheme
from yuantou.calendar.clock import now
from yuantou.database.connections import ROOT

Enter = Callable[[str], tuple[Session, Viewer]]


@pytest.fixture
def waiting(owner: Session, viewer_session: Enter) -> int:
    """A scheme of townships that the office's first person proposes."""
    for file in sorted((ROOT / "config" / "schemes").glob("*.toml")):
        load_scheme(owner, file)
    owner.execute(update(SchemeVersion).values(approved_at=now()))
    owner.commit()
    session, sheng = viewer_session("sheng")
    choice = NewChoice("township", 2026, "townships", "依据通知")
    return choose(session, by=sheng, choice=choice).id


def test_what_was_rejected_meanwhile_is_not_approved(
    owner: Session, waiting: int, viewer_session: Enter, second: str
) -> None:
    late, other = viewer_session(second)
    open_page = late.get_one(SchemeChoice, waiting)
    first, sheng = viewer_session("sheng")
    reject(first, by=sheng, row=first.get_one(SchemeChoice, waiting))
    with pytest.raises(Refused, match="decided"):
        approve(late, by=other, row=open_page)
    kept = owner.get_one(SchemeChoice, waiting)
    assert (kept.approved_at, kept.rejected_at is None) == (None, False)
