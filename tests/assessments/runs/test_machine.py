"""The table of a run: what may follow what, and what stands against it."""

from datetime import UTC, datetime, timedelta

import pytest

from yuantou.assessments.runs.machine import (
    ENDS,
    STEPS,
    RunState,
    Standing,
    after,
    open_acts,
    refusal,
)

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
READY = Standing(RunState.PREVIEW, NOON, preview_until=NOON)


def test_two_different_persons_are_needed() -> None:
    assert refusal("approve", READY, 1) is None
    assert after("approve", READY) is RunState.PREVIEW
    once = Standing(RunState.PREVIEW, NOON, NOON, approvals=frozenset({1}))
    assert refusal("approve", once, 1) == "same_person"
    assert refusal("approve", once, 2) is None
    assert after("approve", once) is RunState.APPROVED
    assert refusal("publish", Standing(RunState.APPROVED, NOON), None) == "too_few"


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (Standing(RunState.PREVIEW, NOON, NOON + timedelta(minutes=1)), "window_open"),
        (Standing(RunState.PREVIEW, NOON, NOON, undecided=1), "undecided"),
        (Standing(RunState.PREVIEW, NOON, NOON, unapplied=1), "unapplied"),
        (Standing(RunState.PREPARING, NOON), "not_now"),
    ],
)
def test_what_stands_against_approving(run: Standing, why: str) -> None:
    assert refusal("approve", run, 1) == why


@pytest.mark.parametrize("state", ENDS)
def test_nothing_follows_an_end(state: RunState) -> None:
    assert open_acts(Standing(state, NOON), 1) == {}
    assert all(state not in step.sources for step in STEPS)
