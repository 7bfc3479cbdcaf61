"""The inbox of a unit."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.access.doors import Client, ids
from tests.access.matters import Door
from yuantou.audit.models import AuditEvent
from yuantou.notices.models import Notice
from yuantou.notices.service import notify


def _tell(
    door: Door, login: str, title: str = "请签收", link: str = "", to: int | None = None
) -> int:
    session, viewer = door(login)
    notify(session, agency_id=viewer.agency.id, kind="x", title=title, link=link)
    session.commit()
    return session.scalars(select(Notice.id).order_by(Notice.id.desc())).all()[0]


def test_everyone_of_the_unit_reads_what_it_was_told(
    viewer_session: Door, client_of: Client
) -> None:
    _tell(viewer_session, "mei")
    assert "请签收" in client_of("ming").get("/notices?tab=told").text
    assert "请签收" not in client_of("tang").get("/notices?tab=told").text


def test_what_is_told_to_one_person_is_his_alone(
    viewer_session: Door, client_of: Client, owner: Session
) -> None:
    session, viewer = viewer_session("mei")
    notify(
        session,
        agency_id=viewer.agency.id,
        kind="x",
        title="只给明",
        account_id=ids(owner)["ming"],
    )
    session.commit()
    assert "只给明" in client_of("ming").get("/notices?tab=told").text
    assert "只给明" not in client_of("mei").get("/notices?tab=told").text


def test_opening_marks_as_read_and_leads_on(
    viewer_session: Door, client_of: Client, owner: Session
) -> None:
    number = _tell(viewer_session, "mei", link="/account")
    mei = client_of("mei")
    assert mei.post(f"/notices/{number}/open").location == "/account"
    notice = owner.get_one(Notice, number)
    assert notice.read_by == ids(owner)["mei"]
    assert "没有未读消息" in mei.get("/notices?tab=told&unread=1").text


def test_looking_changes_nothing(viewer_session: Door, client_of: Client, owner: Session) -> None:
    number = _tell(viewer_session, "mei")
    client_of("mei").get("/notices?tab=told")
    assert owner.get_one(Notice, number).read_at is None


def test_another_units_notice_is_neither_opened_nor_marked(
    viewer_session: Door, client_of: Client, owner: Session
) -> None:
    number = _tell(viewer_session, "mei")
    tang = client_of("tang")
    assert tang.post(f"/notices/{number}/open").status_code == 404
    tang.post("/notices/read", data={"id": number})
    assert owner.get_one(Notice, number).read_at is None


def test_reading_all_is_one_row_of_the_audit(
    viewer_session: Door, client_of: Client, owner: Session
) -> None:
    numbers = [_tell(viewer_session, "mei", title) for title in ("一", "二")]
    client_of("mei").post("/notices/read", data={"id": numbers})
    row = owner.scalars(select(AuditEvent)).one()
    assert (row.action, row.facts) == ("notice:read", {"notices": numbers})
