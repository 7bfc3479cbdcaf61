"""The example in points in force."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from yuantou.assessments.models import SchemeVersion
from yuantou.calendar.clock import now

Force = Callable[..., None]


@pytest.fixture
def in_force(owner: Session) -> Force:
    """`in_force("points")` puts the shipped version in force, with changes to its body."""

    def put(code: str, **changes: object) -> None:
        held = owner.query(SchemeVersion).filter_by(code=code)
        row = held.order_by(SchemeVersion.version.desc()).limit(1).one()
        owner.execute(
            update(SchemeVersion)
            .where(SchemeVersion.code == code, SchemeVersion.version == row.version)
            .values(approved_at=now(), body={**row.body, **changes})
        )
        owner.commit()

    return put
