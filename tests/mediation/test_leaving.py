"""A party leaves mediation in one press."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.mediation.stories import events_of, in_mediation, state_of
from yuantou.access.viewer import Viewer
from yuantou.disputes.models import Dispute
from yuantou.mediation.models import PathNotice

Door = Callable[[str], tuple[Session, Viewer]]
ClientOf = Callable[[str], FlaskClient]


def leave(client: FlaskClient, dispute: int, version: int) -> int:
    answer = client.post(f"/matters/{dispute}/mediation/withdraw", data={"version": version})
    return answer.status_code


def version_of(owner: Session, dispute: int) -> int:
    owner.expire_all()
    return owner.get_one(Dispute, dispute).version


def test_one_press_ends_it_and_tells_of_other_ways(
    viewer_session: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = in_mediation(*viewer_session("mei"), type="migrant_wages")
    mei = client_of("mei")
    assert "当事人退出，终止调解" in mei.get(f"/matters/{dispute}").text
    assert leave(mei, dispute, version_of(owner, dispute)) == 303
    assert state_of(owner, dispute) == "terminated"
    assert events_of(owner, dispute)[-2:] == ["mediation_refused", "terminated"]
    assert owner.query(PathNotice).one().paths == ["labor_inspection", "arbitration", "litigation"]
    assert owner.get_one(Dispute, dispute).refused


def test_pressing_twice_ends_it_once(
    viewer_session: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = in_mediation(*viewer_session("mei"))
    version = version_of(owner, dispute)
    leave(client_of("mei"), dispute, version)
    leave(client_of("mei"), dispute, version)
    assert owner.query(PathNotice).count() == 1


def test_the_county_does_not_end_it_for_the_committee(
    viewer_session: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = in_mediation(*viewer_session("mei"))
    leave(client_of("gao"), dispute, version_of(owner, dispute))
    assert state_of(owner, dispute) == "in_mediation"
    assert leave(client_of("hu"), dispute, 1) == 404
