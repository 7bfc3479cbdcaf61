"""Complaints reach an office that is not complained of, are answered in time, seen by two sides."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, dispatched
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.calendar.clock import ZONE, local
from yuantou.complaints.models import Complaint
from yuantou.complaints.queries import answer_due
from yuantou.complaints.routing import Office, office_for
from yuantou.notices.models import Notice

Client = Callable[[str], FlaskClient]
Sight = Callable[[str], tuple[Session, Viewer]]


@pytest.fixture
def door(app: Flask, viewer_session: Sight) -> Door:
    """Opens sessions for the cast."""
    return Door(app, viewer_session)


def agency(owner: Session, code: str) -> int:
    """The id of an agency of the cast."""
    return owner.scalars(select(Agency.id).where(Agency.code == code)).one()


def leave(client: FlaskClient, owner: Session, **form: object) -> Complaint:
    """Leave one; returns it."""
    assert client.post("/suggestions", data={"text": "总是拖着不办"} | form).status_code == 302
    return owner.scalars(select(Complaint).order_by(Complaint.id.desc())).first()  # type: ignore[return-value]


def test_a_complaint_of_a_department_goes_to_the_countys_centre(
    client_of: Client, owner: Session
) -> None:
    labour = agency(owner, "lingyuan-labour")
    left = leave(client_of("mei"), owner, kind="complaint", about="agency", agency=labour)
    assert left.to_agency_id == agency(owner, "lingyuan-centre")
    assert "总是拖着不办" in client_of("gao").get("/suggestions").text
    told = owner.scalars(select(Notice).where(Notice.kind == "complaint_left")).one()
    assert "拖" not in told.title + told.body


def test_a_complaint_of_the_centre_goes_to_the_city_and_the_centre_never_sees_it(
    client_of: Client, viewer_session: Sight, owner: Session
) -> None:
    centre = agency(owner, "lingyuan-centre")
    left = leave(client_of("mei"), owner, kind="complaint", about="agency", agency=centre)
    assert left.to_agency_id == agency(owner, "chaoyang")
    assert "总是拖着不办" not in client_of("gao").get("/suggestions").text
    assert viewer_session("gao")[0].get(Complaint, left.id) is None
    answered = client_of("gao").post(f"/suggestions/{left.id}/answer", data={"text": "好"})
    assert answered.status_code == 404
    assert "总是拖着不办" in client_of("qi").get("/suggestions").text


@pytest.mark.parametrize("login", ["ren", "ming", "tang", "hu", "an", "sheng"])
def test_nobody_else_sees_it(
    client_of: Client, viewer_session: Sight, owner: Session, login: str
) -> None:
    labour = agency(owner, "lingyuan-labour")
    left = leave(client_of("mei"), owner, kind="complaint", about="agency", agency=labour)
    assert viewer_session(login)[0].get(Complaint, left.id) is None
    assert "总是拖着不办" not in client_of(login).get("/suggestions").text


def test_a_complaint_from_a_matters_page_is_about_its_handler(
    door: Door, client_of: Client, owner: Session
) -> None:
    page = f"/matters/{dispatched(door)}"
    mei = client_of("mei")
    assert "某件事项的办理" in mei.get("/suggestions", query_string={"page": page}).text
    left = leave(mei, owner, kind="complaint", about="matter", page=page)
    assert left.about_agency_id == agency(owner, "lingyuan-labour")
    assert "某件事项的办理" not in client_of("hu").get(f"/suggestions?page={page}").text


def test_a_suggestion_about_the_platform_is_answered_by_who_runs_it(
    client_of: Client, owner: Session
) -> None:
    mei = client_of("mei")
    left = leave(mei, owner, text="字再大一点<script>")
    url = f"/suggestions/{left.id}/answer"
    assert mei.post(url, data={"text": "x"}).status_code == 403
    assert client_of("an").post(url, data={"text": "下月改"}).status_code == 302
    assert client_of("an").post(url, data={"text": "又改"}).status_code == 404
    page = mei.get("/suggestions").text
    assert "下月改" in page
    assert "<script>" not in page.partition("<main")[2].partition("</main>")[0]
    assert owner.scalars(select(Notice).where(Notice.kind == "complaint_answered")).one()


def test_fifteen_working_days_and_then_it_is_late_for_both(
    client_of: Client, owner: Session
) -> None:
    left = leave(client_of("mei"), owner)
    at = datetime(2026, 9, 25, 10, 0, tzinfo=ZONE)
    assert local(answer_due(owner, at)).date().isoformat() == "2026-10-22"
    left.due_at = at
    owner.commit()
    assert "逾期未答复" in client_of("mei").get("/suggestions").text
    assert "逾期未答复" in client_of("an").get("/suggestions").text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"text": "  "}, "请写下内容"),
        ({"text": "某人 13800002041"}, "手机号"),
        ({"text": "慢", "about": "agency"}, "请选是哪个单位"),
    ],
)
def test_what_is_missing_is_said(client_of: Client, form: dict[str, str], said: str) -> None:
    answer = client_of("mei").post("/suggestions", data=form)
    assert answer.status_code == 422
    assert said in answer.text


def test_the_lowest_office_that_is_not_meant_answers() -> None:
    county, city = Office(1, "county_centre", "21/2113/"), Office(2, "city_coordination", "21/")
    elsewhere = Office(3, "county_centre", "21/2119/")
    path = "21/2113/05/"
    assert office_for(path, None, [city, elsewhere, county]) == county
    assert office_for(path, 1, [city, elsewhere, county]) == city
    assert office_for(path, 2, [city]) is None


def test_what_was_searched_for_is_not_handed_on(client_of: Client, owner: Session) -> None:
    left = leave(client_of("mei"), owner, page="/disputes/?q=张三丰&view=all")
    assert left.page == "/disputes/"
    assert "张三丰" not in client_of("an").get("/suggestions").text
