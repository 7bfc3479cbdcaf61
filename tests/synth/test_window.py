"""The demo's window has people at it, and a round of screening is under way."""

from sqlalchemy.orm import Session

from tests.synth.conftest import NOW
from yuantou.accounts.models import Account
from yuantou.intake.rounds.models import ScreeningReport, ScreeningUnit
from yuantou.intake.window.models import RedDuty, RosterEntry


def test_departments_sit_at_the_demo_countys_window(session: Session) -> None:
    modes = {row.mode for row in session.query(RosterEntry).filter_by(day=NOW.date())}
    assert {"resident", "called"} <= modes


def test_the_demo_coordinator_is_on_call_today(session: Session) -> None:
    duty = session.query(RedDuty).filter_by(day=NOW.date()).one()
    assert session.get_one(Account, duty.account_id).login == "coordinator"


def test_most_villages_of_the_demo_round_have_reported(session: Session) -> None:
    reported, units = session.query(ScreeningReport).count(), session.query(ScreeningUnit).count()
    assert 0 < reported < units
