"""Papers that were made, for tests that have to close a file."""

from sqlalchemy.orm import Session

from yuantou.calendar.clock import now
from yuantou.mediation.papers.models import Paper


def made(session: Session, dispute_id: int, *kinds: str) -> None:
    """Note that these papers of the matter were made."""
    session.add_all(
        Paper(dispute_id=dispute_id, kind=kind, source_id=0, copies=1, made_at=now(), made_by=None)
        for kind in kinds
    )
    session.commit()
