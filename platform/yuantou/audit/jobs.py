"""The nightly reading of the whole chain: a break is a failed run that everybody sees."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from yuantou.audit.verification import sealed_heads, verify
from yuantou.database.jobs import Job, Progress

log = structlog.get_logger("yuantou.audit")


class ChainBroken(RuntimeError):
    """The audit chain does not hold."""


def verify_chain(session: Session, _due: datetime, progress: Progress) -> None:
    """Read the chain and log its head; ChainBroken names the first row that does not hold."""
    result = verify(session, sealed_heads(session), progress=progress)
    if result.found:
        raise ChainBroken(f"审计链在第 {result.found.seq} 行断裂：{result.found.reason}")
    log.info("审计链完好", audit_head=str(result.head))


JOBS = (
    Job(
        "audit.verify",
        "审计链逐行校验",
        "30 3 * * *",
        verify_chain,
        timedelta(days=2),
        latest_only=True,
        attempts=1,
    ),
)
