"""Every way is one that the state machine takes."""

import pytest

from yuantou.disputes.workflow import BY_ACTION
from yuantou.synth.ways import all_ways, walk


def test_a_way_that_the_workflow_refuses_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="agree"):
        walk("hasty", "accept:D agree:D")


def test_ways_that_lead_to_mediation_never_follow_a_refusal() -> None:
    for way in all_ways():
        if "note_refusal" in way.actions:
            after = way.actions[way.actions.index("note_refusal") :]
            assert "agree" not in after
            assert "mediate" not in after


def test_violence_is_never_mediated() -> None:
    violent = [way for way in all_ways() if way.name.startswith("violence")]
    assert violent
    assert all("mediate" not in way.actions for way in violent)


def test_failure_and_termination_are_followed_by_advice() -> None:
    for way in all_ways():
        for place, action in enumerate(way.actions):
            if action in ("fail", "terminate"):
                assert way.actions[place + 1] == "advise_path"


def test_what_settles_a_matter_is_done_by_who_holds_it() -> None:
    """Guard 6: nobody settles another agency's matter."""
    for way in all_ways():
        for place in range(1, way.length):
            guards = [guard.__name__ for guard in BY_ACTION[way.actions[place]].guards]
            if "own_matter" in guards:
                assert way.actors[place] == way.holders[place - 1], (way.name, place)
