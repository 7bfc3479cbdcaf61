"""Questions written as the worker would, to units of the cast."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Database
from yuantou.agencies.models import Agency
from yuantou.indicators.integrity.models import IntegrityQuestion

ASKED = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
QUARTER = date(2026, 4, 1)
Question = Callable[..., int]


@pytest.fixture
def question(database: Database, owner: Session) -> Question:
    """`question("nanjie-committee", kind="instant")`: one question; returns its id."""

    def write(code: str = "nanjie-committee", **changes: Any) -> int:
        unit = owner.query(Agency).filter_by(code=code).one()
        office = owner.query(Agency).filter_by(
            code="chaoyang" if code == "lingyuan-centre" else "lingyuan-centre"
        )
        values: dict[str, Any] = {
            "kind": "deadline_day", "first_day": QUARTER, "items": 36, "hits": 30,
            "expected": 12.25, "ratio": 9.7, "p": 0.00001, "q": 0.0012, "draws": 99_999,
            "matters": [], "state": "open", "asked_at": ASKED, "due_on": date(2099, 1, 1),
            "answer": "", "outcome_words": "",
        } | changes  # fmt: skip
        row = IntegrityQuestion(
            agency_id=unit.id, area_path=unit.area_path, office_id=office.one().id, **values
        )
        with database.sessions("worker")() as session:
            session.add(row)
            session.commit()
        return row.id

    return write
