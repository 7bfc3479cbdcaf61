"""What the law demands of a matter: the six legal guards and the rules of good order."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from tests.disputes.doors import (
    ANYBODY,
    COORDINATOR,
    EVERYTHING,
    FACTS,
    HANDLER,
    NOW,
    OTHER,
    OWN,
    matter,
    without,
)
from yuantou.calendar.clock import ZONE
from yuantou.calendar.workdays import WorkCalendar
from yuantou.disputes import guards
from yuantou.disputes.guards import LEGAL_GUARDS, signature_refusal
from yuantou.disputes.workflow import (
    TRANSITIONS,
    Actor,
    DisputeState,
    Duty,
    Ground,
    Refusal,
    Transition,
    allowed,
    check,
    explain,
    step,
)

S = DisputeState
INTO_MEDIATION = [
    (row.action, source)
    for row in TRANSITIONS
    for source in row.sources
    if row.target is S.IN_MEDIATION
]


def code(refusal: Refusal | None) -> str | None:
    return refusal.code if refusal else None


def test_the_six_legal_guards_are_there() -> None:
    assert len(LEGAL_GUARDS) == 6
    named = [name for names in LEGAL_GUARDS.values() for name in names]
    assert all(callable(getattr(guards, name)) for name in named)


@pytest.mark.parametrize(("action", "source"), INTO_MEDIATION)
def test_a_party_who_refuses_is_not_mediated(action: str, source: DisputeState) -> None:
    refusal = check(action, matter(source, refused=True), HANDLER, FACTS)
    assert code(refusal) == "party_refused"
    assert refusal is not None
    assert "第十七条" in refusal.law_zh
    assert refusal.ground is Ground.LAW
    assert check(action, matter(source), HANDLER, FACTS) is None


@pytest.mark.parametrize("source", [S.TRIAGED, S.SIGNED, S.IN_MEDIATION])
def test_after_a_refusal_the_matter_can_be_terminated(source: DisputeState) -> None:
    refused = matter(source, refused=True)
    assert "terminate" in {row.action for row in allowed(refused, HANDLER)}
    assert "mediate" not in {row.action for row in allowed(refused, HANDLER)}
    assert check("terminate", refused, HANDLER, FACTS) is None


@pytest.mark.parametrize(
    ("action", "source"),
    [("fail", S.IN_MEDIATION), ("terminate", S.IN_MEDIATION), ("decline", S.REPORTED)],
)
def test_no_end_without_a_word_on_other_ways(action: str, source: DisputeState) -> None:
    silent = without("path_options")
    refusal = check(action, matter(source), HANDLER, silent)
    assert code(refusal) == "path_notice_missing"
    assert refusal is not None
    assert "第二十六条" in refusal.law_zh
    assert check(action, matter(source, has_path_notice=True), HANDLER, silent) is None
    assert check(action, matter(source), HANDLER, FACTS) is None


@pytest.mark.parametrize("action", ["agree", "fail", "terminate"])
def test_a_possible_offence_is_reported_to_the_police_first(action: str) -> None:
    unreported = matter(S.IN_MEDIATION, possible_crime=True)
    assert code(check(action, unreported, HANDLER, FACTS)) == "police_report_missing"
    reported = replace(unreported, police_reported_at=NOW - timedelta(hours=1))
    assert check(action, reported, HANDLER, FACTS) is None


@pytest.mark.parametrize(
    "moment", [None, "昨天", NOW + timedelta(minutes=1), NOW.replace(tzinfo=None)]
)
def test_the_police_report_has_a_time_that_has_passed(moment: object) -> None:
    facts = {**FACTS, "reported_at": moment}
    refusal = check("report_to_police", matter(S.IN_MEDIATION), COORDINATOR, facts)
    assert code(refusal) == "police_report_time"


def test_a_police_report_leaves_the_matter_where_it_is() -> None:
    assert check("report_to_police", matter(S.IN_MEDIATION), COORDINATOR, FACTS) is None
    assert step(S.IN_MEDIATION, "report_to_police") is S.IN_MEDIATION


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.action)
def test_no_act_takes_a_fee(row: Transition[DisputeState]) -> None:
    here = matter(row.sources[0], returns=2 if row.action == "designate" else 0)
    assert code(check(row.action, here, ANYBODY, {**FACTS, "fee": 100})) == "fee"
    assert not guards.FEE_FIELDS & set(row.requires)


@pytest.mark.parametrize("action", ["agree", "fail", "terminate"])
def test_a_coordinator_does_not_settle_anothers_matter(action: str) -> None:
    centre = Actor(OTHER, frozenset({Duty.HANDLER, Duty.COORDINATOR}), EVERYTHING)
    refusal = check(action, matter(S.IN_MEDIATION), centre, FACTS)
    assert code(refusal) == "not_the_handler"
    assert refusal is not None
    assert refusal.ground is Ground.DUTY


def test_the_coordinator_reads_why_the_door_is_closed() -> None:
    reasons = {row.action: why for row, why in explain(matter(S.IN_MEDIATION), COORDINATOR)}
    assert "不代替办理" in reasons["agree"].message_zh
    assert "escalate" in {row.action for row in allowed(matter(S.IN_MEDIATION), COORDINATOR)}


@pytest.mark.parametrize(("action", "source"), [*INTO_MEDIATION, ("agree", S.IN_MEDIATION)])
def test_nobody_is_reconciled_with_an_alleged_abuser(action: str, source: DisputeState) -> None:
    violent = matter(source, alleged_abuser=True)
    refusal = check(action, violent, HANDLER, FACTS)
    assert code(refusal) == "alleged_abuser"
    assert refusal is not None
    assert "人身安全保护令" in refusal.message_zh
    assert check(action, matter(source), HANDLER, FACTS) is None


def test_a_violent_matter_still_goes_to_the_police() -> None:
    violent = matter(S.TRIAGED, alleged_abuser=True)
    assert check("dispatch", violent, COORDINATOR, FACTS) is None
    assert check("handle", replace(violent, state=S.SIGNED), HANDLER, FACTS) is None


def test_mediation_begins_with_consent() -> None:
    unasked = without("consent")
    assert code(check("mediate", matter(S.SIGNED), HANDLER, unasked)) == "consent_missing"
    assert check("mediate", matter(S.SIGNED, consented=True), HANDLER, unasked) is None


def test_a_family_agreement_is_not_signed_electronically() -> None:
    refusal = signature_refusal("marriage_family", "electronic")
    assert refusal is not None
    assert "电子签名法" in refusal.law_zh
    assert signature_refusal("marriage_family", "paper_scan") is None
    assert signature_refusal("neighborhood", "electronic") is None
    assert signature_refusal("house_homestead", "electronic", frozenset({"inheritance"}))


def test_a_family_agreement_passes_with_a_paper_scan_only() -> None:
    family = matter(S.IN_MEDIATION, category="marriage_family")
    electronic = {**FACTS, "signature": "electronic"}
    assert code(check("agree", family, HANDLER, electronic)) == "paper_only"
    assert check("agree", family, HANDLER, FACTS) is None
    assert check("agree", matter(S.IN_MEDIATION, category="traffic"), HANDLER, electronic) is None


def test_a_matter_goes_back_within_two_working_days() -> None:
    dispatched = datetime(2026, 9, 30, 16, 0, tzinfo=ZONE)
    until = WorkCalendar().add_working_days(dispatched, 2).at
    assert until.date() == date(2026, 10, 9)
    at_hand = matter(S.DISPATCHED, return_until=until)
    assert check("return", replace(at_hand, at=until), HANDLER, FACTS) is None
    late = replace(at_hand, at=until + timedelta(seconds=1))
    refusal = check("return", late, HANDLER, FACTS)
    assert code(refusal) == "return_late"
    assert refusal is not None
    assert (refusal.ground, "10月9日" in refusal.message_zh) == (Ground.TIME, True)


def test_after_two_returns_the_county_names_the_handler() -> None:
    twice = matter(S.TRIAGED, returns=2)
    assert code(check("dispatch", twice, COORDINATOR, FACTS)) == "returns_used_up"
    assert check("designate", twice, COORDINATOR, FACTS) is None
    township = Actor(OTHER, frozenset({Duty.COORDINATOR}), EVERYTHING)
    assert code(check("designate", twice, township, FACTS)) == "not_your_duty"
    named = replace(twice, state=S.DISPATCHED)
    assert code(check("return", named, HANDLER, FACTS)) == "returns_used_up"


def test_designation_waits_for_two_returns() -> None:
    once = matter(S.TRIAGED, returns=1)
    assert code(check("designate", once, COORDINATOR, FACTS)) == "returns_not_used_up"
    assert check("dispatch", once, COORDINATOR, FACTS) is None


@pytest.mark.parametrize(("days", "expected"), [(0, None), (90, None), (91, "reopening_late")])
def test_a_closed_matter_flares_up_within_ninety_days(days: int, expected: str | None) -> None:
    last = NOW.date() + timedelta(days=90 - days)
    closed = matter(S.CLOSED, closed_on=NOW.date() - timedelta(days=days), reopening_until=last)
    assert code(check("reopen", closed, COORDINATOR, FACTS)) == expected


def test_nobody_is_in_default_on_the_day_itself() -> None:
    due_today = matter(S.PERFORMING, due_on=NOW.date())
    assert code(check("default", due_today, HANDLER, FACTS)) == "not_yet_due"
    due_yesterday = replace(due_today, due_on=NOW.date() - timedelta(days=1))
    assert check("default", due_yesterday, HANDLER, FACTS) is None


def test_a_file_is_closed_whole() -> None:
    thin = matter(S.FOLLOW_UP, missing_documents=("调解记录", "回访记录"))
    refusal = check("close", thin, HANDLER, FACTS)
    assert refusal is not None
    assert "调解记录、回访记录" in refusal.message_zh


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.sampled_from([row.action for row in TRANSITIONS]), max_size=40),
    some.booleans(),
    some.booleans(),
)
def test_no_way_round_the_law(acts: list[str], refused: bool, abuser: bool) -> None:
    here = matter(S.TRIAGED, refused=refused, alleged_abuser=abuser)
    silent, left = without("path_options"), S.TRIAGED
    for act in acts:
        if check(act, here, ANYBODY, silent) is None:
            after = step(S(here.state), act, left)
            left = left if after == here.state else S(here.state)
            here = replace(here, state=after)
        assert here.state not in (S.FAILED, S.TERMINATED, S.NOT_ACCEPTED)
        assert not (refused or abuser) or here.state not in (S.IN_MEDIATION, S.AGREED)
    assert here.handler_agency_id == OWN


def test_a_rest_has_an_end_in_sight() -> None:
    last = NOW.date() + timedelta(days=60)
    here = matter(S.IN_MEDIATION, rest_until=last)
    assert check("suspend", here, HANDLER, {**FACTS, "until": last}) is None
    late = check("suspend", here, HANDLER, {**FACTS, "until": last + timedelta(days=1)})
    assert late is not None
    assert (late.code, late.field) == ("rest_too_long", "until")
    assert code(check("suspend", here, HANDLER, without("evidence"))) == "field_missing"


@pytest.mark.parametrize("action", ["terminate", "decline", "advise_path"])
def test_who_suffers_violence_at_home_hears_of_the_orders(action: str) -> None:
    source = next(row.sources[0] for row in TRANSITIONS if row.action == action)
    violent = matter(source, home_violence=True)
    assert code(check(action, violent, ANYBODY, FACTS)) == "protection_not_told"
    told = {**FACTS, "path_options": ["protection_order", "litigation"]}
    assert check(action, violent, ANYBODY, told) is None


@pytest.mark.parametrize("path", ["own_mediation", "refer", "joint"])
def test_triage_never_leads_to_the_alleged_abuser(path: str) -> None:
    violent = matter(S.ACCEPTED, alleged_abuser=True)
    facts = {**FACTS, "path": path}
    assert code(check("triage", violent, HANDLER, facts)) == "alleged_abuser"
    assert check("triage", violent, HANDLER, {**FACTS, "path": "department"}) is None


def test_a_report_that_the_law_demands_is_cited() -> None:
    owed = matter(S.FOLLOW_UP, possible_crime=True, report_owed=True)
    refusal = check("close", owed, HANDLER, FACTS)
    assert refusal is not None
    assert "反家庭暴力法" in refusal.law_zh
    assert "强制报告" in refusal.message_zh


def test_a_refusal_says_its_values_in_chinese() -> None:
    words = Refusal(
        "x", "到 %(day)s，%(who)s", values={"day": date(2026, 3, 1), "who": ("甲", "乙")}
    )
    assert words.message_zh == "到 2026年3月1日，甲、乙"
