"""Hand-overs from and to police, petition office and 12345."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.coordination.matters import Door, dispatched, triaged
from yuantou.calendar import clock
from yuantou.coordination.dispatching.models import Referral

ClientOf = Callable[[str], FlaskClient]
Do = Callable[..., TestResponse]
IN = {"body": "hotline", "external_name": "凌源 12345", "external_number": "LY20260301-88"}
SOON = clock.today() + timedelta(days=10)


def test_what_came_in_keeps_their_number(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute = triaged(door)
    came = {"passed_on": clock.today().isoformat(), "due_on": SOON.isoformat()}
    assert do("tang", dispute, "refer-in", **IN, **came).status_code == 303
    page = client_of("tang").get(f"/matters/{dispute}").text
    assert "LY20260301-88" in page
    assert "LY20260301-88" in client_of("gao").get("/joint?view=referrals").text


def test_what_went_out_waits_for_its_answer(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = dispatched(door)
    out = {"body": "petition", "external_name": "凌源市信访局", "reason": "信访复查"}
    assert do("ren", dispute, "refer-out", **out, due_on=SOON.isoformat()).status_code == 303
    number = owner.scalars(select(Referral.id)).one()
    done = do(
        "ren", dispute, "answer-referral", referral=number,
        answered_on=clock.today().isoformat(), words="已受理复查",
    )  # fmt: skip
    assert done.status_code == 303
    assert "已受理复查" in client_of("gao").get(f"/matters/{dispute}").text
    assert do("ren", dispute, "answer-referral", referral=number).status_code == 409


def test_a_late_answer_is_marked(door: Door, client_of: ClientOf, do: Do, owner: Session) -> None:
    dispute = dispatched(door)
    out = {"body": "police", "external_name": "城关派出所", "reason": "核实身份"}
    do("ren", dispute, "refer-out", **out, due_on=SOON.isoformat())
    owner.execute(update(Referral).values(due_on=clock.today() - timedelta(days=1)))
    owner.commit()
    assert "城关派出所" in client_of("ren").get("/joint?view=referrals&over=1").text


def test_the_matter_stays_with_its_handler(door: Door, do: Do, owner: Session) -> None:
    dispute = dispatched(door)
    out = {"body": "petition", "external_name": "凌源市信访局", "reason": "信访复查"}
    do("ren", dispute, "refer-out", **out, due_on=SOON.isoformat())
    assert do("zhu", dispute, "refer-out", **out, due_on=SOON.isoformat()).status_code == 404
    assert do("mei", dispute, "refer-out", **out, due_on=SOON.isoformat()).status_code == 409


def test_phone_numbers_do_not_belong_in_it(door: Door, do: Do, owner: Session) -> None:
    out = {"body": "police", "external_name": "城关派出所", "reason": "联系人 13812345678"}
    assert do("ren", dispatched(door), "refer-out", **out, due_on=SOON).status_code == 422
    assert owner.scalars(select(Referral)).all() == []


def test_a_matter_is_found_by_the_number_from_outside(
    door: Door, client_of: ClientOf, do: Do
) -> None:
    dispute = triaged(door, title="热线转来的事")
    came = {"passed_on": clock.today().isoformat(), "due_on": SOON.isoformat()}
    do("tang", dispute, "refer-in", **IN, **came)
    tang = client_of("tang")
    assert "热线转来的事" in tang.get("/joint?view=referrals&q=LY2026").text
    assert "没有这个对方编号" in tang.get("/joint?view=referrals&q=XX").text
