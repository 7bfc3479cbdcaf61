"""Disputes for tests of who sees what: reported by a person of the cast, with a party."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from tests.cast import NANJIE
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import ZONE
from yuantou.disputes.models import DisputeKey, Party
from yuantou.disputes.service import NewDispute, open_dispute

Door = Callable[[str], tuple[Session, Viewer]]
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
RESTRICTED = ("domestic_violence",)


def report(door: Door, login: str = "mei", area: str = NANJIE, flags: tuple[str, ...] = ()) -> int:
    """Report a dispute with one party; returns its id."""
    session, viewer = door(login)
    draft = NewDispute(
        submission=uuid4().hex,
        summary="院墙滴水",
        type="neighborhood",
        source="grid_screening",
        place="前山村三组",
        area_code=area,
        occurred_on=date(2026, 3, 1),
        involved=4,
        title="院墙滴水争议",
        flags=flags,
    )
    dispute = open_dispute(session, by=viewer, draft=draft, now=MONDAY)
    _add_party(session, dispute.id)
    session.commit()
    return dispute.id


def _add_party(session: Session, dispute_id: int) -> None:
    session.add(DisputeKey(dispute_id=dispute_id, wrapped=b"key", master_version=1))
    party = Party(
        dispute_id=dispute_id,
        position=1,
        side="applicant",
        kind="person",
        name_enc=b"sealed",
        name_mask="张**",
        index_version=1,
        consent="unknown",
        minor=False,
    )
    session.add(party)
