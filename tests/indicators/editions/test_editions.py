"""A new version is tried on real data and put in force by two persons; old months keep theirs."""

import html
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.cast import LINGYUAN, NANJIE
from tests.conftest import Database
from tests.indicators.conftest import AT, Matter
from yuantou.disputes.models import Dispute
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.definitions import definition, definitions
from yuantou.indicators.editions.entries import FIXED, written
from yuantou.indicators.editions.legend import DAYS, KEYS, condition, legend
from yuantou.indicators.editions.service import preview_waiting
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.models import DefinitionVersion, FigureCell
from yuantou.indicators.vocabulary import SUBJECTS

Client = Callable[[str], FlaskClient]
BASE = "/indicators/editions"


@pytest.fixture
def worker(database: Database) -> Iterator[Session]:
    with database.sessions("worker")() as session:
        yield session


def proposal(owner: Session, code: str = "I07", **changes: str) -> dict[str, str]:
    """What the form would send: the entry in force with the refused taken out, from February."""
    entry = written(definition(owner, code))
    told = {"since": "2026-02", "reason": "试行办法", "entry": entry}
    for key, value in changes.items():
        told[key] = value
    return told


def without_refused(owner: Session) -> str:
    entry = written(definition(owner, "I07"))
    return entry.replace('exclusions = ["merged"]', 'exclusions = ["merged", "refused"]')


def test_two_persons_put_a_version_in_force_and_old_months_keep_theirs(
    client_of: Client,
    owner: Session,
    worker: Session,
    second: str,
    matter: Matter,
) -> None:
    for day in ("2026-01-20", "2026-02-20"):
        one = matter(NANJIE, concluded=day, outcome="failed")
        owner.execute(update(Dispute).where(Dispute.id == one).values(refused=True))
    owner.commit()
    first = client_of("sheng")
    sent = first.post(f"{BASE}/I07/new", data=proposal(owner, entry=without_refused(owner)))
    assert sent.status_code == 302
    page = f"{BASE}/I07/2"
    assert "正在按真实数据试算" in first.get(page).get_data(as_text=True)
    client_of(second).post(f"{page}/approve")
    owner.expire_all()
    assert owner.get_one(DefinitionVersion, ("I07", 2)).approved_at is None
    assert preview_waiting(worker, AT) == 1
    worker.commit()
    first.post(f"{page}/approve")
    assert "提请的人不能自己批准" in first.get(page).get_data(as_text=True)
    assert "改了什么" in client_of(second).get(page).get_data(as_text=True)
    client_of(second).post(f"{page}/approve")
    keep_all(worker, now=AT)
    worker.commit()
    cells = {
        row.month: (row.version, row.denominator)
        for row in owner.query(FigureCell).filter_by(indicator="I07", area_code=LINGYUAN)
    }
    assert cells == {date(2026, 1, 1): (1, 1)}
    assert definition(owner, "I07", date(2026, 1, 31)).version == 1
    assert definition(owner, "I07", date(2026, 2, 1)).version == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"entry": "kind = ["}, "这一版不能用"),
        ({"entry": 'kind = "share"'}, "缺 "),
        ({"since": "明年"}, "请填年月"),
        ({"since": "1999-01"}, "请填年月"),
        ({"reason": ""}, "请写理由"),
        ({}, "没有区别"),
    ],
)
def test_a_faulty_proposal_says_why_and_keeps_the_words(
    client_of: Client, owner: Session, changes: dict[str, str], words: str
) -> None:
    sent = client_of("sheng").post(f"{BASE}/I07/new", data=proposal(owner, **changes))
    assert sent.status_code == 422
    body = sent.get_data(as_text=True)
    assert words in body
    assert "textarea" in body
    assert owner.query(DefinitionVersion).filter_by(code="I07").count() == 1


def test_a_word_that_the_vocabulary_lacks_is_named(client_of: Client, owner: Session) -> None:
    entry = written(definition(owner, "I07")).replace('["agreed"]', '["happy"]')
    sent = client_of("sheng").post(f"{BASE}/I07/new", data=proposal(owner, entry=entry))
    assert "happy" in sent.get_data(as_text=True)


def test_a_rejected_version_counts_nothing_and_another_may_follow(
    client_of: Client, owner: Session
) -> None:
    sheng = client_of("sheng")
    told = proposal(owner, entry=without_refused(owner))
    sheng.post(f"{BASE}/I07/new", data=told)
    again = sheng.post(f"{BASE}/I07/new", data=told)
    assert "已有一版在等" in again.get_data(as_text=True)
    sheng.post(f"{BASE}/I07/2/reject")
    assert sheng.post(f"{BASE}/I07/new", data=told).status_code == 302
    assert owner.get_one(DefinitionVersion, ("I07", 3)).rejected_at is None


def test_others_read_the_versions_and_may_not_change_them(
    client_of: Client, owner: Session
) -> None:
    zhou = client_of("zhou")
    assert "人民调解成功率" in zhou.get(BASE).get_data(as_text=True)
    assert zhou.get(f"{BASE}/I07/1").status_code == 200
    assert zhou.get(f"{BASE}/I07/new").status_code == 403
    assert zhou.post(f"{BASE}/I07/new", data=proposal(owner)).status_code == 403


def test_whoever_writes_a_version_reads_what_every_word_means(
    client_of: Callable[[str], FlaskClient], owner: Session
) -> None:
    assert {each.name for each in fields(Definition)} == {*KEYS, *FIXED}
    for code, made in definitions(owner).items():
        page = client_of("sheng").get(f"/indicators/editions/{code}/new").text
        words = [meaning for _title, held in legend(made) for meaning in held.values()]
        assert str(words[-1]) in html.unescape(page)
    for subject in SUBJECTS.values():
        assert all(condition(name) for name in subject.conditions)
        assert subject.days.keys() <= DAYS.keys()
