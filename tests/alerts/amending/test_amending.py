"""A new version of a rule is tried on the past and put in force by two persons."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.alerts.conftest import Raise
from tests.cast import KAZUO
from tests.conftest import Database
from tests.coordination.matters import Door, report
from yuantou.alerts.amending.service import preview_waiting, waits
from yuantou.alerts.models import Alert, RuleVersion
from yuantou.alerts.rulebook import in_force
from yuantou.alerts.rules import NUMBERS
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.indicators.periods import first_of, shift
from yuantou.judiciary.models import CourtCount
from yuantou.mediation.models import Agreement, Performance

Client = Callable[[str], FlaskClient]
BASE = "/warnings/rules"
PAGE = f"{BASE}/W01/2"
FORM = {
    "active": "y", "n-yellow": "20", "n-red": "30", "n-yellow-0": "5", "n-yellow-1": "3",
    "reason": "办公室会议纪要第3号",
}  # fmt: skip


@pytest.fixture
def worker(database: Database) -> Iterator[Session]:
    with database.sessions("worker")() as session:
        yield session


def tried(worker: Session) -> Any:
    preview_waiting(worker)
    worker.commit()
    row = worker.query(RuleVersion).filter(RuleVersion.preview.is_not(None)).one()
    return row.preview


def shown(client_of: Client, login: str, address: str = PAGE) -> str:
    return client_of(login).get(address).get_data(as_text=True)


def ended(owner: Session, matter: int, outcome: str) -> None:
    owner.query(Alert).filter_by(dispute_id=matter).update({"outcome": outcome, "state": "closed"})
    owner.commit()


def test_two_persons_put_a_version_in_force(
    client_of: Client, owner: Session, worker: Session, second: str, door: Door
) -> None:
    assert client_of("sheng").post(f"{BASE}/W01/new", data=FORM).status_code == 303
    client_of(second).post(f"{PAGE}/approve")
    assert in_force(owner, clock.now().date())["W01"].version == 1
    assert waits(worker)
    tried(worker)
    assert not waits(worker)
    refused = client_of("sheng").post(f"{PAGE}/approve", follow_redirects=True)
    assert "提请的人不能自己批准" in refused.get_data(as_text=True)
    assert "W01 第 2 版待批准" in shown(client_of, second, "/notices")
    client_of(second).post(f"{PAGE}/approve")
    owner.expire_all()
    owner.commit()
    assert in_force(owner, clock.now().date())["W01"].number("yellow") == 20
    report(door, involved=15)
    assert owner.query(Alert).count() == 0
    acts = [row.action for row in owner.query(AuditEvent).filter_by(object_id="W01/2")]
    assert sorted(acts) == ["alert_rule:approve", "alert_rule:propose"]


def test_the_trial_says_what_would_have_come_and_how_it_ended(
    client_of: Client, owner: Session, worker: Session, door: Door
) -> None:
    for outcome in ("real", "real", "real", "nothing"):
        ended(owner, report(door, involved=25), outcome)
    for _each in range(3):
        ended(owner, report(door, involved=12), "nothing")
    client_of("sheng").post(f"{BASE}/W01/new", data=FORM)
    told = tried(worker)
    assert (told["old"]["yellow"], told["new"]["yellow"]) == (7, 4)
    assert (told["lost"], told["gained"]) == (3, 0)
    assert told["ended"]["kept"] == {"real": 3, "nothing": 1}
    assert told["ended"]["lost"] == {"nothing": 3}
    page = shown(client_of, "sheng")
    assert "少于 3" in page
    assert "达到多少人为黄" in page


def test_a_rule_of_places_is_tried_week_by_week(
    client_of: Client, worker: Session, door: Door
) -> None:
    now = clock.now()
    for back in range(70, 400, 7):
        report(door, now=now - timedelta(days=back))
    for _each in range(6):
        report(door, now=now - timedelta(days=1))
    numbers = {"n-short_days": 7, "n-short_past": 26, "n-long_days": 30, "n-long_past": 12,
               "n-least_past": 6, "n-sigmas": 3, "n-p": 0.01, "n-least": 8}  # fmt: skip
    client_of("sheng").post(f"{BASE}/W04/new", data=FORM | numbers)
    told = tried(worker)
    assert told["old"]["yellow"] >= 1
    assert told["new"]["yellow"] == 0


def test_agreements_are_tried_by_when_they_were_kept(
    client_of: Client, owner: Session, worker: Session, door: Door
) -> None:
    today = clock.today()
    for number, due in enumerate((today - timedelta(days=40), today - timedelta(days=20))):
        matter = report(door)
        agreed = Agreement(
            dispute_id=matter, form="oral", content="付清", amount=None, perform_mode="deferred",
            due_on=due, signature=None, effective_on=due, superseded_at=None, written_by=1,
            written_at=clock.now(),
        )  # fmt: skip
        owner.add(agreed)
        owner.flush()
        if number:
            owner.add(
                Performance(
                    dispute_id=matter, agreement_id=agreed.id, found_on=due, result="performed",
                    amount=None, evidence="收条", written_by=1,
                    written_at=clock.now() - timedelta(days=21),
                )
            )  # fmt: skip
    owner.commit()
    fields = {"n-days_before": "1", "n-days_after": "30"}
    client_of("sheng").post(f"{BASE}/W09/new", data=FORM | fields)
    told = tried(worker)
    assert (told["past"], told["old"]["yellow"], told["old"]["blue"]) == (True, 1, 1)
    assert (told["new"]["yellow"], told["new"]["blue"]) == (1, 0)


def test_suits_are_tried_month_by_month(client_of: Client, owner: Session, worker: Session) -> None:
    newest = shift(first_of(clock.today()), -1)
    for back in range(12):
        owner.add(
            CourtCount(
                batch_id=1, court_code="kazuo-court", counts_to_code=KAZUO, demo=False,
                counts_to_path="210000/211300/211324/", month=shift(newest, -back), revision=1,
                regime="2025", basis="incl", civil_first_new=40, admin_first_new=1,
                by_township={"211324100": 15 if back == 3 else 5}, attribution="sued",
                content_hash=str(back), released_at=clock.now(),
            )
        )  # fmt: skip
    owner.commit()
    fields = {"n-ratio": "4", "n-months": "12", "n-least_months": "6", "n-least": "4"}
    client_of("sheng").post(f"{BASE}/W10/new", data=FORM | fields)
    told = tried(worker)
    assert (told["old"]["yellow"], told["new"]["yellow"], told["lost"]) == (1, 0, 1)


def test_a_rule_of_limits_is_tried_on_tonight_and_leaves_nothing(
    client_of: Client, owner: Session, worker: Session, door: Door
) -> None:
    long_ago = clock.now() - timedelta(days=60)
    report(door, now=long_ago)
    client_of("sheng").post(f"{BASE}/W08/new", data=FORM | {"n-days": "3"})
    told = tried(worker)
    assert told["past"] is False
    assert told["new"]["yellow"] == 1
    assert owner.query(Alert).count() == 0
    assert "只能试今晚" in shown(client_of, "sheng", f"{BASE}/W08/2")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n-yellow": "很多"}, "请填数字"),
        ({"n-yellow": "0"}, "门槛不低于 3 人"),
        ({"n-yellow": "2"}, "门槛不低于 3 人"),
        ({"n-yellow": "10"}, "没有区别"),
        ({"reason": ""}, "请写理由"),
    ],
)
def test_what_cannot_be_used_is_refused_and_nothing_typed_is_lost(
    client_of: Client, owner: Session, changes: dict[str, str], said: str
) -> None:
    answer = client_of("sheng").post(f"{BASE}/W01/new", data=FORM | changes)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert said in page
    assert f'value="{(FORM | changes)["n-yellow"]}"' in page
    assert owner.query(RuleVersion).filter_by(version=2).count() == 0


def test_a_number_of_any_rule_is_above_nought(client_of: Client) -> None:
    answer = client_of("sheng").post(f"{BASE}/W06/new", data=FORM | {"n-failures": "0"})
    assert (answer.status_code, "要大于 0" in answer.get_data(as_text=True)) == (422, True)


def test_one_version_waits_at_a_time_and_can_be_ended(client_of: Client, owner: Session) -> None:
    client = client_of("sheng")
    client.post(f"{BASE}/W01/new", data=FORM)
    again = client.post(f"{BASE}/W01/new", data=FORM | {"n-yellow": "21"})
    assert "已有一版在等第二个人" in again.get_data(as_text=True)
    client.post(f"{PAGE}/reject")
    assert client.post(f"{BASE}/W01/new", data=FORM).status_code == 303
    assert owner.query(RuleVersion).filter_by(code="W01").count() == 3


def test_a_rule_that_is_switched_off_judges_no_more(
    client_of: Client, worker: Session, door: Door
) -> None:
    report(door, involved=12)
    off = {key: value for key, value in FORM.items() if key != "active"} | {"n-yellow": "10"}
    client_of("sheng").post(f"{BASE}/W01/new", data=off)
    assert tried(worker)["new"] == {"blue": 0, "yellow": 0, "red": 0}
    assert "停用" in shown(client_of, "sheng")


def test_numbers_stand_in_the_order_in_which_the_rule_names_them(client_of: Client) -> None:
    page = shown(client_of, "sheng", f"{BASE}/W04/new")
    places = [page.index(f'name="n-{key}"') for key in NUMBERS["W04"]]
    assert places == sorted(places)


def test_types_and_facts_are_chosen(client_of: Client, owner: Session) -> None:
    fields = {"n-facts": "2", "n-hours": "24", "types": ["contract"], "flags": ["drinking"]}
    client_of("sheng").post(f"{BASE}/W07/new", data=FORM | fields)
    row = owner.query(RuleVersion).filter_by(code="W07", version=2).one()
    assert (row.body["types"], row.body["flags"]) == (["contract"], ["drinking"])


@pytest.mark.parametrize("login", ["gao", "mei", "an"])
def test_others_read_or_not_but_never_change(client_of: Client, owner: Session, login: str) -> None:
    assert client_of(login).post(f"{BASE}/W01/new", data=FORM).status_code == 403
    assert owner.query(RuleVersion).filter_by(version=2).count() == 0


def test_the_database_knows_the_second_person_too(owner: Session) -> None:
    with pytest.raises(IntegrityError, match="second_person"):
        owner.execute(text("UPDATE warning_rule_version SET proposed_by = 1, approved_by = 1"))


def test_what_ships_anew_is_proposed_by_a_person(
    client_of: Client, owner: Session, worker: Session, second: str, warn: Raise
) -> None:
    first = owner.query(RuleVersion).filter_by(code="W06").one()
    body = first.body | {"numbers": {"failures": 3}}
    owner.add(
        RuleVersion(code="W06", version=2, valid_from=first.valid_from, body=body, reason="",
                    entered_at=clock.now(), proposed_at=clock.now())
    )  # fmt: skip
    owner.commit()
    assert "随新版软件到来，待提请" in shown(client_of, "sheng", BASE)
    tried(worker)
    page = f"{BASE}/W06/2"
    client_of(second).post(f"{page}/adopt", data={"reason": "随版本更新"})
    client_of("sheng").post(f"{page}/approve")
    owner.expire_all()
    row = owner.query(RuleVersion).filter_by(code="W06", version=2).one()
    assert row.approved_at is not None
