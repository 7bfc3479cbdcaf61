"""The cast behind its doors, a folder of files, and an administrator of the county's centre."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import NOW
from tests.coordination.conftest import door
from tests.mediation.attachments.conftest import folder, words
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.calendar import clock

__all__ = ["door", "folder", "words"]


@pytest.fixture
def lin(owner: Session) -> str:
    """Lin administers the county centre of Lingyuan; returns the login."""
    centre = owner.scalars(select(Agency.id).filter_by(code="lingyuan-centre")).one()
    owner.add(
        Account(
            login="lin",
            display_name="林管理",
            agency_id=centre,
            role="unit_administrator",
            password_hash="!",
            must_change=False,
            password_set_at=clock.now(),
            failures=0,
            session_epoch=1,
            demo=False,
            created_at=NOW,
        )
    )
    owner.commit()
    return "lin"
