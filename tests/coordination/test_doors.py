"""Every act of the tables has a page; drafts alone stay on the device."""

from flask import Flask

from yuantou.coordination.matter import _url
from yuantou.disputes.tracks import COURT_ENTRUSTMENT, JUDICIAL_CONFIRMATION
from yuantou.disputes.workflow import TRANSITIONS, DisputeState
from yuantou.mediation.courts.pages import BY_ACTION as COURT_PAGES

ON_THE_DEVICE = {"discard", "submit"}
BY_THE_MAIN_WAY = {"mediate_entrusted"}


def test_every_act_of_the_main_way_has_a_page(app: Flask) -> None:
    with app.test_request_context():
        closed = {row.action for row in TRANSITIONS if not _url(row.action, 1, app.view_functions)}
    assert closed == ON_THE_DEVICE


def test_every_act_before_a_court_has_a_page() -> None:
    acts = {row.action for row in JUDICIAL_CONFIRMATION.table}
    acts |= {row.action for row in COURT_ENTRUSTMENT.table}
    assert acts - set(COURT_PAGES) == BY_THE_MAIN_WAY


def test_every_state_but_a_draft_is_left_or_is_an_end() -> None:
    left = {state for row in TRANSITIONS if row.leads_to for state in row.sources}
    assert set(DisputeState) - left == {DisputeState.NOT_ACCEPTED}
