"""Judicial confirmation: asked for by both in time, decided by the court that it lies before."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, agency_of
from tests.mediation.courts.steps import APPLICATION, agreed, take
from tests.mediation.stories import TODAY, dated, events_of, in_mediation
from yuantou.calendar.clock import today
from yuantou.disputes.models import Dispute
from yuantou.mediation.courts.models import Confirmation
from yuantou.mediation.courts.queries import courts_elsewhere
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]


def settled(door: Door, client_of: ClientOf, **changes: str) -> int:
    dispute = in_mediation(*door("mei"))
    agreed(client_of("mei"), dispute, **changes)
    return dispute


def state(owner: Session) -> str:
    owner.expire_all()
    return owner.query(Confirmation).one().state


def test_both_ask_and_the_court_confirms(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, mei, lu = settled(door, client_of), client_of("mei"), client_of("lu")
    assert lu.get(f"/matters/{dispute}").status_code == 404
    take(mei, dispute, "advise_confirmation")
    take(mei, dispute, "apply_confirmation", **APPLICATION, court_agency_id=agency_of(door, "lu"))
    assert "司法确认" in lu.get("/courts/").text
    take(lu, dispute, "accept_confirmation", court_case="（2026）辽1382民特1号")
    take(lu, dispute, "confirm", decided_on=TODAY)
    take(mei, dispute, "apply_execution", applied_on=TODAY)
    assert state(owner) == "exec_applied"
    assert events_of(owner, dispute)[-4:] == [
        "confirmation_applied",
        "confirmation_accepted",
        "agreement_confirmed",
        "execution_applied",
    ]
    assert owner.query(Notice).filter_by(kind="court_track").count() == 4


def test_one_side_alone_does_not_ask(door: Door, client_of: ClientOf) -> None:
    dispute = settled(door, client_of)
    one = {**APPLICATION, "applicants": "one", "court_agency_id": agency_of(door, "lu")}
    answer = take(client_of("mei"), dispute, "apply_confirmation", **one)
    assert answer.status_code == 422
    assert "司法确认须由双方当事人共同申请" in answer.text


def test_the_button_says_what_a_court_does_not_confirm(door: Door, client_of: ClientOf) -> None:
    dispute = settled(door, client_of, subjects="personal_status")
    mei = client_of("mei")
    assert take(mei, dispute, "apply_confirmation").status_code == 409
    assert "人民法院不予受理司法确认申请" in mei.get(f"/matters/{dispute}").text


def test_after_thirty_days_it_is_too_late(door: Door, client_of: ClientOf) -> None:
    long_ago = (today() - timedelta(days=31)).isoformat()
    dispute = settled(door, client_of, effective_on=long_ago)
    answer = take(client_of("mei"), dispute, "apply_confirmation")
    assert answer.status_code == 409
    assert "司法确认申请期已于" in answer.text


def test_a_right_that_is_past_is_not_late(door: Door, client_of: ClientOf) -> None:
    mei = client_of("mei")
    current = settled(door, client_of)
    assert "申请司法确认期限" in mei.get(f"/matters/{current}").text
    long_ago = (today() - timedelta(days=31)).isoformat()
    page = mei.get(f"/matters/{settled(door, client_of, effective_on=long_ago)}").text
    assert "申请司法确认期限" not in page
    reckoned = page.split("<b>申请司法确认</b>")[1].split("</div>")[0]
    assert "已过" in reckoned
    assert "超" not in reckoned


def test_who_asked_does_not_decide(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, mei = settled(door, client_of), client_of("mei")
    take(mei, dispute, "apply_confirmation", **APPLICATION, court_agency_id=agency_of(door, "lu"))
    assert take(mei, dispute, "accept_confirmation").status_code == 409
    answer = take(client_of("kang"), dispute, "accept_confirmation", court_case="1")
    assert answer.status_code == 409  # a clerk files counts, a judge decides
    assert state(owner) == "applied"


def test_another_county_finds_nothing(door: Door, client_of: ClientOf) -> None:
    dispute = settled(door, client_of)
    assert take(client_of("hu"), dispute, "apply_confirmation").status_code == 404


def test_a_stale_page_loses_nothing(door: Door, client_of: ClientOf, owner: Session) -> None:
    dispute, mei = settled(door, client_of), client_of("mei")
    owner.execute(text("UPDATE dispute SET version = version + 1"))
    owner.commit()
    words = dated(
        {**APPLICATION, "court_agency_id": agency_of(door, "lu"), "version": "1", "seen": "0"}
    )
    answer = mei.post(f"/matters/{dispute}/court/apply_confirmation", data=words)
    assert answer.status_code == 409
    assert "申请书、协议、身份证明" in answer.text


def test_a_court_outside_the_platform_is_named_and_its_handler_writes_down_what_it_decides(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, mei = settled(door, client_of), client_of("mei")
    outside = dict(courts_elsewhere(door("mei")[0], owner.get_one(Dispute, dispute)))
    code = next(iter(outside))
    answer = take(mei, dispute, "apply_confirmation", **APPLICATION, court_code=code)
    assert answer.status_code == 303
    row = owner.query(Confirmation).one()
    assert (row.court_code, row.court_agency_id) == (code, None)
    assert outside[code] in mei.get(f"/matters/{dispute}").text
    assert (
        take(client_of("tang"), dispute, "accept_confirmation", court_case="1").status_code == 409
    )
    take(mei, dispute, "accept_confirmation", court_case="（2026）辽13民特2号")
    take(mei, dispute, "confirm", decided_on=TODAY)
    assert state(owner) == "confirmed"


def test_some_court_is_named(door: Door, client_of: ClientOf) -> None:
    dispute = settled(door, client_of)
    answer = take(client_of("mei"), dispute, "apply_confirmation", **APPLICATION, court_agency_id=0)
    assert answer.status_code == 422
    assert "请选人民法院" in answer.text
