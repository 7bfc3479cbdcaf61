"""The pages of the ledger, each viewer in his areas."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.alerts.conftest import RAISED, Raise
from tests.alerts.record.conftest import Flow, Signed
from tests.cast import KAZUO, LINGYUAN, NANJIE
from tests.conftest import Database
from yuantou.alerts.models import Alert
from yuantou.alerts.record.leads import keep_leads
from yuantou.alerts.record.models import WarningLead
from yuantou.calendar import clock

Clients = Callable[[str], FlaskClient]
RECORD = "/warnings/record"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: RAISED + timedelta(days=3))


def close(owner: Session, number: int | None, outcome: str) -> None:
    owner.execute(
        update(Alert)
        .where(Alert.id == number)
        .values(state="closed", outcome=outcome, closed_at=RAISED, closed_by=1)
    )
    owner.commit()


def body(client: FlaskClient, path: str = "/") -> str:
    answer = client.get(RECORD + path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/watch", "/sense"])
def test_each_page_says_what_to_expect_before_anything_happened(
    client_of: Clients, path: str
) -> None:
    assert 'class="empty"' in body(client_of("gao"), path)


@pytest.mark.parametrize("path", ["/", "/watch", "/sense"])
@pytest.mark.parametrize("login", ["mei", "ren", "an"])
def test_it_is_for_offices(client_of: Clients, path: str, login: str) -> None:
    assert client_of(login).get(RECORD + path).status_code == 403


def test_outcomes_are_counted_by_who_spoke(
    client_of: Clients, owner: Session, warn: Raise, signed: Signed
) -> None:
    first = warn(rule="D_EARS", key="detect:a")
    close(owner, first, "real")
    signed(LINGYUAN, warning=first)
    signed(LINGYUAN, warning=first, detector="D_CUSUM")
    close(owner, warn(rule="W04", key="b"), "nothing")
    page = body(client_of("gao"))
    assert page.index("缓慢累积") < page.index("短期突增") < page.index("W04")
    assert page.count("100%") >= 2
    (whole,) = re.findall(r"合计（每条预警只计一次）</th>\s*<td[^>]*>(\d+)<", page)
    assert whole == "2"


def test_no_false_alarm_is_claimed_to_be_rare_before_anybody_judged(
    client_of: Clients, owner: Session, warn: Raise
) -> None:
    first = warn(rule="D_SOURCE", key="source")
    page = body(client_of("gao"))
    assert "共同源头升高" in page
    assert "D_SOURCE" not in page
    assert page.count("尚无结论") == 4  # share and rate, of the source and of all
    close(owner, first, "nothing")
    assert "尚无结论" not in body(client_of("gao"))


def test_the_neighbour_counts_his_own(client_of: Clients, warn: Raise) -> None:
    warn(rule="W04")
    assert "W04" in body(client_of("gao"))
    assert "还没有发过预警" in body(client_of("hu"))


def test_the_night_tells_who_is_missing_and_who_is_too_young(
    client_of: Clients, night: None, signed: Signed
) -> None:
    signed(LINGYUAN, warning=7)
    page = body(client_of("gao"), "/watch")
    assert "凌源市：到期没有收到数据" in page
    assert "只由规则和 EARS 判断" in page
    assert "凌源市 · 拖欠农民工工资纠纷" in page or "凌源市 · " in page
    assert "历史不足三年 38" in page


def test_the_neighbour_sees_no_signal_of_lingyuan(
    client_of: Clients, night: None, signed: Signed
) -> None:
    signed(LINGYUAN)
    page = body(client_of("hu"), "/watch")
    assert "凌源市" not in page
    assert "喀喇沁左翼蒙古族自治县：到期没有收到数据" in page


def test_what_would_be_noticed_is_drawn(client_of: Clients, sense: None) -> None:
    page = body(client_of("gao"), "/sense")
    assert "至少多 9 件" in page
    assert "0.03" not in page
    assert page.count('class="bars"') == 3
    assert "发现 1 起" in page


def test_another_county_is_not_found(client_of: Clients, sense: None) -> None:
    assert client_of("hu").get(f"{RECORD}/sense?county={LINGYUAN}").status_code == 404
    assert client_of("sheng").get(f"{RECORD}/sense?county={LINGYUAN}").status_code == 200
    assert "至少多 9 件" not in body(client_of("hu"), f"/sense?county={KAZUO}")


def test_leads_are_days_to_the_peak(
    database: Database, owner: Session, warn: Raise, flow: Flow
) -> None:
    raised = RAISED - timedelta(days=100)
    number = warn(rule="D_EARS", area=LINGYUAN, type_code="traffic", at=raised)
    flow(NANJIE, [2] * 10 + [9] + [2] * 4, type="traffic")
    with database.sessions("worker")() as session:
        assert keep_leads(session, date(2026, 11, 22)) == 1
        keep_leads(session, date(2026, 11, 22))
        session.commit()
    found: Any = owner.get_one(WarningLead, number)
    assert found.first_suit is None
    assert (found.peak - raised.date()).days in range(65, 85)
