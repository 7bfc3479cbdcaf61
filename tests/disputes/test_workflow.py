"""The main way of a dispute: which acts the table allows, from where, to whom."""

from collections import defaultdict

import pytest

from tests.disputes.doors import ANYBODY, COORDINATOR, FACTS, HANDLER, STRANGER, matter, without
from yuantou.access.permissions import Permission
from yuantou.disputes.matter import FIELD_NAMES
from yuantou.disputes.tracks import TRACKS
from yuantou.disputes.workflow import (
    BY_ACTION,
    ENDS,
    LIVE,
    STARTS,
    STATES,
    TRANSITIONS,
    DisputeState,
    Duty,
    Ground,
    Transition,
    allowed,
    check,
    diagram,
    explain,
    step,
)

OF_PROOFS = {"consent", "path_options", "signature", "subjects"}

# The reference's table, written down a second time: state -> where it leads.
LEADS_TO = {
    "draft": "reported",
    "reported": "accepted not_accepted merged",
    "accepted": "triaged merged terminated",
    "triaged": "dispatched in_mediation merged terminated",
    "dispatched": "signed returned triaged escalated",
    "returned": "triaged",
    "signed": "in_mediation in_handling terminated",
    "in_handling": "replied",
    "in_mediation": "agreed failed terminated suspended escalated",
    "suspended": "in_mediation terminated",
    "escalated": "dispatched",
    "agreed": "performing performed",
    "performing": "performed defaulted",
    "defaulted": "performed path_advised",
    "performed": "follow_up",
    "failed": "path_advised",
    "terminated": "path_advised",
    "path_advised": "follow_up",
    "replied": "follow_up",
    "follow_up": "closed reopened",
    "closed": "reopened",
    "reopened": "triaged",
    "not_accepted": "",
    "merged": "reported accepted triaged",
}


def test_the_table_leads_where_the_reference_says() -> None:
    leads: defaultdict[str, set[str]] = defaultdict(set)
    for row in TRANSITIONS:
        for source in row.sources:
            leads[str(source)] |= set(map(str, row.leads_to))
    assert {state: set(to.split()) for state, to in LEADS_TO.items()} == {
        str(state): leads[str(state)] for state in DisputeState
    }


@pytest.mark.parametrize("action", sorted(BY_ACTION))
def test_an_act_is_possible_from_its_sources_only(action: str) -> None:
    row = BY_ACTION[action]
    returns = 2 if action == "designate" else 0
    for state in DisputeState:
        refusal = check(action, matter(state, returns=returns), ANYBODY, FACTS)
        assert (refusal is None) == (state in row.sources), state
        if refusal is None:
            after = {step(state, action, former) for former in row.restores or (state,)}
            assert after == set(row.leads_to or (state,))
        else:
            assert refusal.code == "wrong_state"
            assert state.name_zh in refusal.message_zh


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.action)
def test_each_required_field_is_asked_for_by_its_chinese_name(
    row: Transition[DisputeState],
) -> None:
    here = matter(row.sources[0], returns=2 if row.action == "designate" else 0)
    for field in row.requires:
        refusal = check(row.action, here, ANYBODY, {**FACTS, field: ""})
        assert refusal is not None
        assert refusal.field == field or refusal.code == "police_report_time"
        assert refusal.ground in (Ground.FORM, Ground.LAW)


@pytest.mark.parametrize("state", DisputeState)
def test_allowed_and_explained_doors_are_all_the_doors(state: DisputeState) -> None:
    for actor in (HANDLER, COORDINATOR, STRANGER):
        open_now = {row.action for row in allowed(matter(state), actor)}
        closed = {row.action for row, _ in explain(matter(state), actor)}
        assert not open_now & closed
        here = {row.action for row in TRANSITIONS if state in row.sources}
        assert open_now | closed == here | ({"close"} if state in LIVE else set())


def test_a_stranger_may_do_nothing() -> None:
    assert [row for state in DisputeState for row in allowed(matter(state), STRANGER)] == []


def test_a_role_without_the_permission_is_told_so() -> None:
    powerless = type(HANDLER)(HANDLER.agency_id, HANDLER.duties, frozenset())
    refusal = check("accept", matter(DisputeState.REPORTED), powerless, FACTS)
    assert refusal is not None
    assert (refusal.code, refusal.ground) == ("no_permission", Ground.DUTY)


def test_who_comes_second_is_told_where_the_matter_stands() -> None:
    refusal = check("accept", matter(DisputeState.ACCEPTED), HANDLER, FACTS)
    assert refusal is not None
    assert "待研判" in refusal.message_zh
    assert "刷新" in refusal.message_zh


def test_an_unknown_action_is_refused_and_never_stepped() -> None:
    refusal = check("abolish", matter(DisputeState.REPORTED), HANDLER, FACTS)
    assert refusal is not None
    assert refusal.code == "unknown_action"
    with pytest.raises(ValueError, match="abolish"):
        step(DisputeState.REPORTED, "abolish")


def test_closing_is_explained_from_afar() -> None:
    reasons = {row.action: why for row, why in explain(matter(DisputeState.IN_MEDIATION), HANDLER)}
    assert "待回访" in reasons["close"].message_zh


def test_every_state_can_be_reached_and_every_live_one_ends() -> None:
    reached = set(STARTS)
    ending = set(ENDS)
    for _ in DisputeState:
        for row in TRANSITIONS:
            reached |= set(row.leads_to) if reached & set(row.sources) else set()
            ending |= set(row.sources) if set(row.leads_to) & ending else set()
    assert reached == set(DisputeState)
    assert ending == set(DisputeState)


def test_a_scheduled_task_needs_no_permission_but_stays_in_its_rows() -> None:
    task = type(HANDLER)(None, frozenset({Duty.SYSTEM}), frozenset())
    may = {row.action for state in DisputeState for row in allowed(matter(state), task)}
    assert may == {"begin_performance", "default", "plan_follow_up"}


def test_states_have_chinese_names_and_signs() -> None:
    assert set(STATES) == set(DisputeState)
    assert len({state.name_zh for state in DisputeState}) == len(DisputeState)
    assert DisputeState.IN_MEDIATION.mark == "run"


def test_permissions_exist_and_fields_are_named() -> None:
    tables = [TRANSITIONS, *(track.table for track in TRACKS)]
    rows = [row for table in tables for row in table]
    assert {row.permission for row in TRANSITIONS} <= set(map(str, Permission))
    assert {field for row in rows for field in row.requires} | OF_PROOFS == set(FIELD_NAMES)
    assert len({row.action for row in rows}) == len(rows)


def test_the_diagram_draws_every_state_and_every_move() -> None:
    drawn = diagram()
    assert drawn.startswith("stateDiagram-v2\n")
    for state in DisputeState:
        assert f'state "{state.name_zh}" as {state}' in drawn
    for row in TRANSITIONS:
        for source in row.sources:
            for target in row.leads_to:
                assert f"    {source} --> {target}: {row.name_zh}\n" in drawn
            assert (f"{source} --> None" in drawn) is False
    assert "    closed --> [*]\n" in drawn


def test_a_form_without_a_reason_is_sent_back() -> None:
    refusal = check("return", matter(DisputeState.DISPATCHED), HANDLER, without("reason"))
    assert refusal is not None
    assert refusal.message_zh == "请填写理由。"
