"""What lasted, and what was sued on, as rows of a scheme: withheld without the court's feed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER
from tests.assessments.runs.conftest import silent
from tests.assessments.schemes.conftest import Force
from tests.assessments.schemes.conftest import in_force as in_force
from tests.cast import LINGYUAN
from tests.judiciary.casefeed.feeds import feed
from yuantou.assessments.explaining import reason
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.runs.models import AssessmentDraft
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.indicators.models import FigureLine
from yuantou.territory.models import Area

Lines = Callable[[], dict[str, Any]]
ROWS = [
    {"code": code, "method": "threshold_linear", "weight": "50", "direction": way,
     "target": aim, "step": "1"}
    for code, way, aim in (("D90", "up", "90"), ("I16", "down", "5"))
]  # fmt: skip


@pytest.fixture
def lines(worker: Session, owner: Session, in_force: Force) -> Lines:
    """`lines()`: the score of Lingyuan's October by a scheme of D90 and I16."""

    def draft() -> dict[str, Any]:
        in_force("points", indicators=["R_filed", "D90", "I16"], beside=[], score=ROWS)
        path, start = owner.get_one(Area, LINGYUAN).path, OCTOBER.replace(day=1)
        words = {"area_code": LINGYUAN, "level": "county", "area_path": path, "months": [start]}
        for code, hits in (("D90", 45), ("I16", 2)):
            counts = {"versions": [1], "numerators": [hits], "denominators": [50]}
            owner.add(FigureLine(indicator=code, computed_at=NOON, **words, **counts))
        owner.commit()
        worker.rollback()
        made = open_run(
            worker,
            kind=RunKind.MONTHLY,
            start=start,
            end=OCTOBER,
            due_at=NOON,
            scheme_code="points",
        )
        prepare(worker, made, now=NOON, progress=silent)
        worker.commit()
        content = json.loads(owner.get_one(AssessmentDraft, (made.id, LINGYUAN, 1)).content)
        return {line["code"]: line for line in content["score"]["lines"]}

    return draft


def test_without_the_feed_the_points_are_withheld_and_the_reason_is_in_words(
    lines: Lines,
) -> None:
    assert {line["reason"] for line in lines().values()} == {"casefeed"}
    assert "案件级数据" in reason("casefeed")


def test_with_it_what_lasted_is_judged_and_what_may_still_be_sued_on_is_not(
    owner: Session, lines: Lines
) -> None:
    feed(owner, "2026-07", "2026-10")
    found = lines()
    assert (found["D90"]["state"], found["D90"]["points"]) == ("judged", "50.00")
    assert found["I16"]["state"] == "withheld"
