"""How often one person may ask: a sliding minute, counted in each web process.

A process takes its share of the limit, so that all of them together keep it; the audit chain
holds every question asked.
"""

import os
from collections import defaultdict, deque
from threading import Lock
from time import monotonic

MINUTE = 60.0
KEPT = 10_000


def own_share(limit: int) -> int:
    """The part of `limit` that this process may give, at least one."""
    workers = os.environ.get("WEB_WORKERS", "")
    return max(1, limit // int(workers)) if workers.isdigit() and int(workers) else limit


class Throttle:
    """Counts per account; remembers no more accounts than it must."""

    def __init__(self) -> None:
        self._asked: dict[int, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def admits(self, account_id: int, limit: int, at: float | None = None) -> bool:
        """Whether `account_id` may ask once more; counts the question when it may."""
        moment = monotonic() if at is None else at
        with self._lock:
            if len(self._asked) > KEPT:
                self._asked.clear()
            asked = self._asked[account_id]
            while asked and asked[0] <= moment - MINUTE:
                asked.popleft()
            if len(asked) >= limit:
                return False
            asked.append(moment)
            return True
