"""A batch goes on after its page was closed, as the person who asked for it and no further.

Nobody's rights are lent: before every step the account is read again, and what it may not do any
more is left undone. What cannot be carried out is left too, for its page to show.
"""

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from yuantou.access.viewer import Viewer, enter
from yuantou.accounts.models import Account
from yuantou.coordination.batches import service
from yuantou.coordination.batches.acts import ACTS
from yuantou.coordination.batches.models import Batch
from yuantou.database.execution import describe

log = structlog.get_logger("yuantou.batches")


def go_on(sessions: sessionmaker[Session], batch_id: int, account_id: int) -> None:
    """One more step of a batch, or its end where its asker may not do it any more."""
    with sessions() as session:
        by = enter(session, session.get_one(Account, account_id))
        batch = session.get_one(Batch, batch_id)
        if not may_still(by, batch):
            service.stop(session, by=by, batch_id=batch_id)
            return
        try:
            service.step(session, by=by, batch_id=batch_id, attended=False)
        except OperationalError:
            raise  # the database is away: the next look finds the batch as it was
        except Exception as error:  # whatever it is must not keep the other batches waiting
            session.rollback()
            service.stop(session, by=by, batch_id=batch_id)
            log.error("批量办理没有接着办成，已停下", batch=batch_id, error=describe(error))


def may_still(by: Viewer, batch: Batch) -> bool:
    """Whether the person is still there, in the same unit, in a role that may do this."""
    same = by.is_active and by.agency.active and by.agency.id == batch.agency_id
    return same and ACTS[batch.kind].open_to(by)
