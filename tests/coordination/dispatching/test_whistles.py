"""街乡吹哨、部门报到: called, answered in time or listed as late, and noted when they came."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.coordination.matters import Door, agency_of, report, triaged
from yuantou.calendar import clock
from yuantou.coordination.dispatching.models import Whistle
from yuantou.disputes.models import Dispute
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]
Do = Callable[..., TestResponse]


def blown(door: Door, do: Do) -> int:
    """A matter for which the township has called the housing office."""
    dispute = triaged(door)
    answer = do("tang", dispute, "whistle", partners=[agency_of(door, "zhu")], wanted="到现场")
    assert answer.status_code == 303
    return dispute


def test_the_called_see_the_matter_and_answer_within_a_day(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = blown(door, do)
    whistle = owner.scalars(select(Whistle)).one()
    assert whistle.due_at - whistle.blown_at == timedelta(hours=24)
    assert "到现场" in client_of("zhu").get("/joint?view=whistles").text
    done = do("zhu", dispute, "answer-whistle", response="coming", words="下午三点到")
    assert done.status_code == 303
    assert "下午三点到" in client_of("tang").get(f"/matters/{dispute}").text


def test_who_came_is_noted_by_the_township(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute, housing = blown(door, do), agency_of(door, "zhu")
    assert do("tang", dispute, "arrive", partner=housing).status_code == 409
    do("zhu", dispute, "answer-whistle", response="coming", words="下午三点到")
    assert do("tang", dispute, "arrive", partner=housing).status_code == 303
    owner.rollback()
    assert owner.scalars(select(Whistle.arrived_at)).one() is not None
    assert "已到场" in client_of("tang").get(f"/matters/{dispute}").text


def test_silence_past_the_limit_stands_in_the_list_of_the_late(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    blown(door, do)
    assert "没有超时未答复的" in client_of("tang").get("/joint?view=whistles&over=1").text
    owner.execute(update(Whistle).values(due_at=clock.now() - timedelta(hours=1)))
    owner.commit()
    for login in ("tang", "gao", "zhu"):
        assert "已超时" in client_of(login).get("/joint?view=whistles&over=1").text
    assert "没有哨声" in client_of("dong").get("/joint?view=whistles").text


def test_who_cannot_come_says_why_and_is_out_of_it(door: Door, client_of: ClientOf, do: Do) -> None:
    dispute = blown(door, do)
    answer = do("zhu", dispute, "answer-whistle", response="unable", words="不是住建职责")
    assert answer.location == "/joint"
    assert client_of("zhu").get(f"/matters/{dispute}").status_code == 404
    assert "不是住建职责" in client_of("tang").get(f"/matters/{dispute}").text


def test_the_same_department_is_not_called_twice_while_it_is_silent(
    door: Door, do: Do, owner: Session
) -> None:
    dispute = blown(door, do)
    again = do("tang", dispute, "whistle", partners=[agency_of(door, "zhu")], wanted="快来")
    assert again.status_code == 422
    assert len(owner.scalars(select(Whistle)).all()) == 1


def test_only_the_township_of_the_matter_whistles(door: Door, do: Do) -> None:
    dispute = report(door)
    partners = [agency_of(door, "zhu")]
    assert do("dong", dispute, "whistle", partners=partners, wanted="来").status_code == 404
    assert do("gao", dispute, "whistle", partners=partners, wanted="来").status_code == 409
    assert do("mei", dispute, "whistle", partners=partners, wanted="来").status_code == 409


def test_the_notice_says_the_number_and_nothing_of_the_matter(
    door: Door, do: Do, owner: Session
) -> None:
    blown(door, do)
    told = owner.scalars(select(Notice).where(Notice.kind == "whistle_blown")).one()
    assert told.title.startswith("吹哨，请报到：凌源〔")
    assert told.body == ""


def test_a_matter_that_has_ended_waits_for_nobody(
    door: Door, client_of: ClientOf, do: Do, owner: Session
) -> None:
    dispute = blown(door, do)
    owner.execute(update(Whistle).values(due_at=clock.now() - timedelta(hours=1)))
    owner.execute(update(Dispute).where(Dispute.id == dispute).values(state="closed"))
    owner.commit()
    assert "没有哨声" in client_of("zhu").get("/joint?view=whistles").text
