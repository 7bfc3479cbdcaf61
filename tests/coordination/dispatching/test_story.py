"""A wage dispute that nobody wanted: whistle, two returns, designation, joint handling."""

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.coordination.dispatching.test_duties import owns
from tests.coordination.matters import Door, act, agency_of, dispatched
from yuantou.disputes.models import Dispute, DisputeEvent

ClientOf = Callable[[str], FlaskClient]
Do = Callable[..., TestResponse]
TERM = {"deadline": "2030-01-01", "reason": "按职责", "designation_reason": "两次退回，指定承办"}


def send(client: FlaskClient, dispute: int, action: str, **data: object) -> TestResponse:
    return client.post(f"/matters/{dispute}/do/{action}", data=data)


def test_a_cross_department_wage_dispute(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    owns(door, "ren")
    labour, housing = agency_of(door, "ren"), agency_of(door, "zhu")
    gao, dispute = client_of("gao"), dispatched(door, to="ren")
    do("tang", dispute, "whistle", partners=[labour, housing], wanted="工人聚集，到工地")
    do("zhu", dispute, "answer-whistle", response="coming", words="质监站两人")
    act(door, "ren", dispute, "return", reason="总包在住建", suggested_owner=housing)
    again = {"category": "migrant_wages", "risk": "yellow", "path": "department"}
    act(door, "gao", dispute, "triage", **again)
    assert "轮到凌源市综治中心交办" in gao.get(f"/matters/{dispute}").text
    send(gao, dispute, "dispatch", handler_agency_id=housing, **TERM)
    act(door, "zhu", dispute, "return", reason="欠薪归人社", suggested_owner=labour)
    act(door, "gao", dispute, "triage", **again)
    page = gao.get(f"/matters/{dispute}").text
    assert "已退回 2 次，由县级综治中心指定管辖" in page
    assert re.search(rf"/do/designate\?owner={labour}", page)
    send(gao, dispute, "designate", proposal=labour, handler_agency_id=0, **TERM)
    assert "已指定管辖，不再退回" in client_of("ren").get(f"/matters/{dispute}").text
    do("gao", dispute, "join", partners=[housing], reason="查总包")
    act(door, "ren", dispute, "sign")
    do("zhu", dispute, "contribute", words="总包已约谈")
    owner.rollback()
    assert owner.get_one(Dispute, dispute).handler_agency_id == labour
    told = owner.scalars(select(DisputeEvent.event).order_by(DisputeEvent.id)).all()
    assert told[-4:] == ["designated", "agency_joined", "signed", "contributed"]
