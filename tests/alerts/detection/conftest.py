"""Matters week by week, written straight into the table."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tests.indicators.conftest import Matter, matter
from yuantou.disputes.models import Dispute

__all__ = ["matter"]
NIGHT = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 20, 10, tzinfo=UTC)
Flow = Callable[..., None]


@pytest.fixture
def flow(owner: Session, matter: Matter) -> Flow:
    """`flow("211382001", [3, 2, …], type="traffic")`: so many a week, the last up to NIGHT."""

    def write(area: str, weekly: Sequence[int], **values: Any) -> None:
        sample = owner.get_one(Dispute, matter(area, reported="2020-01-01", **values))
        held = {
            column.name: getattr(sample, column.name)
            for column in Dispute.__table__.columns
            if column.name not in ("id", "number", "submission", "reported_at")
        }
        days = [
            NIGHT - timedelta(days=7 * back + number % 7)
            for back, count in enumerate(reversed(weekly))
            for number in range(count)
        ]
        owner.delete(sample)
        rows = [
            {**held, "id": sample.id * 10_000 + number, "number": None,
             "submission": f"flow{sample.id}-{number}",
             "reported_at": datetime.combine(day, time(3), UTC)}
            for number, day in enumerate(days)
        ]  # fmt: skip
        owner.flush()
        owner.execute(insert(Dispute), rows)
        owner.commit()

    return write
