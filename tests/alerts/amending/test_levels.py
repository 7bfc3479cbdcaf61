"""Levels and days of rest are changed on the page by two persons, with the past before them."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.alerts.amending.test_amending import BASE, shown, tried, worker
from tests.alerts.conftest import RAISED, Raise
from yuantou.alerts.levels import SHIPPED, terms_body, terms_of
from yuantou.alerts.models import Alert, AlertEvent, RuleVersion, Sighting
from yuantou.alerts.rulebook import load_rules, shipped, terms
from yuantou.calendar import clock

__all__ = ["worker"]
Client = Callable[[str], FlaskClient]
PAGE = f"{BASE}/LEVELS/2"
COUNTY_UP = ["county_centre", "city_coordination", "province_coordination"]
FORM: dict[str, Any] = {
    "n-red": "2", "n-yellow": "24", "n-blue": "72", "n-days": "7", "n-days_after_nothing": "90",
    "owners-red": COUNTY_UP, "owners-yellow": ["township_centre", *COUNTY_UP],
    "owners-blue": ["handler", "township_centre", *COUNTY_UP], "reason": "办公室会议纪要第4号",
}  # fmt: skip


def proposed(client_of: Client, **changes: Any) -> int:
    """What the server says to a proposal with these changes; names have _ for -."""
    told = FORM | {name.replace("_", "-", 1): value for name, value in changes.items()}
    return client_of("sheng").post(f"{BASE}/LEVELS/new", data=told).status_code


def agreed(client_of: Client, worker: Session, second: str, **changes: Any) -> None:
    """Version 2, proposed, tried and approved."""
    assert proposed(client_of, **changes) == 303
    tried(worker)
    client_of(second).post(f"{PAGE}/approve")


def raised(warn: Raise, *back: int, **changes: Any) -> list[int | None]:
    """One key, warned of so many days ago."""
    return [warn(at=clock.now() - timedelta(days=one), **changes) for one in back]


def closed(owner: Session, outcome: str = "real") -> None:
    """All that stands was dealt with within an hour."""
    owner.expire_all()
    for alert in owner.query(Alert).filter(Alert.state != "closed"):
        alert.state, alert.outcome = "closed", outcome
        alert.acknowledged_at = alert.closed_at = alert.raised_at + timedelta(hours=1)
    owner.commit()


def test_hours_rest_and_offices_count_from_the_day_two_persons_agreed(
    client_of: Client, owner: Session, worker: Session, second: str, warn: Raise
) -> None:
    offices = ["city_coordination", "province_coordination"]
    agreed(client_of, worker, second, n_yellow="12", n_days="3", owners_yellow=offices)
    at = clock.now() + timedelta(minutes=1)
    before, after = warn(at=RAISED), warn(at=at, key="other")
    held = {alert.id: alert for alert in owner.query(Alert)}
    assert held[before].due_at - held[before].raised_at == timedelta(hours=24)  # type: ignore[index]
    assert held[after].due_at - held[after].raised_at == timedelta(hours=12)  # type: ignore[index]
    assert held[before].owner_agency_id != held[after].owner_agency_id  # type: ignore[index]
    closed(owner)
    assert warn(at=at + timedelta(days=2), key="other") is None
    assert warn(at=at + timedelta(days=3, hours=2), key="other") is not None
    facts = [str(row.facts["terms"]) for row in owner.query(AlertEvent).filter_by(event="raised")]
    assert sorted(facts) == ["1", "2", "2"]


def test_one_person_changes_nothing(
    client_of: Client, owner: Session, worker: Session, second: str
) -> None:
    assert proposed(client_of, n_days="3") == 303
    client_of(second).post(f"{PAGE}/approve")
    tried(worker)
    refused = client_of("sheng").post(f"{PAGE}/approve", follow_redirects=True)
    assert "提请的人不能自己批准" in refused.text
    assert terms(owner, clock.today()).rest.days == 7
    page = shown(client_of, second, BASE)
    assert "第 2 版在等第二个人" in page
    assert "预警的级别和间隔 第 2 版待批准" in shown(client_of, second, "/notices")


def test_a_longer_rest_is_tried_on_what_was_really_raised(
    client_of: Client, owner: Session, worker: Session, warn: Raise
) -> None:
    for back in (60, 50, 40):
        assert raised(warn, back)[0] is not None
        closed(owner)
    proposed(client_of, n_days="15")
    told = tried(worker)
    assert (told["old"]["yellow"], told["new"]["yellow"], told["lost"]) == (3, 2, 1)
    assert told["ended"]["kept"] == {"real": 2}
    assert told["ended"]["lost"] == {"real": 1}
    assert "间隔改短会多发多少，现在看不出" in shown(client_of, "sheng", PAGE)


def test_a_shorter_rest_is_tried_on_what_was_seen_again(
    client_of: Client, owner: Session, worker: Session, warn: Raise
) -> None:
    (first,) = raised(warn, 30)
    closed(owner)
    for back in (28, 26, 24):
        day = clock.today() - timedelta(days=back)
        worker.add(Sighting(warning_id=first, day=day, rule="W04", facts={}))
    worker.commit()
    proposed(client_of, n_days="3")
    told = tried(worker)
    assert (told["old"]["yellow"], told["new"]["yellow"]) == (1, 2)
    assert (told["gained"], told["lost"], told["ended"]["unknown"]) == (1, 0, 1)
    assert f"自 {clock.today() - timedelta(days=28)} 起有记录" in shown(client_of, "sheng", PAGE)


def test_hours_are_tried_on_when_warnings_were_acknowledged(
    client_of: Client, owner: Session, worker: Session, warn: Raise
) -> None:
    for number, hours in enumerate((1, 10, 30)):
        made = raised(warn, 20, key=f"key {number}")[0]
        alert = owner.get_one(Alert, made)
        alert.state = "acknowledged"
        alert.acknowledged_at = alert.raised_at + timedelta(hours=hours)
    owner.commit()
    offices = ["city_coordination", "province_coordination"]
    proposed(client_of, n_yellow="8", owners_yellow=offices)
    told = tried(worker)
    assert told["late"] == {"blue": [0, 0], "yellow": [1, 2], "red": [0, 0]}
    assert told["receivers"] == [["county_centre", "city_coordination", 3]]
    assert (told["gained"], told["lost"]) == (0, 0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n_red": "30"}, "级别越高，确认的期限不能越长"),
        ({"n_red": "1.5"}, "请填整数"),
        ({"n_days": "0"}, "请填 1 到"),
        ({"n_yellow": "很快"}, "请填数字"),
        ({"owners_red": []}, "至少选一项"),
        ({"owners_blue": ["handler"]}, "至少选一个负责的单位"),
        ({}, "没有区别"),
        ({"reason": ""}, "请写理由"),
    ],
)
def test_what_cannot_be_used_is_refused(
    client_of: Client, owner: Session, changes: dict[str, Any], said: str
) -> None:
    told = FORM | {name.replace("_", "-", 1): value for name, value in changes.items()}
    answer = client_of("sheng").post(f"{BASE}/LEVELS/new", data=told)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert owner.query(RuleVersion).filter_by(version=2).count() == 0


def test_what_a_newer_file_says_of_levels_waits_too(tmp_path: Path, owner: Session) -> None:
    told = SHIPPED.read_text(encoding="utf-8")
    file = tmp_path / "warnings.toml"
    file.write_text(told.replace("hours = 24", "hours = 20", 1), encoding="utf-8")
    assert load_rules(owner, shipped(file), clock.today()) == 1
    owner.flush()
    assert load_rules(owner, shipped(file), clock.today()) == 0
    assert terms(owner, clock.today()).levels["yellow"].hours == 24


def test_levels_are_stored_and_read_back_alike(owner: Session) -> None:
    held = terms(owner, clock.today())
    assert terms_of(terms_body(held), held.version) == held
    assert held.version == 1


@pytest.mark.parametrize("login", ["gao", "mei"])
def test_others_do_not_change_levels(client_of: Client, login: str) -> None:
    assert client_of(login).post(f"{BASE}/LEVELS/new", data=FORM).status_code == 403
