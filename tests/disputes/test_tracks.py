"""Judicial confirmation, entrusted mediation and supervision, as tables like the main one."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import pytest

from tests.disputes.doors import ANYBODY, COORDINATOR, EVERYTHING, FACTS, HANDLER, NOW, OWN, without
from yuantou.calendar.clock import ZONE
from yuantou.disputes.matter import Actor, Duty, Matter
from yuantou.disputes.tracks import (
    COURT_ENTRUSTMENT,
    JUDICIAL_CONFIRMATION,
    SUPERVISION_TRACK,
    TRACKS,
    ConfirmationState,
    EntrustmentState,
    SupervisionState,
    Track,
)

EFFECTIVE = date(2026, 11, 1)


def agreed(on: date, **known: Any) -> Matter:
    """A matter whose agreement took effect on 2026-11-01, seen on `on`."""
    seen = {
        "state": ConfirmationState.NONE,
        "at": datetime.combine(on, time(23, 59), ZONE),
        "handler_agency_id": OWN,
        "category": "neighborhood",
        "agreement_effective_on": EFFECTIVE,
        "confirmation_until": date(2026, 12, 1),
    }
    return Matter(**{**seen, **known})


def refused(seen: Matter, facts: dict[str, object] = FACTS) -> str | None:
    refusal = JUDICIAL_CONFIRMATION.check("apply_confirmation", seen, HANDLER, facts)
    return refusal.code if refusal else None


def test_the_last_day_for_confirmation_is_the_thirtieth() -> None:
    assert refused(agreed(date(2026, 12, 1))) is None
    assert refused(agreed(date(2026, 12, 2))) == "confirmation_late"


def test_without_an_agreement_there_is_nothing_to_confirm() -> None:
    assert refused(agreed(date(2026, 11, 2), agreement_effective_on=None)) == "no_agreement"


@pytest.mark.parametrize("subject", ["personal_status", "title", "out_of_scope"])
def test_what_a_court_does_not_confirm(subject: str) -> None:
    facts = {**FACTS, "subjects": [subject]}
    assert refused(agreed(EFFECTIVE), facts) == "subject_not_confirmable"
    known = agreed(EFFECTIVE, subjects=frozenset({subject}))
    assert refused(known) == "subject_not_confirmable"


def test_a_family_agreement_must_say_what_it_settles() -> None:
    family = agreed(EFFECTIVE, category="marriage_family")
    assert refused(family, without("subjects")) == "subject_not_stated"
    assert refused(family) is None
    assert refused(agreed(EFFECTIVE), without("subjects")) is None


def test_confirmation_is_asked_for_jointly() -> None:
    assert refused(agreed(EFFECTIVE), {**FACTS, "applicants": "one"}) == "not_joint"


def test_only_the_court_decides() -> None:
    seen = agreed(EFFECTIVE, state=ConfirmationState.COURT_ACCEPTED)
    court = Actor(50, frozenset({Duty.COURT}), EVERYTHING)
    assert JUDICIAL_CONFIRMATION.check("confirm", seen, court, FACTS) is None
    refusal = JUDICIAL_CONFIRMATION.check("confirm", seen, HANDLER, FACTS)
    assert refusal is not None
    assert refusal.code == "not_your_duty"


def test_an_entrusted_mediation_is_extended_by_both() -> None:
    seen = Matter(EntrustmentState.IN_MEDIATION, NOW, OWN)
    assert COURT_ENTRUSTMENT.check("extend_entrusted", seen, HANDLER, FACTS) is None
    refusal = COURT_ENTRUSTMENT.check(
        "extend_entrusted", seen, HANDLER, {**FACTS, "consents": "one"}
    )
    assert refusal is not None
    assert refusal.code == "extension_consent"


def test_an_entrusted_matter_is_not_mediated_against_a_refusal() -> None:
    seen = Matter(EntrustmentState.RECEIVED, NOW, OWN, refused=True)
    assert {row.action for row in COURT_ENTRUSTMENT.allowed(seen, HANDLER)} == {"fail_entrusted"}
    closed = {row.action: why.code for row, why in COURT_ENTRUSTMENT.explain(seen, HANDLER)}
    assert closed == {"mediate_entrusted": "party_refused"}


def test_supervision_climbs_step_by_step() -> None:
    seen = Matter(SupervisionState.NONE, NOW, OWN)
    may = {row.action for row in SUPERVISION_TRACK.allowed(seen, COORDINATOR)}
    assert may == {"remind", "supervise"}
    assert SUPERVISION_TRACK.allowed(seen, HANDLER) == []


@pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.name_zh)
def test_every_act_of_a_track_is_possible_from_its_sources_only(track: Track[StrEnum]) -> None:
    for row in track.table:
        for state in track.states:
            refusal = track.check(row.action, agreed(EFFECTIVE, state=state), ANYBODY, FACTS)
            assert (refusal is None) == (state in row.sources)


@pytest.mark.parametrize("track", TRACKS, ids=lambda track: track.name_zh)
def test_every_state_of_a_track_is_named_and_reached(track: Track[StrEnum]) -> None:
    targets = {row.target for row in track.table}
    assert set(track.states) == targets | set(track.starts)
    assert set(type(track.starts[0])) == set(track.states)
    assert [state.name_zh for state in track.states] == list(track.states.values())  # type: ignore[attr-defined]
    for name in track.states.values():
        assert f'state "{name}" as ' in track.diagram()


def test_an_unknown_act_is_refused() -> None:
    refusal = SUPERVISION_TRACK.check("abolish", agreed(EFFECTIVE), COORDINATOR, FACTS)
    assert refusal is not None
    assert refusal.code == "unknown_action"
