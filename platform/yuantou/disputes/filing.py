"""What a file still lacks before it is closed, asked of the room that keeps the papers."""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from yuantou.disputes.models import Dispute

Lacking = Callable[[Session, Dispute], Sequence[str]]

_asked: list[Lacking] = []


def ask(lacking: Lacking) -> None:
    """Let a room above say what lacks, by name."""
    if lacking not in _asked:
        _asked.append(lacking)


def lacks(session: Session, dispute: Dispute) -> tuple[str, ...]:
    """Every paper that must be there and is not."""
    return tuple(name for lacking in _asked for name in lacking(session, dispute))
