"""The desk: whose matters stand in it, how they are grouped, found, counted and taken along."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.cast import DONGJIE
from tests.coordination.matters import Door, act, dispatched, report, triaged
from yuantou.calendar import clock
from yuantou.disputes.filters import Filters, Position
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty
from yuantou.disputes.queries import counts, listing

ClientOf = Callable[[str], FlaskClient]
MA = NewParty("applicant", "person", "马某甲", "id_card", "211382199001011234", "13812345678")


def desk(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/disputes/?{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def due(owner: Session, dispute: int, at: datetime | None) -> None:
    owner.execute(update(Dispute).where(Dispute.id == dispute).values(next_due_at=at))
    owner.commit()


def test_a_mediator_finds_what_her_unit_has_in_hand(door: Door, client_of: ClientOf) -> None:
    report(door, title="院墙滴水争议")
    assert "院墙滴水争议" in desk(client_of("mei"))
    assert "院墙滴水争议" in desk(client_of("ming"))


def test_others_find_nothing_of_it(door: Door, client_of: ClientOf) -> None:
    report(door, title="院墙滴水争议")
    for login in ["dong", "hu", "kai", "ren", "jian", "kang", "qi", "sheng"]:
        html = desk(client_of(login), "view=all")
        assert "院墙滴水争议" not in html
        assert "没有事项" in html


def test_offices_without_matters_have_no_desk(client_of: ClientOf) -> None:
    for login in ["zhou", "ren-da", "an", "bao", "shen"]:
        assert client_of(login).get("/disputes/").status_code == 403


def test_a_restricted_matter_is_in_no_list_search_or_number_of_others(
    door: Door,
    client_of: ClientOf,
) -> None:
    report(door, flags=("domestic_violence",), title="不可外传的事")
    assert "不可外传的事" in desk(client_of("mei"))
    for login in ("ming", "tang"):
        assert "不可外传的事" not in desk(client_of(login), "view=all")
        assert "不可外传的事" not in desk(client_of(login), "q=不可外传")
        session, viewer = door(login)
        assert counts(session, viewer, now=clock.now()).open == 0


def test_lines_stand_under_their_deadline(
    door: Door,
    client_of: ClientOf,
    owner: Session,
) -> None:
    now = clock.now()
    due(owner, report(door, title="早该办的"), now - timedelta(days=3))
    due(owner, report(door, title="不急的"), now + timedelta(days=40))
    due(owner, report(door, title="没写期限的"), None)
    html = desk(client_of("mei"))
    words = ("早该办的</a>", ">以后", "不急的</a>", ">没有期限", "没写期限的</a>")
    places = [html.index(word) for word in words]
    assert places == sorted(places)
    assert html.index('scope="colgroup"') < places[0]


def test_the_county_sees_all_its_own_and_what_waits_for_it(
    door: Door,
    client_of: ClientOf,
) -> None:
    report(door, "dong", title="东街的事", area_code=DONGJIE)
    gao = client_of("gao")
    assert "东街的事" not in desk(gao)
    assert "东街的事" in desk(gao, "view=open")
    assert "东街的事" in desk(gao, f"view=open&area={DONGJIE}")
    assert "东街的事" not in desk(gao, "view=open&area=211382001")


FILTERS = (
    ("view=open&state=dispatched", True),
    ("view=open&state=accepted", False),
    ("view=open&type=migrant_wages", True),
    ("view=open&type=medical", False),
    ("view=open&risk=yellow", True),
    ("view=open&risk=red", False),
    ("view=open&recent=7", True),
    ("view=done", False),
    ("view=done&state=dispatched", True),
    ("view=open&state=closed", False),
    ("q=凌源〔", True),
    ("q=前山村", True),
    ("q=100%25", False),
    ("q=_", False),
    ("view=nonsense&state=nonsense&area=x&agency=-1&recent=999&after=~~", False),
)


def test_filters_narrow_the_list(door: Door, client_of: ClientOf) -> None:
    dispatched(door, title="欠薪的事")
    gao = client_of("gao")
    for query, found in FILTERS:
        assert ("欠薪的事" in desk(gao, query)) is found, query


def test_numbers_beside_the_list_are_those_of_the_scope(door: Door, owner: Session) -> None:
    now = clock.now()
    due(owner, report(door), now - timedelta(days=1))
    dispatched(door)
    act(door, "mei", triaged(door), "note_refusal", reason="不愿")
    session, viewer = door("gao")
    found = counts(session, viewer, now=now)
    assert (found.open, found.over) == (3, 1)
    assert found.states == {"reported": 1, "dispatched": 1, "triaged": 1}
    session, viewer = door("hu")
    assert counts(session, viewer, now=now).open == 0


def test_pages_follow_on_without_gap_or_repeat(door: Door, owner: Session) -> None:
    now = clock.now()
    made = [report(door, title=f"第 {each} 件") for each in range(7)]
    for place, dispute in enumerate(made):
        at = None if place > 4 else now + timedelta(days=place // 2)
        due(owner, dispute, at)
    session, viewer = door("mei")
    seen: list[int] = []
    after: Position | None = None
    while True:
        page = listing(session, viewer, Filters(), now=now, after=after, size=2)
        seen += [row.id for row in page.rows]
        if page.after is None:
            break
        after = Position.decode(page.after.encode())
    assert seen == made


def test_ended_matters_stand_apart(door: Door, client_of: ClientOf) -> None:
    dispute = report(door, title="不归我们管")
    act(door, "mei", dispute, "decline", reason="已起诉", path_options=["litigation"])
    assert "不归我们管" not in desk(client_of("mei"))
    assert "不归我们管" in desk(client_of("mei"), "view=done")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"id_number": "211382199001011234"}, True),
        ({"name": "马某甲", "phone": "138 1234 5678"}, True),
        ({"name": "马某乙", "phone": "13812345678"}, False),
    ],
)
def test_a_party_is_found_by_number_or_by_name_with_phone(
    door: Door,
    client_of: ClientOf,
    owner: Session,
    asked: dict[str, str],
    found: bool,
) -> None:
    report(door, parties=(MA,), title="马家的事")
    answer = client_of("tang").post("/disputes/party", data=asked)
    assert ("马家的事" in answer.get_data(as_text=True)) is found
    kept = owner.execute(text("SELECT facts::text FROM audit_event WHERE action = 'party:search'"))
    assert "马" not in kept.scalars().one()


def test_a_party_elsewhere_is_not_found(door: Door, client_of: ClientOf) -> None:
    report(door, parties=(MA,), title="马家的事")
    answer = client_of("hu").post("/disputes/party", data={"id_number": "211382199001011234"})
    assert "马家的事" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "asked", [{}, {"name": "马某甲"}, {"phone": "13812345678"}, {"id_number": "      "}]
)
def test_half_a_question_or_none_is_refused(
    door: Door, client_of: ClientOf, asked: dict[str, str]
) -> None:
    report(door, parties=(MA,), title="马家的事")
    answer = client_of("tang").post("/disputes/party", data=asked)
    assert answer.status_code == 422
    assert "请填证件号码，或者姓名和电话一起填" in answer.text
    assert "马家的事" not in answer.text


def test_the_list_is_taken_along_marked_and_logged(
    door: Door,
    client_of: ClientOf,
    owner: Session,
) -> None:
    report(door, parties=(MA,), title="=1+1")
    answer = client_of("gao").post("/disputes/export", data={"view": "open"})
    assert answer.status_code == 200
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    cells = [str(cell) for row in rows for cell in row]
    assert "=1+1" in cells
    assert any("高协调" in cell and "导出" in cell for cell in cells)
    assert not any("马" in cell for cell in cells)
    logged = owner.execute(
        text("SELECT facts ->> 'rows' FROM audit_event WHERE action = 'dispute:export'")
    )
    assert logged.scalars().one() == "1"


def test_who_may_not_export_is_refused(door: Door, client_of: ClientOf) -> None:
    assert client_of("mei").post("/disputes/export").status_code == 403
