"""Bulletins of a county: made once per period, caught up, under the disclosure rule, told."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.cast import DONGJIE, KAZUO, LINGYUAN, NANJIE
from tests.conftest import Database
from yuantou.audit.models import AuditEvent
from yuantou.audit.verification import head_of
from yuantou.bulletins.jobs import JOBS
from yuantou.bulletins.models import Bulletin
from yuantou.bulletins.periods import Rhythm
from yuantou.bulletins.service import complete, publish
from yuantou.calendar.clock import ZONE
from yuantou.database import runs
from yuantou.database.execution import carry_out
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.notices.models import Notice

Matter = Callable[..., int]
TUESDAY = datetime(2026, 3, 3, 7, 10, tzinfo=ZONE)
SIXTH = datetime(2026, 3, 6, 7, 30, tzinfo=ZONE)


def make(
    database: Database, rhythm: Rhythm = Rhythm.DAILY, due: datetime = TUESDAY, **more: Any
) -> int:
    with database.sessions("worker")() as session:
        made = publish(
            session,
            rhythm=rhythm,
            due=due,
            now=more.get("now", due),
            progress=lambda _done, _all: None,
        )
        session.commit()
    return made


def of(owner: Session, area: str = LINGYUAN, **more: Any) -> Bulletin:
    """The newest bulletin of a county."""
    owner.expire_all()
    asked = select(Bulletin).filter_by(area_code=area, **more).order_by(Bulletin.id.desc())
    return owner.scalars(asked.limit(1)).one()


def test_every_county_gets_one_and_its_centre_is_told(database: Database, owner: Session) -> None:
    assert make(database) == 3
    notices = owner.scalars(select(Notice).where(Notice.kind == "bulletin_daily")).all()
    assert {notice.title for notice in notices} == {"日研判：2026年3月2日"}
    assert len(notices) == 2  # Heping has no centre in the cast


def test_the_same_period_is_not_made_twice(database: Database, owner: Session) -> None:
    assert [make(database), make(database)] == [3, 0]
    assert owner.query(Bulletin).count() == 3


def test_it_counts_what_came_went_and_waits(
    database: Database, owner: Session, matter: Matter
) -> None:
    for day in ("2026-03-02", "2026-03-02", "2026-03-02", "2026-03-01"):
        matter(NANJIE, reported=day)
    for _ in range(4):
        matter(DONGJIE, reported="2026-01-05", closed="2026-03-02")
    make(database)
    counts = of(owner).content["counts"]
    assert isinstance(counts, dict)
    assert (counts["new"], counts["closed"], counts["open"]) == ("3", "4", "4")
    assert of(owner, KAZUO).content["quiet"] is True


def test_returns_and_supervision_are_counted_as_often_as_they_happened(
    database: Database, owner: Session, matter: Matter
) -> None:
    number, at = matter(NANJIE, reported="2026-01-05"), datetime(2026, 3, 2, 15, tzinfo=ZONE)
    happened = ["returned"] * 3 + ["supervised"] * 2 + ["supervision_listed", "signed"]
    for event in happened:
        owner.add(DisputeEvent(dispute_id=number, at=at, event=event, note="", facts={}))
    owner.commit()
    make(database)
    counts = of(owner).content["counts"]
    assert isinstance(counts, dict)
    assert (counts["returned"], counts["supervised"], counts["reopened"]) == ("3", "3", "0")


def test_small_counts_and_what_gives_them_away_are_hidden(
    database: Database, owner: Session, matter: Matter
) -> None:
    for type_, number in (("neighborhood", 9), ("contract", 5), ("property_service", 1)):
        for _ in range(number):
            matter(NANJIE, reported="2026-03-02", type=type_)
    make(database)
    said = of(owner).content
    shown = {row["type"]: row["count"] for row in said["types"]}  # type: ignore[attr-defined]
    assert shown == {"neighborhood": "9", "contract": "—", "property_service": "<3"}
    assert "property_service" not in str(said["counts"])


def test_a_type_that_rises_clearly_is_named_and_a_chance_rise_is_not(
    database: Database, owner: Session, matter: Matter, client_of: Client
) -> None:
    for day in range(1, 29, 2):
        matter(NANJIE, reported=f"2026-02-{day:02d}", type="neighborhood")
        matter(NANJIE, reported=f"2026-02-{day:02d}", type="contract")
    for _ in range(6):
        matter(NANJIE, reported="2026-03-02", type="neighborhood")
    for _ in range(3):
        matter(NANJIE, reported="2026-03-02", type="contract")
    make(database)
    rows = {row["type"]: row for row in of(owner).content["types"]}  # type: ignore[attr-defined]
    assert (rows["neighborhood"]["verdict"], rows["neighborhood"]["usual"]) == ("up", 0.5)
    assert rows["neighborhood"]["low"] > 1
    page = client_of("gao").get(f"/bulletins/{of(owner).id}").text
    assert "明显增多：邻里纠纷" in page or "明显增多：邻里" in page


def test_what_is_missing_is_said_and_marks_a_month_as_provisional(
    database: Database, owner: Session, client_of: Client
) -> None:
    make(database, Rhythm.MONTHLY, SIXTH)
    row = of(owner)
    assert row.provisional
    page = client_of("gao").get(f"/bulletins/{row.id}").text
    assert "暂计" in page
    assert "万人成讼率" in page
    assert "没有" in page


def test_a_month_is_made_anew_when_the_last_court_has_sent(
    database: Database, owner: Session, counts: Callable[..., None], client_of: Client
) -> None:
    make(database, Rhythm.MONTHLY, SIXTH)
    first = of(owner)
    counts("lingyuan-court", "2026-01", "2026-02")
    with database.sessions("worker")() as session:
        made = complete(session, now=SIXTH + timedelta(days=3), progress=lambda _d, _a: None)
        session.commit()
    newest = of(owner)
    assert (made, newest.edition, newest.provisional) == (1, 2, False)
    assert "这份通报已有新版" in client_of("gao").get(f"/bulletins/{first.id}").text


def test_the_daily_one_prints_the_head_of_the_audit_chain(
    database: Database, owner: Session, client_of: Client
) -> None:
    owner.execute(text("SELECT audit_append(1, 1, 'test', 'test', '1', '{}')"))
    owner.commit()
    head = str(head_of(owner))
    make(database)
    assert head.startswith("1:")
    assert head in client_of("gao").get(f"/bulletins/{of(owner).id}").text


def test_days_that_were_missed_are_made_up_for_and_marked(
    database: Database, owner: Session, client_of: Client
) -> None:
    engine, job = database.sessions("worker").kw["bind"], JOBS[0]
    for back in (3, 2):
        due = datetime.now(ZONE).replace(hour=7, minute=10) - timedelta(days=back)
        assert runs.reopen(engine, job.code, due)
        held = runs.claim(engine, JOBS, "test", due)
        assert held is not None
        assert carry_out(engine, job, held)
    days = {row.period_start for row in owner.query(Bulletin)}
    assert len(days) == 2
    assert "停机后补做" in client_of("gao").get(f"/bulletins/{of(owner).id}").text


def test_a_land_without_counties_is_a_failure(database: Database, owner: Session) -> None:
    with pytest.raises(RuntimeError, match="没有任何县区"):
        make(database, due=datetime(2001, 1, 2, 7, 10, tzinfo=ZONE))


@pytest.mark.parametrize(
    ("login", "status"),
    [("gao", 200), ("zhou", 200), ("qi", 200), ("sheng", 200), ("hu", 404), ("ke", 404),
     ("tang", 403), ("mei", 403), ("ren", 403), ("kang", 403), ("an", 403), ("shen", 403)],
)  # fmt: skip
def test_a_countys_bulletin_is_for_its_offices_and_those_above(
    database: Database, owner: Session, client_of: Client, login: str, status: int
) -> None:
    make(database)
    assert client_of(login).get(f"/bulletins/{of(owner).id}").status_code == status


def test_the_list_shows_a_countys_periods_and_above_it_the_counties(
    database: Database, client_of: Client
) -> None:
    make(database)
    own, above = client_of("gao").get("/bulletins").text, client_of("sheng").get("/bulletins").text
    assert own.count("data-row ") + own.count("data-row>") == 1
    assert ("凌源市" in above, "喀喇沁" in above) == (True, True)


def test_the_word_file_says_the_same_and_is_noted(
    database: Database, owner: Session, client_of: Client, matter: Matter
) -> None:
    owner.execute(update(Dispute).values(title="x"))
    for _ in range(3):
        matter(NANJIE, reported="2026-03-02")
    make(database)
    answer = client_of("gao").post(f"/bulletins/{of(owner).id}/word")
    made = Document(io.BytesIO(answer.data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    assert (cells[3], cells[4]) == ("新登记", "3")
    assert owner.query(AuditEvent).filter_by(action="bulletin:export").count() == 1


def test_no_name_of_a_person_or_agency_is_in_a_bulletin(
    database: Database, owner: Session, matter: Matter
) -> None:
    for _ in range(3):
        matter(NANJIE, reported="2026-03-02")
    make(database)
    said = str(of(owner).content)
    assert not [word for word in ("梅调解", "高协调", "委员会", "综治中心", "屋檐") if word in said]


def test_a_county_that_began_lately_is_not_compared_with_its_own_silence(
    database: Database, owner: Session, matter: Matter
) -> None:
    for _ in range(9):
        matter(NANJIE, reported="2026-03-02")
    make(database)
    said = of(owner).content
    assert [row["verdict"] for row in said["types"]] == [""]  # type: ignore[attr-defined]
    assert "类型变化：本县登记的历史还不够长，不作比较。" in said["missing"]  # type: ignore[operator]
