"""Research: figures that stay as they were taken, reports in a library, and who reads what."""

import io
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.cast import CITY, KAZUO, LINGYUAN
from tests.coordination.conftest import door
from tests.coordination.matters import Door
from yuantou.calendar.clock import now
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.indicators.models import FigureLine
from yuantou.research import queries
from yuantou.research.models import ResearchPull
from yuantou.research.pulling import digest, pulled
from yuantou.research.service import freeze, open_topic, turn, write
from yuantou.territory.models import Area

__all__ = ["door"]
MONTH = date(2026, 3, 1)


def opened(door: Door, login: str = "gao", submission: str = "one") -> int:
    """A topic of the unit of `login`."""
    session, viewer = door(login)
    with session:
        return open_topic(
            session,
            by=viewer,
            submission=submission,
            title="欠薪为什么集中在年底",
            question="工程款结算与欠薪",
            keywords="欠薪 工程款",
        ).id


def counted(owner: Session, area: str, numerator: int) -> None:
    """A kept cell of the success of mediation."""
    place = owner.get_one(Area, area)
    line = FigureLine(
        indicator="I07",
        area_code=area,
        level=place.level,
        area_path=place.path,
        months=[MONTH],
        versions=[1],
        numerators=[numerator],
        denominators=[40],
        computed_at=now(),
    )
    owner.merge(line)
    owner.commit()


def frozen(door: Door, topic: int, *areas: str, submission: str = "pull") -> int:
    """One month of the success of mediation in these places."""
    session, viewer = door("gao")
    with session:
        places = [session.get_one(Area, code) for code in areas]
        return freeze(
            session,
            by=viewer,
            topic_id=topic,
            submission=submission,
            codes=["I07"],
            areas=places,
            first=MONTH,
            last=MONTH,
        ).id


def rows(door: Door, pull: int) -> list[dict[str, str]]:
    """What a pull holds."""
    session, _viewer = door("gao")
    held = queries.pull(session, pull)
    assert held is not None
    assert held.digest == digest(held.content)
    return held.content["rows"]  # type: ignore[return-value]


def test_what_was_taken_stays_when_the_figures_change(door: Door, owner: Session) -> None:
    counted(owner, LINGYUAN, 30)
    made = frozen(door, opened(door), LINGYUAN)
    counted(owner, LINGYUAN, 10)
    assert [row["numerator"] for row in rows(door, made)] == ["30"]
    again = frozen(door, opened(door), LINGYUAN, submission="again")
    assert [row["numerator"] for row in rows(door, again)] == ["10"]


def test_taken_twice_it_is_one_and_nobody_can_change_it(door: Door, owner: Session) -> None:
    topic = opened(door)
    assert topic == opened(door)
    assert frozen(door, topic, LINGYUAN) == frozen(door, topic, LINGYUAN)
    session, _viewer = door("gao")
    with pytest.raises(Exception, match="permission denied"):
        session.execute(text("UPDATE research_pull SET digest = 'x'"))


def test_small_counts_do_not_leave(door: Door, owner: Session) -> None:
    counted(owner, LINGYUAN, 2)
    counted(owner, CITY, 9)
    taken = rows(door, frozen(door, opened(door), LINGYUAN, CITY))
    assert {row["area"]: row["numerator"] for row in taken} == {LINGYUAN: "<3", CITY: "—"}
    assert {row["value"] for row in taken} == {"—"}


def test_the_file_names_definition_and_hash(door: Door, owner: Session, client_of: Client) -> None:
    counted(owner, LINGYUAN, 30)
    made = frozen(door, opened(door), LINGYUAN)
    answer = client_of("gao").get(f"/research/pulls/{made}.xlsx")
    assert answer.data.startswith(b"PK")
    held = owner.get_one(ResearchPull, made)
    assert held.content["definitions"] == [{"code": "I07", "name": "人民调解成功率", "version": 1}]


def test_a_report_is_published_into_the_library_and_found(door: Door, client_of: Client) -> None:
    topic = opened(door)
    assert client_of("zhou").get(f"/research/{topic}").status_code == 200
    assert client_of("tang").get(f"/research/{topic}").status_code == 403
    session, viewer = door("gao")
    with pytest.raises(RefusedError, match="报告"), session:
        turn(session, by=viewer, topic_id=topic, action="publish")
    write(session, by=viewer, topic_id=topic, report="分包与结算周期是主因")
    assert turn(session, by=viewer, topic_id=topic, action="publish").state == "published"
    assert "欠薪为什么集中在年底" in client_of("sheng").get("/research/?q=结算周期").text
    assert "没有找到" in client_of("sheng").get("/research/?q=供热").text


def test_who_only_reads_the_library_reads_what_is_published(door: Door, client_of: Client) -> None:
    topic, reader = opened(door), client_of("ren-da")
    assert reader.get(f"/research/{topic}").status_code == 404
    assert "还没有课题" in reader.get("/research/").text
    session, viewer = door("gao")
    write(session, by=viewer, topic_id=topic, report="结论")
    turn(session, by=viewer, topic_id=topic, action="publish")
    assert reader.get(f"/research/{topic}").status_code == 200
    assert "结论" in reader.get(f"/research/{topic}").text


def test_another_county_reads_and_writes_nothing(door: Door, client_of: Client) -> None:
    topic = opened(door)
    assert client_of("hu").get(f"/research/{topic}").status_code == 404
    session, viewer = door("hu")
    with pytest.raises(NotVisibleError):
        write(session, by=viewer, topic_id=topic, report="x")


def test_every_state_has_a_way_back(door: Door) -> None:
    topic = opened(door)
    session, viewer = door("gao")
    write(session, by=viewer, topic_id=topic, report="稿")
    ways = ("publish", "withdraw", "drop", "restore")
    states = [turn(session, by=viewer, topic_id=topic, action=way).state for way in ways]
    assert states == ["published", "open", "dropped", "open"]


def test_a_report_file_is_judged_by_its_content(door: Door, client_of: Client) -> None:
    topic, client = opened(door), client_of("gao")
    page = client.post(
        f"/research/{topic}/report",
        data={"report": "正文", "file": (io.BytesIO(b"MZ\x90\x00program"), "报告.pdf")},
    )
    assert page.status_code == 422
    assert "正文" in page.text
    kept = client.post(
        f"/research/{topic}/report",
        data={"report": "正文", "file": (io.BytesIO(b"%PDF-1.7 x"), "报告.pdf")},
    )
    assert kept.status_code == 303
    assert client.get(f"/research/{topic}/report").data == b"%PDF-1.7 x"


def test_nothing_is_frozen_for_what_was_given_up(door: Door, owner: Session) -> None:
    topic = opened(door)
    session, viewer = door("gao")
    turn(session, by=viewer, topic_id=topic, action="drop")
    with pytest.raises(RefusedError):
        frozen(door, topic, CITY)


def test_two_pulls_do_not_tell_together_what_each_hides(door: Door, owner: Session) -> None:
    for area, number in ((LINGYUAN, 12), (KAZUO, 1), (CITY, 13)):
        counted(owner, area, number)
    session, _viewer = door("qi")
    places = {code: session.get_one(Area, code) for code in (LINGYUAN, CITY)}
    alone = pulled(session, ["I07"], [places[LINGYUAN]], MONTH, MONTH)["rows"]
    both = pulled(session, ["I07"], [*places.values()], MONTH, MONTH)["rows"]
    assert {row["numerator"] for row in alone if row["area"] == LINGYUAN} == {"—"}
    assert {row["numerator"] for row in both if row["area"] == LINGYUAN} == {"—"}
    assert {row["area"] for row in both} == {LINGYUAN, CITY}
