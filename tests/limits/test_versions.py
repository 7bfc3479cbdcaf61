"""New versions of a limit: from a day on, never backwards, never overwritten by an upgrade."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import LIMITS
from tests.coordination.matters import report
from tests.limits.stories import Stage
from yuantou.calendar.clock import ZONE, now, today
from yuantou.limits.catalogue import read
from yuantou.limits.changing import put_in_force
from yuantou.limits.models import Deadline, LimitVersion
from yuantou.limits.service import load_limits
from yuantou.limits.verification import differences

EARLY = datetime(2026, 3, 1, tzinfo=ZONE)
FORM = {
    "amount": "3",
    "unit": "working_day",
    "extending": "none",
    "source": "本县办法",
    "valid_from": today().isoformat(),
    "reason": "人手不足",
}


def test_what_runs_keeps_its_version_and_what_starts_takes_the_new_one(
    stage: Stage, owner: Session
) -> None:
    session, an = stage("an")
    report(stage.door, now=EARLY + timedelta(days=1))
    put_in_force(
        session,
        by=an,
        code="accept",
        changes={"amount": 3},
        valid_from=date(2026, 3, 10),
        reason="试行",
        now=EARLY,
    )
    report(stage.door, now=EARLY + timedelta(days=8))
    report(stage.door, now=EARLY + timedelta(days=9))
    rows = owner.query(Deadline).order_by(Deadline.id).all()
    assert [row.rule_version for row in rows] == [1, 1, 2]
    assert rows[2].due_at.date() == date(2026, 3, 13)
    assert list(differences(owner, now())) == []


def test_an_upgrade_leaves_the_offices_own_version(stage: Stage, owner: Session) -> None:
    session, an = stage("an")
    put_in_force(
        session, by=an, code="accept", changes={"amount": 3}, valid_from=today(), reason="试行"
    )
    shipped = [replace(rule, amount=rule.amount + 1) for rule in read(LIMITS)[:2]]
    assert load_limits(owner, shipped, today()) == 1
    owner.flush()
    newest = owner.query(LimitVersion).filter_by(code="accept").order_by(LimitVersion.version)
    assert newest.all()[-1].body["amount"] == 3


def test_the_administrator_puts_a_version_in_force_by_the_page(
    client_of: Callable[[str], FlaskClient], owner: Session
) -> None:
    an = client_of("an")
    assert an.post("/limits/accept/change", data=FORM).status_code == 303
    page = an.get("/limits").text
    assert "3 个工作日" in page
    assert "本单位所定" in page
    assert an.post("/limits/accept/change", data=FORM).status_code == 422
    assert owner.query(LimitVersion).filter_by(code="accept").count() == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("amount", "三", "请填整数"),
        ("amount", "0", "请填 1 至 3650"),
        ("valid_from", "2020-01-01", "不溯及既往"),
        ("reason", "", "请写为什么改"),
        ("extending", "bounded", "请写最多延长多少"),
    ],
)
def test_a_wrong_entry_is_named(
    client_of: Callable[[str], FlaskClient], field: str, value: str, said: str
) -> None:
    answer = client_of("an").post("/limits/accept/change", data=FORM | {field: value})
    assert answer.status_code == 422
    assert said in answer.text
    assert "人手不足" in answer.text or field == "reason"


def test_hours_neither_roll_over_nor_count_their_first_day(
    client_of: Callable[[str], FlaskClient],
) -> None:
    form = FORM | {"unit": "clock_hour", "rolls_over": "y", "first_day_counts": "y"}
    answer = client_of("an").post("/limits/accept/change", data=form)
    assert answer.status_code == 422
    assert "按小时计算的时限不顺延" in answer.text


def test_everybody_reads_the_limits_and_the_administrator_alone_changes_them(
    client_of: Callable[[str], FlaskClient],
) -> None:
    mei = client_of("mei")
    page = mei.get("/limits").text
    assert "示例" in page
    assert "末日遇节假日顺延" in page
    assert mei.get("/limits/accept/change").status_code == 403
    assert client_of("an").get("/limits/nothing/change").status_code == 404
