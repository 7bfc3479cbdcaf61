"""What many callers ask in one transaction is read once: working calendar, limits in force."""

from collections.abc import Callable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session, SessionTransaction

T = TypeVar("T")
_KEPT: WeakKeyDictionary[SessionTransaction, dict[str, Any]] = WeakKeyDictionary()


def kept(session: Session) -> dict[str, Any]:
    """What was read so far in the session's transaction; it ends with the transaction."""
    transaction = session.get_transaction() or session.begin()
    return _KEPT.setdefault(transaction, {})


def once(session: Session, name: str, read: Callable[[Session], T]) -> T:
    """The value of that name, read by the first who asks in this transaction."""
    held = kept(session)
    if name not in held:
        held[name] = read(session)
    value: T = held[name]
    return value


def forget(session: Session, *names: str) -> None:
    """After a change: the next who asks reads anew."""
    for name in names:
        kept(session).pop(name, None)
