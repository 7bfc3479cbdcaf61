"""A night of rules over matters of the cast, as the worker runs it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.alerts.conftest import NOW, Night, of
from tests.cast import DONGJIE, KAZUO, LINGYUAN, NANJIE
from tests.conftest import Database
from tests.coordination.matters import Door, act, report
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.alerts.lapsing import any_lapsed, lapse
from yuantou.alerts.models import Alert
from yuantou.coordination.dispatching.models import Duty
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty
from yuantou.indicators.integrity.models import IntegrityQuestion
from yuantou.judiciary.models import CourtCount
from yuantou.mediation.models import Agreement
from yuantou.notices.models import Notice

FIRM = NewParty("respondent", "organisation", "某物业", "credit_code", "91210000MA0UXXXXX1")


def test_many_people_against_one_organisation(door: Door, night: Night, owner: Session) -> None:
    for place in range(4):
        report(door, parties=(_person(place), FIRM), now=NOW - timedelta(days=place + 1))
    report(door, parties=(_person(0), FIRM), now=NOW - timedelta(hours=5))
    assert night()["W03"] == 0
    report(door, parties=(_person(9), FIRM), now=NOW - timedelta(hours=1))
    assert night()["W03"] == 1
    (alert,) = of(owner, "W03")
    assert (alert.area_code, alert.dispute_id, alert.facts["people"]) == (LINGYUAN, None, 5)
    assert alert.facts["of"] == 6
    assert "某物业" not in str(alert.facts) + str(alert.reasons) + alert.key


def _person(place: int) -> NewParty:
    return NewParty("applicant", "person", f"人{place}", phone=f"1390000000{place}")


def test_a_surge_speaks_for_the_smallest_place(door: Door, night: Night, owner: Session) -> None:
    for week in range(2, 12):
        report(door, now=NOW - timedelta(days=7 * week))
    for hour in range(5):
        report(door, now=NOW - timedelta(hours=hour + 1))
    assert night()["W04"] == 1
    (alert,) = of(owner, "W04")
    assert (alert.area_code, alert.type_code, alert.level) == (NANJIE, "neighborhood", "yellow")
    assert (alert.facts["days"], alert.facts["count"]) == (7, 5)
    assert night(NOW + timedelta(hours=2))["W04"] == 0


def test_a_surge_spread_over_townships_is_the_countys(
    door: Door, night: Night, owner: Session
) -> None:
    report(door, now=NOW - timedelta(days=80))
    for hour, area in enumerate((NANJIE, NANJIE, NANJIE, DONGJIE, DONGJIE, DONGJIE)):
        report(door, area_code=area, now=NOW - timedelta(hours=hour + 1))
    night()
    assert [alert.area_code for alert in of(owner, "W04")] == [LINGYUAN]


def test_restricted_matters_count_for_the_county_alone(
    door: Door, night: Night, owner: Session
) -> None:
    report(door, now=NOW - timedelta(days=80))
    for hour in range(5):
        report(door, flags=("minor",), now=NOW - timedelta(hours=hour + 1))
    night()
    assert [alert.area_code for alert in of(owner, "W04")] == [LINGYUAN]


def test_a_county_that_has_just_begun_is_not_judged(door: Door, night: Night) -> None:
    for hour in range(9):
        report(door, now=NOW - timedelta(days=10, hours=hour))
        report(door, now=NOW - timedelta(hours=hour + 1))
    assert night()["W04"] == 0


def test_overdue_red_ones_each_and_the_others_by_unit(
    door: Door, night: Night, owner: Session
) -> None:
    red, late, later, fresh = (report(door, now=NOW - timedelta(days=60)) for _ in range(4))
    _due(owner, red, NOW - timedelta(hours=1), "red")
    _due(owner, late, NOW - timedelta(days=8, hours=1), "yellow")
    _due(owner, later, NOW - timedelta(days=20), "blue")
    _due(owner, fresh, NOW - timedelta(days=7), "yellow")
    assert night()["W08"] == 2
    of_unit, of_matter = sorted(of(owner, "W08"), key=lambda one: one.dispute_id or 0)
    assert (of_matter.dispute_id, of_matter.level) == (red, "red")
    audited = owner.scalars(text("SELECT action FROM audit_event WHERE action LIKE 'alert:%'"))
    assert audited.all() == ["alert:night"]
    assert (of_unit.facts["matters"], of_unit.level) == ([late, later], "yellow")
    assert owner.get_one(Agency, of_unit.owner_agency_id).code == "lingyuan-centre"


def _due(owner: Session, matter: int, at: datetime, risk: str) -> None:
    owner.execute(
        text("UPDATE dispute SET next_due_at = :at, risk = :risk WHERE id = :id"),
        {"at": at, "risk": risk, "id": matter},
    )
    owner.commit()


@pytest.mark.parametrize(
    ("due", "level"),
    [(date(2026, 11, 23), "blue"), (date(2026, 11, 19), "yellow"), (date(2026, 11, 24), None)],
)
def test_agreements_that_are_due_or_were(
    door: Door, night: Night, owner: Session, due: date, level: str | None
) -> None:
    matter = report(door, now=NOW - timedelta(days=60))
    mei = owner.query(Account).filter_by(login="mei").one()
    owner.execute(
        text("UPDATE dispute SET state = 'performing', mediator_id = :mei WHERE id = :id"),
        {"mei": mei.id, "id": matter},
    )
    values: dict[str, Any] = {"content": "付清", "amount": None, "perform_mode": "deferred"}
    owner.add(
        Agreement(
            dispute_id=matter, form="oral", due_on=due, signature=None, effective_on=due,
            superseded_at=None, written_by=mei.id, written_at=NOW, **values,
        )
    )  # fmt: skip
    owner.commit()
    night()
    assert [alert.level for alert in of(owner, "W09")] == ([level] if level else [])
    if level == "blue":
        (alert,) = of(owner, "W09")
        assert (alert.owner_agency_id, alert.owner_account_id) == (mei.agency_id, mei.id)


def test_suits_of_one_cause_in_one_township(
    night: Night, owner: Session, client_of: Callable[[str], FlaskClient]
) -> None:
    labour = owner.query(Agency).filter_by(code="lingyuan-labour").one()
    owner.add(
        Duty(
            agency_id=labour.id, area_code=LINGYUAN, area_path=labour.area_path,
            type="migrant_wages", gb31000=None, basis="test", valid_from=date(2020, 1, 1),
            valid_to=None, example=False, entered_by=None, entered_at=NOW,
        )
    )  # fmt: skip
    _feed(owner, {(2026, month): 3 for month in range(1, 10)} | {(2026, 10): 7})
    assert night()["W10"] == 1
    (alert,) = of(owner, "W10")
    assert (alert.area_code, alert.type_code, alert.facts["count"]) == (NANJIE, "migrant_wages", 7)
    assert alert.facts["cause"] == "追索劳动报酬纠纷"
    told = owner.query(Notice).filter_by(link=f"/warnings/{alert.id}").all()
    assert {one.agency_id for one in told} == {alert.owner_agency_id, labour.id}
    assert client_of("ren").get(f"/warnings/{alert.id}").status_code == 200
    assert client_of("zhu").get(f"/warnings/{alert.id}").status_code == 404
    alert.state, alert.outcome, alert.closed_at = "closed", "real", NOW
    owner.commit()
    assert night(NOW + timedelta(days=30))["W10"] == 0


def test_suits_in_step_with_their_past_are_quiet(night: Night, owner: Session) -> None:
    _feed(owner, {(2026, month): 4 for month in range(1, 10)} | {(2026, 10): 7})
    assert night()["W10"] == 0


def _feed(owner: Session, counts: dict[tuple[int, int], int]) -> None:
    """A released file of a court with so many suits a month."""
    batch = owner.scalar(
        text(
            "INSERT INTO feed_batch (court_code, counts_to_path, first_month, last_month, origin,"
            " content_hash, unchanged, entered_by, entered_at, released_at, demo)"
            " VALUES ('lingyuan-court', '210000/211300/211382/', '2026-01-01', '2026-10-01',"
            " 'file', 'x', 0, 1, now(), now(), false) RETURNING id"
        )
    )
    for (year, month), number in counts.items():
        first = date(year, month, 1)
        for place in range(number):
            owner.execute(
                text(
                    "INSERT INTO feed_suit (batch_id, court_code, suit_key, cause, type, filed_on,"
                    " area_code) VALUES (:batch, 'lingyuan-court', :key, '追索劳动报酬纠纷',"
                    " 'migrant_wages', :day, :area)"
                ),
                {
                    "batch": batch, "key": f"{first}{place}".encode(),
                    "day": first + timedelta(days=place), "area": NANJIE,
                },
            )  # fmt: skip
        owner.execute(
            text(
                "INSERT INTO suit_feed_month (court_code, month, batch_id, released_at)"
                " VALUES ('lingyuan-court', :month, :batch, now())"
            ),
            {"month": first, "batch": batch},
        )
    owner.commit()


def test_rules_that_were_switched_off_do_not_judge(
    door: Door, night: Night, owner: Session
) -> None:
    owner.execute(
        text(
            "UPDATE warning_rule_version SET body = jsonb_set(body, '{active}', 'false')"
            " WHERE code IN ('W02', 'W08')"
        )
    )
    owner.commit()
    assert night().keys() == {"W03", "W04", "W09", "W10", "W11", "MISSING"}


def test_what_nobody_acknowledged_is_told_again_once_and_above(
    door: Door, database: Database, owner: Session
) -> None:
    matter = report(door, involved=12, now=NOW)
    with database.sessions("worker")() as session:
        assert lapse(session, now=NOW + timedelta(hours=23)) == 0
        assert any_lapsed(session)  # by the clock of today, long after NOW
        assert lapse(session, now=NOW + timedelta(hours=25)) == 1
        assert lapse(session, now=NOW + timedelta(hours=49)) == 0
        session.commit()
    told = owner.query(Notice).filter_by(kind="alert_late", dispute_id=matter).all()
    agencies = {owner.get_one(Agency, one.agency_id).code for one in told}
    assert agencies == {"nanjie-centre", "lingyuan-centre"}


def test_an_acknowledged_one_does_not_lapse(door: Door, database: Database, owner: Session) -> None:
    report(door, involved=12, now=NOW)
    owner.query(Alert).one().state = "acknowledged"
    owner.commit()
    with database.sessions("worker")() as session:
        assert lapse(session, now=NOW + timedelta(days=9)) == 0


def test_the_other_county_is_judged_by_its_own_past(
    door: Door, night: Night, owner: Session
) -> None:
    for week in range(2, 12):
        report(door, now=NOW - timedelta(days=7 * week))
    report(door, "kai", area_code="211324100", now=NOW - timedelta(days=80))
    for hour in range(5):
        report(door, "kai", area_code="211324100", now=NOW - timedelta(hours=hour + 1))
    night()
    (alert,) = of(owner, "W04")
    assert alert.area_path.split("/")[2] == KAZUO
    assert owner.query(Dispute).count() == 16


def test_courts_that_send_sums_are_held_against_their_own_past(
    night: Night, owner: Session
) -> None:
    for month in range(1, 11):
        counts = CourtCount(
            batch_id=1, court_code="kazuo-court", counts_to_code=KAZUO, demo=False,
            counts_to_path="210000/211300/211324/", month=date(2026, month, 1), revision=1,
            regime="2025", basis="incl", civil_first_new=40, admin_first_new=1,
            by_township={"211324100": 12 if month == 10 else 5}, attribution="sued",
            content_hash=str(month), released_at=NOW,
        )  # fmt: skip
        owner.add(counts)
    owner.commit()
    assert night()["W10"] == 1
    (alert,) = of(owner, "W10")
    assert (alert.area_code, alert.type_code, alert.facts["count"]) == ("211324100", None, 12)
    assert owner.get_one(Agency, alert.owner_agency_id).code == "kazuo-centre"


def test_questions_about_data_wait_for_the_county_once(night: Night, owner: Session) -> None:
    units = {row.code: row for row in owner.query(Agency)}
    values: dict[str, Any] = {
        "kind": "instant", "first_day": date(2026, 4, 1), "items": 36, "hits": 30,
        "expected": 12.0, "ratio": 9.0, "p": 0.0001, "q": 0.001, "draws": 999, "matters": [],
        "asked_at": NOW, "due_on": date(2026, 8, 1), "answer": "", "outcome_words": "",
    }  # fmt: skip
    asked = (
        ("nanjie-committee", "answered", None),
        ("nanjie-centre", "open", NOW),
        ("dongjie-centre", "open", None),
    )
    for code, state, lapsed in asked:
        unit = units[code]
        owner.add(
            IntegrityQuestion(
                agency_id=unit.id, area_path=unit.area_path, state=state, lapsed_at=lapsed,
                office_id=units["lingyuan-centre"].id, **values,
            )
        )  # fmt: skip
    owner.commit()
    assert night()["W11"] == 1
    (alert,) = of(owner, "W11")
    assert (alert.level, alert.owner_agency_id) == ("blue", units["lingyuan-centre"].id)
    assert (alert.facts["count"], alert.facts["lapsed"]) == (2, 1)
    assert night(NOW + timedelta(days=40))["W11"] == 0


def test_the_jobs_stand_in_the_list(app: Flask) -> None:
    jobs = {job.code: job for job in app.extensions["jobs"]}
    assert jobs["alerts.rules"].latest_only
    assert jobs["alerts.limits"].when is any_lapsed


def test_what_warned_of_an_agreement_ends_when_it_is_kept(
    door: Door, night: Night, owner: Session
) -> None:
    matter = report(door, now=NOW - timedelta(days=60))
    mei = owner.query(Account).filter_by(login="mei").one()
    owner.execute(
        text("UPDATE dispute SET state = 'performing', mediator_id = :mei WHERE id = :id"),
        {"mei": mei.id, "id": matter},
    )
    owner.add(
        Agreement(
            dispute_id=matter, form="oral", content="付清", amount=None, perform_mode="deferred",
            due_on=date(2026, 11, 18), signature=None, effective_on=date(2026, 10, 1),
            superseded_at=None, written_by=mei.id, written_at=NOW,
        )
    )  # fmt: skip
    owner.commit()
    night()
    assert [alert.state for alert in of(owner, "W09")] == ["open"]
    act(door, "mei", matter, "perform", performed_on=date(2026, 11, 20), evidence="收条")
    (alert,) = of(owner, "W09")
    assert (alert.state, alert.outcome, alert.closed_by) == ("closed", None, None)
