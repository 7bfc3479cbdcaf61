"""A promise that was not kept: urged, performed late, or led to other ways."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.mediation.stories import TODAY, events_of, fill, in_mediation, state_of
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import today

Door = Callable[[str], tuple[Session, Viewer]]
ClientOf = Callable[[str], FlaskClient]


def day(back: int) -> str:
    return (today() - timedelta(days=back)).isoformat()


@pytest.fixture
def defaulted(viewer_session: Door, client_of: ClientOf) -> int:
    """An agreement whose day has passed."""
    dispute, mei = in_mediation(*viewer_session("mei")), client_of("mei")
    terms = {
        "agreement_form": "oral",
        "agreement_content": "五日内付三千元",
        "mode": "by_date",
        "effective_on": day(10),
        "due_on": day(5),
    }
    assert fill(mei, dispute, "agree", **terms).status_code == 303
    fill(mei, dispute, "default", defaulted_on=TODAY, evidence="电话询问双方")
    return dispute


def test_urged_and_performed_late(defaulted: int, client_of: ClientOf, owner: Session) -> None:
    mei = client_of("mei")
    assert state_of(owner, defaulted) == "defaulted"
    fill(mei, defaulted, "urge", manner="phone", note="答应周五付")
    done = {"result": "performed", "performed_on": TODAY, "evidence": "收条"}
    assert fill(mei, defaulted, "perform", **done).status_code == 303
    assert state_of(owner, defaulted) == "performed"
    assert "performance_urged" in events_of(owner, defaulted)


def test_led_to_the_court(defaulted: int, client_of: ClientOf, owner: Session) -> None:
    mei = client_of("mei")
    ways = {"path_options": ["litigation", "enforcement"], "manner": "oral"}
    assert fill(mei, defaulted, "advise-path", **ways).status_code == 303
    assert state_of(owner, defaulted) == "path_advised"
    assert "申请强制执行" in mei.get(f"/matters/{defaulted}").text
