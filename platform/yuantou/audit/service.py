"""Appending to the chain: collected during the transaction, handed over as its last statement.

The database links the rows inside the COMMIT, so nobody waits for a writer who is still working.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

_APPEND = text("SELECT audit_append(:account, :agency, :action, :type, :id, CAST(:facts AS jsonb))")


def record(
    session: Session,
    *,
    action: str,
    object_type: str,
    object_id: object,
    account_id: int | None,
    agency_id: int | None = None,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Note one audit row for this transaction. `facts` holds references, never personal data."""
    session.info.setdefault("audit", []).append(
        {
            "account": account_id,
            "agency": agency_id,
            "action": action,
            "type": object_type,
            "id": str(object_id),
            "facts": json.dumps(facts or {}, ensure_ascii=False, default=str),
        }
    )


@event.listens_for(Session, "before_commit")
def _append(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: the whole transaction is yet to come
    pending = session.info.pop("audit", None)
    if pending:
        session.flush()
        for row in pending:
            session.execute(_APPEND, row)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("audit", None)
