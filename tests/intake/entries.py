"""What people type into the intake form, and numbers of people who do not exist."""

import uuid
from datetime import date, timedelta
from typing import Any

from tests.cast import NANJIE

ID_NUMBER = "211382198001010014"
PHONE = "13900000001"


def entry(**changes: Any) -> dict[str, Any]:
    """A short but whole report; `changes` with None leave a field out."""
    values: dict[str, Any] = {
        "submission": uuid.uuid4().hex,
        "type": "neighborhood",
        "area": NANJIE,
        "place": "前山村三组",
        "summary": "东邻翻建院墙,西邻称占了过道。",
        "occurred_on": "2026-01-05",
        "involved": "2",
        "source": "application",
    }
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def party(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Fields of one party."""
    values = {"side": "applicant", "kind": "person", "name": "张三", "phone": PHONE} | changes
    return {f"party{number}_{name}": value for name, value in values.items()}


def oral(**changes: Any) -> dict[str, Any]:
    """An oral agreement on the same screen."""
    values = {
        "oral": "y",
        "oral_content": "院墙退二十公分,滴水改向自家。",
        "oral_due_on": (date.today() + timedelta(days=30)).isoformat(),  # noqa: DTZ011
        "oral_consent": "y",
    }
    return {name: value for name, value in {**values, **changes}.items() if value is not None}
