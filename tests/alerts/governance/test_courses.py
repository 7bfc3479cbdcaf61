"""The courses: no state is a dead end, every one is reached, and every step has its words."""

import pytest

from yuantou.alerts.governance.courses import COURSES, Course


def reached(course: Course, start: str) -> set[str]:
    """Every state that steps lead to from `start`."""
    found, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        new = {one.target for one in course.steps.values() if state in one.sources} - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_from_every_state_every_other_is_reached(course: Course) -> None:
    states = set(course.states)
    assert {state for state in states if reached(course, state) != states} == set()


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_steps_speak_only_of_states_that_there_are(course: Course) -> None:
    named = {state for one in course.steps.values() for state in (*one.sources, one.target)}
    assert named <= set(course.states)
    assert all(str(one.name) for one in course.steps.values())


@pytest.mark.parametrize("course", COURSES.values(), ids=COURSES)
def test_a_stranger_takes_no_step(course: Course) -> None:
    assert [course.open(state, owner=False, other=False) for state in course.states] == [
        [] for _state in course.states
    ]
