"""Long lists of complaints come in pages, and can be narrowed to what waits."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.complaints.test_complaints import leave
from yuantou.agencies.models import Agency
from yuantou.calendar import clock
from yuantou.complaints.models import Complaint
from yuantou.complaints.queries import PAGE

Client = Callable[[str], FlaskClient]


def left(owner: Session, number: int) -> list[Complaint]:
    """So many suggestions about a department, written for the test, addressed to the centre."""
    centre = owner.scalars(select(Agency.id).where(Agency.code == "lingyuan-centre")).one()
    at = clock.now()
    made = [
        Complaint(
            kind="suggestion", about="agency", to_agency_id=centre, page="", text=f"建议甲{n:03}",
            at=at, due_at=at + timedelta(days=n + 1),
        )
        for n in range(number)
    ]  # fmt: skip
    owner.add_all(made)
    owner.commit()
    return made


def test_a_long_list_comes_in_pages(client_of: Client, owner: Session) -> None:
    left(owner, PAGE + 3)
    gao = client_of("gao")
    first, second = gao.get("/suggestions").text, gao.get("/suggestions?come=2").text
    assert first.count("建议甲") == PAGE
    assert "come=2" in first
    assert second.count("建议甲") == 3
    assert f"{PAGE + 3} 件待答复" in second


def test_it_narrows_to_what_is_late_or_answered(client_of: Client, owner: Session) -> None:
    first, second, _third = left(owner, 3)
    late = clock.now() - timedelta(days=1)
    owner.execute(update(Complaint).where(Complaint.id == first.id).values(due_at=late))
    owner.execute(
        update(Complaint).where(Complaint.id == second.id).values(answer="好", answered_at=late)
    )
    owner.commit()
    gao = client_of("gao")
    found = {state: gao.get(f"/suggestions?state={state}").text for state in ("late", "answered")}
    assert [found["late"].count(f"建议甲00{n}") for n in range(3)] == [1, 0, 0]
    assert [found["answered"].count(f"建议甲00{n}") for n in range(3)] == [0, 1, 0]
    assert "没有符合条件的" in gao.get("/suggestions?kind=complaint").text


def test_what_one_left_is_narrowed_too(client_of: Client, owner: Session) -> None:
    mei = client_of("mei")
    leave(mei, owner, kind="suggestion", about="platform")
    assert "总是拖着不办" in mei.get("/suggestions?kind=suggestion&state=open").text
    assert "总是拖着不办" not in mei.get("/suggestions?state=answered").text
